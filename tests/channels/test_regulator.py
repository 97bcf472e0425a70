"""Transfer letters: one by one, and by the hundred in a file."""

import io
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook
from xlsxwriter import Workbook

from sujin.channels.regulator import inbox, sheet
from sujin.channels.regulator.sheet import COLUMNS
from sujin.complaints import kinds
from sujin.complaints.acts.receive import receive
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint, Contact, Transfer
from sujin.lab.cast import BRANCH_A, OUTLET_A
from sujin.lab.orgs import CENTRE
from sujin.platform.models import Org, Person

INTAKE = "/regulator/"
BATCH = "/regulator/batch"
FEE = "该客户反映信用卡被多收300元年费，要求退还。"
SignIn = Callable[[Person], Client]
Line = tuple[object, ...]
REPLY_BY = datetime(2026, 3, 20)  # noqa: DTZ001 - a cell of a spreadsheet has no zone


@pytest.fixture(autouse=True)
def files_root(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def liaison(
    cast: SimpleNamespace, signed_in: SignIn, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """Wu Tong with the morning's post."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    return signed_in(cast.wu_tong)


def letter(**changes: object) -> dict[str, object]:
    return {
        "agency": "nfra",
        "reference": "金消转〔2026〕118号",
        "transferred_on": "2026-03-01",
        "due_on": "2026-03-12",
        "name": "张伟",
        "phone": "13800001234",
        "text": FEE,
        "branch": OUTLET_A,
        **changes,
    }


def line(reference: str = "118号", text: str = FEE, **changes: object) -> Line:
    cells: dict[str, object] = {
        "转办机构": "12378",
        "文号": reference,
        "转办日期": "2026-03-01",
        "反馈期限": "2026-03-12",
        "姓名": "张伟",
        "手机号": "",
        "身份证号": "",
        "投诉内容": text,
        "涉及机构": OUTLET_A,
    }
    return tuple((cells | changes).values())


def xlsx(*lines: Line, heading: tuple[str, ...] = COLUMNS) -> bytes:
    memory = io.BytesIO()
    with Workbook(memory, {"in_memory": True}) as book:
        page_ = book.add_worksheet()
        for row, cells in enumerate((heading, *lines)):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    page_.write_datetime(
                        row, column, cell, book.add_format({"num_format": "yyyy-mm-dd"})
                    )
                elif isinstance(cell, int):
                    page_.write_number(row, column, cell)
                else:
                    page_.write_string(row, column, str(cell))
    return memory.getvalue()


def csv(*lines: Line, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(
        ",".join(f'"{cell}"' for cell in cells) for cells in (COLUMNS, *lines)
    ).encode(encoding)


def page(response: Any) -> str:
    return str(response.content.decode())


def upload(client: Client, content: bytes, name: str = "转办.xlsx") -> Any:
    return client.post(BATCH, {"file": SimpleUploadedFile(name, content)}, follow=True)


def address(response: Any) -> str:
    return str(response.redirect_chain[-1][0])


def test_a_letter_lands_on_the_branchs_consumer_desk_with_the_regulators_date(
    liaison: Client, cast: SimpleNamespace
) -> None:
    response = liaison.post(INTAKE, letter())
    case = Complaint.objects.get()
    assert response["Location"] == case.get_absolute_url()
    transferred = case.entries.of(kinds.Transferred).get().data
    assert transferred["agency"] == "金融监管总局（含12378）"
    assert case.entries.of(kinds.Routed).get().data["row"] == "r09"
    assert (case.lane, case.tier) == ("regulator", "complex")
    assert case.desk == Org.objects.get(code=BRANCH_A)
    assert case.regulator_due_at is not None
    assert case.regulator_due_at.isoformat() == "2026-03-12T15:59:59+00:00"
    assert case.due_at is not None
    assert case.due_at.isoformat() == "2026-03-02T08:00:00+00:00"
    assert case.transfers.get().reference == "金消转〔2026〕118号"
    assert case.origin.code == OUTLET_A


def test_a_letter_that_names_no_branch_belongs_to_the_centre(liaison: Client) -> None:
    liaison.post(INTAKE, letter(branch=""))
    assert Complaint.objects.get().origin.code == CENTRE


def test_another_agency_is_written_out(liaison: Client) -> None:
    liaison.post(INTAKE, letter(agency="other", agency_other="市金融办"))
    assert Complaint.objects.get().transfers.get().agency == "市金融办"


def test_the_same_letter_again_is_not_a_second_case(liaison: Client) -> None:
    liaison.post(INTAKE, letter())
    response = liaison.post(INTAKE, letter(text="换了说法"), follow=True)
    assert "没有重复登记" in page(response)
    assert Contact.objects.count() == 1


def test_the_same_number_from_another_agency_is_another_letter(liaison: Client) -> None:
    liaison.post(INTAKE, letter())
    liaison.post(INTAKE, letter(agency="pboc", text="存折打印机坏了，排队两小时", phone=""))
    assert Complaint.objects.count() == 2


def test_a_letter_about_an_open_case_moves_it_to_the_regulators_lane(
    liaison: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    parties = (PartyDraft(name="张伟", phone="13800001234"),)
    earlier = Draft("counter", FEE, noon - timedelta(hours=5), OUTLET_A, parties=parties)
    receive(earlier, by=cast.wang_xiuying, at=noon - timedelta(hours=5))
    response = liaison.post(INTAKE, letter(), follow=True)
    assert "已并入" in page(response)
    case = Complaint.objects.get()
    assert case.lane == "regulator" and case.entries.of(kinds.Transferred).exists()


def test_two_agencies_pass_on_one_matter_and_the_earlier_date_counts(liaison: Client) -> None:
    liaison.post(INTAKE, letter())
    liaison.post(INTAKE, letter(agency="pboc", due_on="2026-03-05"))
    case = Complaint.objects.get()
    assert case.transfers.count() == case.entries.of(kinds.Transferred).count() == 2
    assert case.regulator_due_at is not None and case.regulator_due_at.day == 5


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"agency": ""}, "转办机构"),
        ({"agency": "other"}, "没有机构名称"),
        ({"agency": "martians"}, "martians"),
        ({"reference": ""}, "文号"),
        ({"reference": "长" * 61}, "60"),
        ({"transferred_on": "2090-01-01"}, "不能晚于今天"),
        ({"transferred_on": "1998-01-01"}, "不能早于 2000 年"),
        ({"transferred_on": "三月"}, "不是日期"),
        ({"due_on": "2026-02-01"}, "早于转办日期"),
        ({"due_on": "2090-01-01"}, "一年以后"),
        ({"received_at": "2090-01-01T09:00"}, "不能晚于现在"),
        ({"text": ""}, "还没有写"),
        ({"text": "我" * 200_000}, "20000"),
        ({"phone": "x"}, "不是电话号码"),
        ({"id_number": "110101199001011234"}, "末位校验不符"),
        ({"branch": "没有的分行"}, "没有机构"),
    ],
)
def test_a_letter_with_a_fault_is_refused_and_kept_on_the_page(
    liaison: Client, changes: dict[str, object], says: str
) -> None:
    response = liaison.post(INTAKE, letter(**changes))
    assert response.status_code == 422 and says in page(response)
    assert str(changes.get("text", FEE))[:30] in page(response)
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("who", ["wang_xiuying", "zhao_min", "chen_li", "qian_wei", "kong_mingyu"])
def test_who_may_not_import_sees_none_of_it(
    cast: SimpleNamespace, signed_in: SignIn, who: str
) -> None:
    client = signed_in(getattr(cast, who))
    for url in (INTAKE, BATCH, "/regulator/template", f"{BATCH}/{uuid.uuid4()}"):
        assert client.get(url).status_code == 403
    assert client.post(INTAKE, letter()).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Client, bank: None) -> None:
    assert client.get(INTAKE).status_code == client.get(BATCH).status_code == 302


def test_a_supervisor_may_bring_letters_in_and_sees_what_became_of_them(
    cast: SimpleNamespace, signed_in: SignIn, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    response = signed_in(cast.sun_qian).post(INTAKE, letter(), follow=True)
    assert Complaint.objects.get().number in page(response)


def test_a_file_is_judged_row_by_row_and_confirmed_as_one(liaison: Client, noon: datetime) -> None:
    liaison.post(INTAKE, letter(reference="117号"))
    content = xlsx(
        line("117号"),
        line("118号", "柜台排队两小时没人理"),
        line("119号", ""),
        line("118号"),
        line("120号", "贷款提前还款被拒绝", 反馈期限=REPLY_BY, 转办日期="2026/3/1"),
        line("121号", 涉及机构="没有的网点", 手机号="abc"),
    )
    shown = upload(liaison, content)
    html = page(shown)
    assert Complaint.objects.count() == 1
    assert "与第 3 行的转办机构、文号相同" in html
    assert "投诉内容：还没有写" in html and "涉及机构：没有机构" in html and "手机号：" in html
    assert html.count("可以登记</span>") == 3 - 1 + 1
    done = liaison.post(address(shown), follow=True)
    assert "已登记 2 件" in page(done)
    assert Complaint.objects.count() == 3
    assert Complaint.objects.filter(lane="regulator", desk__code=BRANCH_A).count() == 3


def test_confirming_twice_brings_nothing_in_twice(liaison: Client) -> None:
    shown = upload(liaison, xlsx(line("118号"), line("119号", "柜台排队两小时没人理")))
    liaison.post(address(shown))
    liaison.post(address(shown))
    assert Contact.objects.count() == 2


def test_nothing_is_half_brought_in(liaison: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = upload(liaison, xlsx(line("118号"), line("119号", "柜台排队两小时没人理")))

    def break_off(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr("sujin.complaints.acts.receive.settle", break_off)
    with pytest.raises(RuntimeError):
        liaison.post(address(shown))
    assert not Complaint.objects.exists()


def test_the_rejected_rows_go_back_with_their_reasons_and_no_formula(liaison: Client) -> None:
    shown = upload(liaison, xlsx(line("118号", "", 姓名="=HYPERLINK(1)"), line("119号")))
    response = liaison.get(f"{address(shown)}/rejected")
    rows = load_workbook(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][0] == "2" and "还没有写" in str(rows[1][1])
    assert "=HYPERLINK(1)" in rows[1]
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(response.content)).read(
        "xl/worksheets/sheet1.xml"
    )
    assert "attachment" in response["Content-Disposition"]


def test_the_template_can_be_filled_in_and_uploaded(liaison: Client) -> None:
    content = liaison.get("/regulator/template").content
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == COLUMNS and len(rows) == 1
    assert "没有一行" in page(upload(liaison, content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_comes_in_whatever_excel_made_of_it(liaison: Client, encoding: str) -> None:
    shown = upload(liaison, csv(line("118号", "𠮷先生😡年费"), encoding=encoding), "转办.csv")
    liaison.post(address(shown))
    assert Complaint.objects.get().text == "𠮷先生😡年费"


OPEN_QUOTE = '12378,119号,2026-03-01,2026-03-12,李娜,,,"排队两小时没人理,'
BROKEN = {
    "an open quote": OPEN_QUOTE,
    "an open quote over several lines": f"{OPEN_QUOTE}\n第二天又去\n还是没人理",
    "an open quote that a stray one closes": OPEN_QUOTE,
    "a quote in a quoted cell": '12378,119号,2026-03-01,2026-03-12,李娜,,,"他说"不行"就走了",',
    "a cell too few": "12378,119号,2026-03-01,2026-03-12,李娜,,排队两小时没人理,",
    "a cell too many": "12378,119号,2026-03-01,2026-03-12,李娜,,,排队两小时,没人理,",
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_row_of_a_csv_is_refused_by_its_line_and_swallows_no_other_letter(
    liaison: Client, what: str
) -> None:
    last = '存折打印机坏了"' if "stray" in what else "存折打印机坏了"
    rows = [
        ",".join(COLUMNS),
        f'12378,118号,2026-03-01,2026-03-12,张伟,,,"{FEE}",{OUTLET_A}',
        BROKEN[what],
        f"12378,120号,2026-03-01,2026-03-12,王芳,,,{last},{OUTLET_A}",
        f'12378,121号,2026-03-01,2026-03-12,赵敏,,,"被多收了手续费\n要求退还",{OUTLET_A}',
    ]
    shown = upload(liaison, "\n".join(rows).encode(), "转办.csv")
    html = page(shown)
    assert "第 3 行" in html
    assert (html.count("badge bg-green-lt"), html.count("badge bg-red-lt")) == (3, 1)
    liaison.post(address(shown))
    assert set(Transfer.objects.values_list("reference", flat=True)) == {"118号", "120号", "121号"}


def test_a_row_that_is_refused_is_named_as_a_spreadsheet_and_as_an_editor_count_it(
    liaison: Client,
) -> None:
    rows = [",".join(COLUMNS), '12378,118号,2026-03-01,,,,,"一\n二\n三",', "12378,119号"]
    html = page(upload(liaison, "\n".join(rows).encode(), "转办.csv"))
    assert "第 3 行（文本第 5 行）" in html


def test_a_broken_row_goes_back_as_it_was_written(liaison: Client) -> None:
    rows = [",".join(COLUMNS), "12378,118号,2026-03-01,2026-03-12,张伟,,排队两小时没人理,"]
    shown = upload(liaison, "\n".join(rows).encode(), "转办.csv")
    response = liaison.get(f"{address(shown)}/rejected")
    handed_back = load_workbook(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert "排队两小时没人理" in handed_back[1]
    assert "只有 8 格" in str(handed_back[1][1])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (b"12378,\xff\xfe\xff,2026-03-01,,,,,x,", "无法解码"),
        (b"12378,119,2026-03-01,,,,,a\0b,", "空字符"),
        (b"12378,119,2026-03-01,,,,," + b"x" * 1_100_000 + b",", "1 MB"),
    ],
)
def test_a_line_that_cannot_be_read_costs_no_other_letter(
    liaison: Client, row: bytes, says: str
) -> None:
    sound = b",".join(f'"{cell}"'.encode() for cell in line("118号"))
    html = page(upload(liaison, b"\n".join([",".join(COLUMNS).encode(), row, sound]), "a.csv"))
    assert says in html
    assert html.count("badge bg-green-lt") == html.count("badge bg-red-lt") == 1


def test_an_identity_number_that_became_a_number_is_not_guessed(liaison: Client) -> None:
    html = page(upload(liaison, xlsx(line("118号", 身份证号=110101199001011237))))
    assert "身份证号：单元格是数字" in html


def test_a_phone_that_became_a_number_is_read(liaison: Client) -> None:
    shown = upload(liaison, xlsx(line("118号", 手机号=13800001234)))
    liaison.post(address(shown))
    assert Complaint.objects.get().parties.get().phone == "13800001234"


def bomb() -> bytes:
    """A workbook whose sheet unfolds into 200 MB of blanks."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(line()))) as whole:
        with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as parts:
            for name in whole.namelist():
                body = whole.read(name)
                if name.endswith("sheet1.xml"):
                    body = body.replace(b"<sheetData>", b"<sheetData>" + b" " * 200_000_000)
                parts.writestr(name, body)
    return memory.getvalue()


def far_away() -> bytes:
    """A workbook with one cell in the last corner: 17 thousand million cells in between."""
    memory = io.BytesIO()
    with Workbook(memory, {"in_memory": True}) as book:
        corner = book.add_worksheet()
        corner.write_string(0, 0, COLUMNS[0])
        corner.write_string(1_048_575, 16_383, "x")
    return memory.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.xlsx", ""),
        (b"PK\x03\x04 rubbish", "a.xlsx", "已损坏"),
        (b"not a zip", "a.xlsx", "已损坏"),
        (bomb(), "a.xlsx", "展开后过大"),
        (far_away(), "a.xlsx", "展开后过大"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.xlsx", "5 MB"),
        (xlsx(line()), "a.xls", "只能读 XLSX 或 CSV"),
        (xlsx(line(), heading=("文号", *COLUMNS[2:], "x")), "a.xlsx", "缺少这些列：转办机构"),
        (csv(), "a.csv", "没有一行"),
        (csv(*(line(str(n)) for n in range(5001))), "a.csv", "5000 行的上限"),
        ("转办机构".encode("utf-16"), "a.csv", ""),
        (b"\x00\x01\x02", "a.csv", "缺少"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused(
    liaison: Client, content: bytes, name: str, says: str
) -> None:
    response = upload(liaison, content, name)
    assert response.status_code == 422 and says in page(response)
    assert "error-summary" in page(response)


def test_a_row_with_a_huge_text_is_rejected_and_the_file_goes_on(liaison: Client) -> None:
    html = page(upload(liaison, csv(line("118号", "我" * 200_000), line("119号")), "a.csv"))
    assert "超过 20000 字的上限" in html and html.count("可以登记</span>") == 2


def test_what_is_in_the_file_stays_sealed_and_belongs_to_who_uploaded_it(
    liaison: Client, cast: SimpleNamespace, signed_in: SignIn, files_root: Path
) -> None:
    shown = upload(liaison, xlsx(line("118号")))
    kept = next((files_root / "batches").iterdir())
    assert FEE.encode() not in kept.read_bytes()
    assert signed_in(cast.zhou_tao).get(address(shown)).status_code == 404
    assert signed_in(cast.wu_tong).get(address(shown)).status_code == 200


def test_a_file_nobody_confirmed_is_swept_away_after_a_day(
    liaison: Client, cast: SimpleNamespace, noon: datetime, files_root: Path
) -> None:
    key = inbox.keep(sheet.Sheet("a", (), ()), by=cast.wu_tong, at=noon)
    later = datetime.now(noon.tzinfo) + timedelta(days=2)
    inbox.keep(sheet.Sheet("b", (), ()), by=cast.wu_tong, at=later)
    assert inbox.find(key, by=cast.wu_tong) is None
    assert len(list((files_root / "batches").iterdir())) == 1


def test_the_child_that_unfolds_dies_alone() -> None:
    child = Path(sheet.__file__).with_name("unfold.py")
    done = subprocess.run(
        [sys.executable, "-I", str(child), "10", "1000"],
        input=far_away(),
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0 and not done.stdout


def test_a_large_file_is_judged_in_as_few_questions_as_a_small_one(liaison: Client) -> None:
    def queries(count: int) -> int:
        shown = upload(liaison, csv(*(line(str(n)) for n in range(count))), "a.csv")
        with CaptureQueriesContext(connection) as asked:
            assert liaison.get(address(shown)).status_code == 200
        return len(asked)

    assert queries(2) == queries(150)


def test_an_organisation_is_found_by_name_in_a_file(liaison: Client) -> None:
    name = Org.objects.get(code=OUTLET_A).name
    shown = upload(liaison, xlsx(line("118号", 涉及机构=name)))
    liaison.post(address(shown))
    assert Complaint.objects.get().origin.code == OUTLET_A
