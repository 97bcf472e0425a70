"""A book as a Word file by python-docx: real headings, contents, boxes, tables, page numbers."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC

import docx as word
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from sujin.platform.documents.blocks import blocks
from sujin.platform.documents.book import BOX, QUOTE, SMALL, TABLE, Book, Chapter, Piece, Section
from sujin.platform.documents.word import BLACK, set_font

SIZES = {"Normal": 10.5, "Heading 1": 17.0, "Heading 2": 12.5, "List Bullet": 10.5}
HEADING_1, HEADING_2, BULLET = "Heading1", "Heading2", "ListBullet"
RED, SOFT = RGBColor(0xB3, 0x26, 0x1E), RGBColor(0x5A, 0x5A, 0x5A)
FIGURES = "零一二三四五六七八九十"
# The earliest moment that a ZIP archive can name: the same in every file.
EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(book: Book) -> bytes:
    """The book as a Word document on A4. The same book gives the same bytes."""
    document = word.Document()
    _set_up(document, book)
    _cover(document, book)
    _contents(document, book)
    for nth, chapter in enumerate(book.chapters, start=1):
        _chapter(document, chapter, nth)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def chapter_name(nth: int, title: str) -> str:
    """``第三章 …`` up to ninety-nine."""
    tens, ones = divmod(nth, 10)
    lead = "" if tens == 0 else ("十" if tens == 1 else f"{FIGURES[tens]}十")
    said = lead + (FIGURES[ones] if ones or not tens else "")
    return f"第{said}章 {title}"


def _settled(made: bytes) -> bytes:
    """The same archive without the moment at which it was packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as packed, zipfile.ZipFile(out, "w") as fresh:
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            fresh.writestr(entry, packed.read(name))
    return out.getvalue()


def _set_up(document: Document, book: Book) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.different_first_page_header_footer = True
    for name, size in SIZES.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        set_font(style, size)
    facts = document.core_properties
    at = book.made_at.astimezone(UTC).replace(tzinfo=None)
    facts.title, facts.author, facts.last_modified_by = book.title, book.author, book.author
    facts.created = facts.modified = at
    facts.revision, facts.comments = 1, book.closing
    head = section.header.paragraphs[0]
    _small(head.add_run(f"{book.title}　{book.label}"))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(foot, "PAGE", "1")


def _cover(document: Document, book: Book) -> None:
    _centred(document, book.author, 12, before=150)
    _centred(document, book.title, 28, bold=True, before=16)
    _centred(document, book.label, 15, before=8)
    for nth, (name, value) in enumerate(book.facts):
        _centred(document, f"{name}　{value}", 11, before=190 if nth == 0 else 4)
    _centred(document, book.closing, 8, before=24)


def _centred(
    document: Document, said: str, size: float, *, bold: bool = False, before: float = 0
) -> None:
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_before = Pt(before)
    run = line.add_run(said)
    run.font.size, run.bold = Pt(size), bold


def _contents(document: Document, book: Book) -> None:
    """A contents field that already shows its lines; Word fills in the pages when it updates it."""
    title = document.add_paragraph()
    title.paragraph_format.page_break_before = True
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("目　录")
    run.bold, run.font.size = True, Pt(17)
    lines = list(_content_lines(book))
    first = document.add_paragraph()
    _begin_field(first, 'TOC \\o "1-2" \\h \\z \\u')
    last = first
    for nth, (level, said) in enumerate(lines):
        last = first if nth == 0 else document.add_paragraph()
        last.paragraph_format.left_indent = Mm(7 * (level - 1))
        last.add_run(said).bold = level == 1
    _mark(last, "end")


def _content_lines(book: Book) -> Iterator[tuple[int, str]]:
    for nth, chapter in enumerate(book.chapters, start=1):
        yield 1, chapter_name(nth, chapter.title)
        for place, section in enumerate(chapter.sections, start=1):
            yield 2, f"{nth}.{place} {section.title}"


