"""A person of branch A cannot see, find, count or fetch anything of branch B: every URL × role.

The cells are generated: every page of the resolver must be declared here with what it shows, every
member of the cast opens it, and a canary of the other branch must appear in no body and no header.
"""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from python_calamine import CalamineWorkbook

from sujin.channels.regulator.sheet import COLUMNS
from sujin.complaints.acts import meet, reply
from sujin.complaints.acts.attach import attach
from sujin.complaints.acts.hand_over import accept, decline, hand_over
from sujin.complaints.acts.promise import promise
from sujin.complaints.acts.receive import receive
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint
from sujin.lab import cast as stage
from sujin.lab.cast import BRANCH2_A, BRANCH2_B, OUTLET_A, OUTLET_B
from sujin.platform import reach
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Org, Person, Post
from tests.complaints.conftest import TOLD

CANARY = "鸑鷟鵷鶵"
PARTIES = (PartyDraft(name=CANARY, phone="13700000000"),)
CARD_FEE = f"我的信用卡在网点被多收了300元年费，{CANARY}，要求退还。"

# Pages that take no case: who may open them is their own matter, but none may leak a case.
PLAIN = {
    "healthz", "readyz", "set_language",
    "platform:sign_in", "platform:play", "platform:sign_out", "platform:notices",
    "platform:notice", "platform:all_read", "platform:people", "platform:appointment",
    "platform:dismissal", "platform:journal", "platform:absences", "platform:returned",
    "complaints:home", "complaints:list", "complaints:early", "complaints:retyping",
    "complaints:export", "complaints:approvals", "complaints:approval",
    "complaints:liaison", "complaints:liaison_of",
    "complaints:batches", "complaints:batch", "complaints:undoing",
    "complaints:examinations", "complaints:examination",
    "complaints:figures", "complaints:figures_export", "complaints:wall", "complaints:queue",
    "counter:intake", "counter:read", "hotline:intake", "hotline:calls", "hotline:read",
    "regulator:intake", "regulator:batch", "regulator:template",
    "regulator:checked", "regulator:rejected", "regulator:branches", "hotline:branches",
    "web_form:start", "web_form:done", "web_form:you", "web_form:check",
    "assistant:ask", "assistant:choice", "assistant:verdict", "assistant:person", "assistant:end",
    "assistant_api:turns", "assistant_api:verdicts", "assistant_api:hand_overs",
    "knowledge:conversations",
    "tracking:find", "tracking:case", "tracking:material", "tracking:verdict",
    "tracking:urging", "tracking:review",
    "complaints:sessions",
    "complaints:corrections", "complaints:correction", "complaints:corrections_export",
    "complaints:correction_batches",
    "complaints:models", "complaints:model", "complaints:model_version",
    "complaints:model_return",
    "supervision:findings", "supervision:export", "supervision:finding",
    "supervision:explanation", "supervision:verdict", "supervision:settlement",
    "supervision:dispersion", "supervision:silent",
    "supervision:inspections", "supervision:inspection", "supervision:inspection_verb",
    "supervision:walk", "supervision:walk_worker", "supervision:walk_marks",
    "supervision:walk_photos", "supervision:walk_submission", "supervision:walk_standing",
    "supervision:photo", "supervision:plans", "supervision:plan_new", "supervision:plan",
    "supervision:recording_verb", "supervision:rectifications", "supervision:shortcoming",
    "supervision:shortcoming_verb", "supervision:shortcoming_paper",
    "supervision:stars", "supervision:star", "supervision:star_line", "supervision:stars_verb",
    "supervision:star_rating", "supervision:fairness", "supervision:scorecards",
    "supervision:stars_export",
    "supervision:star_appeal_verb",
    "supervision:accountabilities", "supervision:accountability_new",
    "supervision:accountability", "supervision:accountability_verb",
    "supervision:proposals", "supervision:proposal_new", "supervision:proposal_board",
    "supervision:suggestions", "supervision:proposal", "supervision:proposal_join",
    "supervision:proposal_verb",
    "supervision:panelists", "supervision:panelist_leaving", "supervision:walkthroughs",
    "supervision:walkthrough_new", "supervision:walkthrough", "supervision:walkthrough_verb",
    "supervision:outreaches", "supervision:outreach_topics", "supervision:outreach_new",
    "supervision:outreach", "supervision:outreach_verb",
    "supervision:trainings", "supervision:training", "supervision:training_test",
    "supervision:training_test_verb", "supervision:training_coverage",
    "supervision:training_people", "supervision:training_export",
    "supervision:training_proposals", "supervision:training_enrolment",
    "supervision:training_drill", "supervision:training_drill_verb",
    "complaints:assurance", "complaints:vigil", "complaints:outlook", "complaints:overrides",
    "complaints:overrides_export",
    "governance:evidence", "governance:evidence_file", "governance:evidence_verdict",
    "governance:evidence_objection", "governance:evidence_closing", "governance:evidence_paper",
    "complaints:groups",
    "governance:effects", "governance:effect",
    "governance:events", "governance:event_new", "governance:event_move", "governance:event",
    "governance:event_edit", "governance:event_cases", "governance:event_line",
    "governance:event_verb", "governance:mentions", "governance:flashes", "governance:flash",
    "governance:flash_paper", "governance:flash_verb",
    "governance:waves", "governance:waves_now", "governance:waves_export",
    "governance:wave_node", "governance:wave_grid", "governance:wave_detectors",
    "governance:ledger", "governance:problem_new", "governance:ledger_export",
    "governance:problem", "governance:problem_verb", "governance:measure_verb",
    "governance:meetings", "governance:meeting_new", "governance:meeting",
    "governance:meeting_paper", "governance:meeting_verb", "governance:decision_verb",
    "governance:measure_card", "reports:quarterly", "reports:quarterly_paper",
    "reports:monthly", "reports:monthly_paper",
    "governance:visits", "governance:visit_new", "governance:visits_export",
    "governance:visit", "governance:visit_verb", "governance:concern_verb",
    "governance:replays", "governance:replay", "governance:replay_export",
    "governance:prospects", "governance:prospect_scores", "governance:prospects_export",
    "governance:foresight",
    "governance:wave", "governance:wave_acknowledgement", "governance:wave_dismissal",
    "governance:wave_confirmation", "governance:wave_reopening",
    "governance:indicators", "governance:indicators_export", "governance:gauge",
    "governance:metrics", "governance:metrics_export", "governance:metric",
    "governance:metric_cases", "governance:level",
    "governance:headline", "governance:journey", "governance:loyalty",
    "supervision:surveys", "supervision:survey_new", "supervision:survey", "supervision:sheets",
    "supervision:sheets_export", "supervision:questionnaire",
    "governance:programmes", "governance:programme_new", "governance:programme",
    "governance:programme_verb", "governance:task_verb",
    "reports:weekly", "reports:weekly_paper", "reports:returns", "reports:return",
    "reports:return_cases", "reports:return_paper", "reports:return_submission",
    "governance:order", "governance:order_acknowledgement", "governance:order_report",
    "governance:peers",
    "knowledge:library", "knowledge:care", "knowledge:found", "knowledge:item", "knowledge:new",
    "knowledge:versions", "knowledge:version", "knowledge:perform", "knowledge:standing",
    "knowledge:issues", "knowledge:issue_new", "knowledge:issue", "knowledge:issue_proof",
    "knowledge:issue_lines", "knowledge:issue_arrangement", "knowledge:issue_paper",
    "knowledge:issue_verb", "knowledge:readings", "knowledge:reading", "knowledge:reading_quiz",
    "knowledge:reading_measure", "knowledge:reading_understood", "knowledge:distributions",
    "knowledge:distribution", "knowledge:distribution_people", "knowledge:distribution_urging",
    "knowledge:distribution_export", "knowledge:feedback", "knowledge:version_distribution",
    "knowledge:revisions", "knowledge:revision", "knowledge:revision_answer",
    "knowledge:search", "knowledge:found_for", "knowledge:chosen", "knowledge:restrictions",
    "knowledge:restrictions_for",
    "knowledge:restriction_note", "knowledge:scams", "knowledge:rewards",
    "knowledge:reward_decision", "knowledge:directory", "knowledge:verification",
    "knowledge:gaps",
}  # fmt: skip
# Pages about one case: outside the person's reach they are 404, whatever the method.
ABOUT_A_CASE = {
    "complaints:dossier",
    "complaints:personal",
    "complaints:advice",
    "complaints:paper",
    "complaints:letter",
    "complaints:submission",
    "complaints:delivery",
    "complaints:delivery_again",
    "complaints:delivery_stop",
    "complaints:dispatch",
    "complaints:reading",
    "complaints:scale",
    "complaints:letter_paper",
    "complaints:contact_reading",
    "complaints:knowledge",
    "complaints:promise_kept",
    "complaints:promise_released",
    "complaints:session_ics",
    "complaints:group",
    "complaints:group_export",
    "complaints:group_removal",
    "complaints:group_return",
    "counter:done",
    "hotline:done",
}


