"""The house's own classifier on the synthetic bank, whose truth is known: words, models, doubts."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from sujin.complaints.rulebook import rulebook
from sujin.engine.calibration import calibration_error
from sujin.engine.choice import lineage
from sujin.engine.classify import Label
from sujin.lab import bank, story

AXES = ("business", "cause")
END = date(2026, 8, 31)
MONTHS = timedelta(days=90)
SIZE = 1500


def on_invented(seed: int, size: int = SIZE) -> Mapping[str, Any]:
    """For business and cause: how often the label is the truth to the last (`exact`) or true as
    far as it goes (`accuracy`: the truth or a code above it), how far its confidence in the latter
    can be believed, and what asking a person where it is unsure brings. An empty label is wrong."""
    told = list(story.story(seed, bank.plan(seed), END - MONTHS, END, size))
    found = rulebook().classifier.classify([draft.text for draft, _ in told])
    return {
        axis: _axis([each[axis] for each in found], [str(getattr(t, axis)) for _, t in told])
        for axis in AXES
    }


def _axis(labels: list[Label], truth: list[str]) -> Mapping[str, float]:
    pairs = list(zip(labels, truth, strict=True))
    is_right = np.array([label.code in lineage(code) for label, code in pairs])
    sure = np.array([not label.is_unsure for label in labels])
    named = np.array([bool(label.code) for label in labels])
    confidence = np.array([label.confidence for label in labels])
    return {
        "n": len(labels),
        "accuracy": float(is_right.mean()),
        "exact": float(np.mean([label.code == code for label, code in pairs])),
        "ece": calibration_error(confidence[named], is_right[named]) if named.any() else 0.0,
        "empty": float(1 - named.mean()),
        "unsure": float(1 - sure.mean()),
        "accuracy_when_sure": float(is_right[sure].mean()) if sure.any() else 0.0,
        "accuracy_when_unsure": float(is_right[~sure].mean()) if not sure.all() else 0.0,
    }


def told(figures: Mapping[str, Any]) -> Iterable[str]:
    for axis, found in figures.items():
        yield (
            f"{axis}: right {found['accuracy']:.3f} (to the last {found['exact']:.3f}) "
            f"of {found['n']}, ece {found['ece']:.3f}; "
            f"unsure {found['unsure']:.1%}: right {found['accuracy_when_sure']:.3f} when sure, "
            f"{found['accuracy_when_unsure']:.3f} when not"
        )
