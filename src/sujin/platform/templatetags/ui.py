"""``{% load ui %}``: icons, time, badges, links with a changed query, and form fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.platform.reach import role_name
from sujin.platform.ui import time
from sujin.platform.ui.forms import Dressed, dress
from sujin.platform.ui.query import changed

register = template.Library()

NOTHING = "—"
# Shape as well as colour tells the tiers apart: circle, diamond, triangle.
TIERS = {
    "ordinary": (_("普通"), "tier-ordinary"),
    "complex": (_("复杂"), "tier-complex"),
    "urgent": (_("紧急"), "tier-urgent"),
}
THEMES = ("light", "dark")
SUBJECTS = {
    "complaint": _("投诉"),
    "person": pgettext_lazy("对象", "人员"),
    "examination": _("每夜核对"),
    "learner": _("分类模型"),
    "vigil": _("漏判保证"),
    "org": pgettext_lazy("对象", "机构"),
    "round": _("指标核查"),
    "finding": pgettext_lazy("对象", "核查发现"),
    "inspection_plan": _("检查计划"),
    "inspection": pgettext_lazy("对象", "检查"),
    "recording": _("调阅录像"),
    "shortcoming": pgettext_lazy("对象", "检查问题"),
    "accountability": _("问责"),
    "star_round": _("星级评定"),
    "star_sheet": _("星级评分表"),
    "star_appeal": _("星级申诉"),
    "survey": _("抽样调查"),
    "invitation": _("评价邀请"),
    "evidence": _("证据档案"),
    "reward": _("拦截奖励"),
    "issue": pgettext_lazy("对象", "汇编与手册"),
    "distribution": pgettext_lazy("对象", "下发学习"),
    "reading": pgettext_lazy("对象", "学习记录"),
    "revision": pgettext_lazy("对象", "修订任务"),
    "version": _("知识"),
    "effect": _("效果卡"),
    "event": pgettext_lazy("对象", "事件"),
    "event_line": pgettext_lazy("对象", "事件口径"),
    "mention": _("舆情"),
    "flash": _("快报"),
    "visit": _("走访"),
    "concern": _("走访问题"),
    "wave": _("预警"),
    "order": pgettext_lazy("对象", "督办单"),
    "replay": pgettext_lazy("对象", "预警回放"),
    "foresight": pgettext_lazy("对象", "前瞻研判"),
    "problem": pgettext_lazy("对象", "台账问题"),
    "measure": pgettext_lazy("对象", "整改措施"),
    "meeting": pgettext_lazy("对象", "研判会"),
    "decision": pgettext_lazy("对象", "会议决定"),
    "submission": pgettext_lazy("对象", "报送记录"),
    "programme": pgettext_lazy("对象", "专项"),
    "task": pgettext_lazy("对象", "专项任务"),
    "proposal": pgettext_lazy("对象", "优化建议"),
    "outreach": pgettext_lazy("对象", "宣教活动"),
    "panelist": pgettext_lazy("对象", "体验官"),
    "walkthrough": pgettext_lazy("对象", "体验评审"),
    "enrolment": pgettext_lazy("对象", "培训安排"),
    "attempt": pgettext_lazy("对象", "培训考试"),
    "drill": pgettext_lazy("对象", "火线练兵"),
    "training_effect": pgettext_lazy("对象", "训后成效"),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon ``name`` of icons.svg: decoration, unless ``label`` says what it means."""
    href = f"{static('icons.svg')}#{name}"
    if not label:
        shown = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>'
        return format_html(shown, href)
    shown = '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>'
    return format_html(shown, label, href)


@register.simple_tag(takes_context=True)
def local(context: Mapping[str, Any], at: datetime | None) -> str:
    """A moment at the bank, the year in front unless it is the year of the request."""
    if at is None:
        return NOTHING
    words = time.local(at, seen_at=getattr(context.get("request"), "at", None))
    full = at.astimezone(time.BANK_ZONE).isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', full, words)


@register.simple_tag
def left(due: datetime | None, now: datetime) -> str:
    """Time left to ``due``, or by how much it is over."""
    if due is None:
        return NOTHING
    reading = time.left(due, now)
    return format_html('<span class="left left-{}">{}</span>', reading.state, reading.words)


@register.simple_tag
def tier_badge(code: str) -> str:
    """The tier with its word and shape; an unknown code is shown as it is."""
    label, css = TIERS.get(code, (code or NOTHING, "tier-unknown"))
    return format_html('<span class="tier {}">{}</span>', css, label)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The query string of this page with ``changes`` made, as in ``{% query page=2 %}``."""
    return changed(context["request"].GET, changes)


@register.simple_tag(takes_context=True)
def way_back(context: Mapping[str, Any]) -> str:
    """The address that shows this page again: of an answer to a form the page the form stood on."""
    request: HttpRequest = context["request"]
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    is_ours = came.netloc == request.get_host()
    return f"{came.path}?{came.query}" if is_ours and came.path else "/"


register.filter("role_name", role_name)


@register.filter
def subject_name(code: str) -> str:
    """What a docket is about, in words; a subject unknown here is shown as it is."""
    return str(SUBJECTS.get(code, code))


@register.simple_tag(takes_context=True)
def theme(context: Mapping[str, Any]) -> str:
    """``light`` or ``dark`` if the reader chose one, else nothing: the system's wish decides."""
    request: HttpRequest = context["request"]
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def elder_mode(context: Mapping[str, Any]) -> bool:
    """Whether large print was asked for: in this request's address, or before by cookie."""
    request: HttpRequest = context["request"]
    return (request.GET.get("elder") or request.COOKIES.get("elder")) == "1"


@register.inclusion_tag("platform/partials/field.html")
def field(bound: BoundField, **attrs: str) -> dict[str, Dressed]:
    """One field of a form with label, hint and errors; ``attrs`` go to the input."""
    return {"field": dress(bound, **{name.replace("_", "-"): v for name, v in attrs.items()})}


@register.inclusion_tag("platform/partials/fields.html")
def fields(form: forms.BaseForm) -> dict[str, forms.BaseForm]:
    """The error summary of a form and every one of its fields."""
    return {"form": form}


@register.inclusion_tag("platform/partials/errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, forms.BaseForm]:
    """The error summary: what is wrong, each line a link to its input."""
    return {"form": form}
