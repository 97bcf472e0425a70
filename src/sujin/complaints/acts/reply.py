"""Answer the customer: a letter from the pack, linted against the law, read by four eyes, sent."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin import packs
from sujin.complaints import clock, correspondence, kinds, precedents, rounds
from sujin.complaints.acts.ask import ask
from sujin.complaints.acts.claim import locked, refuse_recused
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.complaints.models.letter import KINDS
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

ACT = "letter"
BODY_MAX, REASON_MAX = 20_000, 400


class CannotReply(Refusal):
    """The letter is not ready, or not this person's to send; the message names the article."""


@transaction.atomic
def draft(complaint: Complaint, *, kind: str, by: Person, at: datetime) -> Letter:
    """A letter from the template of the case's law; what is still to be written is marked."""
    case = locked(complaint)
    refuse_recused(case, by)
    if not case.is_open:
        raise CannotReply(_t("已经结束"))
    if kind not in KINDS:
        raise CannotReply(_t("没有这种信函"))
    letter = Letter.objects.create(
        complaint=case,
        kind=kind,
        regime=correspondence.home_of(case),
        body=correspondence.drafted(case, kind, by=by, at=at),
        drafted_by=by,
        drafted_at=at,
    )
    case.write(kinds.Drafted(letter=letter.pk, kind=kind), by=by, at=at)
    return letter


@transaction.atomic
def revise(letter: Letter, *, body: str, by: Person, at: datetime) -> None:
    """Other words for a letter that nobody has approved yet; who wrote last is its author."""
    held = held_letter(letter)
    refuse_recused(held.complaint, by)
    if held.is_approved:
        raise CannotReply(_t("已复核，不能再改；要改请另起草一份"))
    if held.complaint.approvals.waiting().filter(act=ACT).exists():
        raise CannotReply(_t("正在复核，请先等复核结果"))
    if not body.strip() or len(body) > BODY_MAX:
        raise CannotReply(_t("正文不能为空，最多 %(n)d 字") % {"n": BODY_MAX})
    held.body, held.drafted_by, held.drafted_at = body.replace("\r\n", "\n"), by, at
    held.save(update_fields=["body", "drafted_by", "drafted_at"])
    held.complaint.write(kinds.Drafted(letter=held.pk, kind=held.kind, anew=True), by=by, at=at)


@transaction.atomic
def submit(
    letter: Letter,
    *,
    finding: str,
    remedy: Decimal | None,
    by: Person,
    at: datetime,
    reason: str = "",
) -> None:
    """Ask for the second pair of eyes; an incomplete letter is refused with the article.

    ``reason`` says why the remedy lies outside the permitted range; the approver sees both.
    """
    held = held_letter(letter)
    refuse_recused(held.complaint, by)
    if held.is_approved:
        raise CannotReply(_t("已复核通过"))
    refuse_stale(held)
    _refuse_incomplete(held)
    data = {"letter": held.pk, "finding": finding, "remedy": str(remedy) if remedy else ""}
    if held.kind == "decision":
        _refuse_unfounded(held.complaint, finding)
        data |= _departing(
            held.complaint, finding=finding, remedy=remedy, reason=reason, by=by, at=at
        )
    ask(
        held.complaint,
        ACT,
        data,
        what=_what(held, remedy),
        because=correspondence.summary(held),
        approvers=[_approver(remedy)],
        by=by,
        at=at,
    )


def approve(
    case: Complaint,
    *,
    letter: int,
    finding: str,
    remedy: str,
    because: str,
    by: Person,
    at: datetime,
    departure: Mapping[str, Any] | None = None,
) -> None:
    """The letter may be sent as it stands, with this finding and no more than this remedy."""
    held = held_letter(Letter(pk=letter))
    refuse_recused(held.complaint, by)
    if held.drafted_by_id == by.pk:
        raise CannotReply(_t("起草人不能复核自己的信函"))
    _refuse_overtaken(held)
    _refuse_incomplete(held)
    held.approved_by, held.approved_at = by, at
    held.finding, held.remedy = finding, Decimal(remedy) if remedy else None
    held.save(update_fields=["approved_by", "approved_at", "finding", "remedy"])
    reason = (departure or {}).get("reason", "")
    case.write(kinds.Approved(letter=held.pk, kind=held.kind, reason=reason), by=by, at=at)


@transaction.atomic
def send(letter: Letter, *, way: str, proof: str, by: Person, at: datetime) -> None:
    """Record how and when it was handed over, posted, sent or read out, and the proof of it."""
    held = held_letter(letter)
    refuse_recused(held.complaint, by)
    if not held.is_approved:
        raise CannotReply(_t("须先经他人复核"))
    if held.is_sent:
        raise CannotReply(_t("已经送达"))
    if not held.complaint.is_open:
        raise CannotReply(_t("已经结束"))
    refuse_stale(held)
    if not proof.strip():
        raise CannotReply(_t("请写明送达凭据（银保监会令2020年第3号 第二十一条）"))
    refuse_under_way(held)
    told(held, way=way, proof=proof, by=by, at=at)