def _chapter(document: Document, chapter: Chapter, nth: int) -> None:
    heading = _styled(document, HEADING_1)
    heading.add_run(chapter_name(nth, chapter.title))
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.space_after = Pt(14)
    for piece in chapter.pieces:
        _piece(document, piece)
    for place, section in enumerate(chapter.sections, start=1):
        _section(document, section, f"{nth}.{place}")


def _section(document: Document, section: Section, number: str) -> None:
    heading = _styled(document, HEADING_2)
    heading.add_run(f"{number} {section.title}")
    heading.paragraph_format.space_before = Pt(20)
    if section.note:
        note = document.add_paragraph()
        note.paragraph_format.keep_with_next = True
        _small(note.add_run(section.note))
    for piece in section.pieces:
        _piece(document, piece)


def _styled(document: Document, style: str) -> Paragraph:
    """A paragraph by the id of its style: to look the style up by its name costs more than all the
    rest of a large book."""
    line: Paragraph = document.add_paragraph()
    if style:
        line._p.style = style
    return line


def _piece(document: Document, piece: Piece) -> None:
    if piece.title:
        title = document.add_paragraph()
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.space_before = Pt(8)
        run = title.add_run(piece.title)
        run.bold = True
        _dress(title, run, piece.kind)
    if piece.kind == TABLE:
        _table(document, piece)
        return
    for block in blocks(piece.text):
        line = _styled(document, BULLET if block.kind == "item" else "")
        if block.kind != "item" and piece.kind == "text":
            line.paragraph_format.first_line_indent = Pt(21)
        for told in block.runs:
            run = line.add_run(told.text)
            run.bold = told.bold or block.kind in {"title", "heading"}
            _dress(line, run, piece.kind, is_title=False)


def _dress(line: Paragraph, run: Run, kind: str, *, is_title: bool = True) -> None:
    if kind == SMALL:
        _small(run)
    elif kind == BOX:
        _border(line, "B3261E", ("top", "left", "bottom", "right"))
        if is_title:
            run.font.color.rgb = RED
    elif kind == QUOTE and not is_title:
        _border(line, "787878", ("left",), fill="F5F5F5")


def _small(run: Run) -> None:
    run.font.size, run.font.color.rgb = Pt(8.5), SOFT


def _border(line: Paragraph, colour: str, sides: tuple[str, ...], fill: str = "") -> None:
    """Neighbours with the same border are drawn by Word as one box."""
    properties = line._p.get_or_add_pPr()
    if properties.find(qn("w:pBdr")) is not None:
        return
    border = OxmlElement("w:pBdr")
    for side in sides:
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "8"), ("space", "6"), ("color", colour)):
            edge.set(qn(f"w:{name}"), value)
        border.append(edge)
    _insert(properties, border)
    if fill:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        _insert(properties, shade)


# What must stand behind border and shading in a paragraph's properties.
_LATER = (
    "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
    "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing",
    "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:rPr",
)  # fmt: skip


def _insert(properties: BaseOxmlElement, fresh: BaseOxmlElement) -> None:
    properties.insert_element_before(fresh, *_LATER)


def _table(document: Document, piece: Piece) -> None:
    table = document.add_table(rows=1, cols=len(piece.head), style="Table Grid")
    for cell, said in zip(table.rows[0].cells, piece.head, strict=True):
        run = cell.paragraphs[0].add_run(said)
        run.bold, run.font.size = True, Pt(9)
    for row in piece.rows:
        cells = table.add_row().cells
        for cell, said in zip(cells, row, strict=True):
            run = cell.paragraphs[0].add_run(said)
            run.font.size, run.font.color.rgb = Pt(9), BLACK
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)


def _field(line: Paragraph, code: str, shown: str) -> None:
    _begin_field(line, code)
    line.add_run(shown)
    _mark(line, "end")


def _begin_field(line: Paragraph, code: str) -> None:
    _mark(line, "begin")
    told = OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = f" {code} "
    line.add_run()._r.append(told)
    _mark(line, "separate")


def _mark(line: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)
