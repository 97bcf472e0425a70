"""A Word file by python-docx, with the Chinese font named where Word looks for it."""

import io

import docx as word
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from sujin.platform.documents.blocks import Block, blocks
from sujin.platform.documents.pdf import HAN

FONT = "Noto Sans SC"
SIZE, LARGE = 12, 18
# Real headings: whoever listens to the file jumps from one to the next.
STYLES = {"title": "Heading 1", "heading": "Heading 2", "item": "List Bullet"}
SCALES = {"Heading 1": 1.4, "Heading 2": 1.08}
BLACK = RGBColor(0, 0, 0)


def docx(text: str, *, large: bool = False) -> bytes:
    """The text as a Word document on A4."""
    document = word.Document()
    _set_page(document, LARGE if large else SIZE)
    found = blocks(text)
    for block, following in zip(found, [*found[1:], None], strict=True):
        paragraph = _add(document, block)
        if following is not None and following.kind == "closing":
            paragraph.paragraph_format.keep_with_next = True
        if block.kind == "closing" and HAN.search(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: Document, size: int) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    for name in ("Normal", *STYLES.values()):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        set_font(style, size * SCALES.get(str(style.name), 1))


def set_font(style: ParagraphStyle, size: float) -> None:
    """The style in our font, black, at ``size`` points, in Word's every script."""
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.color.rgb = BLACK
    style.paragraph_format.line_spacing = 1.4
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme's font would win over a named one.
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _add(document: Document, block: Block) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph(style=STYLES.get(block.kind))
    if block.kind == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if block.kind == "closing":
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.space_before = Pt(24)
    for run in block.runs:
        written = paragraph.add_run(run.text)
        written.bold = run.bold or block.kind in ("title", "heading")
    return paragraph
