"""A trained machine that no longer sees the texts it was measured on says so, once."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from sujin.complaints import kinds, schooling
from sujin.complaints.acts.inform import inform_teachers
from sujin.complaints.acts.teach import Subject, activate, roll_back, teach
from sujin.complaints.acts.watch import watch_drift
from sujin.complaints.models import Learner
from sujin.engine.lessons import LABELLED, Lesson
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Notice, Person
from tests.complaints.conftest import Told
from tests.complaints.schoolroom import ROWS

Browser = Callable[[Person], Client]


@pytest.fixture
def learner(
    settings: Settings, tmp_path: Path, cast: SimpleNamespace, noon: datetime
) -> Iterator[Learner]:
    """Somebody taught the axis of causes and put the version to work."""
    settings.MODELS_ROOT = tmp_path / "models"
    schooling.look_again()
    lessons = [Lesson(text, code, LABELLED) for text, code in ROWS]
    card = teach(Subject("cause", "test", 5, 1), lessons, by=cast.lin_lan, at=noon)
    # A reference of many cases, of every code a share.
    picture = {"of": "cases", "unsure": 0, "confidences": [0, 0, 0, 0, 0, 0, 0, 0, 150, 150]}
    codes = {"service": 100, "facility": 100, "disclosure": 100}
    model = schooling.load("cause", card["version"])
    schooling.keep(
        "cause", card["version"], model, {**card, "picture": {**picture, "codes": codes}}
    )
    activate("cause", card["version"], by=cast.lin_lan, at=noon)
    yield Learner.objects.get(axis="cause")
    schooling.look_again()


def said(case_id: int, learner: Learner, codes: Sequence[str], sure: float, at: datetime) -> None:
    """The dockets of so many cases, as the machine judged them."""
    model = Entry.objects.of(kinds.Triaged).filter(subject_id=case_id).earliest("pk")
    Entry.objects.bulk_create(
        Entry(
            subject="complaint",
            subject_id=case_id,
            kind=kinds.Triaged.code,
            by=model.by,
            at=at,
            data={
                **model.data,
                "cause": code,
                "confidence": {"cause": sure + place % 2 / 10 - 0.05},
                "models": {"cause": learner.version},
            },
        )
        for place, code in enumerate(codes)
    )


def watch(learner: Learner, at: datetime) -> list[str]:
    """The nightly look; the kinds of what it wrote."""
    before = learner.entries.count()
    watch_drift(by=system_person(), at=at)
    return [entry.kind for entry in learner.entries.in_order()[before:]]


def test_a_drift_is_told_once_when_it_begins_and_once_when_it_is_over(
    learner: Learner, told: Told, noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    case = told("办得不顺心")
    night = noon + timedelta(days=1)
    assert watch(learner, night) == []
    said(case.pk, learner, ["service", "facility", "disclosure"] * 50, 0.9, night)
    assert watch(learner, night + timedelta(hours=1)) == []
    later = night + timedelta(days=20)
    said(case.pk, learner, ["service"] * 150, 0.4, later)
    assert watch(learner, later + timedelta(hours=1)) == [kinds.DriftBegan.code]
    assert watch(learner, later + timedelta(hours=2)) == []
    learner.refresh_from_db()
    assert learner.drifting_since is not None
    inform_teachers(learner.entries.of(kinds.DriftBegan).get())
    notice = Notice.objects.get(person=cast.lin_lan)
    assert notice.target == reverse("complaints:model", args=["cause"])
    assert not Notice.objects.filter(person=cast.chen_li).exists()
    page = signed_in(cast.lin_lan).get(notice.target).content.decode()
    assert "把握漂移" in page
    after = later + timedelta(days=20)
    said(case.pk, learner, ["service", "facility", "disclosure"] * 50, 0.9, after)
    assert watch(learner, after + timedelta(hours=1)) == [kinds.DriftEnded.code]
    learner.refresh_from_db()
    assert learner.drifting_since is None
    assert learner.replay()["drifting_since"] is None


def test_what_another_version_said_is_not_held_against_this_one(
    learner: Learner, told: Told, noon: datetime
) -> None:
    case, night = told("办得不顺心"), noon + timedelta(days=1)
    other = Learner(axis="cause", version="20250101-00000000")
    said(case.pk, other, ["service"] * 150, 0.4, night)
    assert watch(learner, night + timedelta(hours=1)) == []


def test_a_click_and_a_second_thought_take_a_model_back(
    learner: Learner, cast: SimpleNamespace, signed_in: Browser
) -> None:
    url = reverse("complaints:model_return", args=["cause"])
    given = {"to": "words", "because": "误判增多"}
    client = signed_in(cast.lin_lan)
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "请再想一想" in refused.content.decode()
    assert not learner.entries.of(kinds.RolledBack).exists()
    assert client.post(url, {**given, "is_sure": "on"}).status_code == 302
    entry = learner.entries.of(kinds.RolledBack).get()
    assert (entry.by, entry.data["because"]) == (cast.lin_lan, "误判增多")
    assert schooling.current("cause") == ""
    for other in (cast.zhou_tao, cast.qian_wei, cast.chen_li):
        answer = signed_in(other).post(url, {**given, "is_sure": "on"})
        assert answer.status_code == 403, other


def test_the_card_says_when_somebody_moved_the_pointer_past_the_house(
    learner: Learner, cast: SimpleNamespace, signed_in: Browser
) -> None:
    url = reverse("complaints:model", args=["cause"])
    client = signed_in(cast.zhou_tao)
    assert "绕过系统" not in client.get(url).content.decode()
    schooling.point("cause", "")
    assert "绕过系统" in client.get(url).content.decode()


def test_the_card_and_the_list_open_for_their_readers_and_an_unknown_version_is_none(
    learner: Learner, cast: SimpleNamespace, signed_in: Browser, noon: datetime
) -> None:
    for person, status in ((cast.qian_wei, 200), (cast.zhou_tao, 200), (cast.chen_li, 403)):
        client = signed_in(person)
        for url in (reverse("complaints:models"), reverse("complaints:model", args=["cause"])):
            assert client.get(url).status_code == status, (person, url)
    client = signed_in(cast.zhou_tao)
    empty = client.get(reverse("complaints:model", args=["demand"])).content.decode()
    assert "sujin train --from-corrections" in empty
    for axis, version in (("cause", "20200101-00000000"), ("cause", "x"), ("mood", "x")):
        url = reverse("complaints:model_version", args=[axis, version])
        assert client.get(url).status_code == 404
    roll_back("cause", to="", because="停用", by=cast.lin_lan, at=noon)
    url = reverse("complaints:model_version", args=["cause", learner.version])
    assert client.get(url).context["is_current"] is False
