"""The starter content of the knowledge room keeps what parts.csv and the taxonomy promise.

Every file under ``packs/cn_bank/knowledge/items`` is read here by a tiny reader of its own, so
that a fault of the real one hides nothing. ``faults`` finds what is wrong with the items,
``shortage`` whether there are too few; a planted example of each turns the same function red.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sujin import packs
from sujin.engine import dont_say

PACK = "cn_bank"
ITEMS = Path(packs.__file__).parent / PACK / "knowledge" / "items"
FORMS = {row["form"]: row for row in packs.rows(PACK, "knowledge/forms")}
PARTS = packs.rows(PACK, "knowledge/parts")
TABOOS = dont_say.read_taboos(packs.rows(PACK, "dont_say"))
TAXONOMY = packs.rows(PACK, "taxonomy")
KNOWN = {
    **{a: {r["code"] for r in TAXONOMY if r["axis"] == a} for a in ("business", "cause", "demand")},
    "tiers": {row["tier"] for row in packs.rows(PACK, "tiers")},
    "surfaces": {"staff", "public"},
}
LINES = {row["line"] for row in packs.rows(PACK, "lines")}

# Phone numbers of the regulators and of the government hotline; nothing else may be dialled.
PHONES = {"12378", "12363", "12386", "12345"}
PHONE = re.compile(
    r"(?<!\d)(110|12\d{3}|9[56]\d{3,4}|[48]00-?\d{3}-?\d{4}|0\d{2,3}-?\d{7,8})(?!\d)"
)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
RULE = re.compile(r"规定|号令|管理办法|《[^》]*》|第[一二三四五六七八九十百]+条")
SPOKEN = {"answer", "script", "steps", "response"}
PLACEHOLDER = "请归口部门"

# The articles that the fact base has verified; any other of these orders is not to be cited.
TENS, ONES = ("", "十", "二十", "三十", "四十"), ("", *"一二三四五六七八九")
UP_TO_49 = [ten + one for ten in TENS for one in ONES][1:]
VERIFIED = {
    "银保监会令2020年第3号": set(UP_TO_49[:45]),
    "中国人民银行令〔2020〕第5号": {"三十五", "三十六", "四十三", "四十四"},
    "银保监会令2022年第9号": {"七", "八", "九", "十", "十一", "十二", "十五", "十六"},
    "民法典": {"二百零一", "二百零三", "二百零四"},
}


@dataclass(frozen=True)
class Item:
    """One file: its form (the folder), front matter, and parts in order as (heading, body)."""

    form: str
    head: dict[str, Any]
    parts: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        return str(self.head.get("code"))

    def part(self, name: str) -> str:
        """The body of a part by its code, '' where the item has none."""
        title = next((p["zh"] for p in PARTS if (p["form"], p["part"]) == (self.form, name)), "")
        return dict(self.parts).get(title, "")


def read(form: str, text: str) -> Item:
    """Raises ValueError when the text has no front matter between two lines ``+++``."""
    _, head, body = text.split("+++\n", 2)
    pieces = re.split(r"^## (.+)\n", body, flags=re.MULTILINE)
    parts = zip(pieces[1::2], pieces[2::2], strict=True)
    return Item(form, tomllib.loads(head), tuple((name, text.strip()) for name, text in parts))


def faults(items: Sequence[Item]) -> list[str]:
    """What is wrong, one sentence each that begins with the item's code."""
    found = [f"{one.code}: {fault}" for one in items for check in CHECKS for fault in check(one)]
    return [*found, *_twins(items)]


def _codes(item: Item) -> Iterator[str]:
    head = item.head
    if not re.fullmatch(r"[a-z0-9-]+", item.code):
        yield "bad code"
    if head["line"] not in LINES:
        yield f"unknown line {head['line']}"
    for axis, known in KNOWN.items():
        yield from (f"unknown {axis} {one}" for one in head[axis] if one not in known)
    if item.form in {"scenario", "guideline"} and not 4 <= len(head["asks"]) <= 8:
        yield "asks are not four to eight"


def _parts(item: Item) -> Iterator[str]:
    rows = [row for row in PARTS if row["form"] == item.form]
    order = [row["zh"] for row in rows]
    names = [name for name, _ in item.parts]
    yield from (f"unknown heading {name}" for name in names if name not in order)
    yield from (f"empty part {name}" for name, body in item.parts if not body)
    missing = (row["zh"] for row in rows if row["required"] and row["zh"] not in names)
    yield from (f"required part missing {name}" for name in missing)
    known = [order.index(name) for name in names if name in order]
    if known != sorted(set(known)):
        yield "parts out of order"


def _lists(item: Item) -> Iterator[str]:
    for row in PARTS:
        if row["form"] != item.form or row["kind"] != "list":
            continue
        for line in filter(None, item.part(row["part"]).splitlines()):
            if not line.lstrip().startswith("- "):
                yield f"{row['part']}: not a list line: {line}"


def _quiz(item: Item) -> Iterator[str]:
    quiz = item.part("quiz")
    for question in re.split(r"^- 问：", quiz, flags=re.MULTILINE)[1:]:
        marks = Counter(re.findall(r"^  - \[([x ])\] \S", question, flags=re.MULTILINE))
        if marks["x"] != 1 or not marks[" "]:
            yield f"quiz has not exactly one right answer: {question.splitlines()[0]}"
    if quiz and not quiz.startswith("- 问："):
        yield "quiz without a question"