def stale(letter: Letter) -> str:
    """Why the letter decides nothing any more; empty when it may. A decision is told once, and what
    was drafted before a new beginning is none."""
    case = letter.complaint
    if letter.kind != "decision":
        return ""
    if case.answered_at is not None:
        return _t("已经答复过客户；要改变答复，请先提级重办")
    begun = rounds.beginning(case)
    drafts = case.entries.of(kinds.Drafted).filter(data__letter=letter.pk)
    if begun is not None and not drafts.filter(pk__gt=begun.pk).exists():
        return _t("这份信函在提级重办或重新计时以前起草，请重新起草、复核")
    return ""


def refuse_stale(letter: Letter) -> None:
    if why := stale(letter):
        raise CannotReply(why)


def refuse_under_way(letter: Letter) -> None:
    """A letter is on one way at a time, and so is the decision of a case, whichever letter says it:
    nobody knows of what is under way whether it has arrived."""
    if letter.dispatches.under_way().exists():
        raise CannotReply(_t("正在发送，请等发送结果；发送失败或停止发送后可以换一种方式"))
    if letter.kind == "decision" and Dispatch.objects.deciding(letter.complaint).exists():
        raise CannotReply(
            _t("另一份答复正在发送，可能已经送到；请等发送结果，或在那份信函上停止发送")
        )
    if letter.kind == "decision" and rounds.in_doubt(letter.complaint) - {letter.pk}:
        raise CannotReply(
            _t(
                "另一份答复由系统停止发送，可能已经送到；请先问清客户：收到了的，在那份信函上登记"
                "送达；没有收到的，在那份信函上再试，或再试后停止发送"
            )
        )


def told(
    held: Letter, *, way: str, proof: str, by: Person, at: datetime, on: datetime | None = None
) -> None:
    """The letter, held with its case by the caller, has reached the customer: now, or ``on`` an
    earlier day when it could not be recorded."""
    case = held.complaint
    held.sent_by, held.sent_at, held.way, held.proof = by, on or at, way, proof.strip()[:200]
    held.save(update_fields=["sent_by", "sent_at", "way", "proof"])
    if held.kind == "decision":
        case.write(_answered(held, case, on or at, at), by=by, at=at)
    elif case.untold:
        case.write(kinds.Told(way=way, note=held.proof), by=by, at=at)


def _answered(letter: Letter, case: Complaint, on: datetime, at: datetime) -> kinds.Answered:
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("answered", on, entered=at)])
    return kinds.Answered(
        letter=letter.pk,
        way=letter.way,
        proof=letter.proof,
        finding=letter.finding,
        remedy=letter.remedy,
        answered_at=on,
        due_at=due.at,
        due_clock=due.clock,
    )


def held_letter(letter: Letter) -> Letter:
    """The letter as it is now, and its case, both held until the transaction ends: the case
    first, as in every act, so that no two wait for each other."""
    case = locked(Letter.objects.select_related("complaint").get(pk=letter.pk).complaint)
    held = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    held.complaint = case
    return held


def _refuse_overtaken(letter: Letter) -> None:
    """What could not be sent any more is not approved either; the request goes back."""
    if why := stale(letter):
        raise CannotReply(_t("%(why)s。不能再同意，请退回，由承办人重新起草、提交") % {"why": why})


def _refuse_incomplete(letter: Letter) -> None:
    lacks = correspondence.lacking(letter)
    if lacks:
        told = _t("；").join(f"{lack.what}（{lack.article}）" for lack in lacks)
        raise CannotReply(_t("信函还不完整：%(lacks)s") % {"lacks": told})


def _refuse_unfounded(case: Complaint, finding: str) -> None:
    if case.investigated_at is None:
        raise CannotReply(_t("还没有调查记录，有诉必查"))
    if not finding:
        raise CannotReply(_t("请选择处理结论"))


def _departing(
    case: Complaint,
    *,
    finding: str,
    remedy: Decimal | None,
    reason: str,
    by: Person,
    at: datetime,
) -> dict[str, Any]:
    """How the decision departs from the standard or from earlier ones, with the reason for it."""
    found = precedents.departure(case, finding=finding, given=remedy, reach=reach.of(by, at), at=at)
    said = redact(reason.strip()).text[:REASON_MAX]
    if found.get("asks") and not said:
        told = _t("；").join(precedents.sentences(found))
        raise CannotReply(_t("%(told)s。请写明理由，再提交") % {"told": told})
    return {"departure": {**found, "reason": said}} if found else {}


def _what(letter: Letter, remedy: Decimal | None) -> str:
    name = str(KINDS[letter.kind])
    return _t("%(letter)s，赔付 %(sum)s 元") % {"letter": name, "sum": remedy} if remedy else name


def _approver(remedy: Decimal | None) -> str:
    """Who may agree to this much: the first row of remedies.csv that reaches so far."""
    rows: list[Mapping[str, str]] = list(packs.rows(HOUSE_PACK, "remedies"))
    return next(
        row["approver"]
        for row in rows
        if not row["up_to"] or (remedy or Decimal(0)) <= Decimal(row["up_to"])
    )
