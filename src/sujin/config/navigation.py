"""The side navigation: one list, in the order of a day."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.governance.models.event import READERS
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach
from sujin.platform.ui.request import AnyRequest
from sujin.supervision.models.inspection import READERS as INSPECTING
from sujin.supervision.models.star import READERS as RATING


@dataclass(frozen=True, slots=True)
class Entrance:
    """A page in the navigation; shown to whoever holds one of the permissions."""

    page: str
    label: Promise
    icon: str
    needs: frozenset[str]
    at_centre: bool | None = None

    def is_open(self, reach: Reach) -> bool:
        """``at_centre`` asks for, or excludes, a post at the hotline's centre."""
        centre = any(post.org.kind == OrgKind.CENTRE for post in reach.posts)
        return bool(self.needs & reach.may) and self.at_centre in (None, centre)


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
    Entrance("counter:intake", _("登记投诉"), "clipboard", frozenset({"receive"}), False),
    Entrance("hotline:intake", _("登记来电"), "phone-incoming", frozenset({"receive"}), True),
    Entrance("knowledge:library", _("知识库"), "books", WORKS),
    Entrance("knowledge:restrictions", _("账户限制"), "lock", frozenset({"receive"})),
    Entrance("knowledge:scams", _("诈骗识别"), "shield-lock", frozenset({"receive"})),
    Entrance("knowledge:conversations", _("智能助手"), "robot", frozenset({"export"})),
    Entrance("governance:waves", _("预警"), "trending-up", frozenset({"watch"})),
    Entrance("governance:level", _("本级看板"), "chart-dots", frozenset({"watch", "annotate"})),
    Entrance("governance:metrics", _("指标目录"), "chart-line", frozenset({"watch"})),
    Entrance("governance:indicators", _("指标"), "target", frozenset({"watch"})),
    Entrance("governance:meetings", _("研判会"), "users-group", frozenset({"watch"})),
    Entrance("governance:ledger", _("治理台账"), "notebook", frozenset({"watch"})),
    Entrance("governance:programmes", _("专项"), "flag", frozenset({"watch"})),
    Entrance("supervision:proposals", _("优化建议"), "bulb", WORKS | {"watch"}),
    Entrance("supervision:walkthroughs", _("体验评审"), "users-group", frozenset({"watch"})),
    Entrance("supervision:outreaches", _("宣教"), "speakerphone", frozenset({"watch"})),
    Entrance("reports:weekly", _("每周复盘"), "calendar-event", frozenset({"watch"})),
    Entrance("reports:monthly", _("月度通报"), "calendar", frozenset({"watch"})),
    Entrance("reports:quarterly", _("季度通报"), "report", frozenset({"watch"})),
    Entrance("reports:returns", _("报送"), "building-bank", frozenset({"export"})),
    Entrance("governance:visits", _("走访"), "map-pin", frozenset({"watch", "visit"})),
    Entrance("governance:prospects", _("前瞻研判"), "calendar-due", frozenset({"watch"})),
    Entrance("complaints:wall", _("时限墙"), "alarm", frozenset({"search"})),
    Entrance("complaints:queue", _("部门队列"), "inbox", frozenset({"claim"})),
    Entrance("complaints:early", _("本条线"), "eye", frozenset({"early_view"})),
    Entrance("complaints:groups", _("相同文本"), "layers-intersect", frozenset({"search"})),
    Entrance("regulator:intake", _("监管转办"), "building-bank", frozenset({"import"})),
    Entrance("complaints:sessions", _("会商"), "calendar-event", frozenset({"meet", "search"})),
    Entrance("complaints:approvals", _("待批"), "rubber-stamp", frozenset({"claim", "approve"})),
    Entrance("complaints:liaison", _("联络与专家"), "lifebuoy", frozenset({"hand_over"})),
    Entrance(
        "complaints:retyping", _("改类报告"), "arrows-exchange", frozenset({"approve", "export"})
    ),
    Entrance(
        "complaints:figures",
        _("漏斗与时效"),
        "chart-bar",
        frozenset({"approve", "export", "early_view", "journal"}),
    ),
    Entrance(
        "complaints:examinations", _("每夜核对"), "checklist", frozenset({"journal", "export"})
    ),
    Entrance("complaints:corrections", _("更正队列"), "tags", frozenset({"reclassify"})),
    Entrance(
        "complaints:models", _("分类模型"), "school", frozenset({"approve", "export", "journal"})
    ),
    Entrance(
        "complaints:outlook",
        _("升级走势"),
        "trending-up",
        frozenset({"approve", "export", "journal"}),
    ),
    Entrance("supervision:trainings", _("我的培训"), "school", WORKS),
    Entrance(
        "supervision:training_coverage",
        _("培训覆盖"),
        "certificate",
        frozenset({"train", "inspect"}),
    ),
    Entrance("supervision:findings", _("指标核查"), "radar", frozenset({"inspect", "explain"})),
    Entrance("supervision:inspections", _("检查"), "checklist", INSPECTING),
    Entrance("supervision:rectifications", _("整改清单"), "list-check", INSPECTING),
    Entrance("supervision:fairness", _("公平对待"), "heart-handshake", frozenset({"watch"})),
    Entrance("supervision:star_rating", _("网点星级"), "star", RATING),
    Entrance("supervision:scorecards", _("考核评分卡"), "certificate", RATING),
    Entrance("supervision:accountabilities", _("问责"), "gavel", frozenset({"account", "decide"})),
    Entrance("supervision:dispersion", _("赔付尺度"), "scale", frozenset({"inspect"})),
    Entrance("supervision:surveys", _("客户满意度"), "mood-happy", frozenset({"survey"})),
    Entrance("supervision:silent", _("没说出的不满"), "ear", frozenset({"inspect", "explain"})),
    Entrance(
        "complaints:overrides",
        _("人工改级"),
        "stairs-up",
        frozenset({"approve", "export", "journal"}),
    ),
    Entrance(
        "complaints:assurance",
        _("漏判保证"),
        "shield-check",
        frozenset({"approve", "export", "journal"}),
    ),
    Entrance("governance:events", _("事件应对"), "speakerphone", READERS),
    Entrance("governance:flashes", _("快报"), "bolt", READERS),
    Entrance("governance:mentions", _("舆情"), "world", READERS),
    Entrance(
        "governance:effects",
        _("效果卡"),
        "target-arrow",
        frozenset({"draft", "compile", "release", "inspect"}),
    ),
    Entrance("governance:evidence", _("证据档案"), "folders", frozenset({"evidence"})),
    Entrance("platform:people", _("人员与机构"), "users", frozenset({"administer"})),
    Entrance("platform:journal", _("审计日志"), "history", frozenset({"journal"})),
]


def items(request: AnyRequest) -> list[NavItem]:
    """The entrances open to this person, the current one marked."""
    if request.reach is None:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        NavItem(entrance.label, reverse(entrance.page), entrance.icon, entrance.page == here)
        for entrance in NAVIGATION
        if entrance.is_open(request.reach)
    ]