PROMISE_PAGES = ("complaints:promise_kept", "complaints:promise_released")
LETTER_PAGES = (
    "complaints:letter",
    "complaints:submission",
    "complaints:dispatch",
    "complaints:reading",
    "complaints:scale",
)


def names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern, prefix + space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def verbs() -> set[str]:
    from sujin.complaints.pages.actions import ACTIONS

    return {f"complaints:{action.name}" for action in ACTIONS}


def test_every_address_is_declared() -> None:
    undeclared = set(names()) - PLAIN - ABOUT_A_CASE - verbs()
    assert not undeclared, f"say who may open {sorted(undeclared)}"
    gone = (PLAIN | ABOUT_A_CASE) - set(names())
    assert not gone, f"no such address any more: {sorted(gone)}"


class Stage:
    """How the case of branch B may once have touched people of branch A, who see it no more."""

    def __init__(self, cast: SimpleNamespace, at: datetime) -> None:
        self.cast, self.at = cast, at

    def stranger(self) -> Complaint:
        """It never left branch B."""
        return self._told()

    def former_desk(self) -> Complaint:
        """Branch A took it over and has handed it back."""
        case = self._told()
        self._offered(case, BRANCH2_A)
        accept(case, by=self.cast.chen_li, at=self.at)
        hand_over(
            case,
            to=Org.objects.get(code=BRANCH2_B),
            because="客户在乙行",
            **TOLD,
            by=self.cast.chen_li,
            at=self.at,
        )
        accept(case, by=self.cast.ma_jun, at=self.at)
        return case

    def declined(self) -> Complaint:
        """Branch A was asked to take it and refused."""
        case = self._told()
        self._offered(case, BRANCH2_A)
        decline(case, because="不属本行", by=self.cast.chen_li, at=self.at)
        return case

    def heard_again(self) -> Complaint:
        """A teller of branch A took down a later contact of the same matter."""
        case = self._told()
        again = Draft("counter", CARD_FEE, self.at, OUTLET_A, parties=PARTIES)
        assert receive(again, by=self.cast.wang_xiuying, at=self.at).number == case.number
        return case

    def _told(self) -> Complaint:
        draft = Draft("counter", CARD_FEE, self.at, OUTLET_B, parties=PARTIES)
        case = receive(draft, by=self.cast.ma_jun, at=self.at).complaint
        paper = Checked(f"{CANARY}.txt", "text/plain", CANARY.encode())
        attach(case, [paper], by=self.cast.ma_jun, at=self.at)
        reply.draft(case, kind="decision", by=self.cast.ma_jun, at=self.at)
        due_at = self.at + timedelta(hours=3)
        what = f"回电{CANARY}"
        promise(case, kind="call_back", what=what, due_at=due_at, by=self.cast.ma_jun, at=self.at)
        self._booked(case)
        return case

    def _booked(self, case: Complaint) -> None:
        """A sitting at a place that names the customer."""
        meet.book(
            case,
            kind="direct",
            way="onsite",
            starts_at=self.at + timedelta(days=1),
            minutes_planned=30,
            place=CANARY,
            host=self.cast.ma_jun,
            orgs=[],
            persons=[],
            guests=[meet.Guest(CANARY, "家属")],
            consent=True,
            risk="none",
            risk_words="",
            by=self.cast.ma_jun,
            at=self.at,
        )

    def _offered(self, case: Complaint, to: str) -> None:
        desk = Org.objects.get(code=to)
        hand_over(case, to=desk, because="改由你行办理", **TOLD, by=self.cast.ma_jun, at=self.at)


