"""The text of an issue as plain values: put together once, at sign-off, and kept as it is.

Everything that the documents print is in it, names and dates included, so that nothing printed
from it later depends on what the tables, the people or the organisations are called then.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from sujin.knowledge.catalogue import Part, line_names
from sujin.knowledge.kinds.issue import SERIES, SPECIAL
from sujin.knowledge.models import Issue, IssueLine, Version

FORMAT = 1
QUIZ, PHONE_BOOK = "quiz", "contact"


def frozen(
    issue: Issue, lines: Sequence[IssueLine], *, signed_by: str, at: datetime
) -> dict[str, Any]:
    """The issue as it is signed. In Chinese, whoever signs it: a printed text has one language."""
    with translation.override("zh-hans"):
        names = line_names()
        chapters = [
            {"title": title, "items": [_item(one.version, names) for one in group]}
            for title, group in _grouped(issue, lines)
        ]
        return {
            "format": FORMAT,
            "institution": settings.INSTITUTION,
            "series": str(SERIES[issue.series]),
            "name": issue.name,
            "label": issue.label,
            "org": issue.org.name,
            "compiled_by": issue.compiled_by.name,
            "signed_by": signed_by,
            "signed_at": at.isoformat(),
            "day": _day(at),
            "chapters": [one for one in chapters if one["items"]],
            "changes": changes(issue, chapters),
        }


def _grouped(issue: Issue, lines: Sequence[IssueLine]) -> Iterator[tuple[str, list[IssueLine]]]:
    for nth, title in enumerate(issue.chapters):
        yield title, [one for one in lines if one.chapter == nth]


def digest_of(told: Mapping[str, Any]) -> str:
    """The name of a text: the same text has the same, another one another."""
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def items_of(told: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Its items, whatever the chapter."""
    return (item for chapter in told["chapters"] for item in chapter["items"])


def _item(version: Version, lines: Mapping[str, str]) -> dict[str, Any]:
    item = version.item
    return {
        "version": version.pk,
        "code": item.code,
        "form": item.form,
        "form_name": item.shape.zh,
        "line": lines.get(item.line, item.line),
        "title": version.title,
        "number": version.number,
        "since": _day(version.valid_from),
        "to": _day(version.valid_to),
        "change": version.change,
        "parts": [_part(part, said) for part, said in version.told() if part.kind != QUIZ],
    }


def _part(part: Part, said: str) -> dict[str, str]:
    return {"code": part.code, "name": part.zh, "kind": part.kind, "text": said}


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


# What is new against the last signed issue of the series.


def changes(issue: Issue, chapters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Items that are new, that say something else, and that are gone, against ``since``."""
    rows = Issue.objects.signed().filter(series=issue.series, signed_at__isnull=False)
    if issue.series == SPECIAL:
        # Each is about a matter of its own: only the last one on the same can be compared.
        rows = rows.filter(name=issue.name)
    before = rows.exclude(pk=issue.pk).order_by("-signed_at", "-pk").first()
    if before is None or before.frozen is None:
        return {"since": "", "new": [], "changed": [], "dropped": []}
    old = {one["code"]: one for one in items_of(before.frozen)}
    now = {one["code"]: one for one in items_of({"chapters": chapters})}
    changed = [
        _changed(old[code], one)
        for code, one in now.items()
        if code in old and one["number"] != old[code]["number"]
    ]
    return {
        "since": before.label,
        "new": [_named(one) for code, one in now.items() if code not in old],
        "changed": changed,
        "dropped": _dropped([one for code, one in old.items() if code not in now], before),
    }


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": item["title"], "form_name": item["form_name"], "number": item["number"]}


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, by the names of the parts; and why, as its author said."""
    before = {part["code"]: part["text"] for part in old["parts"]}
    after = {part["code"]: part["text"] for part in new["parts"]}
    names = {part["code"]: part["name"] for part in [*old["parts"], *new["parts"]]}
    what = [names[code] for code in names if before.get(code) != after.get(code)]
    if old["title"] != new["title"]:
        what.insert(0, "标题")
    return {**_named(new), "before": old["number"], "what": what, "because": new["change"]}


def _dropped(items: Sequence[Mapping[str, Any]], before: Issue) -> list[dict[str, Any]]:
    """Whether an item is in use no longer, or was only not taken in this time."""
    codes = [one["code"] for one in items]
    last = {
        row.item.code: row
        for row in Version.objects.filter(item__code__in=codes, released_at__isnull=False)
        .select_related("item", "successor")
        .order_by("number")
    }
    return [{**_named(one), "because": _why(last.get(one["code"]))} for one in items]


def _why(last: Version | None) -> str:
    if last is None or last.ended_at is None:
        return "本期未收入"
    if last.successor is not None:
        return f"由《{last.successor.title}》取代"
    return f"已撤回：{last.ended_because}" if last.ended_because else "已停用"
