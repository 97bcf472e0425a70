"""Bank and company at one case: each reads what it may, and agrees on who bears what."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from sujin.complaints import kinds, sides
from sujin.complaints.acts import reply, share
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.attach import attach
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.confer import ask_departments, give_opinion
from sujin.complaints.acts.hand_over import accept, hand_over
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.remind import inform_side
from sujin.complaints.acts.share import CannotShare
from sujin.complaints.models import Approval, Complaint, Share
from sujin.complaints.sides import Entities, Reads, Sight
from sujin.lab.orgs import COMPANY
from sujin.platform import journal, reach
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Notice, Org, Person
from tests.complaints.conftest import TOLD, Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
BANKS, COMPANYS = "鸑鷟银行内部", "鵷鶵公司内部"
SignIn = Callable[[Person], Client]

# What the side that has not got the case reads of the other side's entries: everything that is in
# none of these lists is not shown at all.
WHOLE = {
    "Registered", "Transferred", "Triaged", "Contacted", "Repeated", "Grouped", "Routed",
    "Claimed", "Accepted", "PlanAgreed", "Shared", "SplitAgreed", "SplitDisputed", "SplitDecided",
}  # fmt: skip
TITLE = {
    "Responded", "Attached", "Answered", "CalledBack", "Closed", "Reopened", "Reclassified",
    "Merged", "Unmerged", "Withdrawn", "Reinstated", "Extended", "Told", "Paused", "Resumed",
    "Agreed", "Restarted", "SessionBooked", "SessionMoved", "SessionHeld", "SessionCancelled",
    "ReviewAsked", "ReviewDecided", "Promised", "PromiseKept", "PromiseMissed",
    "Delivered", "DeliveryFailed", "Parted",
}  # fmt: skip
NOTHING = {
    "Offered", "Declined", "Recused", "Relieved", "Noted", "Revealed", "Denied", "FactsAdded",
    "Recoded", "Retiered", "ReclassificationProposed", "ReclassificationRejected", "Asked",
    "Granted", "Refused", "OpinionsAsked", "OpinionGiven", "TaskForceFormed", "SessionReminded",
    "AvoidanceChecked", "Investigated", "Drafted", "Approved", "Absorbed", "Released",
    "Separated", "Ungrouped", "Regrouped", "TierConfirmed", "CodeConfirmed", "CodeRestored",
    "Advised", "Rescheduled", "Unlinked", "Concluded", "TakenBack", "Urged", "PutBack", "HelpAsked",
    "Distinguished", "Trained", "Activated", "RolledBack", "DriftBegan", "DriftEnded", "Watched",
    "Lapsed", "ReferredUp",
    "GuardRang", "Overseen", "Escalated", "Examined", "Uncovered", "PromiseReleased", "Dispatched",
    "DispatchStopped", "ProceededWithout", "Objected", "ModelKept",
}  # fmt: skip


def blank(kind: type[journal.Kind]) -> journal.Kind:
    """A kind without its words: the rule looks at what it is, not at what it says."""
    return object.__new__(kind)


def reads(kind: type[journal.Kind], us: int, *, partial: bool, author: int, of_file: bool) -> Reads:
    return sides.may_read(
        blank(kind),
        Sight(frozenset({us}), is_partial=partial, is_above=False),
        author=frozenset({author}),
        addressed=frozenset(),
        is_of_file=of_file,
    )


def test_every_kind_says_what_the_other_side_reads_of_it() -> None:
    named = {kind.__name__ for kind in kinds.KINDS}
    assert named == WHOLE | TITLE | NOTHING
    assert not (WHOLE & TITLE or TITLE & NOTHING or WHOLE & NOTHING)


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("us", "other"), [(0, 9), (9, 0)], ids=["bank", "company"])
def test_each_kind_is_read_by_its_own_side_and_as_stated_by_the_other(
    kind: type[journal.Kind], us: int, other: int
) -> None:
    name = kind.__name__
    stated = Reads.WHOLE if name in WHOLE else Reads.TITLE if name in TITLE else Reads.NOTHING
    assert reads(kind, us, partial=True, author=us, of_file=False) is Reads.WHOLE
    assert reads(kind, us, partial=True, author=other, of_file=True) is stated
    assert reads(kind, us, partial=False, author=other, of_file=True) is Reads.WHOLE
    # Notes and papers that the other keeps for its own part are not the holder's either.
    kept = {"Noted": Reads.NOTHING, "Attached": Reads.TITLE}.get(name, Reads.WHOLE)
    assert reads(kind, us, partial=False, author=other, of_file=False) is kept


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complaint of outlet A in Chen Li's hands, which the wealth company shares."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    divide(found, cast.chen_li, noon)
    return fresh(found)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def company() -> Org:
    return Org.objects.get(code=COMPANY)


def divide(case: Complaint, by: Person, at: datetime, **changes: object) -> Share:
    given: dict[str, object] = {
        "company": company(), "ask": "请核对产品说明", "part_bank": "销售过程",
        "part_company": "产品运作", "percent_bank": 60, "by": by, "at": at,
    }  # fmt: skip
    return share.share(case, **{**given, **changes})  # type: ignore[arg-type]


def plant(case: Complaint, by: Person, word: str, at: datetime) -> Attachment:
    annotate(case, note=f"记录 {word}", by=by, at=at)
    attach(case, [Checked(f"{word}.txt", "text/plain", word.encode())], by=by, at=at)
    return Attachment.objects.get(subject_id=case.pk, name=f"{word}.txt")


def plant_inner(case: Complaint, by: Person, word: str, at: datetime) -> None:
    """What only the side that has the case writes."""
    investigate(case, findings=f"查明 {word}", fault="none", liable="", by=by, at=at)
    letter = reply.draft(case, kind="decision", by=by, at=at)
    reply.revise(letter, body=f"## 处理决定\n{word}", by=by, at=at)


def pages(case: Complaint) -> Iterator[tuple[str, dict[str, str]]]:
    yield case.get_absolute_url(), {}
    for name in ("home", "list", "early", "retyping", "approvals", "sessions"):
        yield reverse(f"complaints:{name}"), {}
    yield reverse("complaints:approvals"), {"state": "granted"}
    yield reverse("complaints:list"), {"q": BANKS}
    yield reverse("complaints:list"), {"q": COMPANYS}
    yield reverse("platform:notices"), {}


def shown(browser: Client, case: Complaint, word: str) -> list[str]:
    """The pages on which the word of the other side is to be read."""
    found = []
    for url, asked in pages(case):
        body = browser.get(url, asked).content.decode()
        if asked.get("q"):
            # The words of the search itself come back.
            body = body.replace(asked["q"], "")
        if word in body:
            found.append(f"{url} {asked}")
    return found


def export(browser: Client) -> str:
    answer = browser.get(reverse("complaints:export"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return str(book.get_sheet_by_index(0).to_python())


def tell_everybody(case: Complaint) -> None:
    """Run what the worker runs, so that notices are there to leak."""
    for entry in case.entries.in_order():
        for act in journal.reactions_to(entry.kind):
            act(entry)


@pytest.fixture
def planted(cast: SimpleNamespace, case: Complaint, noon: datetime) -> dict[str, Attachment]:
    """Each side has written notes and papers of its own; the bank also investigates and drafts."""
    plant_inner(case, cast.chen_li, BANKS, noon)
    desks = [Org.objects.get(code="HO-CARD")]
    ask_departments(case, desks=desks, question=f"问 {BANKS}", by=cast.chen_li, at=noon)
    give_opinion(case, answer=f"答 {BANKS}", by=cast.liu_yang, at=noon)
    case.write(
        kinds.ReclassificationProposed(
            kind="consultation", proposer=cast.chen_li.pk, because=BANKS, threshold="投诉"
        ),
        by=cast.chen_li,
        at=noon,
    )
    papers = {
        "bank": plant(case, cast.chen_li, BANKS, noon),
        "company": plant(case, cast.gao_xiang, COMPANYS, noon),
    }
    tell_everybody(fresh(case))
    return papers


def test_neither_side_reads_the_others_notes_papers_and_drafts_anywhere(
    cast: SimpleNamespace, case: Complaint, planted: dict[str, Attachment], signed_in: SignIn
) -> None:
    for person in (cast.gao_xiang, cast.song_ya):
        assert shown(signed_in(person), case, BANKS) == [], person
    for person in (cast.chen_li, cast.shen_qiu, cast.zhou_tao, cast.liu_yang, cast.wang_xiuying):
        assert shown(signed_in(person), case, COMPANYS) == [], person
    assert BANKS not in export(signed_in(cast.song_ya))
    assert COMPANYS not in export(signed_in(cast.zhou_tao))
    assert not Notice.objects.filter(person__in=[cast.gao_xiang, cast.song_ya]).filter(
        entry__kind__in=[kinds.ReclassificationProposed.code, kinds.Noted.code]
    )


def test_each_side_reads_its_own_and_head_office_both(
    cast: SimpleNamespace, case: Complaint, planted: dict[str, Attachment], signed_in: SignIn
) -> None:
    url = case.get_absolute_url()
    bank = signed_in(cast.chen_li).get(url).content.decode()
    ours = signed_in(cast.gao_xiang).get(url).content.decode()
    assert BANKS in bank and COMPANYS in ours
    assert "请核对产品说明" in bank and "请核对产品说明" in ours
    assert "年费" in ours and "另一法人" in ours and "13912345678" not in ours
    for person in (cast.lin_lan, cast.qian_wei):
        page = signed_in(person).get(url).content.decode()
        assert BANKS in page and COMPANYS in page


def test_the_other_sides_papers_and_drafts_do_not_open_by_their_address(
    cast: SimpleNamespace, case: Complaint, planted: dict[str, Attachment], signed_in: SignIn
) -> None:
    def paper(one: Attachment) -> str:
        return reverse("complaints:paper", args=[case.number, one.pk])

    letter = case.letters.get()
    ours, bank = signed_in(cast.gao_xiang), signed_in(cast.chen_li)
    assert ours.get(paper(planted["bank"])).status_code == 404
    assert bank.get(paper(planted["company"])).status_code == 404
    assert ours.get(paper(planted["company"])).status_code == 200
    assert bank.get(paper(planted["bank"])).status_code == 200
    address = reverse("complaints:letter", args=[case.number, letter.pk])
    assert ours.get(address).status_code == 404
    assert bank.get(address).status_code == 200
    reading = reverse("complaints:reading", args=[case.number, letter.pk])
    assert ours.post(reading, {"body": "x"}).status_code == 404


def test_what_belongs_to_the_side_that_has_it_is_refused_and_logged(
    cast: SimpleNamespace, case: Complaint, planted: dict[str, Attachment], signed_in: SignIn
) -> None:
    from sujin.complaints.pages.actions import ACTIONS

    browser = signed_in(cast.gao_xiang)
    before = case.entries.of(kinds.Denied).count()
    closed = [one.name for one in ACTIONS if one.name not in sides.SHARED_ACTIONS]
    assert {"response", "letters", "investigation", "recoding", "withdrawal"} & set(closed)
    for name in closed:
        sent = browser.post(reverse(f"complaints:{name}", args=[case.number]), {})
        assert sent.status_code == 403, name
    assert browser.post(reverse("complaints:personal", args=[case.number])).status_code == 403
    assert case.entries.of(kinds.Denied).count() == before + len(closed) + 1
    offered = browser.get(case.get_absolute_url()).context["actions"]
    assert {one.action.name for one in offered} <= sides.SHARED_ACTIONS


def test_the_other_side_decides_no_request_of_this_one(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: SignIn
) -> None:
    request = Approval.objects.create(
        complaint=case, act="letter", title=BANKS, because=BANKS,
        approvers=["four_eyes"], asked_by=cast.chen_li, asked_at=noon,
    )  # fmt: skip
    inbox = reverse("complaints:approvals")
    assert BANKS in signed_in(cast.shen_qiu).get(inbox).content.decode()
    ours = signed_in(cast.song_ya)
    assert BANKS not in ours.get(inbox).content.decode()
    refused = ours.post(reverse("complaints:approval", args=[request.pk]), {"grant": "1"})
    assert refused.status_code == 404


def test_without_the_filter_the_matrix_is_red(
    cast: SimpleNamespace,
    case: Complaint,
    planted: dict[str, Attachment],
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: everybody stands above both sides."""
    monkeypatch.setattr(
        Entities, "look", lambda self, case, reach: Sight(frozenset(), False, is_above=True)
    )
    for cell in (
        test_neither_side_reads_the_others_notes_papers_and_drafts_anywhere,
        test_the_other_sides_papers_and_drafts_do_not_open_by_their_address,
        test_what_belongs_to_the_side_that_has_it_is_refused_and_logged,
    ):
        with pytest.raises(AssertionError):
            cell(cast, case, planted, signed_in)


