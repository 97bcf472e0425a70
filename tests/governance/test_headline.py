"""A headline is taken apart for whoever may see it; the way of customers shows where it hurts."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin import packs
from sujin.complaints.models import Complaint
from sujin.governance.journeybook import BadStage, stages
from sujin.governance.models import Measure
from sujin.lab.cast import BRANCH_A
from sujin.platform.models import Org
from tests.governance.ledger_town import grow, town_of
from tests.governance.metric_town import settle
from tests.governance.test_ledger import WEEK, declared

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)


@pytest.fixture
def fallen(cast: SimpleNamespace) -> Measure:
    """Two years at branch A and beside it; half a year ago branch A fell by half."""
    now = timezone.now()
    controls = tuple((path, "card.credit.billing", "", "") for path in town_of(cast))
    measure = declared(cast, now - 26 * WEEK, controls=controls)
    grow(measure, now, fall=0.5, level=20.0, weeks=110)
    return measure


def test_a_fall_that_others_do_not_have_is_not_the_market(
    fallen: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    path = Org.objects.get(code=BRANCH_A).path
    usual = signed_in(cast.lin_lan).get(reverse("governance:headline"))
    told = dict(usual.context["form"].data)
    told |= {"org": path, "business": "card.credit", "since": fallen.starts_on.isoformat()}
    told = {name: str(value) for name, value in told.items() if value}
    page = signed_in(cast.zhou_tao).get(reverse("governance:headline"), told)
    assert page.status_code == 200
    lines = {line.name: line for line in page.context["lines"]}
    own = lines["自那天起别的都解释不了的变化"]
    market = next(line for name, line in lines.items() if name.startswith("市场"))
    assert -0.70 < _number(own.change) < -0.25, own
    assert abs(_number(market.change)) < 0.25, market
    assert page.context["controls"]
    for link in (page.context["before"], page.context["after"]):
        assert signed_in(cast.zhou_tao).get(link).status_code == 200


def _number(change: str) -> float:
    return float(change.replace("−", "-").replace("+", "").rstrip("%")) / 100


def test_nobody_asks_about_places_outside_the_reach(
    fallen: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client, address = signed_in(cast.zhou_tao), reverse("governance:headline")
    told = {"before_first": "2025-01-01", "before_last": "2025-03-31",
            "after_first": "2026-01-01", "after_last": "2026-03-31"}  # fmt: skip
    page = client.get(address, told)
    assert "lines" not in page.context and page.context["form"].errors["org"], "the whole house"
    wrong = client.get(address, {**told, "org": "9/9/"})
    assert wrong.status_code == 200 and "lines" not in wrong.context, "no such choice"
    for bad in ({"after_last": "2025-01-01"}, {"before_first": "never"}, {"ratio": "0.5"}):
        assert "lines" not in signed_in(cast.lin_lan).get(address, {**told, **bad}).context
    empty = {**told, "before_first": "2019-01-01", "before_last": "2019-03-31"}
    assert signed_in(cast.lin_lan).get(address, empty).context["too_little"]
    assert signed_in(cast.wang_xiuying).get(address).status_code == 403


def test_whole_weeks_are_compared_and_their_days_are_opened(
    fallen: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """A week that is not over would look like a fall."""
    today = timezone.localdate(timezone.now())
    path = Org.objects.get(code=BRANCH_A).path
    monday = today - timedelta(days=today.weekday())
    told = {
        "org": path, "before_first": monday - 40 * WEEK + DAY,
        "before_last": monday - 28 * WEEK, "after_first": monday - 16 * WEEK + 2 * DAY,
        "after_last": today,
    }  # fmt: skip
    client = signed_in(cast.lin_lan)
    page = client.get(
        reverse("governance:headline"), {name: str(value) for name, value in told.items()}
    )
    before, after = page.context["spans"]
    for span in (before, after):
        assert (span.first.weekday(), span.last.weekday()) == (0, 6)
    assert after.last < today
    n = [client.get(page.context[name]).context["listing"].count for name in ("before", "after")]
    weeks = [((span.last - span.first).days + 1) / 7 for span in (before, after)]
    raw = (n[1] / weeks[1]) / (n[0] / weeks[0]) - 1
    assert abs(_number(page.context["raw"]) - raw) < 0.02
    for bad in ("0001-01-01", "1999-12-31"):
        form = client.get(
            reverse("governance:headline"),
            {**{name: str(value) for name, value in told.items()}, "before_first": bad},
        )
        assert form.status_code == 200 and "lines" not in form.context
    short = {**told, "after_first": monday + DAY}
    assert "lines" not in client.get(
        reverse("governance:headline"), {name: str(value) for name, value in short.items()}
    ).context  # fmt: skip


def test_a_line_s_department_reads_its_own_business(
    fallen: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    for person in (cast.liu_yang, cast.he_jing):
        client = signed_in(person)
        assert client.get(reverse("governance:headline")).status_code == 200
        assert client.get(reverse("governance:journey")).status_code == 302


def test_every_cell_of_the_way_opens_its_cases_and_the_sums_agree(
    cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    settle(cast, timezone.now())
    Complaint.objects.filter(cause="system").update(cause="pricing")
    Complaint.objects.filter(cause="attitude").update(cause="service")
    Complaint.objects.filter(touchpoint="outlet").update(touchpoint="front.electronic.mobile")
    mobile = Complaint.objects.filter(touchpoint="front.electronic.mobile")
    front = list(mobile.values_list("pk", flat=True))
    Complaint.objects.filter(pk__in=front[:20]).update(touchpoint="front")
    Complaint.objects.filter(pk__in=front[20:50]).update(touchpoint="back")
    client = signed_in(cast.lin_lan)
    page = client.get(reverse("governance:journey"), {"days": "365"})
    lines = page.context["lines"]
    assert sum(line.total for line in lines if line.is_stage) == page.context["total"]
    counted = Complaint.objects.filter(kind="complaint", counted=True).count()
    assert page.context["total"] == counted
    opened = 0
    for line in lines:
        for cell in line.cells:
            if cell.url:
                assert client.get(cell.url).context["listing"].count == cell.n, line.name
                opened += 1
    assert opened >= 2
    assert any("未细分" in column for column in page.context["columns"])
    branch = signed_in(cast.zhou_tao).get(reverse("governance:journey"), {"days": "365"})
    assert 0 < branch.context["total"] < counted
    assert (
        signed_in(cast.zhou_tao).get(reverse("governance:journey"), {"org": "HO"}).status_code
        == 404
    )


def test_every_cause_has_a_stage_and_a_mistyped_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    causes = {row["code"] for row in packs.rows("cn_bank", "taxonomy") if row["axis"] == "cause"}
    assert {code for code in causes if "." not in code} == set(stages())
    stages.cache_clear()
    monkeypatch.setattr(packs, "rows", lambda *_: [{"cause": "pricing", "stage": "moon"}])
    try:
        with pytest.raises(BadStage, match="stage 'moon'"):
            stages()
    finally:
        stages.cache_clear()
