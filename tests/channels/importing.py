"""How the tests run ``sujin import``, and what they read from it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from sujin.complaints.models import Complaint, Contact

FILES = Path(__file__).parent / "files"
HEADER = "Complaint ID,Date received,Product,Issue,Consumer complaint narrative"
Written = Callable[..., Path]


def imported(file: Path, *options: str) -> dict[str, Any]:
    """The counts of one run of the command."""
    out = io.StringIO()
    call_command("import_complaints", str(file), "--json", *options, stdout=out)
    counts: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    assert counts["read"] == counts["accepted"] + counts["rejected"] + counts["known"]
    return counts


def summary(counts: dict[str, Any]) -> tuple[int, int, int, int]:
    return counts["read"], counts["accepted"], counts["rejected"], counts["known"]


def case(external_id: str) -> Complaint:
    return Contact.objects.get(external_id__regex=rf"^{external_id}(-[0-9a-f]{{32}})?$").complaint


def reasons(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["sujin_reason"] for row in csv.DictReader(file)]
