"""What is filled in about an 优化建议."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import words as names
from sujin.complaints.rulebook import taxonomy
from sujin.governance.models import Measure
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.forms import words as words_field
from sujin.supervision.acts.submit_proposal import Draft
from sujin.supervision.voicebook import POINTS_MOST, Level, criteria

WORDS_MAX = 600
NAME_MAX = 120
DUE_DAYS = 90
NO_PERSON = _("不写客户姓名和号码")


def classes(axis: str) -> list[tuple[str, str]]:
    """Every code of an axis with its name, the top class first."""
    codes = [code for known, code in taxonomy() if known == axis]
    return [("", _t("不限")), *((code, names.named(axis, code)) for code in codes)]


class ProposalForm(forms.Form):
    """``differs`` is asked for once something like it was shown."""

    name = forms.CharField(label=_("一句话说清"), max_length=NAME_MAX, help_text=NO_PERSON)
    words = words_field(_("怎么做"), _("具体到谁在哪一步改什么"), most=WORDS_MAX)
    hurts = words_field(_("现在哪里不好"), _("客户在哪一步多跑、多等、多问"), most=WORDS_MAX)
    expected = words_field(_("预期的好处"), _("能看到什么变化，例如哪类投诉会少"), most=WORDS_MAX)
    business = forms.ChoiceField(label=_("业务"), required=False)
    cause = forms.ChoiceField(label=_("原因"), required=False)
    about = forms.ModelChoiceField(
        Org.objects.none(), label=_("涉及哪里"), required=False, empty_label=_("全行")
    )
    differs = forms.CharField(
        label=_("和相近的建议有什么不同"), required=False, max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("没有提示相近的，不用写"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for axis in ("business", "cause"):
            chosen = self.fields[axis]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = classes(axis)
        about = self.fields["about"]
        assert isinstance(about, forms.ModelChoiceField)
        about.queryset = Org.objects.filter(kind=OrgKind.BRANCH1).order_by("path")

    def draft(self) -> Draft:
        return Draft(**self.cleaned_data)


class JoinForm(forms.Form):
    """What somebody was about to write, sent along with the wish to join."""

    words = forms.CharField(label=_("怎么做"), required=False, max_length=WORDS_MAX)


class AssessForm(forms.Form):
    """0 to 5 for each criterion of the pack, and why."""

    because = words_field(_("为什么这样评"), most=WORDS_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made: dict[str, forms.Field] = {
            code: forms.TypedChoiceField(
                label=str(one), help_text=one.hint, coerce=int,
                choices=[(n, str(n)) for n in range(POINTS_MOST + 1)],
            )
            for code, one in criteria().items()
        }  # fmt: skip
        self.fields = made | self.fields

    def told(self) -> dict[str, Any]:
        points = {code: self.cleaned_data[code] for code in criteria()}
        return {"points": points, "because": self.cleaned_data["because"]}


class BecauseForm(forms.Form):
    because = words_field(_("理由"), _("提出的人会看到"), most=WORDS_MAX)


class CarriedForm(forms.Form):
    words = words_field(_("落实了什么"), _("凭什么能看到"), most=WORDS_MAX)


class EnterForm(forms.Form):
    due_on = forms.DateField(
        label=_("办结期限"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate(at) + timedelta(days=DUE_DAYS)


class TieForm(forms.Form):
    measure = forms.ModelChoiceField(
        Measure.objects.none(), label=_("哪项措施"), help_text=_("建议提出以后声明的措施")
    )

    def __init__(self, offered: QuerySet[Measure], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["measure"]
        chosen.queryset = offered
        chosen.label_from_instance = lambda one: f"{one.problem} {one}：{one.words[:40]}"


class AwardForm(forms.Form):
    level = forms.ChoiceField(label=_("等次"), widget=forms.RadioSelect)
    because = words_field(_("理由"), _("提出的人会看到"), most=WORDS_MAX)

    def __init__(self, given: Mapping[str, Level], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["level"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            (code, _t("%(level)s（%(yuan)d 元）") % {"level": one, "yuan": one.yuan})
            for code, one in given.items()
        ]