RELATIONS = ["stranger", "former_desk", "declined", "heard_again"]


@pytest.fixture(params=RELATIONS)
def relation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def foreign(relation: str, cast: SimpleNamespace, noon: datetime) -> Complaint:
    """A complaint of branch B with the canary in its text, its people and its file's name."""
    case: Complaint = getattr(Stage(cast, noon), relation)()
    return Complaint.objects.get(pk=case.pk)


def leaks(response: object) -> bool:
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = str(response.headers)  # type: ignore[attr-defined]
    return CANARY.encode() in body or CANARY in headers


def blind_to(case: Complaint, noon: datetime) -> list[Person]:
    """The members of the cast whose reach does not hold the case."""
    people = Person.objects.filter(staff_no__in=[spec.staff_no for spec in stage.CAST])
    return [
        person
        for person in people
        if not Complaint.objects.within(reach.of(person, noon)).filter(pk=case.pk).exists()
    ]


def onlookers(case: Complaint, noon: datetime, relation: str) -> list[Person]:
    """Whose cells are new: of a stranger's case everybody's; where branch A was touched once, its
    people's, for to the others it is the stranger's case still."""
    blind = blind_to(case, noon)
    if relation == "stranger":
        return blind
    branch = Org.objects.get(code=BRANCH2_A)
    held = {post.person_id for post in Post.objects.filter(org__path__startswith=branch.path)}
    return [person for person in blind if person.pk in held]


