"""Nobody's name or words become a formula on the desk of whoever opens an export of the room."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.governance.acts.gauge_indicators import gauge_indicators
from sujin.governance.cells import guarded
from sujin.governance.models import Replay
from sujin.lab.cast import BRANCH_A, OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from tests.governance.indicator_town import tell

SignIn = Callable[[Person], Client]
BAD = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A")
FORMULA = '=HYPERLINK("x")'


def cells(content: bytes) -> list[str]:
    return [one for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for one in row]


@pytest.mark.parametrize("words", BAD)
def test_what_begins_like_a_formula_is_text(words: str) -> None:
    assert guarded([words]) == [f"'{words}"]


def test_numbers_days_and_ordinary_words_stay_as_they_are() -> None:
    row = [-1.5, 3, None, date(2026, 3, 2), "江南分行", "a=b", "—", ""]
    assert guarded(row) == row


def test_an_outlet_named_like_a_formula_is_text_on_the_exported_board(
    bank: None, cast: SimpleNamespace, noon: datetime, signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tell(noon, {OUTLET_A: [(60, 6), (60, 30)]})
    gauge_indicators(by=system_person(), at=noon)
    Org.objects.filter(code=BRANCH_A).update(name=FORMULA)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    made = signed_in(cast.lin_lan).get(reverse("governance:indicators_export"))
    assert f"'{FORMULA}" in cells(made.content) and FORMULA not in cells(made.content)


def test_a_replay_of_such_an_outlet_is_text_too(
    bank: None, cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    Org.objects.filter(pk=outlet.pk).update(name=FORMULA)
    alarm = {
        "node": [outlet.path, "", "", ""], "detectors": ["growing"], "observed": 9, "expected": 1,
        "first_alarm": "2026-03-01", "since": "2026-03-01",
    }  # fmt: skip
    made = Replay.objects.create(
        row="w1", asked_by=cast.lin_lan, asked_at=noon, settings={}, alarms=[alarm]
    )
    got = signed_in(cast.lin_lan).get(reverse("governance:replay_export", args=[made.pk]))
    told = cells(got.content)
    assert any(one.startswith("'=") for one in told), told
    assert not any(one.startswith("=") for one in told), told
