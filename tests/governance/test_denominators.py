"""How many customers a branch has: loaded from a file, corrected with both kept, and a rise in
complaints that is a rise in customers warns nobody."""

from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sujin.governance import watchbook, watching
from sujin.governance.acts.load_denominators import load_denominators, read
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.lines import Loaded
from sujin.governance.models import Denominator, Watch, Wave
from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Org
from tests.governance.wave_town import tell

HEAD = "org,measure,month,value"


def loaded(at: datetime, *rows: str) -> Loaded:
    lines = read("\n".join([HEAD, *rows]).encode())
    return load_denominators(lines, file="户数.csv", by=system_person(), at=at)


def lineage(code: str) -> list[Org]:
    """The organisation and all above it."""
    steps = Org.objects.get(code=code).path.rstrip("/").split("/")
    paths = ["/".join(steps[:end]) + "/" for end in range(1, len(steps) + 1)]
    return list(Org.objects.filter(path__in=paths))


def test_the_same_lines_again_change_nothing_and_a_correction_keeps_both(
    bank: None, noon: datetime
) -> None:
    first = f"{OUTLET_A},customers,2026-01,12000"
    assert loaded(noon, first).added == 1
    assert loaded(noon, first).same == 1
    assert Entry.objects.filter(kind="denominators.loaded").count() == 1
    assert loaded(noon, f"{OUTLET_A},customers,2026-01,13000").superseded == 1
    assert [int(one.value) for one in Denominator.objects.order_by("pk")] == [12000, 13000]
    assert [int(one.value) for one in Denominator.objects.valid()] == [13000]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("NOWHERE,customers,2026-01,5", "机构编号"),
        (f"{OUTLET_A},people,2026-01,5", "measure"),
        (f"{OUTLET_A},customers,2026年1月,5", "2026-03"),
        (f"{OUTLET_A},customers,2026-01,0", "大于零"),
        (f"{OUTLET_A},customers,2026-01,NaN", "大于零"),
        (f"{OUTLET_A},customers,2031-01,5", "本月"),
    ],
)
def test_a_line_that_cannot_be_taken_is_sent_back_with_its_reason(
    bank: None, noon: datetime, row: str, why: str
) -> None:
    found = loaded(noon, row, f"{OUTLET_B},customers,2026-01,7")
    assert found.added == 1
    (reject,) = found.rejects
    assert reject.number == 2 and why in reject.reason


def test_the_command_writes_the_rejects_beside_the_file(bank: None, tmp_path: Path) -> None:
    file = tmp_path / "heads.csv"
    file.write_text(f"{HEAD}\n{OUTLET_A},customers,2026-01,5\nX,customers,2026-01,5\n")
    call_command("denominators", str(file), stdout=(out := StringIO()))
    assert "added 1" in out.getvalue() and "rejected 1" in out.getvalue()
    assert "X,customers" in (tmp_path / "heads.rejects.csv").read_text(encoding="utf-8-sig")
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="measure"):
        call_command("denominators", str(file))


def test_what_lies_above_has_the_sum_of_what_lies_below_when_all_of_it_is_known(
    bank: None, noon: datetime
) -> None:
    outlet, branch = sorted(lineage(OUTLET_A), key=lambda org: -len(org.path))[:2]
    beside = Org.objects.filter(parent=outlet.parent)
    loaded(noon, *(f"{one.code},customers,2026-01,100" for one in beside))
    above = watching.denominators("customers")[branch.path]
    assert above == {date(2026, 1, 1): 100.0 * len(beside)}
    assert watching.denominators("accounts") == {}


def test_many_times_the_customers_explain_the_complaints(
    bank: None, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: without the figures the same complaints are a wave."""
    card = (OUTLET_A, "card.credit.billing", "年费怎么又多扣了", 7)
    tell(noon, planted=dict.fromkeys((3, 2, 1), card))
    daily = [one for one in watchbook.watched() if one.row == "w2"]
    monkeypatch.setattr("sujin.governance.acts.watch_waves.watched", lambda: daily)
    months = (("2025-10", 1000), ("2026-02", 1000), ("2026-03", 20000))
    loaded(
        noon,
        *(f"{org.code},customers,{m},{n}" for org in lineage(OUTLET_A) for m, n in months),
    )
    watch_waves(by=system_person(), at=noon)
    explained = Wave.objects.count()
    Denominator.objects.all().delete()
    Watch.objects.all().delete()
    watch_waves(by=system_person(), at=noon)
    assert explained == 0 and Wave.objects.count() >= 1
