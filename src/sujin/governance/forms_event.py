"""What a person fills in about an event, a line, a mention, a move."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.rulebook import lines
from sujin.complaints.words import line as line_name
from sujin.governance import event_rules
from sujin.governance.kinds.event import FIELDS, TONES
from sujin.governance.models import Event
from sujin.knowledge.forms import codes
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.forms import words as words_field

LONGEST = 1000
MOMENT = "%Y-%m-%dT%H:%M"
PARTED = re.compile(r"[，,、;；\n]+")
ROW = re.compile(r"[|｜]")
FILE_MAX = 1_000_000


class EventForm(forms.Form):
    """All that is known; most of it may come later."""

    kind = forms.ChoiceField(label=FIELDS["kind"])
    title = forms.CharField(label=FIELDS["title"], max_length=120)
    what = words_field(FIELDS["what"], _("不写客户姓名和号码"), most=LONGEST)
    source = forms.CharField(label=FIELDS["source"], max_length=200)
    starts_at = forms.DateTimeField(
        label=FIELDS["starts_at"],
        help_text=_("可以是将来：政策生效日、产品到期日"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    lines = forms.MultipleChoiceField(
        label=FIELDS["lines"],
        help_text=_("通报后请这些条线出口径"),
        widget=forms.CheckboxSelectMultiple,
    )
    business = forms.MultipleChoiceField(
        label=FIELDS["business"],
        help_text=_("按住 Ctrl 可选多项；投诉量按业务和原因统计"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    cause = forms.MultipleChoiceField(
        label=FIELDS["cause"], required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    words = forms.CharField(
        label=FIELDS["words"],
        help_text=_("用逗号分开；填了就只统计说到其中一个的投诉"),
        required=False,
        max_length=300,
    )
    branches = forms.MultipleChoiceField(
        label=FIELDS["branches"],
        help_text=_("不选即全行"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    products = forms.CharField(
        label=FIELDS["products"], help_text=_("用逗号分开"), required=False, max_length=300
    )
    customers = forms.IntegerField(
        label=FIELDS["customers"], required=False, min_value=0, max_value=2_000_000_000
    )
    customers_by = forms.CharField(label=FIELDS["customers_by"], required=False, max_length=80)
    population = words_field(FIELDS["population"], _("新老客户怎么分，从哪一天起"), most=LONGEST)
    before_after = words_field(
        FIELDS["before_after"], _("每行一项：项目｜调整前｜调整后"), most=LONGEST
    )
    acceptance = words_field(FIELDS["acceptance"], _("受理时要核对什么、怎么办"), most=LONGEST)
    opinion = words_field(FIELDS["opinion"], _("外面怎么说，怎样回应"), most=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, str]]] = {
            "kind": event_rules.names(),
            "lines": [(code, line_name(code)) for code in lines()],
            "business": codes("business"),
            "cause": codes("cause"),
            "branches": [(str(one.pk), str(one)) for one in _branches()],
        }
        for name, told in choices.items():
            self.fields[name].choices = told  # type: ignore[attr-defined]
        for name in ("population", "before_after", "acceptance", "opinion"):
            self.fields[name].required = False

    def clean_words(self) -> list[str]:
        return parted(self.cleaned_data["words"])

    def clean_products(self) -> list[str]:
        return parted(self.cleaned_data["products"])

    def clean_branches(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["branches"]]

    def clean_before_after(self) -> list[dict[str, str]]:
        found = []
        for line in filter(str.strip, self.cleaned_data["before_after"].splitlines()):
            cells = [cell.strip() for cell in ROW.split(line)]
            if len(cells) != 3 or not all(cells):
                raise forms.ValidationError(_t("每行写三格：项目｜调整前｜调整后"))
            found.append(dict(zip(("what", "before", "after"), cells, strict=True)))
        return found

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("customers") is not None and not told.get("customers_by"):
            self.add_error("customers_by", _t("请写明客户数由谁提供"))
        return told


def initial_of(event: Event) -> dict[str, Any]:
    """The fields as the form shows them."""
    told = {name: getattr(event, name) for name in FIELDS}
    rows = [f"{one['what']}｜{one['before']}｜{one['after']}" for one in event.before_after]
    return told | {
        "words": "，".join(event.words), "products": "，".join(event.products),
        "before_after": "\n".join(rows),
    }  # fmt: skip


def parted(words: str) -> list[str]:
    """What somebody typed between commas."""
    return [one.strip() for one in PARTED.split(words) if one.strip()]


def _branches() -> list[Org]:
    return list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code"))


class AskForm(forms.Form):
    line = forms.ChoiceField(label=_("条线"))

    def __init__(self, *args: Any, taken: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [(code, line_name(code)) for code in lines() if code not in taken]
        self.fields["line"].choices = left  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """``version`` is one of those that were offered."""

    version = forms.ChoiceField(label=_("口径"))

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = offered  # type: ignore[attr-defined]


class MentionForm(forms.Form):
    on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    outlet = forms.CharField(label=_("媒体或平台"), max_length=60)
    title = forms.CharField(
        label=_("标题或大意"), max_length=200, help_text=_("不记网址，不写客户姓名和号码")
    )
    readers = forms.IntegerField(
        label=_("传播量"), min_value=0, max_value=2_000_000_000, initial=0,
        help_text=_("阅读或播放次数，不知道写 0"),
    )  # fmt: skip
    tone = forms.ChoiceField(label=_("倾向"), choices=list(TONES.items()))


class CaseMentionForm(MentionForm):
    """The same beside a case; ``case`` is its number."""

    case = forms.RegexField(r"^20[0-9]{2}-[0-9]{7}$", label=_("投诉编号"))
    field_order = ("case",)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV 文件"),
        help_text=_("列：日期，媒体或平台，标题，传播量，倾向（负面、中性、正面）"),
    )

    def clean_file(self) -> bytes:
        told = self.cleaned_data["file"]
        if told.size > FILE_MAX:
            raise forms.ValidationError(_t("文件不能超过 1 MB"))
        return bytes(told.read())


class SureForm(forms.Form):
    """Nothing happens by a slip of the hand."""

    sure = forms.BooleanField(label=_("我已核对"))


class CloseForm(SureForm):
    because = words_field(_("为什么可以结束"), most=300)
    field_order = ("because", "sure")


class MoveForm(forms.Form):
    product = forms.CharField(label=_("产品或指数"), max_length=60)
    move = forms.FloatField(
        label=_("当日波动（%）"), min_value=-100, max_value=1000, help_text=_("下跌写负数")
    )
    source = forms.CharField(label=_("来源"), max_length=80)
    lines = forms.MultipleChoiceField(label=_("涉及条线"), widget=forms.CheckboxSelectMultiple)
    business = forms.MultipleChoiceField(
        label=_("涉及业务"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    customers = forms.IntegerField(
        label=_("持有客户数"), required=False, min_value=0, max_value=2_000_000_000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, line_name(code)) for code in lines()]
        self.fields["lines"].choices = named  # type: ignore[attr-defined]
        self.fields["business"].choices = codes("business")  # type: ignore[attr-defined]
