"""What it is called: re-typing needs a reason, above a threshold a second pair of eyes."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from sujin.complaints import kinds
from sujin.complaints.acts.reclassify import CannotReclassify, approve, reclassify, reject
from sujin.complaints.acts.recode import CannotRecode, recode
from sujin.complaints.acts.retier import CannotRetier, retier
from sujin.complaints.acts.reveal import CannotReveal, reveal
from sujin.complaints.draft import CaseKind
from sujin.engine.tier import Tier
from tests.complaints.conftest import Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


def test_an_ordinary_complaint_becomes_a_consultation_with_a_reason(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    with pytest.raises(CannotReclassify, match="理由"):
        reclassify(case, to=CaseKind.CONSULTATION, because=" ", by=cast.li_jianguo, at=noon)
    assert reclassify(
        case, to=CaseKind.CONSULTATION, because="只是询问年费标准", by=cast.li_jianguo, at=noon
    )
    case.refresh_from_db()
    assert case.kind == "consultation"
    assert case.due_clock != "decision"


def test_a_complex_one_waits_for_a_second_pair_of_eyes(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    assert not reclassify(
        case, to=CaseKind.CONSULTATION, because="客户只是问问", by=cast.chen_li, at=noon
    )
    case.refresh_from_db()
    assert case.kind == "complaint"
    with pytest.raises(CannotReclassify, match="提请人"):
        approve(case, because="", by=cast.chen_li, at=noon)
    reject(case, because="客户有明确诉求", by=cast.zhou_tao, at=noon)
    case.refresh_from_db()
    assert (case.kind, case.proposed_kind) == ("complaint", "")
    assert not reclassify(
        case, to=CaseKind.CONSULTATION, because="补充核实", by=cast.chen_li, at=noon
    )
    approve(case, because="同意", by=cast.zhou_tao, at=noon)
    case.refresh_from_db()
    assert case.kind == "consultation"
    assert case.entries.of(kinds.Reclassified).get().by == cast.zhou_tao


def test_an_override_of_the_tier_keeps_both_tiers_and_the_reason(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    retier(case, to=Tier.URGENT, because="客户在大厅情绪失控", by=cast.li_jianguo, at=noon)
    case.refresh_from_db()
    assert case.tier == "urgent"
    assert case.entries.of(kinds.Retiered).get().data["before"] == "ordinary"
    with pytest.raises(CannotRetier):
        retier(case, to=Tier.URGENT, because="再来一次", by=cast.li_jianguo, at=noon)


def test_an_urgent_case_is_lowered_only_by_somebody_who_may_approve(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    retier(case, to=Tier.URGENT, because="客户在大厅情绪失控", by=cast.li_jianguo, at=noon)
    with pytest.raises(CannotRetier, match="复核权限"):
        retier(case, to=Tier.ORDINARY, because="已平静", by=cast.li_jianguo, at=noon)
    retier(case, to=Tier.COMPLEX, because="已平静", by=cast.zhou_tao, at=noon)
    case.refresh_from_db()
    assert case.tier == "complex"


def test_a_correction_moves_the_line_and_who_sees_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    assert case.line == "card"
    recode(
        case, codes={"business": "loan.mortgage"}, because="其实是房贷", by=cast.li_jianguo, at=noon
    )
    case.refresh_from_db()
    assert case.line == "personal"
    personal = cast.he_jing.posts.get().org
    assert f"o:{personal.pk}" in case.seen_by
    with pytest.raises(CannotRecode, match="business"):
        recode(case, codes={"business": "moon"}, because="试试", by=cast.li_jianguo, at=noon)


def test_looking_at_personal_data_needs_a_reason_of_the_pack(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(phone="13612345678")
    with pytest.raises(CannotReveal):
        reveal(case, because="curiosity", by=cast.chen_li, at=noon)
    reveal(case, because="contact", by=cast.chen_li, at=noon)
    assert case.entries.of(kinds.Revealed).get().by == cast.chen_li
