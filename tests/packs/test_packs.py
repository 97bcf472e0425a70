"""The loader and the tables of the packs: what an officer may break is found and named."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sujin import packs
from sujin.engine import repeat, route, sla, tier
from sujin.engine.text import fold

Rows = Sequence[dict[str, str]]

TOP_CLASSES = [
    *("人民币储蓄", "贷款", "银行卡", "自营理财", "支付结算", "人民币管理", "外汇", "贵金属"),
    *("个人金融信息", "银行代理业务", "其他中间业务", "债务催收", "国库", "其他"),
]
CAUSES = [
    *("服务态度及服务质量", "金融机构服务设施、设备、业务系统"),
    *("金融机构管理制度、业务规则与流程", "营销方式和手段", "信息披露", "自主选择权"),
    *("定价收费", "产品收益", "合同条款", "消费者资金安全", "消费者信息安全"),
    "债务催收方式和手段",
]
AXES = {"business", "cause", "touchpoint", "demand"}
SIGNALS = {
    *("regulator", "media", "escalation", "legal", "safety"),
    *("elderly", "disabled", "minor", "hardship", "onsite", "anger"),
}
MAY = {
    *("receive", "claim", "hand_over", "annotate", "attach", "reclassify", "approve", "retier"),
    *("merge", "link", "reveal", "search", "export", "journal", "administer", "import"),
    "early_view",
    *("withdraw", "answer", "close", "call_back", "advise", "oversee", "urge"),
    *("meet", "review", "share", "teach", "inspect", "judge", "explain", "evidence", "weigh"),
    *("draft", "release", "compile", "announce", "watch", "judge_waves"),
    *("plan", "check", "rectify", "account", "decide", "rate"),
    *("survey", "sample"),
    *("visit", "govern", "waive", "assess", "train"),
}
CHANNELS = frozenset(
    {
        *("counter", "hotline", "web_form", "tracking", "regulator", "email", "csv"),
        *("assistant", "api"),
    }
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packs of our own, with one pack ``ours`` in it."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "pack.toml").write_text('id = "ours"\n', encoding="utf-8")
    monkeypatch.setattr(packs, "_home", lambda: tmp_path)
    yield from _without_memory(tmp_path)


def _without_memory(path: Path) -> Iterator[Path]:
    remembering = (packs._names, packs.text, packs._table)
    for function in remembering:
        function.cache_clear()
    yield path
    for function in remembering:
        function.cache_clear()


def test_an_officer_who_mistypes_a_pack_is_told_which_there_are() -> None:
    with pytest.raises(packs.UnknownPack, match=r"cn-bank.*Have: .*cfpb, cn_bank"):
        packs.rows("cn-bank", "tiers")


@pytest.mark.parametrize("table", ["tier", "../cfpb/taxonomy", "/etc/passwd", "calendar/../tiers"])
def test_a_table_that_is_not_there_is_refused_with_the_list_of_tables(table: str) -> None:
    with pytest.raises(packs.UnknownTable, match=r"Have: .*clocks\.csv.*tiers\.csv"):
        packs.rows("cn_bank", table)


def test_a_caller_who_changes_a_row_changes_only_his_own_copy() -> None:
    packs.rows("cn_bank", "tiers")[0]["tier"] = "ordinary"
    assert packs.rows("cn_bank", "tiers")[0]["tier"] == "urgent"


def test_a_table_saved_by_a_spreadsheet_reads_the_same(folder: Path) -> None:
    saved = '﻿row,desk,because\r\n r1 ,line,"归口,办理"\r\n\r\n,,\r\n'
    (folder / "ours" / "routing.csv").write_text(saved, encoding="utf-8", newline="")
    assert packs.rows("ours", "routing") == [{"row": "r1", "desk": "line", "because": "归口,办理"}]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a,b\n1,2\n1,2,3\n", r"ours/t\.csv line 3: 3 cells for 2 columns.*double quotes"),
        (b"a,b\n1\n", r"line 2: 1 cells for 2 columns"),
        (b"a,a\n1,2\n", r"line 1: a column has no name, or two have the same"),
        (b"a,\n1,2\n", r"line 1: a column has no name"),
        (b"", r"is empty"),
        (b'a,b\n"1"x,2\n', r"line 2"),
        ("标题\n中文\n".encode("gbk"), r"not UTF-8.*save it as CSV UTF-8"),
    ],
)
def test_a_broken_table_is_named_with_its_line(
    folder: Path, content: bytes, complaint: str
) -> None:
    (folder / "ours" / "t.csv").write_bytes(content)
    with pytest.raises(packs.BrokenTable, match=complaint):
        packs.rows("ours", "t")


def test_a_broken_manifest_is_named(folder: Path) -> None:
    (folder / "ours" / "pack.toml").write_text("id = \n", encoding="utf-8")
    with pytest.raises(packs.BrokenTable, match=r"ours/pack\.toml"):
        packs.manifest("ours")


MUST = {
    "house": {"effective_from", "currency", "calendar", "limits", "zone", "signoff"},
    "taxonomy": {"effective_from", "currency", "calendar", "limits", "zone", "jurisdiction"},
    "regime": {"effective_from", "calendar", "zone", "jurisdiction", "family", "signoff", "rules"},
    "calendars": set(),
}


@pytest.mark.parametrize("pack", packs.names())
def test_every_manifest_says_what_a_pack_must_say(pack: str) -> None:
    manifest = packs.manifest(pack)
    assert manifest["id"] == pack
    assert manifest["title"].keys() == {"zh", "en"}
    must = {"version"} | MUST[manifest["kind"]]
    assert must <= manifest.keys()
    assert "zone" not in must or ZoneInfo(manifest["zone"]).key == manifest["zone"]
    for question in manifest.get("signoff", ()):
        assert {"id", "article", "affects", "zh", "en", "chosen_zh", "chosen_en"} == set(question)


def test_every_open_legal_question_points_at_rows_that_exist() -> None:
    for pack in packs.names():
        for question in packs.manifest(pack).get("signoff", ()):
            for place in question["affects"]:
                name, _, row = place.partition(" ")
                if name == "pack.toml":
                    assert row in packs.manifest(pack)["rules"], place
                    continue
                found = packs.rows(pack, name.removesuffix(".csv"))
                assert not row or row in {line["row"] for line in found}, place


@pytest.mark.parametrize(
    "pack", [one for one in packs.names() if packs.manifest(one)["kind"] in ("house", "regime")]
)
def test_what_the_articles_leave_open_is_chosen_aloud_and_asked(pack: str) -> None:
    """No reading of the law hides in the code: the pack says it, and that it awaits sign-off."""
    manifest = packs.manifest(pack)
    rules = manifest["rules"]
    places = {place for question in manifest["signoff"] for place in question["affects"]}
    for rule, switch in (("restarts", "restart_may_shorten"), ("agreed", "pauses_move_agreed")):
        assert (switch in rules) == bool(rules.get(rule)), switch
        if manifest["kind"] == "regime" and switch in rules:
            assert f"pack.toml {switch}" in places


def taxonomy_findings(rows: Rows, lines: set[str]) -> list[str]:
    """What is wrong with a taxonomy: doubled codes, orphans, unknown lines, missing names."""
    known = Counter((row["axis"], row["code"]) for row in rows)
    found = [f"{axis} {code} stands twice" for (axis, code), count in known.items() if count > 1]
    for row in rows:
        place, above = f"{row['axis']} {row['code']}", row["code"].rpartition(".")[0]
        if row["parent"] != above or (above and (row["axis"], above) not in known):
            found.append(f"{place}: parent {row['parent']!r} is not its prefix or does not exist")
        if row["line"] and row["line"] not in lines:
            found.append(f"{place}: line {row['line']} is not in lines.csv")
        if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", row["code"]):
            found.append(f"{place}: a code is made of a-z, 0-9, _ and dots")
        if not row["zh"] or not row["en"]:
            found.append(f"{place}: a name is missing")
    return found


@pytest.mark.parametrize(
    "pack", [name for name in packs.names() if "taxonomy.csv" in packs.tables(name)]
)
def test_every_taxonomy_hangs_together(pack: str) -> None:
    lines = {row["line"] for row in packs.rows("cn_bank", "lines")}
    assert taxonomy_findings(packs.rows(pack, "taxonomy"), lines) == []


@pytest.mark.parametrize(
    ("column", "value", "finding"),
    [
        ("parent", "savings", "is not its prefix"),
        ("line", "vip", "is not in lines.csv"),
        ("code", "loan", "stands twice"),
        ("code", "Loan 1", "made of a-z"),
        ("zh", "", "a name is missing"),
    ],
)
def test_a_spoilt_taxonomy_is_reported(column: str, value: str, finding: str) -> None:
    rows = packs.rows("cn_bank", "taxonomy")
    spoilt = next(row for row in rows if row["code"] == "loan.mortgage")
    spoilt[column] = value
    lines = {row["line"] for row in packs.rows("cn_bank", "lines")}
    assert finding in "; ".join(taxonomy_findings(rows, lines))


def test_all_fourteen_classes_and_twelve_causes_are_there_by_name() -> None:
    rows = packs.rows("cn_bank", "taxonomy")
    top = [row["zh"] for row in rows if row["axis"] == "business" and not row["parent"]]
    causes = [row["zh"] for row in rows if row["axis"] == "cause" and row["code"] != "other"]
    assert top == TOP_CLASSES
    assert causes == CAUSES


def test_every_business_has_an_owner_and_every_line_owns_something() -> None:
    rows = packs.rows("cn_bank", "taxonomy")
    owned = {row["line"] for row in rows if row["axis"] in {"business", "cause"}}
    assert owned == {row["line"] for row in packs.rows("cn_bank", "lines")}
    companies = {row["line"] for row in packs.rows("cn_bank", "lines") if row["company"] == "yes"}
    assert {row["line"] for row in rows if row["company"] == "yes"} == companies


def lexicon_findings(terms: Rows, codes: set[tuple[str, str]]) -> list[str]:
    """What is wrong with a word list: unknown codes, unfolded or doubled words, no weight."""
    doubled = Counter((row["axis"], row["code"], row["term"]) for row in terms)
    found = [f"{key} stands twice" for key, count in doubled.items() if count > 1]
    for row in terms:
        place = f"{row['axis']} {row['term']}"
        if (row["axis"], row["code"]) not in codes or row["axis"] not in AXES:
            found.append(f"{place}: no code {row['code']} in taxonomy.csv")
        if fold(row["term"]) != row["term"] or not row["term"]:
            found.append(f"{place}: write it as {fold(row['term'])}")
        if not re.fullmatch(r"\d+(\.\d+)?", row["weight"]) or float(row["weight"]) <= 0:
            found.append(f"{place}: weight {row['weight']!r} is not a number above 0")
    return found


def _codes() -> set[tuple[str, str]]:
    return {(row["axis"], row["code"]) for row in packs.rows("cn_bank", "taxonomy")}


def test_the_word_list_fits_the_taxonomy_and_the_folding() -> None:
    terms = packs.rows("cn_bank", "lexicon")
    assert lexicon_findings(terms, _codes()) == []
    assert len(terms) >= 500
    assert {row["axis"] for row in terms} == AXES


@pytest.mark.parametrize(
    ("column", "value", "finding"),
    [
        ("term", "貸款", "write it as 贷款"),
        ("term", "ATM", "write it as atm"),
        ("code", "card.gold", "no code card.gold"),
        ("weight", "high", "not a number above 0"),
    ],
)
def test_a_spoilt_word_is_reported(column: str, value: str, finding: str) -> None:
    terms = packs.rows("cn_bank", "lexicon")
    terms[0][column] = value
    assert finding in "; ".join(lexicon_findings(terms, _codes()))


def test_every_leaf_of_business_and_every_cause_has_words() -> None:
    spoken = {(row["axis"], row["code"]) for row in packs.rows("cn_bank", "lexicon")}
    silent = {code for code in _codes() - spoken if code[0] in {"business", "cause"}}
    assert silent == set()


def test_signal_words_are_folded_unique_and_of_a_known_signal() -> None:
    rows = packs.rows("cn_bank", "signals")
    assert {row["signal"] for row in rows} == SIGNALS
    assert len({(row["signal"], row["term"]) for row in rows}) == len(rows)
    for row in rows:
        assert all(word and fold(word) == word for word in row["term"].split("|")), row
        assert "" not in (row["unless"].split("|") if row["unless"] else ["-"]), row


def test_the_rule_tables_can_be_read_and_have_no_loose_ends() -> None:
    codes = {
        "business": frozenset(code for axis, code in _codes() if axis == "business"),
        "line": frozenset(row["line"] for row in packs.rows("cn_bank", "lines")),
        "channel": CHANNELS,
        "pack": frozenset(packs.names()),
    }
    assert tier.lint(tier.read_rows(packs.rows("cn_bank", "tiers"))) == []
    assert route.lint(route.read_rows(packs.rows("cn_bank", "routing")), codes) == []
    assert sla.lint(sla.read_limits(packs.rows("cn_bank", "clocks"))) == []
    assert repeat.lint(repeat.read_rows(packs.rows("cn_bank", "repeats"))) == []


@pytest.mark.parametrize("table", ["tiers", "routing", "clocks", "repeats"])
def test_no_two_rows_of_a_rule_table_share_a_name(table: str) -> None:
    named = [row["row"] for row in packs.rows("cn_bank", table)]
    assert len(set(named)) == len(named)


def test_only_order_three_speaks_as_law_and_the_rest_is_the_banks_own() -> None:
    for row in packs.rows("cn_bank", "clocks"):
        by_law = row["article"].startswith("银保监会令2020年第3号 第")
        assert by_law == (row["basis"] == "law"), row["row"]
        assert (row["signoff"] == "yes") == by_law, row["row"]


def _stated(table: str, columns: dict[str, Callable[[int], str]], text: str) -> Iterator[str]:
    for row in packs.rows("cn_bank", table):
        for column, words in columns.items():
            if row[column] and words(int(row[column])) not in row[text]:
                yield f"{table} {row['row']}: {column} {row[column]} is not said in {text}"


def test_a_reason_states_the_number_its_row_judges_by() -> None:
    tiers: dict[str, Callable[[int], str]] = {
        "amount_min": lambda yuan: f"{yuan // 10000}万元",
        "people_min": lambda people: f"{people}人",
    }
    hours: dict[str, Callable[[int], str]] = {
        "within_hours": lambda hours: f"{hours}小时" if hours < 48 else f"{hours // 24}天"
    }
    assert [*_stated("tiers", tiers, "because_zh")] == []
    assert [*_stated("tiers", dict.fromkeys(tiers, str), "because_en")] == []
    assert [*_stated("repeats", hours, "because_zh")] == []
    assert [*_stated("clocks", {"amount": str}, "title_zh")] == []
    assert [*_stated("clocks", {"amount": str}, "title_en")] == []


def test_no_role_both_runs_the_system_and_reads_complaints_or_the_journal() -> None:
    powers = {row["role"]: set(row["may"].split()) for row in packs.rows("cn_bank", "roles")}
    assert set().union(*powers.values()) == MAY
    assert powers["sysadmin"] == {"administer"}
    assert powers["auditor"] == {
        *("journal", "search", "inspect", "judge", "evidence", "watch", "survey")
    }
    alone = [role for role, may in powers.items() if may & {"administer", "journal"}]
    assert sorted(alone) == ["auditor", "sysadmin"]
    assert {row["sees"] for row in packs.rows("cn_bank", "roles")} == {"own", "desk"}
