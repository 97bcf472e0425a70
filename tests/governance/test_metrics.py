"""The catalogue: every figure is what its definition says, found by other means."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin import packs
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint
from sujin.governance import cube, folding
from sujin.governance.metric_board import board, months_back, units, whole_month
from sujin.governance.metric_figures import of_month, of_sample
from sujin.governance.metric_places import scope
from sujin.governance.metricbook import BadMetric, Statistic, metrics, read_row
from sujin.governance.models import Denominator
from sujin.governance.models.cube import DaySum, Mark
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.lab.orgs import HEAD
from sujin.platform.models import Org
from tests.governance.metric_sql import STATEMENTS
from tests.governance.metric_town import happen, settle

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)


@pytest.fixture
def town(cast: SimpleNamespace) -> SimpleNamespace:
    settle(cast, timezone.now())
    return cast


def today() -> date:
    return timezone.localdate(timezone.now())


def places() -> list[Org]:
    """The head, a branch, an outlet that has no sums of its own, two lines of business, and the
    card department of the branch."""
    codes = [HEAD, BRANCH_A, OUTLET_A, f"{HEAD}-PERSONAL", f"{HEAD}-CARD", f"{BRANCH_A}-CARD"]
    return list(Org.objects.filter(code__in=codes).order_by("path"))


def by_hand(code: str, org: Org, window: Window) -> tuple[int, int, int | None, int | None]:
    line = org.line if org.kind in ("department", "company") else ""
    path = org.parent.path if line and org.parent else org.path
    told: dict[str, Any] = {
        "line": line,
        "path": path,
        "since": window.since,
        "until": window.until,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS[code], told)
        n, hits, median, p90 = cursor.fetchone()
        return n, hits, median, p90


def expected(code: str, org: Org, window: Window) -> float | None:
    """The figure, from the statement."""
    n, hits, median, p90 = by_hand(code, org, window)
    metric = metrics()[code]
    match metric.statistic:
        case Statistic.COUNT:
            return float(n)
        case Statistic.SHARE:
            return hits / n if n else None
        case Statistic.MEDIAN:
            return median
        case Statistic.P90:
            return p90
    return None


def agree(window: Window) -> int:
    """Every metric at every place, asked of the cube; how many had anything to say."""
    spoke = 0
    orgs = places()
    facts = list({one.fact.code: one.fact for one in metrics().values()}.values())
    found = cube.samples(facts, [scope(org) for org in orgs], window)
    for code, metric in metrics().items():
        for org in orgs:
            one = found[metric.fact.code, scope(org)]
            n, hits, _median, _p90 = by_hand(code, org, window)
            assert (one.n, one.hits) == (n, hits), (code, org)
            assert of_sample(metric, one).value == expected(code, org, window), (code, org)
            spoke += n > 0
    return spoke


def test_there_is_a_statement_for_every_metric_and_no_other() -> None:
    assert set(STATEMENTS) == set(metrics())


def test_every_figure_equals_a_count_by_other_means_late_and_summed(town: SimpleNamespace) -> None:
    window = Window(today() - 45 * DAY, today() - 3 * DAY)
    assert Mark.objects.exists(), "nothing is summed yet: every day is late"
    assert agree(window) >= 100
    assert folding.fold() > 300
    assert not Mark.objects.exists()
    assert agree(window) >= 100
    assert folding.differences() == []


def test_whatever_happens_afterwards_is_seen_at_once_and_summed_by_the_next_fold(
    town: SimpleNamespace,
) -> None:
    folding.fold()
    window = Window(today() - 90 * DAY, today())
    happen(town, timezone.now())
    assert Mark.objects.exists()
    assert agree(window) >= 100, "late days are asked from the cases"
    assert folding.differences() == [], "a late sum is not a wrong one"
    folding.fold()
    assert folding.differences() == []
    assert agree(window) >= 100


def test_months_of_the_board_are_those_of_the_statements(town: SimpleNamespace) -> None:
    folding.fold()
    first = today().replace(day=1)
    checked = 0
    for month in months_back(first, 3):
        for org in places():
            for line in board(list(metrics().values()), org, month):
                told = expected(line.metric.code, org, whole_month(month))
                if line.metric.statistic is not Statistic.PER_10K:
                    assert line.now.value == told, (line.metric.code, org, month)
                    checked += told is not None
    assert checked > 150


def test_a_sum_that_was_tampered_with_is_found_and_a_recount_mends_it(
    town: SimpleNamespace,
) -> None:
    folding.fold()
    one = DaySum.objects.filter(fact="received").first()
    assert one is not None
    DaySum.objects.filter(pk=one.pk).update(n=one.n + 1)
    assert folding.differences() == [("received", one.scope, one.day)]
    with pytest.raises(CommandError):
        call_command("metrics")
    call_command("metrics", recount=True)
    assert folding.differences() == []


def test_a_mark_that_is_lost_would_be_found(town: SimpleNamespace) -> None:
    folding.fold()
    happen(town, timezone.now())
    Mark.objects.all().delete()
    assert folding.differences(), "sums that are wrong and that nobody marked"


def test_every_figure_of_the_pages_opens_exactly_its_cases(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    folding.fold()
    client = signed_in(town.lin_lan)
    page = client.get(reverse("governance:metrics"))
    lines = [line for _area, lines in page.context["areas"] for line in lines]
    assert len(lines) == len(metrics())
    opened = 0
    for line in lines:
        shown = client.get(line.url).context
        assert shown["n"] == line.now.n == len(shown["cases"]) + shown["hidden"] + shown["more"]
        if line.metric.statistic is Statistic.SHARE and line.now.value is not None:
            assert shown["hits"] == round(line.now.value * line.now.n)
            yes = client.get(f"{line.url}&side=yes").context
            assert yes["shown"] == shown["hits"]
        opened += line.now.n > 0
    assert opened > 20


def test_the_home_of_each_level_is_its_own(town: SimpleNamespace, signed_in: SignedIn) -> None:
    told = {}
    folding.fold()
    for person in (town.lin_lan, town.zhou_tao, town.he_jing):
        page = signed_in(person).get(reverse("governance:level"))
        told[person] = (str(page.context["level"]), page.context["org"].code)
        for line in page.context["lines"]:
            window = page.context["window"]
            wanted = expected(line.metric.code, page.context["org"], window)
            if line.metric.statistic is not Statistic.PER_10K:
                assert line.now.value == wanted, (person, line.metric.code)
    assert told[town.lin_lan] == ("管理层", HEAD)
    assert told[town.zhou_tao] == ("管理层", BRANCH_A)
    assert told[town.he_jing] == ("专业部门", f"{HEAD}-PERSONAL")


def test_a_branch_sees_peers_without_their_cases_and_few_are_hidden(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    folding.fold()
    client = signed_in(town.zhou_tao)
    month = f"{today() - 31 * DAY:%Y-%m}"
    hidden = shown = 0
    for code in metrics():
        page = client.get(reverse("governance:metric", args=[code]), {"month": month})
        for one in [line for _title, table in page.context["tables"] for line in table.lines]:
            if not one.org.path.startswith(Org.objects.get(code=BRANCH_A).path):
                assert one.url == ""
                hidden += one.is_hidden
                shown += not one.is_hidden
                assert one.is_hidden or not 0 < one.figure.n < 5
    assert client.get(
        reverse("governance:metric_cases", args=["received"]),
        {"org": HEAD, "from": "2026-01-01", "to": "2026-01-31"},
    ).status_code == 404  # fmt: skip
    assert hidden + shown > 0


@pytest.mark.parametrize("page", ["governance:metrics", "governance:level"])
def test_a_page_costs_the_same_however_many_cases_there_are(
    town: SimpleNamespace, signed_in: SignedIn, page: str,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    folding.fold()
    client = signed_in(town.lin_lan)
    client.get(reverse(page))
    with django_assert_max_num_queries(60):
        client.get(reverse(page))


def test_a_new_complaint_is_on_the_home_at_once_though_nothing_was_summed(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    folding.fold()
    client, address = signed_in(town.lin_lan), reverse("governance:level")

    def received() -> int:
        lines = client.get(address).context["lines"]
        return int(next(one.now.n for one in lines if one.metric.code == "received"))

    before = received()
    case = Complaint.objects.filter(kind="complaint", counted=True)[0]
    Complaint.objects.create(
        number="2005-0000003", kind="complaint", lane="ordinary", channel="counter", text="新来",
        received_at=timezone.now(), origin=case.origin, accountable=town.lin_lan,
    )  # fmt: skip
    assert received() == before + 1
    assert client.get(address).context["late"] is not None, "the rest is a minute behind, and said"


def test_a_branch_s_department_sees_its_line_within_the_branch_alone(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    desk = Org.objects.get(code=f"{BRANCH_A}-CARD")
    window = Window(today() - 90 * DAY, today())
    found = cube.samples([metrics()["received"].fact], [scope(desk)], window)
    n = found["received", scope(desk)].n
    card = Complaint.objects.filter(kind="complaint", counted=True, line="card")
    inside = card.filter(origin__path__startswith=Org.objects.get(code=BRANCH_A).path)
    received = {"received_at__gte": window.since, "received_at__lt": window.until}
    assert n == inside.filter(**received).count() > 0
    assert n < card.filter(**received).count()
    told = {"org": desk.code, "from": f"{window.first}", "to": f"{window.last}"}
    address = reverse("governance:metric_cases", args=["received"])
    assert signed_in(town.zhou_tao).get(address, told).context["n"] == n


def test_one_hidden_cell_takes_the_whole_with_it(town: SimpleNamespace) -> None:
    """Two branches: what is hidden of the other would be the whole less one's own."""
    own, other = Org.objects.get(code=BRANCH_A), Org.objects.get(code=BRANCH_B)
    window = Window(today() - 90 * DAY, today())
    mine = Complaint.objects.filter(origin__path__startswith=other.path)
    kept = list(mine.filter(kind="complaint", counted=True).values_list("pk", flat=True)[:3])
    mine.exclude(pk__in=kept).update(kind="consultation")
    told = units(metrics()["received"], [own, other], window, [own])
    assert [line.is_hidden for line in told.lines] == [False, True]
    assert told.whole is None
    both = units(metrics()["received"], [own, other], window, [own, other])
    assert both.whole is not None, "whoever may see both sees the whole"