def _rules(item: Item) -> Iterator[str]:
    has_basis = any((p["form"], p["part"]) == (item.form, "basis") for p in PARTS)
    spoken = f"{item.part('answer')}\n{item.part('script')}"
    if has_basis and RULE.search(spoken) and not item.part("basis"):
        yield "names a rule without a basis"
    for order, articles in VERIFIED.items():
        for tail in re.findall(re.escape(order) + r"((?:[ 、]*第[^条\s]+条)+)", item.part("basis")):
            for article in re.findall(r"第([^条]+)条", tail):
                if article not in articles:
                    yield f"cites an unverified article {order} 第{article}条"


def _words(item: Item) -> Iterator[str]:
    whole = "\n".join(body for _, body in item.parts)
    dialled = [*PHONE.findall(whole), *MOBILE.findall(whole)]
    yield from (f"phone number {one}" for one in dialled if one not in PHONES)
    for name in SPOKEN:
        slips = dont_say.slips(item.part(name), TABOOS)
        yield from (f"says what is not said: {one.words}" for one in slips)
    public = [p["part"] for p in PARTS if p["form"] == item.form and p["public"]]
    if "public" in item.head["surfaces"] and any(PLACEHOLDER in item.part(p) for p in public):
        yield "a gap to be filled in is public"


CHECKS: tuple[Callable[[Item], Iterator[str]], ...] = (
    *(_codes, _parts, _lists),
    *(_quiz, _rules, _words),
)


def _twins(items: Sequence[Item]) -> Iterator[str]:
    yield from (f"code twice: {one}" for one in _twice(item.code for item in items))
    yield from (f"title twice: {one}" for one in _twice(str(i.head["title"]) for i in items))
    yield from (f"ask twice: {one}" for one in _twice(a for i in items for a in i.head["asks"]))


def _twice(words: Iterable[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


def shortage(items: Sequence[Item]) -> list[str]:
    """Which of the two large forms is too thin: 60 scenarios and 10 guidelines over 7 lines."""
    return [
        form
        for form, least in (("scenario", 60), ("guideline", 10))
        if sum(item.form == form for item in items) < least
        or len({item.head["line"] for item in items if item.form == form}) < 7
    ]


CONTENT = [read(f.parent.name, f.read_text(encoding="utf-8")) for f in sorted(ITEMS.glob("*/*.md"))]
FEE = (ITEMS / "scenario" / "card-annual-fee.md").read_text(encoding="utf-8")


def test_every_item_keeps_what_its_form_promises() -> None:
    assert {item.form for item in CONTENT} <= FORMS.keys()
    assert faults(CONTENT) == []


def test_every_file_is_named_for_its_code() -> None:
    assert [item.code for item in CONTENT] == [file.stem for file in sorted(ITEMS.glob("*/*.md"))]


def test_there_is_enough_for_a_bank_to_start_with() -> None:
    assert shortage(CONTENT) == []


def test_too_little_is_noticed() -> None:
    of_cards = [item for item in CONTENT if item.head["line"] == "card"] * 10
    assert shortage([]) == shortage(of_cards) == ["scenario", "guideline"]
    assert shortage([item for item in CONTENT if item.form == "scenario"][:59]) != []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ('"card-annual-fee"', '"Card Fee"', "bad code"),
        ('line = "card"', 'line = "cards"', "unknown line"),
        ("card.credit.billing", "card.credit.bills", "unknown business"),
        ('["pricing"]', '["price"]', "unknown cause"),
        ('["refund"]', '["money"]', "unknown demand"),
        ('"帮我把年费退了"]', '"年费", "费", "卡", "退", "扣"]', "asks are not four to eight"),
        ("tiers = []", 'tiers = ["grave"]', "unknown tiers"),
        ("## 话术\n", "## 说法\n", "unknown heading"),
        ("## 话术\n", "## 说法\n", "required part missing"),
        ("## 不要说\n", "## 不要说\n\n## 所需材料\n", "empty part"),
        ("## 依据\n", "## 话术\n", "parts out of order"),
        ("- 查卡种", "查卡种", "not a list line"),
        ("  - [x]", "  - [ ]", "exactly one right answer"),
        ("  - [ ]", "  - [x]", "exactly one right answer"),
        ("- 问：", "- ", "quiz without a question"),
        ("第十九条", "第四十六条", "cites an unverified article"),
        (
            "- 银保监会令2020年第3号 第十九条",
            "- 中国人民银行令〔2020〕第5号 第四十条",
            "unverified",
        ),
        ("您好，", "您好，请拨打95599，", "phone number 95599"),
        ("您好，", "您好，这个不归我们管，", "says what is not said"),
        ("以本行公布的为准", "按本行现行标准（请归口部门填写）", "a gap to be filled in is public"),
    ],
)
def test_a_broken_item_is_noticed(right: str, wrong: str, expected: str) -> None:
    """The known-bad controls: the annual fee, spoilt in one place at a time."""
    assert faults([read("scenario", FEE)]) == []
    spoilt = FEE.replace(right, wrong)
    assert spoilt != FEE
    assert expected in "\n".join(faults([read("scenario", spoilt)]))


def test_a_rule_named_without_its_basis_is_noticed() -> None:
    told = FEE.replace("您好，", "您好，按监管规定，")
    bare = re.sub(r"## 依据\n(?:- .*\n)+\n", "", told)
    assert faults([read("scenario", told)]) == []
    assert faults([read("scenario", bare)]) == ["card-annual-fee: names a rule without a basis"]


def test_an_item_told_twice_is_noticed() -> None:
    one = read("scenario", FEE)
    assert {fault.split(":")[0] for fault in faults([one, one])} == {
        *("code twice", "title twice", "ask twice"),
    }


def test_a_text_without_front_matter_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        read("scenario", "## 客户怎么说\n没有头\n")
