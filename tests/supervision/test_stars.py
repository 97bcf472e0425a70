"""Star rating: counts that are the rows, sheets that come out the same, appeals, and who sees."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint
from sujin.engine.tables import BadTable, Cells
from sujin.governance.metric_board import whole_month
from sujin.lab.cast import OUTLET_A, OUTLET_A_NEXT_DOOR
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import insert
from sujin.platform.models import Org, Person
from sujin.supervision import star_counts, starbook
from sujin.supervision.acts.appeal_stars import (
    appeal_star,
    archive_stars,
    decide_star_appeal,
)
from sujin.supervision.acts.rate_units import CannotRate, check_stars, publish_stars, rate_units
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import StarRound, StarSheet
from tests.supervision.inspection_town import DAY, handed_in, plan_of

JANUARY = date(2026, 1, 1)
Sign = Callable[[Person], Client]


@pytest.fixture
def town(bank: None, noon: datetime, cast: SimpleNamespace) -> list[Org]:
    """Outlets with called-back, closed, coded cases of the last months; one is plainly worse."""
    outlets = list(Org.objects.filter(kind="outlet").order_by("pk"))
    cases = []
    for place, outlet in enumerate(outlets):
        for number in range(24):
            at = noon - timedelta(days=40 + 5 * number)
            good = number % 12 != 0 if place else number % 2 == 0
            cases.append(_case(outlet, place * 100 + number, at, good=good))
    insert(cases)
    return outlets


def _case(outlet: Org, serial: int, at: datetime, *, good: bool) -> Complaint:
    return Complaint(
        number=f"2025-{8_000_000 + serial}", kind="complaint", lane="ordinary", channel="counter",
        text="甲", received_at=at, origin=outlet, closed_at=at + timedelta(days=3),
        seen_by=list(outlet.tokens), called_back_at=at + timedelta(days=4),
        satisfied="yes" if good else "no", counted=True, business="card.fee", cause="fee.unclear",
        touchpoint="counter", fault="process",
    )  # fmt: skip


@pytest.fixture
def rated(town: list[Org], noon: datetime) -> StarRound:
    return rate(JANUARY, by=system_person(), at=noon)


@pytest.fixture
def published(rated: StarRound, cast: SimpleNamespace, noon: datetime) -> StarRound:
    publish_stars(rated, words="同意公布", by=cast.lin_lan, at=noon)
    rated.refresh_from_db()
    return rated


def rate(month: date, *, by: Person, at: datetime) -> StarRound:
    return rate_units(starbook.schemes()["outlet"], month, by=by, at=at)


def sheet_of(of: StarRound, code: str) -> StarSheet:
    return StarSheet.objects.select_related("round", "unit").get(round=of, unit__code=code)


def tallies(lines: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(one["hits"], one["n"]) for one in lines]


def line(sheet: StarSheet, item: str) -> dict[str, Any]:
    return next(one for one in sheet.lines if one["item"] == item)


def test_the_pack_gives_a_hundred_points_and_none_for_how_many_complaints_there_are() -> None:
    for scheme in starbook.schemes():
        assert sum(row.item.weight for row in starbook.items(scheme).values()) == 100
        assert next(iter(starbook.levels(scheme).values())).level.points == 0
    cell = {
        "row": "x",
        "scheme": "outlet",
        "source": "metric",
        "metric": "",
        "area": "result",
        "weight": "5",
        "floor": "0",
        "full": "1",
        "title_zh": "量",
        "title_en": "n",
        "about_zh": "量",
        "about_en": "n",
    }
    for code in ("received", "median_days", "transferred", "nothing"):
        with pytest.raises(BadTable, match="not a share of how well"):
            starbook.read_item(Cells("star_items", "x", {**cell, "metric": code}))


def test_every_count_is_what_plain_sql_counts(rated: StarRound, noon: datetime) -> None:
    window = Window(rated.first, whole_month(rated.month).last)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT origin_id, count(*), count(*) FILTER (WHERE satisfied = 'yes') "
            "FROM complaints_complaint WHERE kind = 'complaint' AND satisfied <> 'unreached' "
            "AND called_back_at >= %s AND called_back_at < %s GROUP BY 1",
            [window.since, window.until],
        )
        told = {key: (hits, n) for key, n, hits in cursor.fetchall()}
    for sheet in rated.sheets.all():
        own = line(sheet, "satisfied")
        assert (own["hits"], own["n"]) == told[sheet.unit_id]
        assert own["n"] > 10


def test_the_rows_behind_a_line_come_to_its_counts(
    rated: StarRound, town: list[Org], noon: datetime, cast: SimpleNamespace
) -> None:
    plan = plan_of(Org.objects.get(parent=None), by=cast.lin_lan, at=noon)
    for one in plan.inspections.select_related("plan", "outlet", "inspector"):
        bad = ["channels", "greet"] if one.outlet.code == OUTLET_A else []
        handed_in(one, noon + DAY, bad=bad)
    again = rate(date(2026, 3, 1), by=system_person(), at=noon + 60 * DAY)
    window = Window(again.first, whole_month(again.month).last)
    for sheet in again.sheets.select_related("unit"):
        for own in sheet.lines:
            rows = star_counts.rows(starbook.items("outlet")[own["item"]], sheet.unit, window)
            assert (own["hits"], own["n"]) == (sum(r.hits for r in rows), sum(r.n for r in rows))
    seen = line(sheet_of(again, OUTLET_A), "inspected")
    assert (seen["n"] - seen["hits"], seen["n"]) == (2, 16)


def test_scoring_again_gives_the_same_and_a_check_sees_what_was_tampered_with(
    rated: StarRound, noon: datetime
) -> None:
    before = list(rated.sheets.values_list("unit", "points", "low", "star").order_by("pk"))
    rate(JANUARY, by=system_person(), at=noon + DAY)
    assert before == list(rated.sheets.values_list("unit", "points", "low", "star").order_by("pk"))
    assert all(sheet.entries.count() == 1 for sheet in rated.sheets.all())
    found = check_stars(rated)
    assert (found.wrong, found.drifted) == ((), ())
    StarSheet.objects.filter(pk=sheet_of(rated, OUTLET_A).pk).update(points=99, high=99.5)
    assert check_stars(rated).wrong == (sheet_of(rated, OUTLET_A).unit_id,)
    with pytest.raises(CommandError):
        call_command("stars", "--check", stdout=StringIO())


def test_a_check_names_lines_whose_rows_have_changed_since(
    rated: StarRound, town: list[Org]
) -> None:
    one = Complaint.objects.filter(origin=town[1], satisfied="no").latest("called_back_at")
    Complaint.objects.filter(pk=one.pk).update(satisfied="yes")
    assert (town[1].pk, "satisfied") in check_stars(rated).drifted
    told = StringIO()
    call_command("stars", "--check", stdout=told)
    assert "satisfied" in told.getvalue()


def test_an_item_that_hardly_anybody_has_a_case_of_is_left_out_and_its_points_go_to_the_others(
    rated: StarRound,
) -> None:
    assert {"in_limit", "missed", "inspected", "trained"} <= set(rated.rules["left"])
    assert sum(one["weight"] for one in rated.rules["items"]) == pytest.approx(100, abs=0.01)
    kept = {one["code"] for one in rated.rules["items"]}
    assert kept == {one["item"] for one in sheet_of(rated, OUTLET_A).lines}


def test_a_score_card_is_of_branches_each_quarter_and_counts_what_lies_below(
    town: list[Org], noon: datetime, cast: SimpleNamespace
) -> None:
    scheme = starbook.schemes()["branch"]
    with pytest.raises(CannotRate, match="每 3 个月"):
        rate_units(scheme, JANUARY, by=system_person(), at=noon)
    made = rate_units(scheme, date(2025, 12, 1), by=system_person(), at=noon)
    assert (made.first, made.sheets.count()) == (date(2025, 10, 1), 2)
    branch = Org.objects.get(code="JN")
    own = line(StarSheet.objects.get(round=made, unit=branch), "b_first_time")
    cases = Complaint.objects.filter(
        origin__path__startswith=branch.path, closed_at__gte=made.window.since,
        closed_at__lt=made.window.until,
    )  # fmt: skip
    assert own["n"] == cases.count() > 0
    publish_stars(made, words="同意公布", by=cast.zheng_gang, at=noon)
    seen = StarSheet.objects.within(reach.of(cast.zhou_tao, noon)).filter(round=made)
    assert [one.unit.code for one in seen] == ["JN"]
    assert check_stars(made).wrong == ()


def test_the_worse_outlet_is_last_and_the_others_are_not_told_apart(rated: StarRound) -> None:
    worse = sheet_of(rated, OUTLET_A)
    others = list(rated.sheets.exclude(pk=worse.pk))
    assert worse.points < min(one.points for one in others)
    assert worse.rank_last == len(others) + 1
    assert all(one.rank_first == 1 for one in others)


def test_a_month_that_is_not_over_or_was_published_is_not_scored(
    published: StarRound, noon: datetime
) -> None:
    with pytest.raises(CannotRate, match="没有结束"):
        rate(date(2026, 3, 1), by=system_person(), at=noon)
    with pytest.raises(CannotRate, match="已经公布"):
        rate(JANUARY, by=system_person(), at=noon)


def test_whoever_scored_does_not_publish_and_nobody_below_the_head_office_does(
    town: list[Org], cast: SimpleNamespace, noon: datetime
) -> None:
    made = rate(JANUARY, by=cast.lin_lan, at=noon)
    with pytest.raises(CannotRate, match="另一个人"):
        publish_stars(made, words="同意公布", by=cast.lin_lan, at=noon)
    with pytest.raises(CannotRate, match="总行"):
        publish_stars(made, words="同意公布", by=cast.zhou_tao, at=noon)
    publish_stars(made, words="同意公布", by=cast.zheng_gang, at=noon)
    with pytest.raises(CannotRate, match="已经公布"):
        publish_stars(made, words="同意公布", by=cast.zheng_gang, at=noon)


def test_an_outlet_sees_its_own_sheet_and_only_once_it_is_published(
    rated: StarRound, cast: SimpleNamespace, noon: datetime
) -> None:
    mine = StarSheet.objects.within(reach.of(cast.li_jianguo, noon))
    assert not mine.exists()
    publish_stars(rated, words="同意公布", by=cast.lin_lan, at=noon)
    assert [one.unit.code for one in mine.select_related("unit")] == [OUTLET_A]
    assert not StarSheet.objects.within(reach.of(cast.wang_xiuying, noon)).exists()
    assert StarSheet.objects.within(reach.of(cast.lin_lan, noon)).count() == rated.sheets.count()


def test_an_appeal_that_is_granted_leaves_its_cases_out_and_says_what_changed(
    published: StarRound, cast: SimpleNamespace, noon: datetime
) -> None:
    sheet = sheet_of(published, OUTLET_A)
    item = starbook.items("outlet")["satisfied"]
    rows = star_counts.rows(item, sheet.unit, sheet.round.window)
    bad = [one.key for one in rows if not one.hits][:5]
    before = sheet.points
    appeal = appeal_star(
        sheet,
        item="satisfied",
        keys=bad,
        words="客户当时说的是别家银行",
        by=cast.li_jianguo,
        at=noon,
    )
    with pytest.raises(CannotRate, match="在审"):
        appeal_star(
            sheet, item="satisfied", keys=bad, words="再说一遍吧", by=cast.li_jianguo, at=noon
        )
    with pytest.raises(CannotRate, match="总行"):
        decide_star_appeal(appeal, state="granted", because="录音属实", by=cast.zhou_tao, at=noon)
    decide_star_appeal(appeal, state="granted", because="录音属实", by=cast.lin_lan, at=noon)
    sheet.refresh_from_db()
    own = line(sheet, "satisfied")
    assert own["n"] == len(rows) - 5 and sheet.points > before
    published.refresh_from_db()
    assert published.entries.of(kinds.StarsCorrected).get().data["changed"] >= 1
    assert check_stars(published).wrong == ()


def test_an_appeal_of_one_moves_nobody_elses_counts_whatever_happened_since(
    published: StarRound, town: list[Org], cast: SimpleNamespace, noon: datetime
) -> None:
    sheet = sheet_of(published, OUTLET_A)
    others = {one.pk: one.lines for one in published.sheets.exclude(pk=sheet.pk)}
    rows = star_counts.rows(
        starbook.items("outlet")["satisfied"], sheet.unit, sheet.round.window
    )  # fmt: skip
    bad = next(one.key for one in rows if not one.hits)
    Complaint.objects.filter(origin=town[1]).update(satisfied="no")
    appeal = appeal_star(
        sheet, item="satisfied", keys=[bad], words="不应计入", by=cast.li_jianguo, at=noon
    )
    decide_star_appeal(appeal, state="granted", because="录音属实", by=cast.lin_lan, at=noon)
    for one in published.sheets.exclude(pk=sheet.pk):
        assert tallies(one.lines) == tallies(others[one.pk])
    assert check_stars(published).wrong == ()


def test_a_round_is_the_same_whatever_was_published_before_it_since(
    published: StarRound, cast: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotRate, match="已经公布，不能再评以前的"):
        rate(date(2025, 12, 1), by=system_person(), at=noon)
    later = rate(date(2026, 2, 1), by=system_person(), at=noon)
    StarSheet.objects.filter(round=published).update(star=2, star_low=1, star_high=5)
    assert check_stars(later).wrong == ()


def test_an_archived_round_takes_no_decision(
    published: StarRound, cast: SimpleNamespace, noon: datetime
) -> None:
    sheet = sheet_of(published, OUTLET_A)
    rows = star_counts.rows(
        starbook.items("outlet")["satisfied"], sheet.unit, sheet.round.window
    )  # fmt: skip
    appeal = appeal_star(
        sheet, item="satisfied", keys=[rows[0].key], words="不应计入", by=cast.li_jianguo, at=noon
    )
    StarRound.objects.filter(pk=published.pk).update(state=kinds.ARCHIVED)
    with pytest.raises(CannotRate, match="已经归档"):
        decide_star_appeal(appeal, state="granted", because="录音属实", by=cast.lin_lan, at=noon)


def test_an_appeal_says_which_cases_of_its_line_and_why_in_time(
    published: StarRound, cast: SimpleNamespace, noon: datetime
) -> None:
    sheet = sheet_of(published, OUTLET_A)
    other = sheet_of(published, OUTLET_A_NEXT_DOOR)
    rows = star_counts.rows(starbook.items("outlet")["satisfied"], other.unit, other.round.window)
    told = {"item": "satisfied", "words": "不应计入的件", "by": cast.li_jianguo}
    with pytest.raises(CannotRate, match="不在这一项里"):
        appeal_star(sheet, keys=[rows[0].key], at=noon, **told)
    with pytest.raises(CannotRate, match="选出"):
        appeal_star(sheet, keys=[], at=noon, **told)
    with pytest.raises(CannotRate, match="申诉期"):
        appeal_star(sheet, keys=[1], at=noon + 16 * DAY, **told)
    with pytest.raises(CannotRate, match="本单位"):
        appeal_star(sheet, keys=[1], at=noon, **{**told, "by": cast.sun_qian})


def test_a_round_is_archived_once_every_appeal_was_decided(
    published: StarRound, cast: SimpleNamespace, noon: datetime
) -> None:
    sheet = sheet_of(published, OUTLET_A)
    rows = star_counts.rows(starbook.items("outlet")["satisfied"], sheet.unit, sheet.round.window)
    appeal = appeal_star(
        sheet, item="satisfied", keys=[rows[0].key], words="不应计入", by=cast.li_jianguo, at=noon
    )
    over = noon + 20 * DAY
    assert archive_stars(by=system_person(), at=noon) == 0
    assert archive_stars(by=system_person(), at=over) == 0
    decide_star_appeal(appeal, state="refused", because="属实客户", by=cast.lin_lan, at=over)
    assert archive_stars(by=system_person(), at=over) == 1
    assert archive_stars(by=system_person(), at=over) == 0


def test_the_docket_alone_gives_the_rows_again(published: StarRound) -> None:
    sheet = sheet_of(published, OUTLET_A)
    for row in (published, sheet):
        for column, value in row.replay().items():
            kept = getattr(row, column)
            assert kept == ([dict(one) for one in value] if column == "lines" else value), column


def test_pages_tell_each_point_its_rows_and_the_way_to_the_next_star(
    town: list[Org], cast: SimpleNamespace, signed_in: Sign
) -> None:
    now = timezone.now()
    Complaint.objects.update(called_back_at=now - 40 * DAY, closed_at=now - 41 * DAY)
    last = (timezone.localdate(now).replace(day=1) - DAY).replace(day=1)
    made = rate(last, by=system_person(), at=now)
    head, manager = signed_in(cast.lin_lan), signed_in(cast.li_jianguo)
    listed = head.get(f"/ratings/outlet?month={last:%Y-%m}").content.decode()
    assert "待公布" in listed and str(made.sheets.count()) in listed
    assert manager.get("/stars").status_code == 200
    path = sheet_of(made, OUTLET_A).get_absolute_url()
    assert manager.get(path).status_code == 404
    assert (
        head.post(f"/ratings/outlet/{last:%Y-%m}/publication", {"words": "同意"}).status_code == 422
    )
    signed = {"words": "已核对，同意公布"}
    assert head.post(f"/ratings/outlet/{last:%Y-%m}/publication", signed).status_code == 302
    shown = manager.get(path).content.decode()
    assert "怎样再上一级" in shown and "再来 10 件都合格" in shown
    lines = manager.get(f"{path}/satisfied").content.decode()
    assert "2025-8000" in lines and "申诉" in lines
    own = star_counts.rows(starbook.items("outlet")["satisfied"], town[0], made.window)
    sent = manager.post(f"{path}/satisfied", {"keys": [own[0].key], "words": "不应计入的件"})
    assert sent.status_code == 302
    appeal = sheet_of(made, OUTLET_A).appeals.get()
    decided = {"state": "granted", "because": "录音属实"}
    assert manager.post(f"/ratings/appeals/{appeal.pk}/decision", decided).status_code == 422
    assert head.post(f"/ratings/appeals/{appeal.pk}/decision", decided).status_code == 302
    assert "支持" in manager.get(path).content.decode()
    assert signed_in(cast.sun_qian).get(path).status_code == 404
    assert signed_in(cast.wang_xiuying).get("/stars").status_code == 403


def test_pages_cost_as_many_questions_for_any_number_of_outlets(
    rated: StarRound, cast: SimpleNamespace, signed_in: Sign
) -> None:
    client = signed_in(cast.lin_lan)
    paths = ("/stars", sheet_of(rated, OUTLET_A).get_absolute_url())

    def asked() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as told:
                assert client.get(path).status_code == 200
            found.append(len(told))
        return found

    before = asked()
    StarSheet.objects.exclude(unit__code=OUTLET_A).delete()
    assert asked() == before
    assert max(before) < 25
