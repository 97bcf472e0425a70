"""Model files that are spoiled or not ours: cases are taken in by the words, and it is said."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from sujin.complaints import assurance, likeness, pair_model, schooling
from sujin.complaints.acts.keep_model import keep_pairs
from sujin.complaints.acts.teach import CannotTeach, Subject, activate, teach
from sujin.complaints.likeness import Reader, build
from sujin.complaints.models import Learner
from sujin.complaints.rulebook import rulebook
from sujin.config.checks import sound_models
from sujin.engine import pairs
from sujin.engine.lessons import LABELLED, Lesson
from sujin.engine.linear import LinearModel, train
from sujin.engine.shingles import FORM
from sujin.platform import keeping
from sujin.platform.models import Person
from tests.complaints.conftest import Told
from tests.complaints.schoolroom import ROWS, turned
from tests.engine.test_pairs import invented

VERSION = "20260101-deadbeef"
NEW = "今天我姑姑参加金豆乐园，一头雾水"
SignIn = Callable[[Person], Client]
SPOILT = {"empty": b"", "text": b"\xff\xfe\x00", "half a zip": b"PK\x03\x04zzz"}


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MODELS_ROOT, settings.VAR = tmp_path / "models", tmp_path
    (tmp_path / "models" / "cause").mkdir(parents=True)
    schooling.look_again()
    yield settings.MODELS_ROOT
    schooling.look_again()


def folder_in_place_of(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)


def pointer(root: Path, raw: bytes) -> None:
    (root / "cause" / "current").write_bytes(raw)


def card(root: Path, raw: bytes) -> None:
    pointer(root, VERSION.encode())
    (root / "cause" / f"{VERSION}.json").write_bytes(raw)
    (root / "cause" / f"{VERSION}.npz").write_bytes(b"abc")


def lying(name: str, raw: bytes) -> Callable[[Path], None]:
    return lambda root: keeping.keep(root / name, raw)


PROMISE, PAIRS = "urgency.npz", "pairs/model.npz"
HARMS: dict[str, Callable[[Path], None]] = {
    "pointer": lambda root: pointer(root, b"\xff\xfe\x00"),
    "pointer is a folder": lambda root: folder_in_place_of(root / "cause" / "current"),
    "card": lambda root: card(root, b"\xff\xff"),
    "deep card": lambda root: card(root, b"[" * 100_000),
    "card without figures": lambda root: card(root, b'{"trained_at": 1}'),
    **{f"promise: {name}": lying(PROMISE, raw) for name, raw in SPOILT.items()},
    "promise is a folder": lambda root: folder_in_place_of(root / PROMISE),
    **{f"pairs: {name}": lying(PAIRS, raw) for name, raw in SPOILT.items()},
    "pairs is a folder": lambda root: folder_in_place_of(root / PAIRS),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_spoiled_file_stops_no_case_and_no_page_and_is_told_everywhere(
    root: Path, told: Told, cast: SimpleNamespace, signed_in: SignIn, *, noon: datetime, harm: str
) -> None:
    HARMS[harm](root)
    schooling.look_again()
    first = told("信用卡年费300元多收了，要求退还年费。", phone="13912345678")
    case = told("理财经理卖保险给我。", phone="13912345678", at=noon + timedelta(days=1))
    assert first.cause and case.number
    assert signed_in(cast.zhou_tao).get(case.get_absolute_url()).status_code == 200
    name = harm.split(maxsplit=1)[0].strip(":")
    name = {"promise": "urgency", "pairs": "pairs"}.get(name, "cause")
    page = signed_in(cast.lin_lan).get(reverse("complaints:models"))
    assert "note-bad" in page.content.decode() or "alert-triangle" in page.content.decode()
    assert (
        signed_in(cast.lin_lan).get(reverse("complaints:model", args=["cause"])).status_code == 200
    )
    probe = Client().get("/readyz")
    assert (probe.status_code, probe.json()["models"]) == (200, [name])
    (warning,) = sound_models(None)
    assert name in warning.msg
    call_command("train", "--list")


def test_sound_or_no_models_raise_no_alarm(bank: None) -> None:
    assert Client().get("/readyz").json()["models"] == []
    assert sound_models(None) == []


def forged(root: Path, model: LinearModel, told: dict[str, Any]) -> None:
    """The model and the card beside it exchanged by somebody who can write to the folder."""
    version = told["version"]
    data = keeping.packed(model.arrays())
    (root / "cause" / f"{version}.npz").write_bytes(data)
    whole = {**told, "model_sha256": keeping.sha256(data)}
    (root / "cause" / f"{version}.json").write_text(json.dumps(whole))
    (root / "cause" / "current").write_text(version)
    schooling.look_again()


def cause_of(text: str) -> str:
    return rulebook().classifier.classify([text])[0]["cause"].code


def wrong_model() -> LinearModel:
    return train([text for text, _ in ROWS], [code for _, code in turned(ROWS)], seed=1)


def taught(by: Person, at: datetime) -> dict[str, Any]:
    lessons = [Lesson(text, code, LABELLED) for text, code in ROWS]
    return dict(teach(Subject("cause", "test", 5, 1), lessons, by=by, at=at))


def test_a_model_whose_card_was_forged_with_it_is_not_what_the_docket_knows(
    root: Path, cast: SimpleNamespace, noon: datetime
) -> None:
    told = taught(cast.lin_lan, noon)
    activate("cause", told["version"], by=cast.lin_lan, at=noon)
    assert cause_of(NEW) == "disclosure"
    forged(root, wrong_model(), told)
    assert cause_of(NEW) == ""
    assert "记录" in schooling.judging().problems["cause"]
    forged(root, wrong_model(), {**told, "version": VERSION})
    assert "记录" in schooling.judging().problems["cause"], "nor a version that nobody trained"


def test_a_model_of_another_axis_is_none_of_this_one(
    root: Path, cast: SimpleNamespace, noon: datetime
) -> None:
    lessons = [Lesson(text, code, LABELLED) for text, code in ROWS]
    version = teach(Subject("business", "test", 5, 1), lessons, by=cast.lin_lan, at=noon)["version"]
    assert schooling.load("business", version).codes
    for ending in (".npz", ".json"):
        copied = root / "cause" / f"{version}{ending}"
        copied.write_bytes((root / "business" / copied.name).read_bytes())
    pointer(root, version.encode())
    schooling.look_again()
    assert cause_of(NEW) == ""
    assert "记录" in schooling.judging().problems["cause"]


def test_a_disk_that_failed_once_does_not_switch_the_model_off(
    root: Path, cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate("cause", taught(cast.lin_lan, noon)["version"], by=cast.lin_lan, at=noon)

    def failing(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", failing)
        schooling.look_again()
        assert cause_of(NEW) == ""
        assert schooling.judging().problems
    schooling.look_again()
    assert cause_of(NEW) == "disclosure"
    assert not schooling.judging().problems


@pytest.mark.parametrize("raw", [*SPOILT.values(), keeping.packed({"a": np.zeros(3)})])
def test_a_spoiled_model_whose_card_agrees_is_a_reason_too(
    root: Path, cast: SimpleNamespace, noon: datetime, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = taught(cast.lin_lan, noon)
    monkeypatch.setattr(schooling, "is_trained", lambda *_given: True)
    (root / "cause" / f"{told['version']}.npz").write_bytes(raw)
    whole = {**told, "model_sha256": keeping.sha256(raw)}
    (root / "cause" / f"{told['version']}.json").write_text(json.dumps(whole))
    pointer(root, told["version"].encode())
    schooling.look_again()
    assert cause_of(NEW) == ""
    assert "cause" in schooling.judging().problems


def test_a_model_of_pairs_that_nobody_trained_here_does_not_suggest(
    root: Path, cast: SimpleNamespace, noon: datetime
) -> None:
    trained = pairs.train(invented(1, 240), seed=1)
    keep_pairs(trained, {"pairs": 240, "source": "file"}, by=cast.lin_lan, at=noon)
    assert pair_model.model() is not None
    assert Learner.objects.get(axis="pairs").entries.get().by == cast.lin_lan
    other = pairs.train(invented(2, 240), seed=2)
    pair_model.keep(keeping.packed(other.arrays()), {"pairs": 240})
    assert pair_model.model() is None
    assert "记录" in pair_model.found().spoiled


def test_the_docket_is_asked_once_and_not_by_every_case(
    root: Path, cast: SimpleNamespace, noon: datetime
) -> None:
    keep_pairs(
        pairs.train(invented(1, 240), seed=1),
        {"pairs": 240, "source": "f"},
        by=cast.lin_lan,
        at=noon,
    )
    activate("cause", taught(cast.lin_lan, noon)["version"], by=cast.lin_lan, at=noon)
    with CaptureQueriesContext(connection) as found:
        for _time in range(20):
            pair_model.model()
            assurance.current()
            cause_of(NEW)
    assert len(found.captured_queries) == 2


def test_the_pointer_follows_the_docket_and_a_full_disk_is_mended_by_doing_it_again(
    root: Path, cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = taught(cast.lin_lan, noon)["version"]

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(keeping, "keep", full)
        activate("cause", version, by=cast.lin_lan, at=noon)
    assert Learner.objects.get(axis="cause").version == version
    assert schooling.pointed("cause") == ""
    activate("cause", version, force="再写一次指针", by=cast.lin_lan, at=noon)
    assert schooling.pointed("cause") == version
    with pytest.raises(CannotTeach, match="已经在用"):
        activate("cause", version, by=cast.lin_lan, at=noon)


SET = f"set-{'0' * 32}"
SHELVES = [
    b"", b"\xff\xfe", b"[]", b'{"sets":[],"facts":[]}', b'{"sets":{},"facts":[1]}',
    b'{"sets":[],"facts":{"form":%d}}' % FORM,
    b'{"sets":[{"name":"%s","files":{}}],"facts":{"form":%d,"last":1}}' % (SET.encode(), FORM),
    b'{"sets":[{"name":"%s","files":[1]}],"facts":{"form":%d,"last":1}}' % (SET.encode(), FORM),
    b'{"sets":[{"name":"../x","files":{"ids":[1,"a"]}}],"facts":{"form":%d,"last":1}}' % FORM,
    b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("raw", SHELVES)
def test_an_index_of_the_wrong_shape_is_said_asked_to_be_built_and_built(
    told: Told,
    cast: SimpleNamespace,
    signed_in: SignIn,
    noon: datetime,
    *,
    tmp_path: Path,
    raw: bytes,
) -> None:
    case, reader = told(), Reader()
    (tmp_path / "nearby").mkdir()
    (tmp_path / "nearby" / "current.json").write_bytes(raw)
    page = reverse("complaints:group", args=[case.number])
    assert signed_in(cast.zhou_tao).get(page).status_code == 200
    assert reader.near(case.text, top=5).spoiled
    assert ProcrastinateJob.objects.filter(task_name=likeness.BUILD).count() == 1
    with pytest.raises(CommandError, match="spoiled"):
        call_command("nearby", "status")
    assert build(at=noon, unsettled=0).whole
    assert not reader.near(case.text, top=5).spoiled
    call_command("nearby", "status")