def test_when_the_company_takes_over_it_reads_the_file_and_the_outlet_keeps_its_own_part(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: SignIn
) -> None:
    share.agree_split(case, by=cast.gao_xiang, at=noon)
    annotate(case, note=f"网点 {BANKS}", by=cast.chen_li, at=noon)
    hand_over(case, to=company(), because="产品问题", **TOLD, by=cast.chen_li, at=noon)
    later = noon + timedelta(hours=1)
    accept(fresh(case), by=cast.gao_xiang, at=later)
    annotate(case, note=f"公司 {COMPANYS}", by=cast.gao_xiang, at=later)
    plant_inner(case, cast.gao_xiang, COMPANYS, later)
    url = case.get_absolute_url()
    ours = signed_in(cast.gao_xiang).get(url).content.decode()
    assert BANKS in ours and COMPANYS in ours
    outlet = signed_in(cast.wang_xiuying).get(url).content.decode()
    assert BANKS in outlet and COMPANYS not in outlet and "接收移交" in outlet
    answering = reverse("complaints:letters", args=[case.number])
    assert signed_in(cast.wang_xiuying).post(answering, {}).status_code == 403


def test_rows_and_cases_are_judged_by_the_same_rule(
    cast: SimpleNamespace, case: Complaint, told: Told, noon: datetime
) -> None:
    """``whole`` on rows says for everybody what ``look`` says of one case."""
    told(at=noon)
    entities = Entities()
    for person in vars(cast).values():
        has = reach.of(person, noon)
        rows = Complaint.objects.within(has).select_related("desk", "origin")
        by_rows = set(rows.filter(entities.whole(has)).values_list("pk", flat=True))
        assert by_rows == {one.pk for one in rows if not entities.look(one, has).is_partial}


