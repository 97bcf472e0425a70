"""升级走势: one calm line on the dossier, and the page that says how far it may be believed."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import happenings, outlook, words
from sujin.complaints.models import Complaint
from sujin.complaints.outlook import Outlook
from sujin.complaints.rulebook import name_of
from sujin.complaints.sides import Sight
from sujin.engine.outlook import Bin, Facts, Reason
from sujin.platform.ui.listing import Column, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

READERS = frozenset({"approve", "export", "journal"})
GRADES = {"low": _("低"), "middle": _("中"), "high": _("高")}
FAILS = {
    "cases": _("留出的件太少"),
    "events": _("留出的件里升级的（或没有升级的）太少"),
    "z": _("说的概率与实际不符（Spiegelhalter 检验）"),
    "ece": _("平均校准误差太大"),
    "skill": _("不比只报平均数强"),
}
COLUMNS = [
    Column("number", _("编号")),
    Column("tier", _("分级")),
    Column("text", _("诉求")),
    Column("business", _("业务")),
    Column("desk", _("承办")),
    Column("received", _("受理"), sort="received"),
    Column("due", _("时限")),
]


@dataclass(frozen=True, slots=True)
class Line:
    """The estimate of one case as the dossier says it; ``bin`` is what was checked about like
    estimates."""

    grade: str
    label: Any
    percent: int
    days: int
    reasons: list[tuple[str, bool]]
    checked: int
    bin: Bin
    opens: bool

    @property
    def said(self) -> int:
        return round(self.bin.said * 100)

    @property
    def came(self) -> int:
        return round(self.bin.came * 100)


def line(case: Complaint, request: StaffRequest, sight: Sight) -> Line | None:
    """Of an open complaint on the reader's own side, while the check passes; else nothing."""
    kept = outlook.current() if case.is_open and case.kind == "complaint" else None
    facts = happenings.facts_at(case, request.at) if kept and not sight.is_partial else None
    if kept is None or facts is None:
        return None
    chance = float(kept.model.probabilities([facts])[0])
    grade = outlook.grade(chance)
    return Line(
        grade, GRADES[grade], round(chance * 100), kept.card.days,
        [(told(one, facts), one.weight > 0) for one in kept.model.reasons(facts)],
        kept.check.n, kept.check.bin_of(chance), bool(READERS & request.reach.may),
    )  # fmt: skip


def told(reason: Reason, facts: Facts) -> str:
    """The fact behind a reason, in the reader's language."""
    name = reason.fact
    if name in ("channel", "tier", "business"):
        return _class(name, str(getattr(facts, name)))
    if name in _YES_NO:
        yes, no = _YES_NO[name]
        return str(yes if getattr(facts, name) else no)
    value = getattr(facts, name)
    if name == "used":
        return _t("时限已用 %(share)d%%") % {"share": round(value * 100)}
    return str(_COUNTED[name]) % {"n": round(value)}


_YES_NO = {
    "vulnerable": (_("特殊群体"), _("不是特殊群体")),
    "regulator": (_("监管已转办"), _("没有监管转办")),
    "answered": (_("已答复"), _("还没有答复")),
    "spoken": (_("已首次联系"), _("还没有首次联系")),
}
_COUNTED = {
    "age_days": _("已受理 %(n)d 天"),
    "quiet_days": _("%(n)d 天没有动静"),
    "contacts": _("客户又联系 %(n)d 次"),
    "handovers": _("转手 %(n)d 次"),
    "missed": _("失约 %(n)d 次"),
    "delays": _("延期或中止 %(n)d 次"),
    "repeats": _("重复投诉 %(n)d 次"),
}


def _class(name: str, value: str) -> str:
    if name == "business":
        named = name_of("business", value, english=get_language() == "en") if value else "—"
        return _t("业务：%(what)s") % {"what": named}
    known = words.TIERS if name == "tier" else words.CHANNELS
    said = {"what": known.get(value, value or "—")}
    return (_t("等级：%(what)s") if name == "tier" else _t("渠道：%(what)s")) % said


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The check row by row; ``?row=`` opens the held-out cases of a row within one's reach."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    held = outlook.found()
    context: dict[str, Any] = {"spoiled": held.spoiled, "rules": outlook.rules()}
    if held.value is not None:
        context |= _told(held.value, asked, request.GET.get("row", ""))
    return render(request, "complaints/outlook.html", context)


def _told(kept: Outlook, request: StaffRequest, row: str) -> dict[str, Any]:
    check = kept.check
    chosen = int(row) if row.isascii() and row.isdigit() and int(row) < len(check.bins) else None
    found: dict[str, Any] = {
        "kept": kept,
        "check": check,
        "fails": [FAILS[name] for name in check.fails],
        "bins": [(place, *_shares(one), one) for place, one in enumerate(check.bins)],
        "chosen": chosen,
    }
    if chosen is not None:
        keys = [int(kept.keys[place]) for place in check.bins[chosen].rows]
        found["listing"] = _listing(keys, request)
    return found


def _shares(one: Bin) -> tuple[float, float, float, float]:
    """In percent: said, came, and the ends of the interval."""
    return one.said * 100, one.came * 100, one.low * 100, one.high * 100


def _listing(keys: list[int], request: StaffRequest) -> Listing[Complaint]:
    rows = Complaint.objects.within(request.reach).filter(pk__in=keys)
    return Listing(
        request.GET,
        rows.select_related("desk", "accountable").defer("tokens", "minhash", "bands"),
        sorts=[Sort("received", _("受理时间"), ("-received_at",))],
        columns=COLUMNS,
        size=20,
    )
