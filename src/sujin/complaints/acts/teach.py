"""Teach the machine of one axis, put a version to work, and take it back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds, schooling
from sujin.complaints.models import Complaint, Learner
from sujin.complaints.rulebook import HOUSE_PACK, WORDS, classifier, rulebook
from sujin.complaints.schooling import Card, Unusable
from sujin.engine.choice import lineage
from sujin.engine.comparison import Comparison, compare
from sujin.engine.drift import picture
from sujin.engine.evaluation import evaluate
from sujin.engine.lessons import Division, Lesson, digest, divide
from sujin.engine.linear import CannotTrain, LinearModel, train
from sujin.engine.marks import mark
from sujin.engine.ngrams import FORM
from sujin.platform.models import Entry, Person
from sujin.platform.refusal import Refusal

# Of fewer texts examined nobody can say whether a version is better or worse.
FEWEST_EXAMINED = 30
# The latest cases on which a version's confidence is pictured, for the watch over its drift.
PICTURED = 2000
Labels = list[tuple[str, float]]


class CannotTeach(Refusal):
    """Nothing was trained or changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is taught: the axis, where the lessons come from, and what was left out and why."""

    axis: str
    origin: str
    fewest: int
    seed: int
    notes: Sequence[str] = ()


def teach(subject: Subject, lessons: Sequence[Lesson], *, by: Person, at: datetime) -> Card:
    """Train a version and examine it beside what judges now; it is kept, and nobody uses it yet.

    The model kept is the one examined: a fifth of what people coded is never taught.
    """
    axis, parted = subject.axis, divide(lessons, fewest=subject.fewest, seed=subject.seed)
    version = f"{at:%Y%m%d}-{_short(subject, lessons)}"
    if _is_kept(axis, version):
        raise CannotTeach(_t("今天已用同样的数据训练过 %(version)s") % {"version": version})
    if not parted.examined:
        raise CannotTeach(_t("没有经人确认、可供考核的件：先在“更正队列”里看一些"))
    try:
        texts, codes = zip(*((one.text, one.code) for one in parted.taught), strict=True)
        model = train(texts, codes, seed=subject.seed)
    except (ValueError, CannotTrain) as wrong:
        raise CannotTeach(_t("教不出来：%(wrong)s") % {"wrong": wrong}) from None
    card = _card(subject, version, model, parted, by=by, at=at)
    return _keep(axis, version, model, {**card, "data_sha256": digest(lessons)}, by=by, at=at)


def _is_kept(axis: str, version: str) -> bool:
    """Files alone are no version: a training that broke off left them."""
    rows = Entry.objects.of(kinds.Trained).filter(data__version=version)
    return rows.filter(subject_id__in=Learner.objects.filter(axis=axis).values("pk")).exists()


@transaction.atomic
def _keep(
    axis: str, version: str, model: LinearModel, card: Card, *, by: Person, at: datetime
) -> Card:
    learner = _learner(axis)
    kept = schooling.keep(axis, version, model, card)
    told = kinds.Trained(
        version,
        card["rows"],
        card["holdout"]["evaluation"]["n"],
        card["holdout"]["evaluation"]["macro_f1"],
        card["data_sha256"],
        kept["model_sha256"],
    )
    learner.write(told, by=by, at=at)
    return kept


def activate(axis: str, version: str, *, force: str = "", by: Person, at: datetime) -> None:
    """From now on this version judges. One that the examination found worse than what judges, or
    that was examined on too little, needs ``force``: the reason why it is used all the same."""
    _activate(axis, version, force, by=by, at=at)
    _point(axis)


@transaction.atomic
def _activate(axis: str, version: str, force: str, *, by: Person, at: datetime) -> None:
    learner = _learner(axis)
    card = _usable(axis, version)
    if learner.version == version == schooling.pointed(axis):
        raise CannotTeach(_t("已经在用 %(version)s") % {"version": version})
    against = _against(card, learner.version)
    if against and not force.strip():
        raise CannotTeach(against)
    told = kinds.Activated(version, learner.version, force.strip(), is_forced=bool(against))
    learner.write(told, by=by, at=at)


def roll_back(axis: str, *, to: str | None, because: str, by: Person, at: datetime) -> str:
    """An earlier version judges again, the one before this if none is named, the words alone for
    the empty one. Returns the version that judges now."""
    before = _roll_back(axis, to, because, by=by, at=at)
    _point(axis)
    return before


@transaction.atomic
def _roll_back(axis: str, to: str | None, because: str, *, by: Person, at: datetime) -> str:
    learner = _learner(axis)
    if not because.strip():
        raise CannotTeach(_t("请写明退回的理由"))
    if not learner.version:
        raise CannotTeach(_t("现在由词表判断，没有可退的"))
    before = _before(learner) if to is None else to
    if before == learner.version:
        raise CannotTeach(_t("已经在用 %(version)s") % {"version": before})
    if before:
        _usable(axis, before)
    told = kinds.RolledBack(before, learner.version, because.strip())
    learner.write(told, by=by, at=at)
    return before


@transaction.atomic
def _point(axis: str) -> None:
    """The pointer follows what is on the docket for good: a file cannot be taken back. One process
    after another does so, each with what was written last."""
    schooling.point(axis, _learner(axis).version)


def _before(learner: Learner) -> str:
    """What judged before the version that judges now was activated."""
    for entry in learner.entries.of(kinds.Activated).order_by("-pk"):
        what = entry.what()
        if isinstance(what, kinds.Activated) and what.version == learner.version:
            return what.before
    return ""


def _learner(axis: str) -> Learner:
    """The row of the axis, held until the end of the transaction."""
    Learner.objects.get_or_create(axis=axis)
    return Learner.objects.select_for_update().get(axis=axis)


def _usable(axis: str, version: str) -> Card:
    try:
        schooling.load(axis, version)
        return schooling.card(axis, version)
    except Unusable as wrong:
        raise CannotTeach(str(wrong)) from None


def _against(card: Card, judging: str) -> str:
    """What speaks against using this version; empty for nothing."""
    beside, marks = card["beside"], card["holdout"]["evaluation"]
    if beside["version"] != judging:
        return _t("考核以后换过模型，无从比较：请重新训练")
    if marks["n"] < FEWEST_EXAMINED:
        return _t("只考核了 %(n)d 件，至少要 %(least)d 件才能比较") % {
            "n": marks["n"],
            "least": FEWEST_EXAMINED,
        }
    if Comparison(**beside["comparison"]).is_worse:
        return _t(
            "比现在用的差：宏平均 F1 相差 %(gap).3f（95%% 区间 %(lower).3f 至 %(upper).3f）"
        ) % {
            "gap": beside["comparison"]["difference"],
            "lower": beside["comparison"]["lower"],
            "upper": beside["comparison"]["upper"],
        }
    return ""


def _card(
    subject: Subject,
    version: str,
    model: LinearModel,
    parted: Division,
    *,
    by: Person,
    at: datetime,
) -> dict[str, Any]:
    book = rulebook()
    return {
        "axis": subject.axis,
        "version": version,
        "trained_at": at.isoformat(timespec="seconds"),
        "trained_by": {"staff_no": by.staff_no, "name": by.name},
        "origin": subject.origin,
        "rows": dict(Counter(one.source for one in parted.taught)),
        "examined": dict(Counter(one.source for one in parted.examined)),
        "left_out": parted.left_out,
        "seed": subject.seed,
        "form": FORM,
        "codes": list(model.codes),
        "words": book.judges[WORDS],
        "unsure_below": book.unsure_below,
        "notes": list(subject.notes),
        **_examined(subject, model, parted.examined),
    }


def _examined(subject: Subject, model: LinearModel, lessons: Sequence[Lesson]) -> dict[str, Any]:
    """How the version, what judges now and the words alone do on texts that none has learnt."""
    axis, seed, known = subject.axis, subject.seed, set(model.codes)
    truth, texts = [one.code for one in lessons], [one.text for one in lessons]
    given = _judged(axis, {axis: model}, texts, known)
    now = _judged(axis, _as_now(axis), texts, known)
    codes, confidences = [code for code, _ in given], [sure for _, sure in given]
    gap = compare(truth, [code for code, _ in now], codes, seed=seed)
    return {
        "holdout": asdict(mark(truth, codes, confidences, seed=seed)),
        "words_alone": _brief(truth, _judged(axis, {}, texts, known)),
        "beside": {
            "version": schooling.pointed(axis),
            **_brief(truth, now),
            "comparison": asdict(gap),
        },
        "picture": _pictured(axis, model, given),
    }


def _brief(truth: Sequence[str], given: Labels) -> dict[str, float]:
    confidences = np.array([confidence for _code, confidence in given], np.float64)
    found = evaluate(truth, [code for code, _confidence in given], confidences)
    return {"accuracy": found.accuracy, "macro_f1": found.macro_f1}


def _as_now(axis: str) -> Mapping[str, LinearModel]:
    found = schooling.judging().models
    return {axis: found[axis]} if axis in found else {}


def _judged(
    axis: str, models: Mapping[str, LinearModel], texts: Sequence[str], known: set[str]
) -> Labels:
    """What words and models together say; a finer code than was ever taught counts as the one
    above it that was."""
    labels = [found[axis] for found in classifier(models).classify(texts)]
    return [(_coarsened(label.code, known), label.confidence) for label in labels]


def _coarsened(code: str, known: set[str]) -> str:
    above = [each for each in lineage(code) if each in known] if code else []
    return above[-1] if above else code


def _pictured(axis: str, model: LinearModel, examined: Labels) -> dict[str, Any]:
    """What the version says of the latest cases; without enough of them, of the examined texts."""
    rows = Complaint.objects.filter(pack=HOUSE_PACK).exclude(text="").order_by("-pk")
    texts = list(rows.values_list("text", flat=True)[:PICTURED])
    is_of_cases = len(texts) >= PICTURED // 10
    labels = examined
    if is_of_cases:
        found = classifier({axis: model}).classify(texts)
        labels = [(each[axis].code, each[axis].confidence) for each in found]
    seen = picture(labels, unsure_below=rulebook().unsure_below)
    return {"of": "cases" if is_of_cases else "examined", **asdict(seen)}


def _short(subject: Subject, lessons: Sequence[Lesson]) -> str:
    """Eight digits that tell this training from any other."""
    return digest([*lessons, Lesson(f"{subject.axis} {FORM}", str(subject.seed), "")])[:8]
