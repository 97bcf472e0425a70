"""A Word file by python-docx, with the Chinese font named where Word looks for it."""

import io

import docx as word
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from sujin.platform.documents.blocks import Block, blocks

FONT = "Noto Sans SC"
SIZE, LARGE = 12, 18
SCALES = {"title": 1.4, "heading": 1.08}


def docx(text: str, *, large: bool = False) -> bytes:
    """The text as a Word document on A4."""
    document = word.Document()
    size = LARGE if large else SIZE
    _set_page(document, size)
    for block in blocks(text):
        _add(document, block, size)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: Document, size: int) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(size)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FONT)


def _add(document: Document, block: Block, size: int) -> None:
    style = "List Bullet" if block.kind == "item" else None
    paragraph: Paragraph = document.add_paragraph(style=style)
    if block.kind == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in block.runs:
        written = paragraph.add_run(run.text)
        written.bold = run.bold or block.kind in SCALES
        written.font.size = Pt(size * SCALES.get(block.kind, 1))
