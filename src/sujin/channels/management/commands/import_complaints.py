"""``sujin import``: complaints from a CSV file or a workbook, every row accounted for."""

import json
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, ProgrammingError
from django.utils import timezone

from sujin.channels.csv import summary
from sujin.channels.csv.bring_in import Result, Tally, bring_in, rehearse
from sujin.channels.csv.flaws import CannotOpen
from sujin.channels.csv.layouts import AUTO, LAYOUTS
from sujin.channels.csv.look import Looked, look
from sujin.channels.csv.rejects import Rejects
from sujin.channels.csv.ticker import Ticker

UNREADABLE = 2
UNPREPARED = "数据库还没有准备好，先运行 / the database is not prepared, run: sujin migrate"
INTERRUPTED = "数据库中断；已受理的批次有效，再运行一次即可续上 / the database failed; run it again"


class Command(BaseCommand):
    help = (
        "从 CSV 或 Excel 文件批量导入投诉；可以反复运行，已受理的行不会重复。"
        "Import complaints from a CSV file or a workbook; running it again doubles nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.prog = "sujin import"
        add = parser.add_argument
        add("file", type=Path, help="CSV, TSV, XLSX, XLS, ODS")
        add("--format", choices=[AUTO, *LAYOUTS], default=AUTO, help="kind of file")
        add("--mapping", type=Path, metavar="FILE", help='TOML or JSON: field = "their column"')
        add("--dry-run", action="store_true", help="read and check, write nothing")
        add("--json", action="store_true", help="counts as the last line of standard output")
        add("--rejects", type=Path, metavar="FILE", help="where the rejected rows go")
        add("--origin", default="", metavar="ORGCODE", help="organisation of rows that name none")
        add("--batch", type=int, default=1000, metavar="ROWS", help="rows in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        at, started = timezone.now(), time.monotonic()
        try:
            looked = look(
                options["file"], layout=options["format"], mapping=_mapping(options["mapping"])
            )
            self._tell(summary.before(looked), options)
            with Rejects(_rejects_path(options, at), looked.header.cells) as rejects:
                result = _run(looked, rejects, options, at)
        except CannotOpen as refusal:
            raise CommandError(str(refusal), returncode=UNREADABLE) from refusal
        except ProgrammingError as error:
            raise CommandError(f"{UNPREPARED}\n{error}") from error
        except DatabaseError as error:
            raise CommandError(f"{INTERRUPTED}\n{error}") from error
        self._report(result, rejects, options, time.monotonic() - started)

    def _report(
        self, result: Result, rejects: Rejects, options: Mapping[str, Any], seconds: float
    ) -> None:
        told = summary.after(result, rejects, seconds=seconds, rehearsed=options["dry_run"])
        self._tell(told, options)
        if options["json"]:
            self.stdout.write(json.dumps(_counts(result.tally) | {"seconds": round(seconds, 3)}))

    def _tell(self, lines: Iterable[str], options: Mapping[str, Any]) -> None:
        """For people; beside ``--json`` it goes to the other stream."""
        for line in lines:
            if options["json"]:
                sys.stderr.write(f"{line}\n")
            else:
                self.stdout.write(line)


def _run(looked: Looked, rejects: Rejects, options: Mapping[str, Any], at: datetime) -> Result:
    act, ticker = rehearse if options["dry_run"] else bring_in, Ticker()
    size = max(1, options["batch"])
    try:
        return act(looked, rejects, origin=options["origin"], size=size, at=at, watch=ticker.show)
    finally:
        ticker.end()


def _counts(tally: Tally) -> dict[str, float]:
    return {
        "read": tally.read,
        "accepted": tally.accepted,
        "rejected": tally.rejected,
        "known": tally.known,
    }


def _rejects_path(options: Mapping[str, Any], at: datetime) -> Path | None:
    """Where they go; a dry run writes them only when it is asked to."""
    given: Path | None = options["rejects"]
    if given is not None and given.resolve() == options["file"].resolve():
        raise CannotOpen("--rejects 不能是要导入的文件 / must not be the file that is imported")
    if given is not None or options["dry_run"]:
        return given
    stamp = f"{timezone.localtime(at):%Y%m%d-%H%M%S-%f}"
    return Path(settings.VAR) / "rejects" / f"{options['file'].stem}-{stamp}.csv"


def _mapping(path: Path | None) -> dict[str, str]:
    """The officer's own reading of the columns. Raises CannotOpen."""
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
        given = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise CannotOpen(f"--mapping {path}: {error}") from error
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given.values()):
        raise CannotOpen(f'--mapping {path}: 每行写成 字段 = "列名" / write field = "column"')
    return given