def test_a_split_is_proposed_agreed_and_sums_to_a_hundred(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    made = Share.objects.get()
    assert (made.percent_bank, made.percent_company, made.state) == (60, 40, "proposed")
    with pytest.raises(CannotShare, match="没有等你"):
        share.agree_split(case, by=cast.chen_li, at=noon)
    with pytest.raises(CannotShare, match="上一次"):
        divide(case, cast.chen_li, noon)
    share.agree_split(case, by=cast.gao_xiang, at=noon)
    assert Share.objects.get().state == "agreed"
    assert not case.assignments.open().exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.update(percent_bank=70)


def test_a_disputed_split_is_decided_by_head_office(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: SignIn
) -> None:
    url = reverse("complaints:split-dispute", args=[case.number])
    sent = signed_in(cast.gao_xiang).post(url, {"split-dispute-because": "销售误导在先"})
    assert sent.status_code == 302
    assert Share.objects.get().state == "disputed"
    for person in (cast.gao_xiang, cast.chen_li):
        with pytest.raises(CannotShare, match="总行"):
            share.decide_split(case, percent_bank=0, because="都怪对方", by=person, at=noon)
    share.decide_split(case, percent_bank=80, because="销售误导属实", by=cast.wu_tong, at=noon)
    made = Share.objects.get()
    assert (made.percent_bank, made.percent_company, made.state) == (80, 20, "decided")
    sentence = case.entries.of(kinds.SplitDecided).get().what().sentence()
    assert "80%" in sentence and "20%" in sentence


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"percent_bank": 101}, "100"), ({"ask": " "}, "写明"), ({"part_bank": ""}, "写明")],
)
def test_a_split_without_parts_or_beyond_the_whole_is_refused(
    cast: SimpleNamespace, case: Complaint, noon: datetime, changes: dict[str, object], said: str
) -> None:
    share.agree_split(case, by=cast.gao_xiang, at=noon)
    with pytest.raises(CannotShare, match=said):
        divide(case, cast.chen_li, noon, **changes)
    with pytest.raises(CannotShare, match="承办的一方"):
        divide(case, cast.gao_xiang, noon)
    with pytest.raises(CannotShare, match="子公司"):
        divide(case, cast.chen_li, noon, company=Org.objects.get(code="HO-CARD"))


def test_the_asked_side_hears_of_it_and_sees_the_case(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    entry = case.entries.of(kinds.Shared).get()
    inform_side(entry)
    assert Notice.objects.to(cast.gao_xiang).filter(entry=entry).exists()
    assert Complaint.objects.within(reach.of(cast.gao_xiang, noon)).filter(pk=case.pk).exists()


def test_it_keeps_sight_when_the_bank_hands_the_case_on_to_another_desk(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    hand_over(case, to=Org.objects.get(code="JN"), because="升级", **TOLD, by=cast.chen_li, at=noon)
    accept(fresh(case), by=cast.zhou_tao, at=noon)
    assert Complaint.objects.within(reach.of(cast.gao_xiang, noon)).filter(pk=case.pk).exists()
