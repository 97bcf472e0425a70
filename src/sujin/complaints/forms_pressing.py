"""What staff fill in to ask for help by name, to nudge, and to order a report."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.forms import CaseForm, MaskedField
from sujin.platform.models import Org, Post
from sujin.platform.organisation import OrgKind

EXPERTS_SHOWN = 12


def _words(label: Any, **kwargs: Any) -> MaskedField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": 400})
    return MaskedField(label=label, max_length=400, widget=widget, **kwargs)


class ExpertForm(CaseForm):
    """The experts on call, those of the matter's line first and chosen."""

    expert = forms.TypedChoiceField(label=_("请哪位专家"), coerce=int, widget=forms.RadioSelect)
    question = _words(_("要什么帮助"), initial=_("请帮助判断怎么处理，并告诉我怎么向客户解释。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_call = self.around.experts(self.case.origin, self.case.line, self.case.recused)
        choices = [(post.pk, f"{post.person} · {post.org}") for post in on_call[:EXPERTS_SHOWN]]
        field = cast(forms.TypedChoiceField, self.fields["expert"])
        field.choices = choices
        field.initial = choices[0][0] if choices else None
        if not choices:
            field.help_text = _t("现在没有专家当班，请征求部门意见。")

    def clean_expert(self) -> Post:
        return Post.objects.select_related("person", "org").get(pk=self.cleaned_data["expert"])


class LiaisonForm(CaseForm):
    branch = forms.ModelChoiceField(
        label=_("哪个分行的联络员"),
        queryset=Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code"),
    )
    question = _words(_("请联络员做什么"), initial=_("请协调网点提供情况，并约好客户沟通的时间。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].initial = self.around.branch_of(self.case.origin)


class UrgeForm(CaseForm):
    words = _words(_("催什么"), required=False)


class OverseeForm(CaseForm):
    demand = _words(_("要求回复什么"), initial=_("请说明目前进展、未办结的原因和预计答复时间。"))
