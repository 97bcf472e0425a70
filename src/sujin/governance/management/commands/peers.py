"""``sujin peers``: published figures of other banks from a CSV file, every line accounted for."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sujin.governance.acts.load_peers import CannotLoad, Loaded, load_peers, read, rejects_file
from sujin.platform.acts.organise import system_person


class Command(BaseCommand):
    help = (
        "导入监管公布的同业投诉数据；可以反复运行，更正的数保留原数。"
        "Load published peer figures; running it again doubles nothing, corrections keep both."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.prog = "sujin peers"
        parser.add_argument("file", type=Path, help="CSV: see src/sujin/packs/README.md")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rejected rows go")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        rejects: Path = options["rejects"] or file.with_suffix(".rejects.csv")
        if rejects.resolve() == file.resolve():
            raise CommandError("--rejects 不能是要导入的文件 / must not be the file that is loaded")
        try:
            rows = read(file.read_bytes())
            loaded = load_peers(rows, file=file.name, by=system_person(), at=timezone.now())
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
            csv.writer(made).writerows(rejects_file(loaded.rejects))
        self.stdout.write(f"退回的行和原因 rejected rows with reasons: {rejects}")
