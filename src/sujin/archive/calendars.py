"""Days off of the place an archive comes from."""

from sujin import packs
from sujin.archive.said import Refused
from sujin.engine.workdays import Calendar, read_calendar

FOLDER = "calendars"


def named(name: str) -> Calendar | None:
    """A calendar of the packs; None for no name: then Saturday and Sunday are the days off, and
    holidays are unknown. Raises Refused."""
    if not name:
        return None
    all_years = packs.rows(FOLDER, "years")
    years = [row for row in all_years if row["calendar"] == name]
    if not years:
        have = ", ".join(sorted({row["calendar"] for row in all_years}))
        raise Refused(
            f"--calendar {name}：没有这个日历，可选：{have}",
            f"--calendar {name}: no such calendar; have: {have}",
        )
    return read_calendar(packs.rows(FOLDER, name), years, None)
