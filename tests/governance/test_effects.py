"""Ten branches, one after the other, get a guideline: what is said of it, and what follows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.test import Client

from sujin.complaints.models import Complaint
from sujin.governance import results
from sujin.governance.acts.judge_effects import judge_effects
from sujin.governance.kinds.effect import EFFECTS
from sujin.governance.models import EffectCard
from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.stage import Plan
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.desks import line_desks
from sujin.knowledge.models import Revision, Usage, Version
from sujin.knowledge.wording import Wording
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person

BRANCHES, WEEKS, EACH = 10, 60, 3
PARTS = {"background": "年费", "answer": "按合约", "script": "您好", "dont_say": "- 系统扣的"}
SignIn = Callable[[Person], Client]


@pytest.fixture
def branches(bank: None) -> list[Org]:
    """Ten more first-level branches under the head office, each with an outlet."""
    head = Org.objects.get(parent__isnull=True)
    made = []
    for nth in range(BRANCHES):
        code = f"T{nth}"
        branch = Org.objects.create(code=code, parent=head, kind="branch1", name=code, name_en=code)
        Org.objects.filter(pk=branch.pk).update(path=f"{head.path}{branch.pk}/")
        outlet = Org.objects.create(
            code=f"{code}-1", parent=branch, kind="outlet", name=code, name_en=code
        )
        Org.objects.filter(pk=outlet.pk).update(path=f"{head.path}{branch.pk}/{outlet.pk}/")
        made.append(branch)
    return made


def released(cast: SimpleNamespace, at: datetime, plan: Plan | None) -> Version:
    scope = {"surfaces": ("staff",), "business": ("card.credit",)}
    wording = Wording("fee-line", "line", "card", "年费口径", PARTS, (), scope)
    made = draft_item(wording, owner=line_desks()["card"], by=cast.liu_yang, at=at)
    submit(made, by=cast.liu_yang, at=at)
    release(made, plan=plan, by=cast.zheng_gang, at=at)
    return Version.objects.get(pk=made.pk)


def complaints(branches: list[Org], version: Version, since: datetime, factor: float) -> None:
    """Answered complaints of each branch and week; from its day on hours are ``factor`` times as
    long. Those that take long are looked up more often: users alone would mislead."""
    rng = np.random.default_rng(7)
    out = dict(version.stages.values_list("org", "since"))
    rows = []
    for branch in branches:
        outlet = Org.objects.get(parent=branch)
        for week in range(WEEKS):
            for nth in range(EACH):
                received = since + timedelta(weeks=week, hours=nth)
                hours = 60 * float(rng.lognormal(0, 0.4))
                if branch.pk in out and out[branch.pk] <= received:
                    hours *= factor
                rows.append(_case(f"{branch.code}-{week}-{nth}", outlet, received, hours))
    Complaint.objects.bulk_create(rows)
    long = Complaint.objects.filter(number__contains="-1").values_list("pk", "received_at")
    Usage.objects.bulk_create(
        Usage(version=version, case=pk, way="used", day=at.date(), at=at) for pk, at in long
    )


def _case(number: str, outlet: Org, received: datetime, hours: float) -> Complaint:
    answered = received + timedelta(hours=hours)
    return Complaint(
        number=number, kind="complaint", lane="ordinary", channel="counter", text="年费",
        received_at=received, origin=outlet, business="card.credit.billing",
        answered_at=answered, closed_at=answered, satisfied="yes",
    )  # fmt: skip


def judged(cast: SimpleNamespace, branches: list[Org], noon: datetime, factor: float) -> EffectCard:
    version = released(cast, noon + timedelta(weeks=16), Plan(6, 4))
    complaints(branches, version, noon, factor)
    judge_effects(by=system_person(), at=noon + timedelta(weeks=WEEKS))
    return EffectCard.objects.get(version=version)


def hours_of(card: EffectCard) -> dict[str, float]:
    return next(one for one in card.figures if one["measure"] == "hours")


def test_a_line_that_shortens_the_work_is_said_to_help(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    card = judged(cast, branches, noon, 0.5)
    told = hours_of(card)
    assert card.verdict == "helps", card.figures
    assert told["low"] < 0.5 < told["high"] < 1
    assert not Revision.objects.exists()


def test_a_line_that_harms_becomes_a_revision_once(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    card = judged(cast, branches, noon, 2.0)
    assert card.verdict == "harms", card.figures
    revision = Revision.objects.get()
    assert revision.item == card.version.item and revision.source == "effect"
    judge_effects(by=system_person(), at=noon + timedelta(weeks=WEEKS, days=1))
    assert card.entries.count() == 1 and Revision.objects.count() == 1


def test_nothing_is_said_of_a_line_that_does_nothing(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    card = judged(cast, branches, noon, 1.0)
    assert card.verdict in {"too_little", "no_difference"}


def test_what_came_to_everybody_at_once_is_not_judged(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    version = released(cast, noon, None)
    complaints(branches, version, noon, 0.5)
    assert judge_effects(by=system_person(), at=noon + timedelta(weeks=WEEKS)) == []


def test_cases_of_another_matter_are_not_counted(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    version = released(cast, noon, Plan(6, 4))
    complaints(branches, version, noon, 1.0)
    end = noon + timedelta(weeks=WEEKS)
    assert version.valid_to is not None
    weeks = (version.valid_to - noon).days // 7 + 1
    whole = results.cases([version], end, results.branches())
    assert whole.week.size == BRANCHES * weeks * EACH, "and nothing after it ran out"
    Complaint.objects.filter(number__startswith="T0-").update(business="loan.mortgage")
    less = results.cases([version], end, results.branches())
    assert less.week.size == (BRANCHES - 1) * weeks * EACH


def test_the_card_is_read_by_who_writes_and_not_by_a_teller(
    cast: SimpleNamespace, branches: list[Org], noon: datetime, signed_in: SignIn
) -> None:
    card = judged(cast, branches, noon, 0.5)
    for person, status in ((cast.liu_yang, 200), (cast.lin_lan, 200), (cast.wang_xiuying, 403)):
        browser = signed_in(person)
        assert browser.get("/effects").status_code == status
        assert browser.get(f"/effects/{card.pk}").status_code == status
    other = next(code for code in EFFECTS if code != card.verdict)
    empty = signed_in(cast.lin_lan).get("/effects", {"verdict": other}).content.decode()
    assert "没有符合条件的记录" in empty and "还没有分批推开" not in empty
    page = signed_in(cast.lin_lan).get(f"/effects/{card.pk}").content.decode()
    assert "有效" in page and "抽签" not in page and "会误导人的比法" in page


def test_what_was_withdrawn_after_a_day_is_not_judged(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    """The branches that would have come later never had it; the control holds for six months."""
    version = released(cast, noon + timedelta(weeks=16), Plan(6, 4))
    complaints(branches, version, noon, 0.5)
    end = noon + timedelta(weeks=WEEKS)
    first = min(version.stages.values_list("since", flat=True))
    assert results.judged_versions(end) == [version]
    withdraw(version, because="有误", by=cast.zheng_gang, at=first + timedelta(days=1))
    assert results.judged_versions(end) == []
    assert judge_effects(by=system_person(), at=end) == []
    assert results.judged_versions(first + timedelta(hours=1)) == [version]


def test_after_its_end_nothing_is_counted_for_a_version(
    cast: SimpleNamespace, branches: list[Org], noon: datetime
) -> None:
    version = released(cast, noon + timedelta(weeks=16), Plan(6, 4))
    complaints(branches, version, noon, 0.5)
    end, below = noon + timedelta(weeks=WEEKS), results.branches()
    days = sorted(version.stages.filter(org__in=branches).values_list("since", flat=True))
    ended = days[0] + timedelta(weeks=9)
    before = results.roll_out(version, below.values())
    withdraw(version, because="有误", by=cast.zheng_gang, at=ended)
    (kept,) = results.judged_versions(end)
    after = results.roll_out(kept, below.values())
    begun = sum(day < ended for day in days)
    assert len(after.start) < len(before.start)
    assert len(set(after.start) & {one.pk for one in branches}) == begun < len(days)
    cases = results.cases([kept], end, below)
    assert cases.week.size and cases.week.max() <= results.week_of(ended)
