"""``{% load knowledge %}``: the parts of a version as a page shows them."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sujin.knowledge.wording import weighed
from sujin.platform.documents.blocks import html

register = template.Library()


@register.filter
def part_html(text: str, kind: str) -> SafeString:
    """A part as HTML: Markdown for words and lists, a checklist with its weights."""
    if kind == "weighed":
        rows = ((weight, said) for weight, said in weighed(text))
        row = '<li><span class="weight num">{}</span> {}</li>'
        return format_html('<ul class="weighed">{}</ul>', format_html_join("", row, rows))
    return html(text)
