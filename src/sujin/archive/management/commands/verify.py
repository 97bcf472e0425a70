"""``sujin verify FILE``: did a measure work? Of any series, with or without this product's data."""

import json
from argparse import ArgumentTypeError
from dataclasses import asdict
from datetime import date
from math import isfinite, isnan
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from sujin.archive.said import Refused, Said
from sujin.archive.series_file import SeriesFile, read_series
from sujin.engine.verify import Declared, Definition, Finding, Observed, judge
from sujin.governance.verdict_words import Beside, besides, sentence

REFUSED = 2


class Command(BaseCommand):
    help = (
        "检验一项措施是否有效（有效 / 无效 / 证据不足）。CSV 第一列是日期，其余每列一个序列。"
        "Whether a measure worked: a CSV of dates and one column for each series."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.prog = "sujin verify"
        add = parser.add_argument
        add("file", type=Path)
        add("--target", required=True, metavar="COLUMN", help="where the measure was taken")
        add("--start", required=True, type=_day, metavar="DATE", help="its first day")
        add("--controls", type=_names, default=[], metavar="A,B", help="units without it")
        add("--sinks", type=_names, default=[], metavar="A,B", help="where cases may have moved")
        add("--heads", default="", metavar="COLUMN", help="how many could have complained")
        add("--promised", type=float, default=0.10, metavar="SHARE", help="the fall promised")
        add("--settle", type=int, default=0, metavar="N", help="first periods not judged")
        add(
            "--definition", type=_definition, action="append", default=[],
            metavar="DATE[:RATIO[:SPREAD]]",
            help="from that day on other things are counted, RATIO times as many if known",
        )  # fmt: skip
        add("--json", action="store_true", help="figures only, as one object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = read_series(options["file"])
            declared = _declared(options)
            observed = _observed(read, options)
            finding = judge(observed, declared)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        except ValueError as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(figures(finding), ensure_ascii=False))
            return
        for said in (*read.remarks, *_said(finding)):
            self.stdout.write(str(said))


def figures(finding: Finding) -> dict[str, Any]:
    """The finding as plain values; shares that nobody knows are null."""
    told = {
        name: {key: None if isnan(value) else value for key, value in asdict(change).items()}
        for name, change in (("raw", finding.raw), ("own", finding.own), ("net", finding.net))
    }
    return {
        "verdict": finding.verdict.value,
        "reason": finding.reason.value,
        **told,
        "moved": {name: asdict(change) for name, change in finding.moved.items()},
        "units": [asdict(one) for one in finding.units],
        "times": [asdict(one) for one in finding.times],
        "left_out": list(finding.left_out),
    }


def _said(finding: Finding) -> list[Said]:
    told = []
    for language in ("zh-hans", "en"):
        with override(language):
            told.append([sentence(finding), *besides(Beside.of(finding))])
    return [Said(zh, en) for zh, en in zip(*told, strict=True)]


def _declared(options: dict[str, Any]) -> Declared:
    definitions = tuple(options["definition"])
    return Declared(options["start"], options["promised"], options["settle"], definitions)


def _observed(read: SeriesFile, options: dict[str, Any]) -> Observed:
    named = [options["target"], *options["controls"], *options["sinks"]]
    if len(set(named)) < len(named):
        raise Refused(
            "同一列只能用一次：目标、对照、去向各是各的。",
            "A column is used once: target, controls and sinks are different series.",
        )
    if not read.starts[0] < options["start"] <= read.starts[-1]:
        raise Refused(
            f"起点 {options['start']} 不在 {read.starts[0]} 与 {read.starts[-1]} 之间。",
            f"The start {options['start']} does not lie between {read.starts[0]} and "
            f"{read.starts[-1]}.",
        )
    return Observed(
        read.starts,
        read.of(options["target"]),
        {name: read.of(name) for name in options["controls"]},
        {name: read.of(name) for name in options["sinks"]},
        read.of(options["heads"]) if options["heads"] else None,
    )


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is no date; write 2026-01-31") from None


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _definition(value: str) -> Definition:
    day, *known = value.split(":")
    try:
        numbers = [float(number) for number in known]
    except ValueError:
        raise ArgumentTypeError(f"{value!r}: a ratio is a number, for example 0.8") from None
    if len(numbers) > 2 or not all(isfinite(one) and one >= 0 for one in numbers):
        raise ArgumentTypeError(f"{value!r}: write DATE, DATE:RATIO or DATE:RATIO:SPREAD")
    return Definition(_day(day), *numbers)
