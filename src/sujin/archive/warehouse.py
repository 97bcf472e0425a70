"""The two engines behind one door: each opens Parquet files as one Ibis table."""

import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.expr.types import Table

from sujin.archive.asked import Asked, Engine
from sujin.archive.said import Refused

BATCH = 100_000
# Names that an archive has no column of.
PLACE, NUMBER = "sujin_place", "sujin_number"


class Warehouse(Protocol):
    """Counts for us."""

    def open(self, paths: Sequence[Path]) -> Table:
        """The files as one table, with each file's name and the row's number in it, from 0."""

    def view(self, rows: Table) -> Table:
        """The same rows under a name, so that what is asked of them is short."""

    def keep(self, rows: Table) -> Table:
        """The same rows, computed once and kept until the end."""

    def batches(self, rows: Table) -> Iterator[pa.RecordBatch]:
        """The rows, some at a time, never all in memory."""


@contextmanager
def opened(asked: Asked, work: Path) -> Iterator[Warehouse]:
    """The engine that was asked for; ended with the block. Raises Refused."""
    if asked.engine is Engine.DUCKDB:
        yield DuckDB(asked, work)
        return
    with _session(asked, work) as session:
        yield Spark(session, work)


class DuckDB:
    """In this process, spilling to ``work`` what does not fit into ``asked.memory``."""

    def __init__(self, asked: Asked, work: Path) -> None:
        self._backend = ibis.duckdb.connect(temp_directory=str(work / "spill"))
        self._kept = 0
        for name, value in (
            ("memory_limit", asked.memory),
            ("TimeZone", asked.time_zone),
            ("preserve_insertion_order", "false"),
            ("autoinstall_known_extensions", "false"),
            ("enable_progress_bar", "false"),
        ):
            self._set(name, value)

    def open(self, paths: Sequence[Path]) -> Table:
        found = self._backend.read_parquet(
            [str(path) for path in paths], filename=PLACE, file_row_number=True, union_by_name=True
        )
        return found.rename({NUMBER: "file_row_number"}).mutate(
            **{PLACE: found[PLACE].re_extract("[^/]+$", 0)}
        )

    def view(self, rows: Table) -> Table:
        return self._made("VIEW", rows)

    def keep(self, rows: Table) -> Table:
        return self._made("TABLE", rows)

    def _made(self, kind: str, rows: Table) -> Table:
        self._kept += 1
        name = f"sujin_{self._kept}"
        self._backend.raw_sql(f"CREATE TEMP {kind} {name} AS {self._backend.compile(rows)}")
        return self._backend.table(name)

    def batches(self, rows: Table) -> Iterator[pa.RecordBatch]:
        yield from self._backend.con.sql(self._backend.compile(rows)).to_arrow_reader(BATCH)

    def _set(self, name: str, value: str) -> None:
        try:
            self._backend.raw_sql(f"SET {name} = '{value.replace(chr(39), '')}'")
        except Exception as error:
            raise Refused(f"{name} = {value}：{error}", f"{name} = {value}: {error}") from error


class Spark:
    """Any number of machines; files must lie where all of them can read them."""

    def __init__(self, session: Any, work: Path) -> None:
        self._session, self._work = session, work
        self._backend = ibis.pyspark.connect(session)
        self._opened = 0

    def open(self, paths: Sequence[Path]) -> Table:
        frame = self._session.read.option("mergeSchema", "true").parquet(
            *[path.absolute().as_uri() for path in paths]
        )
        return self._named(
            frame.selectExpr(
                "*", f"_metadata.file_name AS {PLACE}", f"_metadata.row_index AS {NUMBER}"
            )
        )

    def view(self, rows: Table) -> Table:
        return self._named(self._session.sql(self._backend.compile(rows)))

    def _named(self, frame: Any) -> Table:
        self._opened += 1
        name = f"sujin_{self._opened}"
        frame.createOrReplaceTempView(name)
        return self._backend.table(name)

    def keep(self, rows: Table) -> Table:
        return rows.cache()

    def batches(self, rows: Table) -> Iterator[pa.RecordBatch]:
        # Through files, written in order by those who counted: the driver has no room for all.
        self._opened += 1
        folder = self._work / f"result-{self._opened}"
        self._session.sql(self._backend.compile(rows)).write.parquet(folder.absolute().as_uri())
        for path in sorted(folder.glob("part-*.parquet")):
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(BATCH)


@contextmanager
def _session(asked: Asked, work: Path) -> Iterator[Any]:
    master = asked.master or "local[*]"
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        # A host name that resolves to no interface would keep the executors from the driver.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # It warns of a pandas newer than its own, which nothing here goes through.
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark.*")
    session = _started(asked, master, work)
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield session
    finally:
        application = session.sparkContext.applicationId
        session.stop()
        _clear(application)


def _started(asked: Asked, master: str, work: Path) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise Refused(
            "没有安装 Spark：pip install 'sujin[spark]'，另需 Java 17",
            "Spark is not installed: pip install 'sujin[spark]', and Java 17",
        ) from error
    builder = SparkSession.builder.master(master).appName("sujin scan")
    for name, value in _settings(asked, work).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        first = str(error).strip().splitlines()[:1]
        raise Refused(f"Spark {master}：{first}", f"Spark {master}: {first}") from error


def _settings(asked: Asked, work: Path) -> dict[str, str]:
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": asked.time_zone,
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.ansi.enabled": "false",
        "spark.local.dir": str(work),
        "spark.driver.memory": "1g",
    }


def _clear(application: str) -> None:
    """The papers that local executors leave inside the installed package."""
    import pyspark

    shutil.rmtree(Path(pyspark.__file__).parent / "work" / application, ignore_errors=True)
