"""Organisations as people name them at a door: by code or by full name."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.request import staff

SUGGESTED = 20


class Known:
    """The organisations that any of ``asked`` names, looked up in one query."""

    def __init__(self, asked: Iterable[str]) -> None:
        names = sorted(set(asked) - {""})
        by_name = Q(code__in=names) | Q(name__in=names) | Q(name_en__in=names)
        self._found: dict[str, list[Org]] = defaultdict(list)
        for org in Org.objects.filter(by_name) if names else ():
            for name in {org.code, org.name, org.name_en}:
                self._found[name].append(org)

    def named(self, asked: str) -> list[Org]:
        """Every organisation with this code or name; a code comes before equal names."""
        found = self._found.get(asked, [])
        return [org for org in found if org.code == asked] or found


def catch_all() -> Org:
    """Where a matter belongs whose branch nobody knows: the remote centre, else the head office."""
    kinds = Q(kind=OrgKind.CENTRE) | Q(parent__isnull=True)
    found = Org.objects.filter(kinds).order_by("pk")
    return min(found, key=lambda org: org.kind != OrgKind.CENTRE)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The options of a datalist: organisations whose code or name holds the typed words."""
    staff(request)
    typed = request.GET.get("branch", "").strip()[:40]
    rows = Org.objects.filter(Q(name__icontains=typed) | Q(code__istartswith=typed))
    found = rows.order_by("code")[:SUGGESTED] if typed else []
    return render(request, "intake/branches.html", {"orgs": found})
