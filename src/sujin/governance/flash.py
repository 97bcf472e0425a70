"""A flash report's content: one structure, from which the page, the PDF and the Word file come.

Whatever triggers one says so with a ``Trigger``; nothing here knows what it was. Labels and steps
are kept as messages and said in the reader's language; values are as they were when it was written.
The answer line is the nearest one that is served, word for word, or none: it is never invented.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop

from sujin.engine.redaction import redact
from sujin.governance.kinds.flash import DRAFTED
from sujin.governance.models import FlashReport
from sujin.knowledge.audience import ALL_STAFF
from sujin.knowledge.models import Version
from sujin.knowledge.search import search

FORMS = ("line", "scenario", "guideline")
SAID = ("answer", "script")
Pair = tuple[str, str]
Step = tuple[str, Mapping[str, str]]

FACTS, EXPOSURE, FIGURES, LINE, OWNERS, NEXT = (
    gettext_noop("事实"),
    gettext_noop("涉及范围"),
    gettext_noop("已收与预计"),
    gettext_noop("口径草稿"),
    gettext_noop("归口部门"),
    gettext_noop("接下来做什么"),
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What set it off. ``subject`` and ``subject_id`` name it as an entry does; ``at`` is the
    moment from which the seconds count; ``limit`` what owners have to acknowledge. Labels of pairs
    and the words of steps are messages (``gettext_noop``). ``lines`` are codes of lines.csv, whose
    desks are the owners; ``words`` find the answer line unless ``version`` is one already."""

    subject: str
    subject_id: int
    title: str
    at: datetime
    limit: timedelta
    facts: Sequence[Pair]
    exposure: Sequence[Pair]
    figures: Sequence[Pair]
    lines: Sequence[str]
    words: str
    next_steps: Sequence[Step] = field(default_factory=tuple)
    version: int | None = None


def content(trigger: Trigger, owners: Iterable[str], at: datetime) -> dict[str, Any]:
    """The report as it is kept: numbers and names of customers masked, whoever typed them."""
    return {
        "facts": _masked(trigger.facts),
        "exposure": _masked(trigger.exposure),
        "figures": _masked(trigger.figures),
        "line": _line(trigger, at),
        "owners": list(owners),
        "next": [[words, dict(args)] for words, args in trigger.next_steps],
        "minutes": round(trigger.limit.total_seconds() / 60),
    }


def written(flash: FlashReport) -> str:
    """The report in the small Markdown of platform.documents, in the reader's language."""
    return "\n\n".join(_parts(flash))


def line_of(flash: FlashReport, at: datetime) -> Version | None:
    """The version that it quotes, while it is served still."""
    quoted = flash.content["line"]
    served = Version.objects.served(ALL_STAFF, at).listed()
    return served.filter(pk=quoted["version"]).first() if quoted else None


def _masked(pairs: Iterable[Pair]) -> list[list[str]]:
    return [[label, redact(value).text] for label, value in pairs if value]


def _line(trigger: Trigger, at: datetime) -> dict[str, Any] | None:
    served = Version.objects.served(ALL_STAFF, at).listed()
    given = served.filter(pk=trigger.version).first() if trigger.version else None
    if given is not None:
        return _quoted(given, sure=True)
    found = search(trigger.words, ALL_STAFF, at, forms=FORMS, k=1)
    return _quoted(found[0].version, sure=found[0].is_sure) if found else None


def _quoted(version: Version, *, sure: bool) -> dict[str, Any]:
    parts = [part for part in SAID if version.parts.get(part)]
    return {
        "version": version.pk, "title": version.title, "number": version.number, "sure": sure,
        "said": [version.parts[part] for part in parts],
    }  # fmt: skip


def _parts(flash: FlashReport) -> Iterator[str]:
    kept = flash.content
    yield f"# {flash.title}"
    yield f"**{flash.label}** {_standing(flash)}"
    for name, pairs in ((FACTS, "facts"), (EXPOSURE, "exposure"), (FIGURES, "figures")):
        yield f"## {_t(name)}"
        said = [f"- **{_t(label)}** {_flat(value)}" for label, value in kept[pairs]]
        yield "\n".join(said) or f"- {_t('没有登记')}"
    yield f"## {_t(LINE)}"
    yield from _line_parts(kept["line"])
    yield f"## {_t(OWNERS)}"
    yield "\n".join(f"- {name}" for name in kept["owners"])
    yield f"## {_t(NEXT)}"
    yield "\n".join(f"- {_flat(_t(words) % args)}" for words, args in kept["next"])
    yield "  \n".join([settings.INSTITUTION, f"{localtime(flash.drafted_at):%Y-%m-%d %H:%M}"])


def _standing(flash: FlashReport) -> str:
    said = {"seconds": f"{flash.seconds:.0f}"}
    timed = _t("触发后 %(seconds)s 秒成稿") % said
    draft = _t("草稿，尚未签发") if flash.state == DRAFTED else _t("已签发")
    return f"{timed}{_t('；')}{draft}"


def _line_parts(quoted: Mapping[str, Any] | None) -> Iterator[str]:
    if quoted is None:
        yield _t("知识库里没有可用的口径，请归口部门尽快起草。")
        return
    said = {"title": quoted["title"], "number": quoted["number"]}
    yield _t("引自《%(title)s》第 %(number)d 版，未作改动。") % said
    if not quoted["sure"]:
        yield _t("这是最接近的一条，不一定对得上，请归口部门核对后再用。")
    for words in quoted["said"]:
        yield _flat(words)


def _flat(text: str) -> str:
    """One paragraph: nothing in it begins a heading or a list."""
    return " ".join(text.split())
