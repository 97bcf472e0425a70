"""No act on a case is theirs who stand aside, whoever calls it, and none brings them in by name.

The acts are those of the folder: whatever takes a case, or what belongs to one, and ``by``. One
that is added refuses them, or says here why it does not.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from sujin.complaints import acts
from sujin.complaints.acts import call_help, confer, meet
from sujin.complaints.acts.claim import MustStandAside, claim, locked, refuse_recused
from sujin.complaints.acts.hand_over import hand_over, take_back
from sujin.complaints.acts.hold import hold
from sujin.complaints.acts.promise import PromiseDraft
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.respond import respond
from sujin.complaints.desks import Desks
from sujin.complaints.models import Approval, Complaint, Dispatch, Letter, Promise, Session
from sujin.complaints.models.session import NO_RISK
from sujin.lab.cast import BRANCH_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_answering import COMPLEX, a_letter, look_into

OF_A_CASE = {
    "complaint", "case", "letter", "held", "dispatch", "session", "promise", "approval",
}  # fmt: skip
# Whoever stands aside still tells what they know, writes down what the customer says against us,
# stands aside, and passes the case on.
OPEN = {
    "annotate.annotate", "attach.attach", "recuse.recuse", "hand_over.hand_over",
    "hand_over.take_back", "take_objection.take_objection",
}  # fmt: skip
# The worker's own: no person does it.
CLOCKWORK = {"deliver.deliver", "relieve.relieve_if_lost"}
# What a model keeps is called a promise, too; no case is touched.
MODELS = {"keep_model.keep_promise"}
# A second contact is taken down whoever hears it: the customer does not choose.
ARRIVING = {"reconsider.reconsider"}
# Parts of acts, given a case that its act has locked and asked about.
PARTS = {
    "ask.lapse", "close.begin_again", "claim.claiming", "dispatch.keep_back",
    "extend.extend_for_good", "hand_over.end_offer", "owe.owe", "press.order_report",
    "promise.promised", "reply.told",
}  # fmt: skip
# They are the question itself.
ASKING = {"claim.held_for", "claim.refuse_recused"}
D = timedelta(days=1)


def every_act() -> dict[str, Callable[..., object]]:
    """By file and name: what somebody does to a case or to what belongs to one."""
    found = {}
    for file in pkgutil.iter_modules(acts.__path__):
        module = import_module(f"{acts.__name__}.{file.name}")
        for name, act in vars(module).items():
            is_own = inspect.isfunction(act) and act.__module__ == module.__name__
            if is_own and not name.startswith("_") and _is_of_a_case(act):
                found[f"{file.name}.{name}"] = act
    return found


def _is_of_a_case(act: Callable[..., object]) -> bool:
    names = set(inspect.signature(act).parameters)
    return "by" in names and bool(names & OF_A_CASE)


def persons_act() -> dict[str, Callable[..., object]]:
    without = OPEN | CLOCKWORK | MODELS | ARRIVING | PARTS | ASKING
    return {name: act for name, act in every_act().items() if name not in without}


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    look_into(found, cast.chen_li, noon)
    return Complaint.objects.get(pk=found.pk)


@pytest.fixture
def given(cast: SimpleNamespace, case: Complaint, told: Told, noon: datetime) -> dict[str, Any]:
    """Something for every parameter that an act asks for; the refusal comes before it is read."""
    letter = a_letter(case, cast.chen_li, noon)
    dispatch = Dispatch.objects.create(
        letter=letter, way="email", address="a@example.com", message_id="<1@bank.example>",
        queued_by=cast.chen_li, queued_at=noon, released_at=noon,
    )  # fmt: skip
    session = booked(case, cast.chen_li, by=cast.chen_li, at=noon)
    due_at = TOLD["promised_at"]
    promise = Promise.objects.create(
        complaint=case, kind="call_back", what="回电", due_at=due_at, desk=case.desk or case.origin,
        made_by=cast.chen_li, made_at=noon,
    )  # fmt: skip
    approval = Approval.objects.create(
        complaint=case, act="letter", data={}, title="函", because="", approvers=["supervisor"],
        asked_by=cast.chen_li, asked_at=noon,
    )  # fmt: skip
    return {
        "complaint": case, "case": case, "held": letter, "letter": letter, "dispatch": dispatch,
        "session": session, "promise": promise, "approval": approval,
        "into": told("理财少给了收益"), "other": told("理财少给了收益"),
        "drafts": [PromiseDraft("call_back", "回电", due_at)], "at": noon,
    }  # fmt: skip


def booked(case: Complaint, host: Person, *, by: Person, at: datetime, **more: Any) -> Session:
    plain: dict[str, Any] = {
        "kind": "direct", "way": "phone", "place": "", "starts_at": at + D,
        "minutes_planned": 30, "orgs": [], "persons": [], "guests": [], "consent": True,
        "risk": NO_RISK, "risk_words": "",
    }  # fmt: skip
    return meet.book(case, host=host, **{**plain, **more}, by=by, at=at)


def is_refused(act: Callable[..., object], given: dict[str, Any], by: Person) -> bool:
    """Whether the act asks who stands aside before anything else it is given."""
    named = {**given, "by": by}
    asked = {
        name: _value(named.get(name), field.annotation)
        for name, field in inspect.signature(act).parameters.items()
        if name in named or field.default is inspect.Parameter.empty
    }
    try:
        with transaction.atomic():
            act(**asked)
    except MustStandAside:
        return True
    except (Refusal, AttributeError, TypeError, LookupError, ValueError):
        return False
    return False


def _value(value: Any, of: object) -> Any:
    if of is int and value is not None:
        return value.pk
    return "理由" if of is str else value


def test_no_act_is_theirs_who_stand_aside(
    cast: SimpleNamespace, case: Complaint, given: dict[str, Any], noon: datetime
) -> None:
    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    before = case.entries.count()
    theirs = persons_act()
    assert len(theirs) > 60
    assert [name for name, act in theirs.items() if not is_refused(act, given, cast.shen_qiu)] == []
    assert case.entries.count() == before


def test_what_is_named_here_is_there() -> None:
    assert (OPEN | CLOCKWORK | MODELS | ARRIVING | PARTS | ASKING) - every_act().keys() == set()


def test_an_act_that_does_not_ask_turns_this_red(
    cast: SimpleNamespace, case: Complaint, given: dict[str, Any], noon: datetime
) -> None:
    """The known-bad control, and the known-good one beside it."""

    def careless(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
        locked(complaint)

    def careful(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
        refuse_recused(locked(complaint), by)

    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    assert not is_refused(careless, given, cast.shen_qiu)
    assert is_refused(careful, given, cast.shen_qiu)
    assert not is_refused(careful, given, cast.chen_li)
    assert not is_refused(respond, given, cast.chen_li)


def test_what_acts_for_the_customer_or_the_clock_never_stands_aside(case: Complaint) -> None:
    refuse_recused(case, system_person())


def test_they_still_pass_it_on_with_the_word_to_the_customer_and_take_it_back(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    branch = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=branch, because="请牵头", **TOLD, by=cast.shen_qiu, at=noon)
    assert case.promises.open().exists()
    take_back(case, by=cast.shen_qiu, at=noon)


def calls_in(
    case: Complaint, who: SimpleNamespace, at: datetime
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every act that brings a person in by name."""
    given: dict[str, Any] = {"by": who.by, "at": at}
    expert = next(
        post for post in Desks(at).experts(case.origin, case.line) if post.person == who.expert
    )
    yield "book.host", lambda: booked(case, who.person, **given)
    yield "book.persons", lambda: booked(case, who.by, persons=[who.person], **given)
    yield (
        "call_expert",
        lambda: call_help.call_expert(case, expert=expert, question="能退吗？", **given),
    )
    yield (
        "form_task_force.head",
        lambda: confer.form_task_force(case, head=who.person, members=[], plan="上门", **given),
    )


