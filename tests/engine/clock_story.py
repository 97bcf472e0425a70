"""What the tests of clocks share: a few limits, the Chinese calendar of 2026, short words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from sujin.engine.sla import Calendar, Reading, Tick, read, read_limits

BEIJING = ZoneInfo("Asia/Shanghai")
DAYS_2026 = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
CHINA = Calendar(
    {d: "" for d in DAYS_2026 if d.weekday() < 5 and not chinese_calendar.is_workday(d)},
    {d: "" for d in DAYS_2026 if d.weekday() >= 5 and chinese_calendar.is_workday(d)},
    frozenset({2026}),
)
BLANK = (
    *("tiers", "lanes", "article", "signoff", "count_start_day", "roll_to_workday", "post"),
    "stage",
)
ENDS = "answered|closed|withdrawn"


def row(row_id: str, clock: str, amount: int, unit: str, **cells: str) -> dict[str, str]:
    usual = {"starts": "received", "stops": ENDS, "basis": "institution", "title_zh": "办结"}
    start = {"row": row_id, "clock": clock, "amount": str(amount), "unit": unit}
    return {**dict.fromkeys(BLANK, ""), **usual, **start, **cells}


def law(row_id: str, amount: int, stage: str) -> dict[str, str]:
    return row(row_id, "decision", amount, "natural_day", stage=stage, basis="law", article="18")


DECISION = [law("d15", 15, "1"), law("d30", 30, "2"), law("d60", 60, "3")]
RESPONSE = [
    row("r2", "response", 2, "hour", tiers="urgent", stops=f"responded|{ENDS}"),
    row("r24", "response", 24, "hour", stops=f"responded|{ENDS}"),
]
HANDED = f"accepted|{ENDS}"
HAND_OVER = row("h4", "hand_over", 4, "hour", starts="offered", stops=f"accepted|refused|{ENDS}")
POSTS = [
    row("p_outlet", "post", 3, "working_day", starts="accepted", stops=HANDED, post="outlet"),
    row("p_branch", "post", 5, "working_day", starts="accepted", stops=HANDED, post="branch1"),
]


def at(local: str, zone: ZoneInfo = BEIJING) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)


def tick(kind: str, local: str, stage: int = 1, post: str = "") -> Tick:
    return Tick(kind, at(local), stage, post)


def readings(
    rows: list[dict[str, str]],
    ticks: list[Tick],
    now: str,
    *,
    tier: str = "ordinary",
    lane: str = "ordinary",
    zone: ZoneInfo = BEIJING,
    calendar: Calendar = CHINA,
) -> tuple[Reading, ...]:
    limits = read_limits(rows)
    return read(ticks, limits, calendar, tier=tier, lane=lane, now=at(now, zone), zone=zone)


def only(rows: list[dict[str, str]], ticks: list[Tick], now: str) -> Reading:
    (reading,) = readings(rows, ticks, now)
    return reading


RECEIVED = tick("received", "2026-01-28T10:00")


def a_pause_of(since: str, minutes: int) -> list[Tick]:
    start = at(since)
    return [Tick("paused", start), Tick("resumed", start + timedelta(minutes=minutes))]
