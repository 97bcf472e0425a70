"""The figures of ``sujin eval tier`` in lines for a person."""

from collections.abc import Iterable, Mapping
from typing import Any

from sujin.engine import conformal
from sujin.engine.conformal import Method
from sujin.lab.exams.exam import Figures


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['contacts']} contacts, {figures['urgent']} urgent; {figures['splits']} splits, "
        f"alpha {figures['alpha']:.2%} ({figures['method']}), "
        f"calibrated on {figures['calibration_n']} urgent cases"
    )
    yield f"missed by the rules alone           {figures['rules_missed']:8.2%}"
    yield f"missed with the promise, mean       {figures['promise_missed']:8.2%}"
    yield f"                         worst split{figures['promise_missed_max']:8.2%}"
    yield f"splits above alpha                  {figures['splits_above_alpha']:8.2%}"
    yield f"cases referred to a person          {figures['referred']:8.2%}"
    yield from _told_of_methods(figures["methods"], figures["alpha"])
    yield from _told_of_shift(figures["shift"])
    if figures["reasons"]:
        yield _told_of_reasons(figures["reasons"])


def _told_of_methods(methods: Mapping[str, Mapping[str, float]], alpha: float) -> Iterable[str]:
    yield "two promises on the same splits:        mean    worst  above alpha  referred"
    says = {
        Method.AVERAGE: f"average: {alpha:.2%} on the mean of splits",
        Method.CONFIDENT: f"confident: {alpha:.2%} in 9 splits of 10",
    }
    for method, said in says.items():
        if row := methods.get(method):
            yield (
                f"  {said:<34}{row['missed']:8.2%} {row['missed_max']:8.2%} "
                f"{row['splits_above_alpha']:12.2%} {row['referred']:9.2%}"
            )
        else:
            least = conformal.fewest(alpha, method)
            yield f"  {said:<34} needs {least} urgent cases in each calibration: --size"


def _told_of_shift(shift: Mapping[str, Any]) -> Iterable[str]:
    yield "once new slang comes up:"
    yield f"  missed by the rules alone         {shift['rules_missed']:8.2%}"
    yield f"  missed with the promise           {shift['promise_missed']:8.2%}"
    yield (
        f"  guards on arrivals rang in         {shift['guard_rang']:8.2%} of splits, "
        f"median after {shift['guard_delay_cases']} cases; without a shift in "
        f"{shift['guard_false']:.2%}"
    )
    yield (
        f"  found misses proved it in         {shift['misses_proved']:8.2%} of splits, "
        f"median after {shift['misses_delay_urgent']} urgent cases; without a shift in "
        f"{shift['misses_false']:.2%}"
    )


def _told_of_reasons(reasons: Mapping[str, float]) -> str:
    return (
        f"reasons: without the named words the score falls by "
        f"{reasons['named_words_lower_by']:.2f}, without random ones by "
        f"{reasons['random_words_lower_by']:.2f} (logits, {reasons['texts']} texts); "
        f"more in {reasons['named_lower_more']:.1%}"
    )
