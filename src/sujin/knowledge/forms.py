"""What a person fills in about knowledge."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.knowledge.acts.stage import Plan
from sujin.knowledge.audience import PUBLIC, STAFF
from sujin.knowledge.catalogue import PACK, Form, Part
from sujin.knowledge.models import Version
from sujin.platform.models import Org
from sujin.platform.ui.forms import words as words_field

LONGEST = 6000
SURFACES = {STAFF: _("经办人员和95588坐席"), PUBLIC: _("可对客户引用（自助问答）")}
HINTS = {
    "list": _("每行一条，以“- ”开头"),
    "weighed": _("每行一条，写作“- [3] 识别要点”，数字 1 到 5 是分量"),
    "quiz": _("先写“- 问：…”，再逐行写“  - [x] 对的”“  - [ ] 错的”，只有一个对的"),
    "date": _("写作 2026-11-30"),
}
TIERS = {"ordinary": _("普通"), "complex": _("复杂"), "urgent": _("紧急")}


@cache
def _taxonomy(axis: str, language: str) -> tuple[tuple[str, str], ...]:
    rows = packs.rows(PACK, "taxonomy")
    column = "en" if language == "en" else "zh"
    return tuple((row["code"], row[column]) for row in rows if row["axis"] == axis)


def codes(axis: str) -> list[tuple[str, str]]:
    """The codes of an axis with their names, for a choice."""
    return list(_taxonomy(axis, get_language() or "zh"))


class ReasonForm(forms.Form):
    because = words_field(_("理由"))


class WithdrawForm(ReasonForm):
    reinstate = forms.BooleanField(
        label=_("恢复上一版"),
        required=False,
        help_text=_("上一版还没到期的，可以恢复使用；不勾选的，撤回以后这一条暂时没有可用的版本"),
    )


class NextForm(forms.Form):
    because = words_field(_("为什么要改"), _("写给审核人和看新版的人"), rows=2)


class ReleaseForm(forms.Form):
    """Empty days are those of the draft, or from now on for as long as the form may hold."""

    valid_from = forms.DateTimeField(
        label=_("生效时间"),
        required=False,
        help_text=_("不填即刻生效"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    valid_to = forms.DateTimeField(
        label=_("失效时间"),
        required=False,
        help_text=_("不填按体裁的最长有效期"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    batches = forms.IntegerField(
        label=_("分几批推开"),
        required=False,
        min_value=2,
        max_value=12,
        help_text=_("不填即全行同时；分批的，等待的分行作对照，才能看出有没有用"),
    )
    weeks = forms.IntegerField(label=_("每批间隔几周"), required=False, min_value=1, max_value=8)
    by_lot = forms.BooleanField(
        label=_("分行先后由抽签决定"),
        required=False,
        initial=True,
        help_text=_("抽签的，比较最公平"),
    )

    def clean(self) -> dict[str, Any]:
        """Batches and weeks become the plan that the act takes."""
        given = super().clean() or {}
        batches, weeks = given.pop("batches", None), given.pop("weeks", None)
        by_lot = given.pop("by_lot", False)
        if weeks and not batches:
            self.add_error("batches", _t("请填分几批"))
        given["plan"] = Plan(batches, weeks or 2, by_lot) if batches else None
        return given


class ExtendForm(forms.Form):
    valid_to = forms.DateField(label=_("延长到"), widget=forms.DateInput(attrs={"type": "date"}))
    because = words_field(_("复核了什么"), rows=2)

    def clean_valid_to(self) -> datetime:
        """To the end of that day."""
        day = self.cleaned_data["valid_to"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, datetime.min.time()))


class WordingForm(forms.Form):
    """A version as its author sees it: title, how customers say it, the parts of its form, where
    it holds. ``wording`` gives what the act takes."""

    title = forms.CharField(label=_("标题"), max_length=120)
    asks = forms.CharField(
        label=_("客户的说法"),
        required=False,
        max_length=2000,
        help_text=_("每行一种，写客户的原话；检索靠它"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    surfaces = forms.MultipleChoiceField(
        label=_("使用场合"), choices=list(SURFACES.items()), widget=forms.CheckboxSelectMultiple
    )
    tiers = forms.MultipleChoiceField(
        label=_("适用等级"),
        required=False,
        choices=list(TIERS.items()),
        help_text=_("不选即都适用"),
        widget=forms.CheckboxSelectMultiple,
    )
    business = forms.MultipleChoiceField(label=_("适用业务"), required=False)
    cause = forms.MultipleChoiceField(label=_("适用原因"), required=False)
    orgs = forms.MultipleChoiceField(label=_("适用机构"), required=False)
    change = forms.CharField(label=_("改动说明"), required=False, max_length=300)
    wanted_from = forms.DateTimeField(
        label=_("拟生效时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    wanted_to = forms.DateTimeField(
        label=_("拟失效时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, shape: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape
        self._choose("business", codes("business"), _("不选即都适用；可按住 Ctrl 多选"))
        self._choose("cause", codes("cause"), _("不选即都适用"))
        self._choose("orgs", _branches(), _("不选即全行；选一级分行即其下全部机构"))
        for part in shape.parts:
            self.fields[f"part-{part.code}"] = _field_of(part)

    def _choose(self, name: str, choices: list[tuple[str, str]], hint: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices, field.help_text = choices, hint
        field.widget = forms.SelectMultiple(attrs={"size": 6}, choices=choices)

    @property
    def part_fields(self) -> list[Any]:
        return [self[f"part-{part.code}"] for part in self.shape.parts]

    @property
    def scope_fields(self) -> list[Any]:
        names = ("surfaces", "tiers", "business", "cause", "orgs", "wanted_from", "wanted_to")
        return [self[name] for name in names]

    def wording(self) -> dict[str, Any]:
        """What ``acts.edit`` takes."""
        told = self.cleaned_data
        parts = {part.code: told[f"part-{part.code}"].strip() for part in self.shape.parts}
        plain = ("title", "surfaces", "tiers", "business", "cause", "change")
        return {
            **{name: told[name] for name in plain},
            "asks": [line.strip() for line in told["asks"].splitlines() if line.strip()],
            "orgs": [int(one) for one in told["orgs"]],
            "wanted_from": told["wanted_from"],
            "wanted_to": told["wanted_to"],
            "parts": parts,
        }


def initial_of(version: Version) -> Mapping[str, Any]:
    """The form as the version has it."""
    plain = ("title", "surfaces", "tiers", "business", "cause", "change", "orgs")
    return {
        **{name: getattr(version, name) for name in plain},
        "asks": "\n".join(version.asks),
        "wanted_from": version.wanted_from,
        "wanted_to": version.wanted_to,
        **{f"part-{code}": said for code, said in version.parts.items()},
    }


def scope_of(version: Version) -> list[tuple[Any, str]]:
    """Where the version is to hold, for the second pair of eyes: the form's labels and what was
    chosen; nothing chosen is an empty string."""
    form = WordingForm(initial=initial_of(version), shape=version.item.shape)
    told = []
    for bound in form.scope_fields[:5]:
        chosen = {str(one) for one in bound.initial}
        labels = [str(label) for code, label in bound.field.choices if str(code) in chosen]
        told.append((bound.label, "、".join(labels)))
    return told


def _field_of(part: Part) -> forms.CharField:
    label = part.name + ("" if part.is_required else _t("（可不写）"))
    rows = 3 if part.kind in {"phone", "date"} else 5
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=HINTS.get(part.kind, ""),
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _branches() -> list[tuple[str, str]]:
    rows = Org.objects.filter(kind__in=["branch1", "branch2", "company", "centre"])
    return [(str(org.pk), str(org)) for org in rows.order_by("path")]
