"""A command that loads a file of figures, every line accounted for."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sujin.governance.lines import CannotLoad, Loaded, Reject
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person


class Load(Protocol):
    """An act that takes lines in."""

    def __call__(
        self, rows: Sequence[Mapping[str, str]], *, file: str, by: Person, at: datetime
    ) -> Loaded: ...


class LoadCommand(BaseCommand):
    """``prog``, ``read``, ``load`` and ``rejects_file`` are what kind of file it is."""

    prog: str

    def read(self, data: bytes) -> list[dict[str, str]]:
        raise NotImplementedError

    def load(self) -> Load:
        raise NotImplementedError

    def rejects_file(self, rejects: Sequence[Reject]) -> Iterator[list[str]]:
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.prog = self.prog
        parser.add_argument("file", type=Path, help="CSV: see src/sujin/packs/README.md")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rejected rows go")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        rejects: Path = options["rejects"] or file.with_suffix(".rejects.csv")
        if rejects.resolve() == file.resolve():
            raise CommandError("--rejects 不能是要导入的文件 / must not be the file that is loaded")
        try:
            rows, load = self.read(file.read_bytes()), self.load()
            loaded = load(rows, file=file.name, by=system_person(), at=timezone.now())
        except (CannotLoad, OSError) as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self._tell(loaded, rejects)

    def _tell(self, loaded: Loaded, rejects: Path) -> None:
        self.stdout.write(
            f"新增 added {loaded.added} · 更正 superseded {loaded.superseded} · "
            f"已有 known {loaded.same} · 退回 rejected {len(loaded.rejects)}"
        )
        if not loaded.rejects:
            return
        with rejects.open("w", encoding="utf-8-sig", newline="") as made:
            csv.writer(made).writerows(self.rejects_file(loaded.rejects))
        self.stdout.write(f"退回的行和原因 rejected rows with reasons: {rejects}")
