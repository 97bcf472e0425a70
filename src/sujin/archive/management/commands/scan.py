"""``sujin scan``: where did complaints rise, in an archive that is not ours."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sujin.archive.asked import Asked, Engine, Grain
from sujin.archive.said import Refused
from sujin.archive.scan import scan
from sujin.archive.ticker import Ticker

REFUSED = 2


class Command(BaseCommand):
    help = (
        "扫描别处的投诉档案（CSV、Parquet、文件夹、PostgreSQL 表），写出预警报告。"
        "Scan a complaint archive that is not ours and report where complaints rose."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.prog = "sujin scan"
        parser.add_argument(
            "source", help="a CSV or Parquet file, a folder of them, or postgres://…"
        )
        _add_reading(parser)
        _add_judging(parser)
        _add_running(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        asked = _asked(options)
        try:
            read, judged = scan(asked, Ticker(quiet=options["quiet"]))
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        for said in (*read.remarks, *judged.remarks):
            self.stdout.write(str(said))
        for said in judged.unjudged:
            self.stdout.write(self.style.WARNING(f"注意 / WARNING: {said}"))
        rejected = sum(read.counted.rejected.values())
        self.stdout.write(
            f"{read.rows} rows = {read.counted.used} used + {rejected} rejected; "
            f"{len(judged.warnings)} warnings: {asked.out / 'report.html'}"
        )


def _add_reading(parser: CommandParser) -> None:
    add = parser.add_argument_group("reading").add_argument
    add("--table", default="", help="schema.table of a database")
    add("--date-col", default="", metavar="COLUMN", help="day of receipt; found if left out")
    add("--date-format", default="", metavar="FORM", help="m/d/yyyy or d/m/yyyy")
    add("--id-col", default="", metavar="COLUMN", help="number of the complaint")
    add("--dims", action="append", default=[], metavar="A,B>C", help="columns to watch; > is below")
    add("--max-values", type=int, default=400, metavar="N", help="of a column that is watched")
    add("--encoding", default="", help="of text files; found if left out")
    add("--drop-duplicates", action="store_true", help="reject copies of a row")
    add("--today", type=_day, metavar="DATE", help="a later date is a fault")


def _add_judging(parser: CommandParser) -> None:
    add = parser.add_argument_group("judging").add_argument
    add("--grain", choices=[*Grain], type=Grain, help="by the archive's length if left out")
    add("--since", type=_day, metavar="DATE", help="first day that is judged")
    add("--false-alarms-a-month", type=_rate, default=4.0, metavar="N")
    add("--least", type=int, default=0, metavar="N", help="fewer recent cases warn nobody")
    add("--calendar", default="", metavar="NAME", help="holidays, for example cn")


def _add_running(parser: CommandParser) -> None:
    add = parser.add_argument_group("running").add_argument
    add("--out", type=Path, metavar="DIR")
    add("--engine", choices=[*Engine], type=Engine, default=Engine.DUCKDB)
    add("--master", default="", metavar="URL", help="local-cluster[2,1,1024], spark://…")
    add("--memory", default="2GB", help="of DuckDB; what does not fit is spilled")
    add("--work", type=Path, metavar="DIR", help="for temporary files")
    add("--quiet", action="store_true", help="no progress on the error stream")


def _asked(options: Mapping[str, Any]) -> Asked:
    plain = {
        name: options[name]
        for name in (
            "source", "table", "date_col", "date_format", "id_col", "encoding", "grain", "since",
            "false_alarms_a_month", "least", "calendar", "engine", "master", "memory", "work",
            "max_values", "drop_duplicates",
        )
    }  # fmt: skip
    return Asked(
        **plain,
        today=options["today"] or timezone.localdate(),
        out=options["out"] or Path(f"scan-{_stem(options)}"),
        dims=tuple(
            _chain(one) for given in options["dims"] for one in given.split(",") if one.strip()
        ),
        time_zone=settings.TIME_ZONE,
    )


def _chain(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(">") if name.strip())


def _stem(options: Mapping[str, Any]) -> str:
    source = str(options["source"])
    return str(options["table"] or "table") if "://" in source else Path(source).stem


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise ArgumentTypeError(f"{given!r} is no day: write 2026-01-31") from error


def _rate(given: str) -> float:
    try:
        rate = float(given)
    except ValueError as error:
        raise ArgumentTypeError(f"{given!r} is no number") from error
    if not 0 < rate <= 1000:
        raise ArgumentTypeError(f"{given} is no number of false alarms a month")
    return rate
