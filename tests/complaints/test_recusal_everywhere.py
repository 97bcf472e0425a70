"""Whoever stands aside has no hand in the matter, by any address and by any act of the answer.

Order 3 of 2020, article 17. The addresses are those of the resolver: one that is added is refused
to them, or says here why it is not.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sujin.complaints.acts import decide, dispatch, reply
from sujin.complaints.acts.claim import MustStandAside, claim
from sujin.complaints.acts.do_many import do_many
from sujin.complaints.acts.promise import promise
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.models import Approval, Complaint, Dispatch, Letter, Suspect
from sujin.complaints.pages.actions import OPEN_TO_RECUSED
from sujin.engine.suspect import PEOPLE
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_answering import COMPLEX, a_letter, look_into

MUST = "须回避"
# They read like others, tell what they know, and pass the case on.
OPEN = {f"complaints:{name}" for name in OPEN_TO_RECUSED}
# Addresses of a case under which nothing of it is changed.
READING = {
    "complaints:dossier", "complaints:paper", "complaints:reading", "complaints:scale",
    "complaints:contact_reading", "complaints:session_ics", "complaints:group",
    "complaints:group_export", "counter:done", "hotline:done",
}  # fmt: skip
# The customer's own, behind number and code.
CUSTOMERS = {
    f"tracking:{name}" for name in ("case", "material", "verdict", "urging", "review")
}  # fmt: skip
# They change cases that their address does not name; each has its own test below.
ELSEWHERE = {
    "complaints:approval", "complaints:correction", "complaints:batches",
    "complaints:correction_batches",
}  # fmt: skip
# They change no case: sheets, figures, machines, files of others, and what is not a case yet.
NO_CASE = {
    "complaints:batch", "complaints:undoing", "complaints:examination", "complaints:vigil",
    "complaints:liaison_of", "complaints:model", "complaints:model_return",
    "complaints:model_version",
    # Their number is that of a version of an item.
    "knowledge:version", "knowledge:perform",
}  # fmt: skip


def addresses(
    resolver: URLResolver | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, space + inner)
        elif pattern.name:
            yield space + pattern.name, pattern


def of_cases() -> set[str]:
    """Every address that names a case, and those of this room that name something else."""
    found = set()
    for name, pattern in addresses():
        fields = set(pattern.pattern.converters)
        if "number" in fields or (name.startswith("complaints:") and fields):
            found.add(name)
    return found


def changing() -> set[str]:
    return of_cases() - OPEN - READING - CUSTOMERS - ELSEWHERE - NO_CASE


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """Looked into by Chen Li; Shen Qiu, of the same desk, stands aside."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    look_into(found, cast.chen_li, noon)
    due_at = TOLD["promised_at"]
    promise(found, kind="call_back", what="回电", due_at=due_at, by=cast.chen_li, at=noon)
    return Complaint.objects.get(pk=found.pk)


def aside(case: Complaint, who: Person, at: datetime) -> None:
    recuse(case, person=who, because="亲属", by=who, at=at)


def address(name: str, case: Complaint, letter: Letter) -> str:
    promised = case.promises.get().pk
    given: dict[str, tuple[object, ...]] = {
        **{f"complaints:{one}": (letter.pk,) for one in ("letter", "submission", "dispatch")},
        "complaints:letter_paper": (letter.pk, "pdf"),
        "complaints:delivery": (letter.pk, "email"),
        "complaints:delivery_again": (letter.pk, 1),
        "complaints:delivery_stop": (letter.pk, 1),
        "complaints:promise_kept": (promised,),
        "complaints:promise_released": (promised,),
    }
    return reverse(name, args=[case.number, *given.get(name, ())])


def refused_everywhere(case: Complaint, letter: Letter, client: Client) -> int:
    before, cells = case.entries.count(), 0
    for name in sorted(changing()):
        answer = client.post(address(name, case, letter))
        assert answer.status_code == 403, f"{name} {answer.status_code}"
        assert MUST in answer.content.decode(), name
        cells += 1
    assert case.entries.count() == before
    return cells


def test_every_address_that_changes_a_case_is_closed_to_them(
    *,
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
) -> None:
    letter = a_letter(case, cast.chen_li, noon)
    aside(case, cast.shen_qiu, noon)
    assert refused_everywhere(case, letter, signed_in(cast.shen_qiu)) > 40
    assert (
        not (OPEN | READING | CUSTOMERS | ELSEWHERE | NO_CASE)
        - of_cases()
        - {"complaints:batches", "complaints:correction_batches"}
    )


