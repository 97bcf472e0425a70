"""Both languages in one page: the reader switches, and no server is there to ask."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sujin.archive.said import Said

register = template.Library()
_BOTH = '<span class="zh" lang="zh">{}</span><span class="en" lang="en">{}</span>'


@register.simple_tag
def both(zh: str, en: str) -> SafeString:
    """A heading or label in Chinese and in English."""
    return format_html(_BOTH, zh, en)


@register.filter
def told(said: Said) -> SafeString:
    """A sentence that knows both its languages."""
    return format_html(_BOTH, said.zh, said.en)
