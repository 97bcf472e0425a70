"""The unit is heard, somebody else judges: the acts and the screens."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.platform.models import Org, Person
from sujin.supervision import kinds
from sujin.supervision.acts.hear import CannotJudge, explain, judge, settle
from sujin.supervision.models import Finding, Round

READING = {
    "period": "2025Q4", "observed": 12, "trials": 20, "expected": 2.0, "low": 0, "high": 5,
    "p": 1e-6, "silent_at": 6, "share": 0.5, "share_low": 0.3, "share_high": 0.7,
}  # fmt: skip
SignIn = Callable[[Person], Client]


@pytest.fixture
def finding(cast: SimpleNamespace, noon: datetime) -> Finding:
    """Branch A games; the cast's supervisor there speaks for it."""
    row = Finding.objects.create(unit=Org.objects.get(code="JN"), detector="retyped_late")
    told = kinds.Found(
        readings=(READING,), cases=(), found_at=noon,
        explain_by=noon + timedelta(days=10),
    )  # fmt: skip
    row.write(told, by=cast.qian_wei, at=noon)
    return row


def test_the_unit_speaks_first_and_then_somebody_else_judges(
    cast: SimpleNamespace, finding: Finding, noon: datetime
) -> None:
    with pytest.raises(CannotJudge, match="先听取说明"):
        judge(finding, verdict="upheld", because="集中在月末", by=cast.qian_wei, at=noon)
    explain(finding, words="月末集中清理积压", by=cast.zhou_tao, at=noon)
    judge(finding, verdict="upheld", because="抽查多为投诉", by=cast.qian_wei, at=noon)
    settle(finding, words="改回投诉并通报", by=cast.lin_lan, at=noon)
    told = [entry.kind for entry in finding.entries.in_order()]
    assert told == ["finding.found", "finding.explained", "finding.judged", "finding.settled"]
    finding.refresh_from_db()
    assert (finding.state, finding.verdict) == ("settled", "upheld")
    assert finding.replay()["state"] == "settled"


def test_a_unit_that_keeps_silent_is_judged_when_its_time_is_over(
    cast: SimpleNamespace, finding: Finding, noon: datetime
) -> None:
    late = noon + timedelta(days=11)
    judge(finding, verdict="dismissed", because="清理积压", by=cast.lin_lan, at=late)
    finding.refresh_from_db()
    assert finding.state == "dismissed"


def test_nobody_of_the_unit_judges_and_nobody_else_explains(
    cast: SimpleNamespace, finding: Finding, noon: datetime
) -> None:
    with pytest.raises(CannotJudge, match="只能由本单位"):
        explain(finding, words="替他们说", by=cast.sun_qian, at=noon)
    explain(finding, words="清理积压", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotJudge, match="不能认定本单位"):
        judge(finding, verdict="dismissed", because="没事", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotJudge, match="理由"):
        judge(finding, verdict="upheld", because=" ", by=cast.qian_wei, at=noon)
    assert finding.entries.count() == 2


def test_the_finding_is_read_by_the_auditor_and_its_own_branch_only(
    cast: SimpleNamespace, finding: Finding, signed_in: SignIn
) -> None:
    url = finding.get_absolute_url()
    statuses = {
        person: signed_in(person).get(url).status_code
        for person in (cast.qian_wei, cast.lin_lan, cast.zhou_tao, cast.sun_qian, cast.chen_li)
    }
    assert list(statuses.values()) == [200, 200, 200, 404, 403]
    shown = signed_in(cast.sun_qian).get(reverse("supervision:findings"))
    assert shown.context["listing"].count == 0
    assert signed_in(cast.zhou_tao).get(reverse("supervision:dispersion")).status_code == 403


def test_the_screens_carry_the_forms_of_whoever_reads(
    cast: SimpleNamespace, finding: Finding, signed_in: SignIn
) -> None:
    branch, auditor = signed_in(cast.zhou_tao), signed_in(cast.qian_wei)
    Finding.objects.update(explain_by=timezone.now() + timedelta(days=1))
    assert set(branch.get(finding.get_absolute_url()).context["forms"]) == {"explain"}
    assert set(auditor.get(finding.get_absolute_url()).context["forms"]) == {"judge"}
    refused = auditor.post(reverse("supervision:explanation", args=[finding.pk]), {"words": "替"})
    assert refused.status_code == 404
    early = auditor.post(
        reverse("supervision:verdict", args=[finding.pk]), {"verdict": "upheld", "because": "是"}
    )
    assert early.status_code == 422
    branch.post(reverse("supervision:explanation", args=[finding.pk]), {"words": "清理积压"})
    done = auditor.post(
        reverse("supervision:verdict", args=[finding.pk]), {"verdict": "upheld", "because": "是"}
    )
    assert done.status_code == 302
    finding.refresh_from_db()
    assert (finding.explanation, finding.state) == ("清理积压", "upheld")


def test_list_export_and_audit_of_remedies_open_for_the_auditor(
    cast: SimpleNamespace, finding: Finding, signed_in: SignIn, noon: datetime
) -> None:
    client = signed_in(cast.qian_wei)
    assert "月末改类" in client.get(reverse("supervision:findings")).content.decode()
    assert client.get(reverse("supervision:export")).status_code == 200
    assert "还没有可以比较" in client.get(reverse("supervision:dispersion")).content.decode()
    level = {
        "unit": str(finding.unit_id), "way": "level", "n": 40, "effect": 0.7, "low": 0.6,
        "high": 0.8, "yuan": -900.0, "p": 0.001, "too_few": False, "found": True,
        "period": "2025Q1-25Q4", "telling": [],
    }  # fmt: skip
    spread = level | {"way": "spread", "effect": 1.1, "high": None}
    told = kinds.Gone(
        periods=("2025Q4",), asked=5, few=3, found=1, departures=(level, spread),
        points=({"unit": str(finding.unit_id), "off": 0.2},),
    )  # fmt: skip
    Round.objects.create(at=noon).write(told, by=cast.qian_wei, at=noon)
    page = client.get(reverse("supervision:dispersion")).content.decode()
    assert "0.70" in page and "guard-point" in page