def test_the_cast_is_divided_as_its_documentation_says(
    cast: SimpleNamespace, foreign: Complaint, noon: datetime
) -> None:
    blind = {person.name for person in blind_to(foreign, noon)}
    assert {"王秀英", "李建国", "陈立", "周涛", "高翔", "赵敏", "孔明宇", "何静"} <= blind
    assert not {"孙倩", "马骏", "林岚", "刘洋", "钱卫"} & blind


def addresses(case: Complaint) -> Iterator[tuple[str, str]]:
    paper = Attachment.objects.get(subject_id=case.pk)
    letter = case.letters.get()
    of_page: dict[str, tuple[object, ...]] = {
        "complaints:paper": (paper.pk,),
        "complaints:letter_paper": (letter.pk, "pdf"),
        "complaints:session_ics": (case.sessions.get().pk,),
        "complaints:delivery": (letter.pk, "email"),
        "complaints:delivery_again": (letter.pk, 1),
        "complaints:delivery_stop": (letter.pk, 1),
        **dict.fromkeys(LETTER_PAGES, (letter.pk,)),
        **dict.fromkeys(PROMISE_PAGES, (case.promises.latest("pk").pk,)),
    }
    for name in sorted(ABOUT_A_CASE | verbs()):
        yield name, reverse(name, args=[case.number, *of_page.get(name, ())])


def test_nobody_opens_a_case_outside_the_reach_by_any_address_or_method(
    foreign: Complaint,
    relation: str,
    noon: datetime,
    signed_in: Callable[[Person], Client],
) -> None:
    before = foreign.entries.count()
    cells = 0
    for person in onlookers(foreign, noon, relation):
        client = signed_in(person)
        for name, url in addresses(foreign):
            for ask in (client.get, client.post):
                response = ask(url)
                # A door answers 403 to whoever may not use it at all, before it looks at the case.
                refused = (403, 404, 405) if name.endswith(":done") else (404, 405)
                assert response.status_code in refused, f"{person} {name}"
                assert not leaks(response), f"{person} {name}"
                cells += 1
    assert cells > 200
    assert foreign.entries.count() == before


def test_nobody_finds_or_counts_a_case_outside_the_reach(
    foreign: Complaint,
    relation: str,
    noon: datetime,
    signed_in: Callable[[Person], Client],
) -> None:
    searches = [CANARY, "13700000000", foreign.number, "信用卡", ""]
    for person in onlookers(foreign, noon, relation):
        client = signed_in(person)
        for words in searches:
            response = client.get(reverse("complaints:list"), {"q": words})
            if response.status_code == 200:
                assert response.context["listing"].count == 0, f"{person} {words}"
                assert not _shows(response, words), f"{person} {words}"
        for page in (
            "complaints:home",
            "complaints:early",
            "complaints:retyping",
            "complaints:wall",
            "complaints:queue",
            "complaints:figures",
            "complaints:sessions",
            "complaints:corrections",
            "complaints:corrections_export",
            "complaints:models",
            "complaints:outlook",
            "supervision:findings",
            "supervision:dispersion",
            "supervision:silent",
            "supervision:surveys",
            "supervision:sheets",
            "governance:waves",
            "governance:wave_grid",
            "governance:visits",
            "governance:wave_node",
            "governance:prospects",
            "platform:notices",
        ):
            assert not leaks(client.get(reverse(page))), f"{person} {page}"