def test_a_repeat_that_is_removed_marks_the_case_it_repeated(town: SimpleNamespace) -> None:
    folding.fold()
    earlier = Complaint.objects.filter(closed_at__lt=timezone.now() - 40 * DAY, merged_into=None)
    case = earlier.filter(kind="complaint").order_by("pk")[0]
    again = Complaint.objects.create(
        number="2005-0000009", kind="complaint", lane="ordinary", channel="counter", text="再来",
        received_at=(case.closed_at or timezone.now()) + DAY, origin=case.origin, repeat_of=case,
        closed_at=timezone.now(),
    )  # fmt: skip
    folding.fold()
    again.delete()
    assert folding.differences() == []
    folding.fold()
    assert folding.differences() == []


def test_what_no_trigger_hears_is_mended_at_night(town: SimpleNamespace) -> None:
    folding.fold()
    outlet, other = Org.objects.get(code=OUTLET_A), Org.objects.get(code=BRANCH_B)
    Org.objects.filter(pk=outlet.pk).update(path=f"{other.path}{outlet.pk}/")
    assert folding.mend(), "an outlet went to another branch"
    assert folding.differences() == [] == folding.mend()


def test_customers_of_whole_months_make_a_rate_on_every_page(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    head = Org.objects.get(code=HEAD)
    first = months_back(today().replace(day=1), 2)[0]
    for month in (first, first.replace(year=first.year - 1)):
        Denominator.objects.create(
            org=head, measure="customers", month=month, value=50_000, loaded_at=timezone.now(),
            loaded_by=town.lin_lan,
        )  # fmt: skip
    folding.fold()
    client = signed_in(town.lin_lan)
    page = client.get(reverse("governance:metrics"), {"month": f"{first:%Y-%m}"})
    told = [line for _area, lines in page.context["areas"] for line in lines]
    line = next(one for one in told if one.metric.code == "per_10k")
    n = by_hand("received", head, whole_month(first))[0]
    assert line.now.value == pytest.approx(n / 5)
    assert client.get(line.url).context["figure"].value == pytest.approx(n / 5)


def test_before_and_after_a_day_use_one_definition(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(town.lin_lan)
    day = today() - 30 * DAY
    page = client.get(reverse("governance:metric", args=["median_days"]), {"since": f"{day}"})
    sides = page.context["sides"]
    head = Org.objects.get(code=HEAD)
    before, after = Window(day - 31 * DAY, day - DAY), Window(day, today())
    assert sides.before.value == expected("median_days", head, before)
    assert sides.after.value == expected("median_days", head, after)
    assert client.get(sides.after_url).context["n"] == sides.after.n
    future = client.get(reverse("governance:metric", args=["repeat"]), {"since": "2099-01-01"})
    assert future.context["sides"] is None


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("fact", "luck", "fact 'luck': write one of received"),
        ("statistic", "median", "statistic 'median': write one of share"),
        ("area", "sky", "area 'sky': write one of volume"),
        ("better", "louder", "better 'louder': write one of more"),
        ("needs", "magic", "needs 'magic': write some of"),
        ("levels", "moon", "levels 'moon': write some of management"),
        ("denominator_en", "", "write the denominator in both languages"),
    ],
)
def test_an_officer_who_mistypes_a_cell_is_told_row_column_and_remedy(
    column: str, value: str, told: str
) -> None:
    row = next(one for one in packs.rows("cn_bank", "metrics") if one["code"] == "in_limit")
    with pytest.raises(BadMetric, match=r"metrics\.csv row in_limit") as refusal:
        read_row({**row, column: value})
    assert told in str(refusal.value)


def test_customers_make_a_rate_and_their_absence_a_dash(town: SimpleNamespace) -> None:
    metric = metrics()["per_10k"]
    found = cube.Monthly(30, 30, None, None)
    assert of_month(metric, found).value is None
    assert of_month(metric, found, 60_000.0).value == 5.0


def test_a_deep_place_is_asked_month_by_month_from_its_cases(
    town: SimpleNamespace, noon: datetime
) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    assert not cube.is_summed(scope(outlet))
    first = (today() - 31 * DAY).replace(day=1)
    found = cube.months([metrics()["repeat"].fact], [outlet.path], [first])
    one = found.get(("repeat", outlet.path, first), cube.NOTHING)
    assert (one.n, one.hits) == by_hand("repeat", outlet, whole_month(first))[:2]