def test_an_address_of_no_case_takes_nothing_unless_it_is_named_here(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(cast.shen_qiu)
    plain = {name for name, pattern in addresses() if not pattern.pattern.converters}
    room = {name for name in plain if name.startswith("complaints:")} - ELSEWHERE
    taking = {name for name in room if client.post(reverse(name)).status_code != 405}
    assert len(room) > 10 and not taking, taking


def test_an_address_without_the_question_turns_this_red(
    *,
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: a guard that does not ask."""
    letter = a_letter(case, cast.chen_li, noon)
    aside(case, cast.shen_qiu, noon)
    guard = "sujin.complaints.pages.guard.refuse_recused"
    monkeypatch.setattr(guard, lambda case, by: None)
    with pytest.raises(AssertionError):
        refused_everywhere(case, letter, signed_in(cast.shen_qiu))


def test_they_read_the_case_and_are_offered_nothing_of_it(
    *,
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    letter, client = a_letter(case, cast.chen_li, noon), signed_in(cast.shen_qiu)
    offered = client.get(letter.get_absolute_url()).content.decode()
    assert "/submission" in offered and "/pdf" in offered
    assert "/kept" in client.get(case.get_absolute_url()).content.decode()
    aside(case, cast.shen_qiu, noon)
    page = client.get(letter.get_absolute_url())
    assert page.status_code == 200
    assert not [one for one in ("/submission", "/pdf") if one in page.content.decode()]
    page = client.get(case.get_absolute_url())
    assert page.status_code == 200
    assert not [one for one in ("/kept", "/personal") if one in page.content.decode()]


def test_they_approve_nothing(
    *,
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    letter = a_letter(case, cast.chen_li, noon)
    reply.submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    aside(case, cast.zhou_tao, noon)
    waiting = Approval.objects.waiting().get()
    url = reverse("complaints:approval", args=[waiting.pk])
    for verb in ("grant", "refuse"):
        answer = signed_in(cast.zhou_tao).post(url, {verb: "1", f"a{waiting.pk}-words": "好"})
        assert answer.status_code == 403 and MUST in answer.content.decode()
    assert Approval.objects.waiting().exists()


def test_no_suspected_code_is_put_to_them(
    *,
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    suspect = Suspect.objects.create(
        complaint=case, axis="business", code=case.business, why=PEOPLE, score=0.9,
        confidence=0.9,
    )  # fmt: skip
    client = signed_in(cast.zhou_tao)
    shown = reverse("complaints:corrections")
    assert case.number in client.get(shown).content.decode()
    aside(case, cast.zhou_tao, noon)
    assert case.number not in client.get(shown).content.decode()
    url = reverse("complaints:correction", args=[suspect.pk])
    assert client.post(url, {"verdict": "keep"}).status_code == 404
    assert Suspect.objects.filter(pk=suspect.pk).exists()


def test_they_neither_take_nor_urge_it_among_many(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    found = told(COMPLEX)
    aside(found, cast.shen_qiu, noon)
    for verb, given in (("claim", {}), ("urge", {"words": "请快"})):
        batch = do_many(verb, [found], given=given, by=cast.shen_qiu, at=noon)
        assert MUST in batch.lines.get().refused, verb


def acts(
    case: Complaint, letter: Letter, by: Person, at: datetime
) -> dict[str, Callable[[], object]]:
    """Every act of the answer that a person does."""
    who: dict[str, Any] = {"by": by, "at": at}
    out = Dispatch(pk=letter.dispatches.get().pk, letter=letter)
    return {
        "draft": lambda: reply.draft(case, kind="decision", **who),
        "revise": lambda: reply.revise(letter, body="新", **who),
        "submit": lambda: reply.submit(letter, finding="upheld", remedy=None, **who),
        "approve": lambda: reply.approve(
            case, letter=letter.pk, finding="upheld", remedy="", because="", **who
        ),
        "send": lambda: reply.send(letter, way="letter", proof="EMS", **who),
        "queue": lambda: dispatch.queue(letter, way="email", party=1, **who),
        "agree": lambda: dispatch.agree(case, dispatch=out.pk, because="", **who),
        "again": lambda: dispatch.again(out, **who),
        "stop": lambda: dispatch.stop(out, because="不必发了", **who),
    }


def test_no_act_of_the_answer_is_theirs_whoever_calls_it(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    letter = a_letter(case, cast.chen_li, noon)
    Dispatch.objects.create(
        letter=letter, way="email", address="a@example.com", message_id="<1@bank.example>",
        queued_by=cast.chen_li, queued_at=noon, released_at=noon,
    )  # fmt: skip
    aside(case, cast.shen_qiu, noon)
    before = case.entries.count()
    theirs = acts(case, letter, cast.shen_qiu, noon)
    public = {
        name
        for room in (reply, dispatch)
        for name, act in vars(room).items()
        if callable(act) and getattr(act, "__module__", "") == room.__name__ and _is_verb(act)
    }
    # What is told by the worker, and what others do on somebody's behalf, asks them.
    assert public - {"told", "keep_back"} == set(theirs)
    for name, act in theirs.items():
        with pytest.raises(MustStandAside, match=MUST):
            act()
            pytest.fail(name)
    assert case.entries.count() == before


def _is_verb(act: Callable[..., object]) -> bool:
    inner = getattr(act, "__wrapped__", act)
    names = inner.__code__.co_varnames if hasattr(inner, "__code__") else ()
    return not act.__name__.startswith("_") and {"by", "at"} <= set(names)


def test_a_grant_by_them_is_refused_before_the_letter_is_touched(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    letter = a_letter(case, cast.chen_li, noon)
    reply.submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    aside(case, cast.zhou_tao, noon)
    with pytest.raises(Refusal, match=MUST):
        decide.grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=noon)
    assert not Letter.objects.get(pk=letter.pk).is_approved
