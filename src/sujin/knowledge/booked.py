"""A frozen issue as a book: chapters, items by their parts, the directory as a table, changes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sujin.knowledge.frozen import PHONE_BOOK
from sujin.knowledge.wording import weighed
from sujin.platform.documents.book import (
    BOX,
    QUOTE,
    SMALL,
    TABLE,
    TEXT,
    Book,
    Chapter,
    Piece,
    Section,
)

# How a part stands in print; whatever is not named here is plain words.
STANDING = {
    "dont_say": BOX,
    "may_not_tell": BOX,
    "script": QUOTE,
    "answer": QUOTE,
    "body": QUOTE,
    "note": QUOTE,
    "basis": SMALL,
}
Item = Mapping[str, Any]


def booked(told: Mapping[str, Any], digest: str) -> Book:
    """The book of a frozen text; ``digest`` is printed so that a copy can be checked."""
    chapters = [_chapter(one["title"], one["items"]) for one in told["chapters"]]
    facts = (
        ("编发单位", told["org"]), ("编辑", told["compiled_by"]),
        ("签发", told["signed_by"]), ("日期", told["day"]),
    )  # fmt: skip
    return Book(
        title=told["name"],
        label=told["label"],
        author=told["institution"],
        facts=facts,
        chapters=(*_changes(told["changes"]), *chapters),
        closing=f"内部使用　内容指纹 {digest[:16]}" if digest else "未签发，仅供校对",
        made_at=datetime.fromisoformat(told["signed_at"]),
    )


def _chapter(title: str, items: Sequence[Item]) -> Chapter:
    """Directory entries stand together in a table, everything else each under its heading."""
    phones = [one for one in items if one["form"] == PHONE_BOOK]
    others = [one for one in items if one["form"] != PHONE_BOOK]
    return Chapter(
        title, tuple(map(_section, others)), (_phone_book(phones),) if phones else ()
    )  # fmt: skip


def _section(item: Item) -> Section:
    days = f"有效期 {item['since']} 至 {item['to']}"
    note = "　".join([item["form_name"], item["line"], f"第 {item['number']} 版", days])
    return Section(item["title"], note, tuple(map(_piece, item["parts"])), str(item["version"]))


def _piece(part: Mapping[str, str]) -> Piece:
    said = part["text"]
    if part["kind"] == "weighed":
        said = "\n".join(f"- {words}（分量 {weight}）" for weight, words in weighed(said))
    return Piece(STANDING.get(part["code"], TEXT), part["name"], said)


def _phone_book(items: Sequence[Item]) -> Piece:
    names = {part["code"]: part["name"] for one in items for part in one["parts"]}
    rows = []
    for one in items:
        told = {part["code"]: part["text"] for part in one["parts"]}
        rows.append((one["title"], *(told.get(code, "") for code in names)))
    return Piece(TABLE, "", head=("名称", *names.values()), rows=tuple(rows))


def _changes(told: Mapping[str, Any]) -> Iterator[Chapter]:
    """What is new against the last issue; nothing in the first of a series."""
    if not told["since"]:
        return
    pieces = list(_change_pieces(told))
    if not pieces:
        pieces = [Piece(TEXT, "", f"与{told['since']}相比没有变动。")]
    yield Chapter(f"变更清单（与{told['since']}相比）", (), tuple(pieces))


def _change_pieces(told: Mapping[str, Any]) -> Iterator[Piece]:
    if told["new"]:
        rows = tuple((one["title"], one["form_name"]) for one in told["new"])
        yield Piece(TABLE, f"新增 {len(rows)} 条", head=("条目", "体裁"), rows=rows)
    if told["changed"]:
        rows = tuple(
            (one["title"], f"第 {one['before']} 版 → 第 {one['number']} 版", "、".join(one["what"]),
             one["because"])
            for one in told["changed"]
        )  # fmt: skip
        head = ("条目", "版次", "改了什么", "为什么")
        yield Piece(TABLE, f"修订 {len(rows)} 条", head=head, rows=rows)
    if told["dropped"]:
        rows = tuple((one["title"], one["form_name"], one["because"]) for one in told["dropped"])
        yield Piece(TABLE, f"移出 {len(rows)} 条", head=("条目", "体裁", "原因"), rows=rows)
