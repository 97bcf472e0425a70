"""Letters as files: opened, read and rendered, with Chinese that is really drawn."""

import io
import re
from importlib import import_module
from itertools import combinations

import docx as word
import mammoth
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pytest
from docx.shared import Pt

from sujin import packs
from sujin.platform import documents
from sujin.platform.documents.blocks import blocks

# The package's own ``pdf`` is the function.
maker = import_module("sujin.platform.documents.pdf")
Page = npt.NDArray[np.uint8]
LETTERS = {
    "zh": packs.text("cn_nfra_2020_3", "letters/decision.md"),
    "en": packs.text("uk_disp", "letters/decision.md"),
}
LONG = "# 答复\n\n" + "\n\n".join(f"## 第{n}节\n\n" + "我们查了您的账单。" * 40 for n in range(6))
LONG += "\n\n最后一段。\n\n某某银行 营业部\n联系人：陈立\n2026年3月4日\n"
FORMS = [(language, large) for language in LETTERS for large in (False, True)]
# Everyday characters whose shapes have little in common.
SIGNS = "您账户年费退还"


def pages(file: bytes) -> list[pdfium.PdfPage]:
    return list(pdfium.PdfDocument(file))


def said(page: pdfium.PdfPage) -> str:
    # A hyphen at the end of a line comes back as a sign of its own.
    return str(page.get_textpage().get_text_range()).replace("\ufffe", "-")


def words_of(text: str) -> str:
    """Without marks, spaces and line ends, which every form sets in its own way."""
    return re.sub(r"[#*\s]|^- ", "", text, flags=re.M)


def drawn(page: pdfium.PdfPage, sign: str) -> Page:
    """The picture of the first place where the page shows ``sign``, on 24 by 24 points."""
    scale = 4
    text = page.get_textpage()
    at = text.get_text_range().index(sign)
    left, bottom, right, top = text.get_charbox(at, loose=True)
    whole = page.render(scale=scale, grayscale=True).to_numpy()
    height = whole.shape[0]
    cut = whole[
        int(height - top * scale) : int(height - bottom * scale),
        int(left * scale) : int(right * scale),
    ]
    rows = np.linspace(0, cut.shape[0] - 1, 24).astype(int)
    columns = np.linspace(0, cut.shape[1] - 1, 24).astype(int)
    return np.asarray(cut.reshape(cut.shape[:2])[rows][:, columns])


def is_legible(file: bytes, signs: str = SIGNS) -> bool:
    """Every sign leaves ink, and no two leave the same: boxes for missing signs are all alike."""
    page = pages(file)[0]
    if any(sign not in said(page) for sign in signs):
        return False
    shapes = [drawn(page, sign) < 128 for sign in signs]
    inked = all(0.04 < shape.mean() < 0.8 for shape in shapes)
    return inked and all((one != other).mean() > 0.08 for one, other in combinations(shapes, 2))


@pytest.mark.parametrize(("language", "large"), FORMS)
def test_a_pdf_says_every_word_of_the_letter_on_a4(language: str, large: bool) -> None:
    found = pages(documents.pdf(LETTERS[language], large=large))
    told = "".join(re.sub(r"\d+ / \d+\s*$", "", said(page)) for page in found)
    # The reader gives typographic quotes and dashes as they were written.
    assert re.sub(r"\s", "", told).replace("•", "") == words_of(LETTERS[language])
    assert all(page.get_size() == pytest.approx((595.3, 841.9), abs=0.5) for page in found)


@pytest.mark.parametrize("large", [False, True])
def test_the_chinese_of_a_pdf_is_really_drawn(large: bool) -> None:
    assert is_legible(documents.pdf(f"# 答复\n\n{SIGNS}。", large=large))


def test_a_font_without_chinese_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad control: the same page in a font that has none of these characters."""
    family = '("Noto Sans SC", "Noto Sans CJK SC")'
    assert family in maker.SOURCE
    bare = maker.SOURCE.replace(family, '"DejaVu Sans Mono", fallback: false')
    monkeypatch.setattr(maker, "SOURCE", bare)
    assert not is_legible(documents.pdf(f"# 答复\n\n{SIGNS}。"))


def test_large_print_is_eighteen_points_at_least() -> None:
    (page, *_more) = pages(documents.pdf("您的年费三天内退给您。", large=True))
    text = page.get_textpage()
    sizes = {
        round(pdfium.raw.FPDFText_GetFontSize(text.raw, at), 1) for at in range(text.count_chars())
    }
    # What the reader puts in between, line ends, has the size 1.
    assert min(sizes - {1.0}) >= 18
    document = word.Document(io.BytesIO(documents.docx("# 答\n\n## 复\n\n您好。", large=True)))
    for paragraph in document.paragraphs:
        assert paragraph.style is not None and paragraph.style.font.size >= Pt(18)


@pytest.mark.parametrize("large", [False, True])
def test_who_writes_and_when_never_stands_alone_on_a_page(large: bool) -> None:
    for length in range(0, 40, 4):
        letter = LONG.replace("最后一段。", "最后一段。" + "再说一句话。" * length)
        last = said(pages(documents.pdf(letter, large=large))[-1])
        assert "联系人" in last and "某某银行" in last and "再说一句话" * bool(length) in last
    assert blocks(LONG)[-1].kind == "closing"
    assert blocks("# 题\n\n只有一段，\n两行。")[-1].kind == "closing"
    assert blocks("一段，\n两行。")[-1].kind == "text"


def test_every_page_is_numbered_and_no_heading_ends_one() -> None:
    found = pages(documents.pdf(LONG, large=True))
    assert len(found) > 2
    for number, page in enumerate(found, 1):
        lines = said(page).strip().splitlines()
        assert lines[-1].strip() == f"{number} / {len(found)}"
        assert not re.fullmatch(r"第\d节", lines[-2].strip())


@pytest.mark.parametrize(("language", "large"), FORMS)
def test_a_word_file_opens_with_every_word_and_real_headings(language: str, large: bool) -> None:
    made = documents.docx(LETTERS[language], large=large)
    document = word.Document(io.BytesIO(made))
    told = "".join(paragraph.text for paragraph in document.paragraphs)
    assert words_of(told) == words_of(LETTERS[language])
    html = mammoth.convert_to_html(io.BytesIO(made)).value
    assert html.count("<h1>") == 1 and html.count("<h2>") == LETTERS[language].count("\n## ")
    fonts = {style.font.name for style in document.styles if getattr(style, "font", None)}
    assert "Noto Sans SC" in fonts


def test_words_somebody_typed_are_no_commands() -> None:
    evil = '#import "x"; $x$ \\ @ref <label> `raw` "quote" #{1+1}'
    assert re.sub(r"\s", "", evil) in re.sub(r"\s", "", said(pages(documents.pdf(evil))[0]))
