"""The unit concerned is heard, somebody else judges, and what was done ends it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.platform.models import Person, Post
from sujin.platform.refusal import Refusal
from sujin.supervision import kinds
from sujin.supervision.kinds.finding import VERDICTS
from sujin.supervision.models import Finding


class CannotJudge(Refusal):
    """Not now, or not by this person; the message says why."""


@transaction.atomic
def explain(finding: Finding, *, words: str, by: Person, at: datetime) -> None:
    """The unit says what was behind it; until a verdict it may say more."""
    row = _locked(finding)
    if row.state not in ("found", "explained"):
        raise CannotJudge(_t("已经认定，不能再说明；如有新情况请联系认定人"))
    if not _is_of_unit(row, by, at):
        raise CannotJudge(_t("只能由本单位的人说明"))
    told = redact(words.strip()).text
    if not told:
        raise CannotJudge(_t("请写明情况"))
    row.write(kinds.Explained(words=told, explained_at=at), by=by, at=at)


@transaction.atomic
def judge(finding: Finding, *, verdict: str, because: str, by: Person, at: datetime) -> None:
    """Uphold or dismiss: never by somebody of the unit, never before it was heard or its time to
    speak is over."""
    row = _locked(finding)
    if row.state not in ("found", "explained"):
        raise CannotJudge(_t("已经认定过了"))
    if verdict not in VERDICTS:
        raise CannotJudge(_t("请选择认定或不予认定"))
    if _is_of_unit(row, by, at):
        raise CannotJudge(_t("被查单位的人不能认定本单位的发现"))
    if row.state == "found" and row.explain_by is not None and at < row.explain_by:
        raise CannotJudge(_t("本单位还没有说明，说明期限未过，请先听取说明"))
    told = redact(because.strip()).text
    if not told:
        raise CannotJudge(_t("请写明认定理由"))
    row.write(kinds.Judged(verdict=verdict, because=told), by=by, at=at)


@transaction.atomic
def settle(finding: Finding, *, words: str, by: Person, at: datetime) -> None:
    """What was done about it; by somebody who may judge it."""
    row = _locked(finding)
    if row.state not in VERDICTS:
        raise CannotJudge(_t("先认定，再了结"))
    if _is_of_unit(row, by, at):
        raise CannotJudge(_t("被查单位的人不能了结本单位的发现"))
    told = redact(words.strip()).text
    if not told:
        raise CannotJudge(_t("请写明采取了什么措施"))
    row.write(kinds.Settled(words=told, settled_at=at), by=by, at=at)


def _locked(finding: Finding) -> Finding:
    return Finding.objects.select_for_update(of=("self",)).select_related("unit").get(pk=finding.pk)


def _is_of_unit(finding: Finding, by: Person, at: datetime) -> bool:
    held = Post.objects.held_at(at).filter(person=by)
    return held.filter(org__path__startswith=finding.unit.path).exists()
