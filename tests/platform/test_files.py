"""What a file is, is read from its bytes; what may not come in is told why."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sujin.platform import files
from sujin.platform.files import CannotAttach, check, check_all

PDF = b"%PDF-1.7\n1 0 obj\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def office(*names: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return memory.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("流水.pdf", PDF, "application/pdf"),
        ("照片.JPG", JPEG, "image/jpeg"),
        ("说明.txt", "情况说明".encode(), "text/plain"),
        ("明细.xlsx", office("xl/workbook.xml"), files.OFFICE["xlsx"][1]),
    ],
)
def test_a_true_file_comes_in_as_what_it_is(name: str, content: bytes, media_type: str) -> None:
    assert check(SimpleUploadedFile(name, content)).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("流水.pdf", b"MZ\x90\x00", "不符"),
        ("照片.jpg", PDF, "不符"),
        ("照片.jpg", b"<svg onload=alert(1)>", "不符"),
        ("病毒.exe", b"MZ", "不能上传"),
        ("没有扩展名", PDF, "不能上传"),
        ("空.pdf", b"", "空文件"),
        ("宏.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "不符"),
        ("坏.docx", b"PK\x03\x04rubbish", "不符"),
        ("二进制.txt", b"a\x00b", "不符"),
    ],
)
def test_a_file_that_lies_is_refused_and_told_why(name: str, content: bytes, why: str) -> None:
    with pytest.raises(CannotAttach, match=why):
        check(SimpleUploadedFile(name, content))


def test_thirty_megabytes_are_refused_before_they_are_read() -> None:
    class Huge:
        name, size = "录像.mp4", 30 * 1024 * 1024

        def read(self, num_bytes: int | None = None, /) -> bytes:
            raise AssertionError("read although it is too large")

    with pytest.raises(CannotAttach, match=r"30\.0 MB"):
        check(Huge())


def test_too_many_files_are_refused_together() -> None:
    many = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(files.MAX_FILES + 1)]
    with pytest.raises(CannotAttach, match=str(files.MAX_FILES)):
        check_all(many)


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\x\\流水.pdf", "a\u202efdp.pdf"])
def test_a_name_keeps_its_last_part_and_no_tricks(name: str) -> None:
    kept = files._plain_name(name)
    assert "/" not in kept
    assert "\\" not in kept
    assert "\u202e" not in kept
    assert kept.endswith(".pdf")