def test_nobody_calls_in_by_name_whoever_stands_aside(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    who = SimpleNamespace(by=cast.chen_li, person=cast.shen_qiu, expert=cast.gu_wen)
    calls = list(calls_in(case, who, noon))
    for person in (cast.shen_qiu, cast.gu_wen):
        recuse(case, person=person, because="亲属", by=person, at=noon)
    for name, call in calls:
        with pytest.raises(Refusal, match="须回避"):
            call()
            pytest.fail(name)
    assert not case.sessions.exists() and not case.assignments.exists()


def test_every_act_that_names_a_person_is_asked_above() -> None:
    """``recuse`` names who stands aside, and ``owe`` whom its act has asked about."""
    naming = {
        name
        for name, act in every_act().items()
        for field, of in inspect.signature(act).parameters.items()
        if field != "by" and ("Person" in str(of.annotation) or "Post" in str(of.annotation))
    }
    known = {"meet.book", "call_help.call_expert", "confer.form_task_force"}
    assert naming == known | {"recuse.recuse", "owe.owe"}


def test_the_liaison_officer_s_deputy_is_asked_where_the_officer_stands_aside(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    for officer in Desks(noon).liaisons(branch):
        recuse(case, person=officer, because="亲属", by=officer, at=noon)
    with pytest.raises(call_help.CannotCallHelp, match="联络员"):
        call_help.ask_liaison(case, branch=branch, question="请协调", by=cast.chen_li, at=noon)


def test_a_host_who_stands_aside_after_booking_holds_no_sitting(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    session = booked(case, cast.shen_qiu, by=cast.chen_li, at=noon)
    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    minutes: dict[str, Any] = {
        "held_at": noon + D, "attended": [], "minutes": "客户同意", "outcome": "agreed",
        "plan": "退年费", "follow_ups": [], "at": noon + D,
    }  # fmt: skip
    with pytest.raises(MustStandAside):
        hold(session, **minutes, by=cast.shen_qiu)
    # Nor does a colleague's entry hold it for her: it is called off and booked anew.
    with pytest.raises(meet.CannotMeet, match=f"{cast.shen_qiu} 须回避"):
        hold(session, **minutes, by=cast.chen_li)
    meet.cancel(session, because="主持人回避", by=cast.chen_li, at=noon)
    hold(booked(case, cast.chen_li, by=cast.chen_li, at=noon), **minutes, by=cast.chen_li)


def test_letters_are_among_the_acts(given: dict[str, Any]) -> None:
    assert isinstance(given["letter"], Letter)
    assert {"reply.send", "dispatch.queue", "decide.grant", "hold.hold"} <= persons_act().keys()
