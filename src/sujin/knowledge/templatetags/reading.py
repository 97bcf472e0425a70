"""``{% load reading %}``: what the reader still has to read, and pieces of a book."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from sujin.knowledge.models import Acknowledgement
from sujin.platform.documents.blocks import html

register = template.Library()
MOST = 3


@register.inclusion_tag("knowledge/partials/my_reading.html", takes_context=True)
def my_reading(context: Mapping[str, Any]) -> dict[str, Any]:
    """The nearest of what waits to be read, and how many there are."""
    request = context["request"]
    rows = Acknowledgement.objects.missing().filter(person=request.person)
    rows = rows.select_related("distribution__issue", "distribution__version")
    waiting = list(rows.order_by("distribution__read_by", "pk")[: MOST + 1])
    today = timezone.localdate(request.at)
    return {"request": request, "waiting": waiting[:MOST], "more": waiting[MOST:], "today": today}


@register.filter
def piece_html(text: str) -> SafeString:
    """The small Markdown of a piece."""
    return html(text)


@register.filter
def of(gone: Mapping[str, Any], key: str) -> Any:
    """What has fallen under this key, if anything."""
    return gone.get(key)