def _shows(response: object, words: str) -> bool:
    """The canary may come back only as the words of the search itself."""
    body = response.content.decode()  # type: ignore[attr-defined]
    return CANARY in body and words != CANARY


def test_the_same_search_finds_it_for_those_who_may(
    cast: SimpleNamespace, foreign: Complaint, signed_in: Callable[[Person], Client]
) -> None:
    for person in (cast.sun_qian, cast.lin_lan, cast.liu_yang):
        for words in (CANARY, "13700000000"):
            response = signed_in(person).get(reverse("complaints:list"), {"q": words})
            assert foreign in response.context["listing"].page_rows, f"{person} {words}"


def test_a_removed_scope_turns_this_red(
    cast: SimpleNamespace,
    foreign: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: without ``within`` every cell above would leak."""
    from sujin.complaints.models.complaint import ComplaintQuerySet

    monkeypatch.setattr(ComplaintQuerySet, "within", lambda rows, reach: rows)
    assert blind_to(foreign, noon) == []
    blind = [cast.chen_li, cast.wang_xiuying, cast.zhou_tao]
    monkeypatch.setitem(globals(), "blind_to", lambda case, at: blind)
    for cell in (
        test_nobody_opens_a_case_outside_the_reach_by_any_address_or_method,
        test_nobody_finds_or_counts_a_case_outside_the_reach,
    ):
        with pytest.raises(AssertionError):
            cell(foreign, "stranger", noon, signed_in)


def test_what_a_post_does_not_allow_is_refused_and_logged(
    cast: SimpleNamespace, foreign: Complaint, signed_in: Callable[[Person], Client]
) -> None:
    auditor = signed_in(cast.qian_wei)
    refused = auditor.post(reverse("complaints:claim", args=[foreign.number]))
    assert refused.status_code == 403
    denied = foreign.entries.filter(kind="complaint.denied").get()
    assert (denied.by, denied.data["permission"]) == (cast.qian_wei, "claim")
    assert OUTLET_A != OUTLET_B


def test_an_export_holds_no_case_outside_the_reach(
    cast: SimpleNamespace, foreign: Complaint, signed_in: Callable[[Person], Client]
) -> None:
    def cells(person: Person) -> str:
        answer = signed_in(person).get(reverse("complaints:export"))
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        return str(book.get_sheet_by_index(0).to_python())

    assert CANARY not in cells(cast.zhou_tao)
    assert CANARY in cells(cast.sun_qian)


def test_a_batch_of_letters_opens_for_whoever_uploaded_it_and_nobody_else(
    cast: SimpleNamespace, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    letter = {"转办机构": "12378", "文号": "乙〔2026〕1号", "投诉内容": CARD_FEE}
    cells = (",".join(COLUMNS), ",".join(letter.get(name, "") for name in COLUMNS))
    rows = "\n".join(cells).encode()
    sender = signed_in(cast.sun_qian)
    sent = sender.post(
        reverse("regulator:batch"), {"file": SimpleUploadedFile("转办.csv", rows)}, follow=True
    )
    key = sent.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[-1]
    assert sender.get(reverse("regulator:checked", args=[key])).status_code == 200
    people = Person.objects.filter(staff_no__in=[spec.staff_no for spec in stage.CAST])
    for person in people.exclude(pk=cast.sun_qian.pk):
        client = signed_in(person)
        for name in ("regulator:checked", "regulator:rejected"):
            for ask in (client.get, client.post):
                response = ask(reverse(name, args=[key]))
                assert response.status_code in (403, 404, 405), f"{person} {name}"
                assert not leaks(response), f"{person} {name}"
    assert not Complaint.objects.exists()


def test_a_customers_page_opens_for_nobody_without_the_code(
    foreign: Complaint, client: Client
) -> None:
    for name in ("case", "material", "verdict", "urging", "review"):
        url = reverse(f"tracking:{name}", args=[foreign.number])
        for ask in (client.get, client.post):
            assert not leaks(ask(url)), name
