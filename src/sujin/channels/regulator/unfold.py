"""Run as a child process: an XLSX on standard input becomes JSON rows on standard output.

``python -I unfold.py ROWS BYTES``. Limits are set before a byte is read; whatever exceeds them
ends this process and nothing else. A number that lost digits comes out as null.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
# Above this a binary number no longer holds every whole number: IEEE 754, 53 bits.
EXACT = 10**15
TOO_MUCH = 3


def main(rows_max: int, characters_max: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import load_workbook

    sheet = load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
    rows: list[list[str | None]] = []
    characters = 0
    for cells in sheet.iter_rows():
        row = [plain(cell) for cell in cells]
        characters += sum(len(cell) for cell in row if cell)
        if characters > characters_max:
            return TOO_MUCH
        rows.append(row)
        if len(rows) >= rows_max:
            break
    json.dump(rows, sys.stdout)
    return 0


def plain(cell: Any) -> str | None:
    """A cell as a person reads it; None when the file no longer holds what was typed."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= EXACT:
            return None
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
