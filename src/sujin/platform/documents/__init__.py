"""A text in Markdown as a page, a PDF or a Word file, in Chinese type, in ordinary or large print.

The Markdown is small: headings, paragraphs, lists, bold. Raw HTML in it is text like any other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from sujin.platform.documents.blocks import html
from sujin.platform.documents.pdf import pdf
from sujin.platform.documents.word import docx

__all__ = ["FORMS", "Form", "docx", "html", "pdf", "response"]

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to hand a text out: its type, the end of its name, how it is made."""

    content_type: str
    ending: str
    make: Callable[..., bytes]
    large: bool = False


FORMS: Mapping[str, Form] = {
    "pdf": Form(PDF, ".pdf", pdf),
    "docx": Form(WORD, ".docx", docx),
    "large.pdf": Form(PDF, "-大字.pdf", pdf, large=True),
    "large.docx": Form(WORD, "-大字.docx", docx, large=True),
}


def response(form: Form, text: str, name: str) -> HttpResponse:
    """The text as a download called ``name`` and the form's ending."""
    answer = HttpResponse(form.make(text, large=form.large), content_type=form.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name + form.ending)
    return answer
