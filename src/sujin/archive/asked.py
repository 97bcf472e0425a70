"""What somebody asked of a scan, checked at the door."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


class Engine(StrEnum):
    """Who does the counting."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Grain(StrEnum):
    """How long a period is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Asked:
    """``today`` is handed in: a day after it is a future date. ``dims`` is empty when columns are
    to be found; each of them is a chain from the general to the special."""

    source: str
    today: date
    out: Path
    table: str = ""
    date_col: str = ""
    date_format: str = ""
    id_col: str = ""
    dims: tuple[tuple[str, ...], ...] = ()
    encoding: str = ""
    engine: Engine = Engine.DUCKDB
    master: str = ""
    grain: Grain | None = None
    since: date | None = None
    false_alarms_a_month: float = 4.0
    least: int = 0
    calendar: str = ""
    drop_duplicates: bool = False
    max_values: int = 400
    memory: str = "2GB"
    work: Path | None = None
    time_zone: str = "Asia/Shanghai"
