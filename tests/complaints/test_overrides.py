"""Overrides per row of the tier table: counted, opened, exported, within reach."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.acts.retier import retier
from sujin.complaints.figures.overrides import RowFigures, overrides
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier
from sujin.platform import reach
from sujin.platform.models import Person
from tests.complaints.conftest import Told

SignIn = Callable[[Person], Client]
COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
PERIOD = "?from=2026-03-01&to=2026-03-31"


@pytest.fixture
def overridden(cast: SimpleNamespace, told: Told, noon: datetime) -> list[Complaint]:
    """Three ordinary cases, one of them raised; two of row c5, one lowered, one raised and then
    lowered again, one raised by the table itself."""
    cases = [told(phone=f"1390000002{n}") for n in range(3)]
    retier(cases[0], to=Tier.URGENT, because="=通话中有轻生表述", by=cast.li_jianguo, at=noon)
    cases += [told(COMPLEX, phone=f"1390000003{n}") for n in range(3)]
    retier(cases[3], to=Tier.ORDINARY, because="客户已平息", by=cast.chen_li, at=noon)
    retier(cases[4], to=Tier.URGENT, because="客户情绪激动", by=cast.chen_li, at=noon)
    retier(cases[4], to=Tier.COMPLEX, because="客户已平息", by=cast.zhou_tao, at=noon)
    cases[5].write(
        kinds.Retiered("complex", "urgent", "", None, "", reasons={"zh": "已有媒体报道"}),
        by=cast.wang_xiuying, at=noon,
    )  # fmt: skip
    return cases


def figures(person: Person, at: datetime) -> dict[str, RowFigures]:
    month = Window(date(2026, 3, 1), date(2026, 3, 31))
    return {one.row.row: one for one in overrides(reach.of(person, at), month)}


def test_a_row_counts_what_it_decided_and_what_people_made_of_it(
    cast: SimpleNamespace, overridden: list[Complaint], noon: datetime
) -> None:
    rows = figures(cast.qian_wei, noon)
    assert (rows["o1"].decided, rows["o1"].up, rows["o1"].down) == (3, 1, 0)
    # Twice overridden counts once, as it went last; what the table raised itself is no override.
    assert (rows["c5"].decided, rows["c5"].up, rows["c5"].down) == (3, 0, 2)
    assert dict(rows["c5"].reasons)["客户已平息"] == 2
    assert rows["c5"].months == {date(2026, 3, 1): (3, 2)}
    assert rows["u1"].decided == 0


def test_another_branch_counts_none_of_it(
    cast: SimpleNamespace, overridden: list[Complaint], noon: datetime
) -> None:
    assert not any(one.decided for one in figures(cast.sun_qian, noon).values())


def test_every_number_opens_its_cases(
    cast: SimpleNamespace, overridden: list[Complaint], signed_in: SignIn
) -> None:
    page = signed_in(cast.qian_wei).get(f"/overrides{PERIOD}").content.decode()
    assert "tier_row=c5" in page
    opened = signed_in(cast.qian_wei).get(
        "/complaints?tier_row=c5&overridden=down&from=2026-03-01&to=2026-03-31"
    )
    shown = opened.content.decode()
    assert overridden[3].number in shown and overridden[4].number in shown
    assert overridden[5].number not in shown and overridden[0].number not in shown


def test_a_row_overridden_far_more_than_others_is_put_before_the_packs_owner(
    cast: SimpleNamespace, told: Told, signed_in: SignIn, noon: datetime
) -> None:
    for number in range(14):
        told(phone=f"139000004{number:02}", at=noon - timedelta(days=1))
        case = told(COMPLEX, phone=f"139000005{number:02}", at=noon - timedelta(days=1))
        if number < 8:
            retier(case, to=Tier.ORDINARY, because="客户已平息", by=cast.chen_li, at=noon)
    rows = figures(cast.qian_wei, noon)
    assert [row for row, one in rows.items() if one.stands_out] == ["c5"]
    page = signed_in(cast.qian_wei).get(f"/overrides{PERIOD}").content.decode()
    assert "没有。" not in page


def test_the_export_is_on_the_record_and_no_reason_becomes_a_formula(
    cast: SimpleNamespace, overridden: list[Complaint], signed_in: SignIn
) -> None:
    answer = signed_in(cast.zhou_tao).get(f"/overrides/export{PERIOD}")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = {line[0]: line for line in lines[1:]}
    assert told["o1"][3:6] == ["3", "1", "0"]
    assert told["o1"][-1].startswith("'=")
    assert timezone.localdate().strftime("%Y%m%d") in answer["Content-Disposition"]
    assert signed_in(cast.wang_xiuying).get("/overrides").status_code == 403
    assert signed_in(cast.qian_wei).get("/overrides/export").status_code == 403


def test_a_period_that_cannot_be_used_is_named(cast: SimpleNamespace, signed_in: SignIn) -> None:
    page = signed_in(cast.qian_wei).get("/overrides?from=2026-05-01&to=2026-04-01")
    assert "未采用" in page.content.decode()


def test_what_would_change_the_tier_is_not_said_of_one_that_a_person_set(
    told: Told, cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    case, client = told(), signed_in(cast.li_jianguo)
    assert "什么变了会是另一级" in client.get(case.get_absolute_url()).content.decode()
    retier(case, to=Tier.URGENT, because="客户在电话里说要轻生", by=cast.li_jianguo, at=noon)
    for to in (Tier.COMPLEX, Tier.ORDINARY):
        page = client.get(case.get_absolute_url()).content.decode()
        assert "什么变了会是另一级" not in page
        assert "已由人改级，不再随事实变化" in page
        retier(case, to=to, because="核实后客户已平息", by=cast.zhou_tao, at=noon)


def test_of_one_that_the_table_raised_the_changes_are_those_of_the_tier_it_has(
    told: Told, cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    case = told(phone="13900000055")
    told(COMPLEX, phone="13900000055", at=noon + timedelta(hours=3))
    case.refresh_from_db()
    assert case.tier == "complex"
    verdict = signed_in(cast.li_jianguo).get(case.get_absolute_url()).context["verdict"]
    assert not verdict["was_overridden"]
    assert "complex" not in [of for of, _changes in verdict["flips"]]
