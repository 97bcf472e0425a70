"""The side navigation: one list, in the order of a day."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.platform.ui.request import AnyRequest


@dataclass(frozen=True, slots=True)
class Entrance:
    """A page in the navigation; shown to whoever holds one of the permissions."""

    page: str
    label: Promise
    icon: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entrance as the template shows it."""

    label: Promise
    url: str
    icon: str
    active: bool
    count: int | None = None


WORKS = frozenset({"receive", "claim", "annotate", "search", "journal"})
NAVIGATION = [
    Entrance("complaints:home", _("工作台"), "home", WORKS),
    Entrance("complaints:list", _("投诉列表"), "list", WORKS),
    Entrance("counter:intake", _("登记投诉"), "clipboard", frozenset({"receive"})),
    Entrance("complaints:early", _("本条线"), "eye", frozenset({"early_view"})),
    Entrance("regulator:intake", _("监管转办"), "building-bank", frozenset({"import"})),
    Entrance(
        "complaints:retyping", _("改类报告"), "arrows-exchange", frozenset({"approve", "export"})
    ),
    Entrance("platform:people", _("人员与机构"), "users", frozenset({"administer"})),
    Entrance("platform:journal", _("审计日志"), "history", frozenset({"journal"})),
]


def items(request: AnyRequest) -> list[NavItem]:
    """The entrances open to this person, the current one marked."""
    may = request.reach.may if request.reach else frozenset()
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        NavItem(entrance.label, reverse(entrance.page), entrance.icon, entrance.page == here)
        for entrance in NAVIGATION
        if entrance.needs & may
    ]
