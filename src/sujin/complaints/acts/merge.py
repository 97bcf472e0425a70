"""Two numbers, one matter: go on under one of them; and undo it when that was wrong."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, rounds
from sujin.complaints.acts.catch_up import catch_up
from sujin.complaints.acts.claim import refuse_recused, settled
from sujin.complaints.acts.distinguish import both_held
from sujin.complaints.acts.hand_over import end_offer
from sujin.complaints.acts.promise import nearest
from sujin.complaints.acts.relieve import relieve_if_lost
from sujin.complaints.models import Complaint, Dispatch
from sujin.complaints.rulebook import rulebook
from sujin.complaints.weight import lost
from sujin.engine.identity import is_same
from sujin.engine.text import redact
from sujin.engine.tier import Tier
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

# A few words at least that say when and how the customer was asked.
IDENTITY_LEAST = 6


class CannotMerge(Refusal):
    """The merge, or its undoing, is refused; the message says why."""


@transaction.atomic
def merge(
    complaint: Complaint,
    *,
    into: Complaint,
    because: str,
    by: Person,
    at: datetime,
    identity: str = "",
) -> None:
    """End ``complaint`` and go on under ``into``; both still handled (article 18-3).

    ``identity`` says how it was confirmed that both customers are one person. Without it two cases
    are merged only if a telephone number, an identity number or the like is known of both.
    """
    case, target = both_held(complaint, into, by)
    known = redact(identity.strip()).text
    _refuse(case, target, because)
    _refuse_to_lose(case, target, at)
    _refuse_strangers(case, target, known)
    if case.offered_to is not None:
        end_offer(case, case.offered_to, by=by, at=at)
    case.write(
        kinds.Merged(
            into=target.pk,
            number=target.number,
            because=because.strip(),
            identity=known,
            closed_at=at,
            seen_by=settled(case, at),
            before={"counted": case.counted},
        ),
        by=by,
        at=at,
    )
    target.write(_absorbed(case, target), by=by, at=at)
    relieve_if_lost(target, by=by, at=at)


def _absorbed(case: Complaint, target: Complaint) -> kinds.Absorbed:
    barred = [pk for pk in case.recused if pk not in target.recused]
    return kinds.Absorbed(
        case.pk,
        case.number,
        # Whichever number goes on: the matter stays counted if one of them was.
        target.counted or _counted_before(case),
        case.awaits_tier and target.tier != Tier.URGENT,
        promised=case.promises.exists(),
        promise_due_at=nearest(target),
        recused=(*target.recused, *barred) if barred else (),
    )


def _refuse(case: Complaint, target: Complaint, because: str) -> None:
    if case.pk == target.pk:
        raise CannotMerge(_t("不能并入自己"))
    if not case.is_open or not target.is_open:
        raise CannotMerge(_t("两件都在办理期内才能并案（银保监会令2020年第3号 第十八条）"))
    if target.merged_into_id:
        raise CannotMerge(_t("目标案件自己已经并入别的案件"))
    if not because.strip():
        raise CannotMerge(_t("请写明并案理由"))
    _refuse_two_answers(case, target)


def _refuse_two_answers(case: Complaint, target: Complaint) -> None:
    """One matter is answered once: an answer is no answer to what it did not look into, and a
    second one may contradict it."""
    if (case.answered_at is None) != (target.answered_at is None):
        raise CannotMerge(_t("一件已经答复、另一件还没有答复的不能并案，请两件分别办理"))
    if any(Dispatch.objects.deciding(one).exists() for one in (case, target)):
        raise CannotMerge(_t("有一件的答复正在发送，请等发送结果，或者停止发送后再并案"))
    if any(map(rounds.in_doubt, (case, target))):
        raise CannotMerge(_t("有一件的答复停止发送前可能已经送到，请先向客户问清再并案"))


def _refuse_to_lose(case: Complaint, target: Complaint, at: datetime) -> None:
    """What stands against it, and the way round that nothing stands against, if there is one."""
    why = _against(case, target, at)
    if not why:
        return
    if back := _against(target, case, at):
        raise CannotMerge(
            _t("%(why)s；反过来也不行：%(back)s。请先消除其中一条再并案，或者两件分别办理")
            % {"why": why, "back": back}
        )
    raise CannotMerge(
        _t("%(why)s。请反过来并案：打开 %(target)s，把它并入 %(case)s")
        % {"why": why, "target": target, "case": case}
    )


def _against(case: Complaint, target: Complaint, at: datetime) -> str:
    if case.merged.exists():
        return _t("已有别的件并入的，不能再并入别的件")
    if case.reviews.undecided().exists():
        return _t("上级机构还在核查答复的，不能并入别的件")
    if case.sessions.booked().exists():
        return _t("约好的直连或会商还没有登记纪要或取消的，不能并入别的件")
    if case.assignments.open().exists():
        return _t("请别的部门或人员办的事还没有回复的，不能并入别的件")
    if target.claimed_at is not None and target.accountable_id in case.recused:
        return _t("承办人 %(name)s 在另一件已经回避，请先移交再并案") % {"name": target.accountable}
    return lost(case, target, at=at)


def _refuse_strangers(case: Complaint, target: Complaint, known: str) -> None:
    """Two who are one by the pack's table are merged; two who cannot be are not. Of anybody else,
    one of nobody known among them, only a person who has asked can say who it is."""
    one, other = case.customer, target.customer
    if is_same(one, other, rulebook().identities):
        return
    shares = bool(one.keys & other.keys)
    numbers = (one.values("id_number"), other.values("id_number"))
    if (one.keys and other.keys and not shares) or (all(numbers) and not numbers[0] & numbers[1]):
        raise CannotMerge(_t("两件不是同一客户，不能并案"))
    if len(known) >= IDENTITY_LEAST:
        return
    if shares:
        raise CannotMerge(
            _t("两件电话或账号相同而姓名或卡号不同，可能是一家人，请写明怎样核实是同一客户")
        )
    raise CannotMerge(
        _t("有一件没有登记可以核对的客户信息（电话、证件等），请写明怎样核实是同一客户")
    )


@transaction.atomic
def unmerge(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Let the case stand on its own again; its clocks run as if it had never been merged, but that
    what was offered to another desk has to be offered again."""
    case, target = _merged(complaint, by)
    if not because.strip():
        raise CannotMerge(_t("请写明撤销理由"))
    promised = case.promises.exists()
    alone = kinds.Unmerged(
        because.strip(), _counted_before(case), promised=promised, promise_due_at=nearest(case)
    )
    entry = case.write(alone, by=by, at=at)
    released = kinds.Released(
        case.pk,
        case.number,
        _counts_alone(target),
        promised=promised,
        promise_due_at=nearest(target),
    )
    target.write(released, by=by, at=at)
    catch_up(case, at=at)
    due = clock.due(case, now=entry.at, ticks=case.ticks())
    case.write(kinds.Rescheduled(due.at, due.clock), by=by, at=at)
    relieve_if_lost(case, by=by, at=at)


def _merged(complaint: Complaint, by: Person) -> tuple[Complaint, Complaint]:
    """The merged case and the one under which it goes on, both held."""
    seen = Complaint.objects.get(pk=complaint.pk)
    refuse_recused(seen, by)
    if seen.merged_into_id is None:
        raise CannotMerge(_t("这一件没有并案"))
    case, target = both_held(seen, Complaint(pk=seen.merged_into_id), by)
    # Read again under the lock: somebody else may have undone it meanwhile.
    if case.merged_into_id != target.pk:
        raise CannotMerge(_t("并案刚刚有变，请刷新页面"))
    return case, target


def _counted_before(case: Complaint) -> bool:
    return bool(case.entries.of(kinds.Merged).latest("pk").data["before"]["counted"])


def _counts_alone(target: Complaint) -> bool:
    """Whether it counts without the case that has just left it: by itself, or for another one that
    is still in it."""
    told = (entry.what() for entry in target.entries.order_by("pk"))
    own = [
        kind.cached()["counted"]
        for kind in told
        if "counted" in kind.caches and not isinstance(kind, kinds.Absorbed | kinds.Released)
    ]
    return (own[-1] if own else True) or any(map(_counted_before, target.merged.all()))
