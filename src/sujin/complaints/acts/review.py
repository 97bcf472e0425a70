"""核查: the customer asks the superior organisation to look at the decision again (article 20)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, law, sight, tables
from sujin.complaints.acts import close
from sujin.complaints.acts.claim import held_for
from sujin.complaints.desks import Desks
from sujin.complaints.involved import had_a_hand
from sujin.complaints.models import Complaint, Review
from sujin.complaints.models.review import WAYS
from sujin.engine.sla import State, Tick
from sujin.engine.text import redact
from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import roles
from sujin.platform.refusal import Refusal

CLOCK, WINDOW = "review", "review_window"
REASONS_LEAST = 10


class CannotReview(Refusal):
    """The rules give no review here, or not to this person; the message names the article."""


def is_known(case: Complaint) -> bool:
    """Whether the rules the case stands under know a review at all."""
    return any(limit.clock == CLOCK for one in law.of(case.regimes) for limit in one.limits)


def may_ask(case: Complaint, *, at: datetime) -> bool:
    """Whether a review can be asked for now."""
    return not _against(case, at)


@transaction.atomic
def ask(complaint: Complaint, *, words: str, by: Person, at: datetime) -> Review:
    """The customer disputes the last answer in writing; the superior desk has thirty days."""
    case = held_for(complaint, by)
    if because := _against(case, at):
        raise CannotReview(because)
    said = redact(words.strip()).text
    if not said:
        raise CannotReview(_t("请写下客户对哪一点有异议（银保监会令2020年第3号 第二十条）"))
    assert case.desk is not None and case.answered_at is not None
    desk = superior(case, at)
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("appealed", at)])
    review = Review.objects.create(
        complaint=case,
        answered_at=case.answered_at,
        answered_desk=case.desk,
        asked_at=at,
        asked_words=said,
        desk=desk,
        due_at=_review_due(case, at),
    )
    case.write(_asked(review, case, due), by=by, at=at)
    return review


def _against(case: Complaint, at: datetime) -> str:
    """Why a review cannot be asked for now; empty when it can."""
    if not is_known(case):
        return _t("这一件适用的规定没有核查程序")
    if case.merged_into_id is not None:
        return _t("已并入别的件，请在那一件上申请")
    if case.answered_at is None or case.desk is None:
        return _t("还没有作出处理决定，不能申请核查（银保监会令2020年第3号 第二十条）")
    return _spent(case, at)


def _spent(case: Complaint, at: datetime) -> str:
    """Why this answer cannot be reviewed any more, and what else the customer can do."""
    because = ""
    assert case.answered_at is not None
    if case.reviews.filter(answered_at=case.answered_at).exists():
        because = _t("这次答复已经申请过核查；仍有异议可以申请调解、仲裁或诉讼")
    elif superior(case, at).pk == case.desk_id:
        because = _t("总行作出的决定没有上级机构可以核查；可以申请调解、仲裁或诉讼")
    elif not _is_open(case, at):
        because = _t(
            "收到处理决定已超过 30 日，不能再申请核查（银保监会令2020年第3号 第二十条）；"
            "可以申请调解、仲裁或诉讼"
        )
    return because


def _is_open(case: Complaint, at: datetime) -> bool:
    """Whether the window of the last answer is open; an earlier answer's window is over."""
    assert case.answered_at is not None
    readings = clock.read(case, [Tick("answered", case.answered_at)], now=at)
    return any(one.clock == WINDOW and one.state is State.RUNNING for one in readings)


def superior(case: Complaint, at: datetime) -> Org:
    """The desk above the one that answered, or the next where somebody is who does not stand aside;
    the head office itself while its desk is empty."""
    desks, desk = Desks(at), case.desk or case.origin
    above = desks.above(desk)
    while not desks.is_manned(above, case.recused) and not above.is_root:
        higher = desks.above(above)
        above = desks.around(desk)[0] if higher.pk == above.pk else higher
    return above


def _review_due(case: Complaint, at: datetime) -> datetime | None:
    readings = clock.read(case, [*case.ticks(), Tick("appealed", at)], now=at)
    return next((one.due_at for one in readings if one.clock == CLOCK), None)


def _asked(review: Review, case: Complaint, due: clock.Due) -> kinds.ReviewAsked:
    return kinds.ReviewAsked(
        review=review.pk,
        desk=review.desk_id,
        desk_name=review.desk.name,
        words=review.asked_words,
        seen_by=tuple(sorted({*case.seen_by, *sight.tokens([review.desk], [])})),
        due_at=due.at,
        due_clock=due.clock,
    )


def waiting(case: Complaint) -> Review | None:
    """The review that is not decided yet."""
    return case.reviews.undecided().select_related("desk").first()


@transaction.atomic
def decide(
    complaint: Complaint,
    *,
    verdict: str,
    reasons: str,
    way: str,
    proof: str,
    by: Person,
    at: datetime,
) -> None:
    """Decide with reasons and tell the customer. What is changed or set aside is handled again,
    one level higher, unless the customer has withdrawn meanwhile (article 15)."""
    case = held_for(complaint, by)
    review = waiting(case)
    if review is None:
        raise CannotReview(_t("没有等待决定的核查"))
    _refuse_person(case, review, by, at)
    words = redact(reasons.strip()).text
    _refuse_words(verdict, words, way, proof)
    review.verdict, review.reasons, review.way = verdict, words, way
    review.proof, review.decided_by, review.decided_at = proof.strip()[:200], by, at
    review.save()
    case.write(_decided(review, case, at), by=by, at=at)
    reopens = tables.verdicts()[verdict]["reopens"] == "yes"
    if reopens and case.answered_at is not None and not close.stays_ended(case):
        close.begin_again(case, because=words, by=by, at=at)


def _refuse_person(case: Complaint, review: Review, by: Person, at: datetime) -> None:
    if not reviews_at(review.desk, by, at):
        raise CannotReview(
            _t("只有%(desk)s的人可以决定（银保监会令2020年第3号 第二十条）") % {"desk": review.desk}
        )
    if had_a_hand(case, by, at):
        raise CannotReview(_t("参与办理的人及其代理人不能核查这一件，请由他人决定"))


def reviews_at(desk: Org, person: Person, at: datetime) -> bool:
    """Whether the person holds a post at this very desk that decides reviews."""
    deciding = [role.code for role in roles().values() if "review" in role.may]
    posts = Post.objects.held_at(at).filter(org=desk, person=person, role__in=deciding)
    return posts.exists()


def _refuse_words(verdict: str, reasons: str, way: str, proof: str) -> None:
    if verdict not in tables.verdicts():
        raise CannotReview(_t("请选择核查决定"))
    if len(reasons) < REASONS_LEAST:
        raise CannotReview(
            _t("请写明办理过程、时限和结果是否妥当，及其理由（银保监会令2020年第3号 第二十条）")
        )
    if way not in WAYS or not proof.strip():
        raise CannotReview(_t("请写明告知方式和送达凭据（银保监会令2020年第3号 第二十一条）"))


def _decided(review: Review, case: Complaint, at: datetime) -> kinds.ReviewDecided:
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("reviewed", at)])
    return kinds.ReviewDecided(
        review=review.pk,
        verdict=review.verdict,
        titles=tables.titles(tables.verdicts()[review.verdict]),
        reasons=review.reasons,
        way=review.way,
        proof=review.proof,
        due_at=due.at,
        due_clock=due.clock,
    )
