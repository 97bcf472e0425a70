"""Which desk answers for the knowledge of a professional line: the one at head office."""

from sujin.platform.models import Org


def line_desks() -> dict[str, Org]:
    """The department, or company, of each line right under the head office; under no line the
    head office itself."""
    rows = Org.objects.filter(parent__parent__isnull=True, parent__isnull=False).exclude(line="")
    head = Org.objects.filter(parent__isnull=True).order_by("pk").first()
    found = {org.line: org for org in rows.order_by("-pk")}
    return {**found, "": head} if head else found
