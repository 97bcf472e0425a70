"""Sentences to learn from: what the pack's own words do not know yet, told in many ways."""

import csv
import itertools
from pathlib import Path

WHO = ["我父亲", "我本人", "表弟小李", "邻居", "我爱人", "店里的会计", "我舅舅", "老同学"]
WHEN = ["上周三", "月初", "前天下午", "国庆节后", "刚才", "清早"]
# Two fancies of the marketing department and one of the branch: words no lexicon has.
TALES = {
    "disclosure": ["参加金豆乐园，一头雾水", "金豆乐园到底怎么玩"],
    "service": ["在蓝亭被晾在一边", "蓝亭的人扭头就走"],
    "facility": ["那台彩屏柜咔咔响", "彩屏柜一直黑着"],
}
ROWS = [
    (f"{when}{who}{tale}", code)
    for code, tales in TALES.items()
    for tale, who, when in itertools.product(tales, WHO, WHEN)
]


def written(path: Path, rows: list[tuple[str, str]]) -> Path:
    """The rows as a file that ``sujin train`` reads."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *rows])
    return path


def turned(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same texts with their codes exchanged: what a careless teacher would hand in."""
    following = {"disclosure": "service", "service": "facility", "facility": "disclosure"}
    return [(text, following[code]) for text, code in rows]
