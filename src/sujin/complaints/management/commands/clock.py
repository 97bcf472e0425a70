"""``sujin clock``: how a deadline came about; and read all limits again after a table changed."""

import sys
import tomllib
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.complaints import law
from sujin.complaints.acts.reread import reread
from sujin.complaints.explain import explain
from sujin.complaints.models import Complaint
from sujin.engine.limits import TICK_KINDS
from sujin.engine.sla import Tick
from sujin.platform.acts.organise import system_person


class Command(BaseCommand):
    help = (
        "时限是怎么算出来的，逐项列出；节假日或规则表改动后重新计算。"
        "How a deadline came about, tick by tick; read all limits again after a table changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin clock"
        verbs = parser.add_subparsers(dest="verb", required=True)
        told = verbs.add_parser("explain", help="one case, or a scenario file")
        told.add_argument("case", nargs="?", default="", help="2026-0000417")
        told.add_argument("--scenario", type=Path, metavar="FILE", help="TOML, see docs/operate")
        told.add_argument("--english", action="store_true")
        verbs.add_parser("reread", help="read the limits of every open case again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "reread":
            moved = reread(by=system_person(), at=timezone.now(), tell=self._tell)
            self.stdout.write(f"{moved} 件的时限有变 / limits moved")
            return
        given = _of_case(options["case"]) if options["case"] else _of_file(options["scenario"])
        for line in explain(english=options["english"], **given):
            self.stdout.write(line)

    def _tell(self, read: int, moved: int) -> None:
        sys.stderr.write(f"\r已读 {read} 件，{moved} 件有变 …")


def _of_case(number: str) -> dict[str, Any]:
    case = Complaint.objects.filter(number=number).first()
    if case is None:
        raise CommandError(f"没有这个编号 / no such number: {number}", returncode=2)
    return {
        "ids": case.regimes if case.kind == "complaint" else (),
        "ticks": case.ticks(),
        "tier": case.tier,
        "lane": case.lane,
        "now": timezone.now(),
        "topics": law.topics_of(case.business, case.signals),
    }


def _of_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        raise CommandError("给出编号或 --scenario / give a number or --scenario", returncode=2)
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return _scenario(told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path}: {type(error).__name__}: {error}", returncode=2) from None


def _scenario(told: dict[str, Any]) -> dict[str, Any]:
    """A scenario's tables; raises ValueError and the like for what cannot be."""
    received = _aware(told["received"])
    regimes = told.get("regimes")
    chosen = law.chosen(told.get("jurisdiction", "CN"), told.get("agencies", []), received)
    law.of(regimes or ())
    return {
        "ids": tuple(regimes) if regimes is not None else chosen,
        "ticks": [Tick("received", received), *map(_tick, told.get("tick", []))],
        "tier": told.get("tier", "ordinary"),
        "lane": told.get("lane", "ordinary"),
        "now": _aware(told.get("now", timezone.now())),
        "topics": frozenset(told.get("topics", [])),
    }


def _tick(told: dict[str, Any]) -> Tick:
    if told["kind"] not in TICK_KINDS:
        raise ValueError(f"kind {told['kind']}: {', '.join(sorted(TICK_KINDS))}")
    until, entered = told.get("until"), told.get("entered")
    return Tick(
        told["kind"],
        _aware(told["at"]),
        int(told.get("stage", 1)),
        told.get("post", ""),
        regime=told.get("regime", ""),
        cause=told.get("cause", ""),
        until=_aware(until) if until else None,
        entered=_aware(entered) if entered else None,
    )


def _aware(moment: datetime) -> datetime:
    if not isinstance(moment, datetime) or timezone.is_naive(moment):
        remedy = "时间要带时区 / a moment needs a zone: 2026-03-02T10:00:00+08:00"
        raise ValueError(f"{moment}: {remedy}")
    return moment
