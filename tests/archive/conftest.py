"""A scan in this process, as ``sujin scan`` makes it."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.archive.archives import SINCE, TODAY


@dataclass(frozen=True)
class Scanned:
    """What a scan said and wrote; ``refused`` is the message of one that ended with code 2."""

    out: Path
    said: str
    refused: str = ""
    warnings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rejects(self) -> list[dict[str, str]]:
        path = self.out / "rejects.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def reasons(self) -> dict[str, int]:
        codes = [row["reason"] for row in self.rejects]
        return {code: codes.count(code) for code in sorted(set(codes))}

    @property
    def report(self) -> str:
        return (self.out / "report.html").read_text(encoding="utf-8")


Scan = Callable[..., Scanned]


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    """Scan a source; options as on the command line."""

    def run(source: Path | str, *options: str, today: date = TODAY) -> Scanned:
        out, said = tmp_path / "out", io.StringIO()
        try:
            call_command(
                "scan", str(source), "--since", SINCE, *options, "--today", str(today),
                "--out", str(out), "--quiet",
                stdout=said,
            )  # fmt: skip
        except CommandError as refusal:
            assert refusal.returncode == 2
            return Scanned(out, said.getvalue(), str(refusal))
        found = json.loads((out / "warnings.json").read_text(encoding="utf-8"))
        return Scanned(out, said.getvalue(), warnings=found)

    return run
