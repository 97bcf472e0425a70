"""`sujin verify`: the verdict on any series, and a plain refusal of what cannot be one."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

FIRST, START = date(2023, 1, 2), "2024-12-30"


def written(folder: Path, *, fall: float = 0.5, moved: float = 0.0, days: bool = False) -> Path:
    """A bank of four branches, of which ``target`` has a measure from 2024-12-30 on."""
    rng = np.random.default_rng(8)
    many, after = (130 * 7, 104 * 7) if days else (130, 104)
    level = 60 / 7 if days else 60
    step = timedelta(days=1 if days else 7)
    lines = ["day,target,a,b,c,company"]
    for at in range(many):
        keep = 1 - fall * (at >= after)
        counts = rng.poisson(
            [level * keep, level, level, level, level * (1 + moved * (at >= after))]
        )
        lines.append(",".join([(FIRST + step * at).isoformat(), *map(str, counts)]))
    file = folder / "series.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def said(file: Path, *more: str) -> str:
    out = StringIO()
    call_command("verify", str(file), "--target=target", f"--start={START}", *more, stdout=out)
    return out.getvalue()


def figures(file: Path, *more: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(said(file, *more, "--json"))
    return found


def test_a_fall_that_others_did_not_have_is_said_to_have_worked(tmp_path: Path) -> None:
    told = said(written(tmp_path), "--controls=a,b,c")
    assert "措施有效：与没有这项措施相比，少" in told
    assert "The measure worked: compared with not having it," in told
    assert "直接比较前后" in told
    assert "安慰剂检验" in told


def test_what_went_to_the_company_is_taken_off(tmp_path: Path) -> None:
    file = written(tmp_path, moved=0.5)
    alone, net = (
        figures(file, "--controls=a,b,c"),
        figures(file, "--controls=a,b,c", "--sinks=company"),
    )
    assert alone["verdict"] == "worked"
    assert net["verdict"] != "worked"
    assert net["reason"] == "moved"


def test_days_are_added_up_to_weeks_and_it_is_said(tmp_path: Path) -> None:
    file = written(tmp_path, days=True)
    assert "按日的件数合成 130 个整周" in said(file, "--controls=a,b,c")
    assert figures(file, "--controls=a,b,c")["verdict"] == "worked"


def test_a_known_ratio_of_definitions_is_no_effect(tmp_path: Path) -> None:
    file = written(tmp_path, fall=0.3)
    told = figures(file, "--controls=a,b,c", f"--definition={START}:0.7:0.02")
    assert told["verdict"] != "worked"
    assert figures(file, "--controls=a,b,c")["verdict"] == "worked"


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        (("2023-01-09,", "09/01/2023,"), "第 3 行：“09/01/2023”不是日期"),
        (("2023-01-09,", "2023-01-10,"), "第 3 行：2023-01-02 之后应隔 7 天，却是 2023-01-10"),
        (("day,target,a,b", "day,target,a,a"), "列名有重复"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, change: tuple[str, str], remedy: str) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text().replace(*change, 1), encoding="utf-8")
    with pytest.raises(CommandError, match=remedy) as refused:
        said(file)
    assert refused.value.returncode == 2


def test_cells_that_are_no_counts_are_named_with_their_column(tmp_path: Path) -> None:
    file = written(tmp_path)
    rows = file.read_text().split("\n")
    for cell in ("", "-3", "x", "inf"):
        day, _target, *rest = rows[5].split(",")
        rows[5] = ",".join([day, cell, *rest])
        file.write_text("\n".join(rows), encoding="utf-8")
        with pytest.raises(CommandError, match=r"第 6 行“target”：“.*”不是件数。没有发生写 0"):
            said(file)


def test_columns_start_and_file_are_checked_before_anything_is_judged(tmp_path: Path) -> None:
    file = written(tmp_path)
    with pytest.raises(CommandError, match="没有“nobody”这一列。有：target, a, b, c, company"):
        said(file, "--controls=nobody")
    with pytest.raises(CommandError, match="同一列只能用一次"):
        said(file, "--controls=a,target")
    with pytest.raises(CommandError, match="起点 2031-01-01 不在"):
        call_command("verify", str(file), "--target=target", "--start=2031-01-01")
    with pytest.raises(CommandError, match=r"读不到 gone\.csv"):
        said(tmp_path / "gone.csv")
    with pytest.raises(CommandError, match=r"between 0\.01 and 100"):
        said(file, "--definition=2024-01-01:0")
    with pytest.raises(CommandError, match="promised is 2"):
        said(file, "--promised=2")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("day;a\n2023-01-02;3\n2023-01-09;4\n", "列之间要用逗号"),
        ("day,target\n2023-01-09,3\n2023-01-02,4\n2022-12-26,4\n", "日期要由早到晚"),
        ("day,target\n2023-01-02,3\n2023-01-09,1e15\n", "第 3 行“target”：“1e15”不是件数"),
        (
            'day,target\n2023-01-02,3\n2023-01-09,"' + "9" * 200_000 + '"\n',
            "不是能读的 CSV|不是件数",
        ),
        ("day,target\n", "没有两期以上"),
    ],
)
def test_files_that_cannot_be_series_are_refused_with_the_cause(
    tmp_path: Path, text: str, remedy: str
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=remedy):
        said(file)


def test_blank_lines_at_the_end_are_nothing(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text() + "\n,,,,,\n\n", encoding="utf-8")
    assert figures(file, "--controls=a,b,c")["verdict"] == "worked"


def test_a_gb18030_file_with_months_is_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    lines = ["月份,本行,同业"]
    for month in range(48):
        level = 900 * (0.5 if month >= 36 else 1)
        lines.append(
            f"{2021 + month // 12}-{month % 12 + 1:02},{rng.poisson(level)},{rng.poisson(900)}"
        )
    file = tmp_path / "months.csv"
    file.write_bytes("\n".join(lines).encode("gb18030"))
    out = StringIO()
    call_command(
        "verify",
        str(file),
        "--target=本行",
        "--controls=同业",
        "--start=2024-01-01",
        "--json",
        stdout=out,
    )
    assert json.loads(out.getvalue())["verdict"] == "worked"
