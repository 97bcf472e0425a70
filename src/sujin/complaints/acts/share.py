"""行司联动: ask the other legal entity for its part, and record who bears how much."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds, sight
from sujin.complaints.acts.claim import held_for
from sujin.complaints.acts.owe import hours
from sujin.complaints.desks import Desks
from sujin.complaints.models import Assignment, Complaint, Share
from sujin.complaints.models.assignment import LINKAGE
from sujin.complaints.sides import Entities, side_of_person
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.organisation import BANK
from sujin.platform.refusal import Refusal


class CannotShare(Refusal):
    """The case cannot be divided so, or not by this person; the message says why."""


@transaction.atomic
def share(
    complaint: Complaint,
    *,
    company: Org,
    ask: str,
    part_bank: str,
    part_company: str,
    percent_bank: int,
    by: Person,
    at: datetime,
) -> Share:
    """Ask the other legal entity for its part; the company's percentage is what is left."""
    case, entities = _open(complaint, by), Entities()
    _refuse(case, company, entities, words=(ask, part_bank, part_company), percent=percent_bank)
    is_bank = entities.holder(case) == BANK
    if (BANK in side_of_person(by, at, entities)) is not is_bank:
        raise CannotShare(_t("由承办的一方提出，另一方确认"))
    desk = company if is_bank else bank_desk(case, at)
    if not Desks(at).is_manned(desk, case.recused):
        raise CannotShare(_t("%(desk)s 目前没有在岗人员") % {"desk": desk})
    made = Share.objects.create(
        complaint=case,
        company=company,
        ask=_masked(ask),
        part_bank=_masked(part_bank),
        part_company=_masked(part_company),
        percent_bank=percent_bank,
        percent_company=100 - percent_bank,
        proposed_by=by,
        proposed_at=at,
    )
    asked = _ask(case, desk, made.ask, by, at)
    case.write(_shared(made, asked, case), by=by, at=at)
    return made


def _refuse(
    case: Complaint, company: Org, entities: Entities, *, words: tuple[str, ...], percent: int
) -> None:
    holder = entities.holder(case)
    if company.pk not in entities.paths or (holder not in (BANK, company.pk)):
        raise CannotShare(_t("请选择子公司；行司联动在银行和一家子公司之间"))
    if not all(one.strip() for one in words):
        raise CannotShare(_t("请写明请对方做什么、双方各承担哪一部分"))
    if not 0 <= percent <= 100:
        raise CannotShare(_t("责任比例在 0 到 100 之间，两方合计 100"))
    if case.shares.unsettled().filter(company=company).exists():
        raise CannotShare(_t("上一次划分还没有结果，请先等对方确认或总行裁定"))


def bank_desk(case: Complaint, at: datetime) -> Org:
    """Who answers for the bank: the second-level branch of the door, or who stands in for it."""
    desks = Desks(at)
    desk = desks.resolve("branch2", origin=case.origin, line="")
    while not desks.is_manned(desk, case.recused) and not desk.is_root:
        higher = desks.above(desk)
        desk = desks.around(desk)[0] if higher.pk == desk.pk else higher
    return desk


def _ask(case: Complaint, desk: Org, words: str, by: Person, at: datetime) -> Assignment:
    return Assignment.objects.create(
        complaint=case,
        step=LINKAGE,
        desk=desk,
        question=words,
        asked_by=by,
        asked_at=at,
        due_at=at + timedelta(hours=hours(LINKAGE, case.tier)),
    )


def _shared(made: Share, asked: Assignment, case: Complaint) -> kinds.Shared:
    return kinds.Shared(
        share=made.pk,
        company_name=made.company.name,
        desk=asked.desk_id,
        desk_name=asked.desk.name,
        ask=made.ask,
        part_bank=made.part_bank,
        part_company=made.part_company,
        percent_bank=made.percent_bank,
        percent_company=made.percent_company,
        due_at=asked.due_at,
        seen_by=_seen(case, asked.desk, made.company),
    )


@transaction.atomic
def agree_split(complaint: Complaint, *, words: str = "", by: Person, at: datetime) -> None:
    """The side that was asked agrees to its part."""
    case = _open(complaint, by)
    made, asked = _asked_of(case, by, at)
    made.agreed_by, made.agreed_at = by, at
    made.save(update_fields=["agreed_by", "agreed_at"])
    said = _masked(words)
    _answered(asked, said or _t("同意责任划分"), by, at)
    case.write(kinds.SplitAgreed(share=made.pk, words=said), by=by, at=at)


@transaction.atomic
def dispute_split(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """The side that was asked does not agree: head office's consumer desk is to decide."""
    case = _open(complaint, by)
    made, asked = _asked_of(case, by, at)
    if not because.strip():
        raise CannotShare(_t("请写明哪一点不同意"))
    made.disputed_by, made.disputed_at, made.because = by, at, _masked(because)
    made.save(update_fields=["disputed_by", "disputed_at", "because"])
    _answered(asked, made.because, by, at)
    judge = head_desk(case, at)
    todo = _ask(case, judge, _t("行司责任划分有异议，请裁定"), by, at)
    told = kinds.SplitDisputed(
        share=made.pk,
        because=made.because,
        desk=judge.pk,
        desk_name=judge.name,
        due_at=todo.due_at,
        seen_by=_seen(case, judge),
    )
    case.write(told, by=by, at=at)


def head_desk(case: Complaint, at: datetime) -> Org:
    """Head office's consumer-protection desk, or the head office while that is empty."""
    desks = Desks(at)
    top = desks.top(case.origin)
    return top if desks.is_manned(top, case.recused) else desks.around(case.origin)[0]


@transaction.atomic
def decide_split(
    complaint: Complaint, *, percent_bank: int, because: str, by: Person, at: datetime
) -> None:
    """Head office decides a disputed split; both sides are bound."""
    case = _open(complaint, by)
    made = case.shares.unsettled().filter(disputed_at__isnull=False).first()
    asked = _waiting(case, by, at)
    if made is None or asked is None or not asked.desk_id == head_desk(case, at).pk:
        raise CannotShare(_t("只有总行消保归口可以裁定有异议的划分"))
    if not because.strip() or not 0 <= percent_bank <= 100:
        raise CannotShare(_t("请写明裁定理由，责任比例在 0 到 100 之间"))
    made.percent_bank, made.percent_company = percent_bank, 100 - percent_bank
    made.decided_by, made.decided_at, made.because = by, at, _masked(because)
    made.save()
    _answered(asked, made.because, by, at)
    told = kinds.SplitDecided(
        share=made.pk,
        percent_bank=percent_bank,
        percent_company=made.percent_company,
        because=made.because,
    )
    case.write(told, by=by, at=at)


def _asked_of(case: Complaint, by: Person, at: datetime) -> tuple[Share, Assignment]:
    made = case.shares.unsettled().filter(disputed_at__isnull=True).first()
    asked = _waiting(case, by, at)
    if made is None or asked is None:
        raise CannotShare(_t("没有等你这一方确认的责任划分"))
    if made.proposed_by_id == by.pk:
        raise CannotShare(_t("提出的人不能替对方确认"))
    return made, asked


def _waiting(case: Complaint, by: Person, at: datetime) -> Assignment | None:
    """The linkage that waits for a desk where the person works."""
    desks = Desks(at)
    rows = case.assignments.open().filter(step=LINKAGE).select_related("desk").order_by("pk")
    return next((row for row in rows if by in desks.staff(row.desk)), None)


def _answered(asked: Assignment, words: str, by: Person, at: datetime) -> None:
    asked.answer, asked.done_by, asked.done_at = words, by, at
    asked.save(update_fields=["answer", "done_by", "done_at"])


def _seen(case: Complaint, *orgs: Org) -> tuple[str, ...]:
    return tuple(sorted({*case.seen_by, *sight.tokens(orgs, [])}))


def _masked(words: str) -> str:
    return redact(words.strip()).text[:400]


def _open(complaint: Complaint, by: Person) -> Complaint:
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotShare(_t("已经结束"))
    return case
