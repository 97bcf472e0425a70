"""What staff fill in for a review by the superior, and for a split between bank and company."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.complaints import tables
from sujin.complaints.forms import CaseForm, MaskedField, because
from sujin.complaints.forms_sessions import choose
from sujin.complaints.models.review import WAYS
from sujin.complaints.sides import Entities
from sujin.platform.models import Org
from sujin.platform.organisation import BANK


def _part(label: Any) -> forms.CharField:
    return MaskedField(
        label=label, max_length=400, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400})
    )


class ReviewForm(CaseForm):
    words = MaskedField(
        label=_("客户对哪一点有异议"),
        max_length=2000,
        help_text=_("客户的书面申请请作为材料上传"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )


class ReviewDecisionForm(CaseForm):
    verdict = forms.ChoiceField(label=_("核查决定"), widget=forms.RadioSelect)
    reasons = MaskedField(
        label=_("理由和依据"),
        max_length=4000,
        help_text=_("要写到办理过程、时限和结果（第二十条），会告知客户"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
    )
    way = forms.ChoiceField(label=_("怎么告知客户的"), choices=list(WAYS.items()))
    proof = forms.CharField(
        label=_("送达凭据"), max_length=200, help_text=_("快递单号、短信流水、签收记录等")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "verdict", tables.choices(tables.verdicts()))


class PercentField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, **kwargs)


class ShareForm(CaseForm):
    company = forms.TypedChoiceField(label=_("和哪家子公司"), coerce=int)
    ask = _part(_("请对方做什么"))
    part_bank = _part(_("银行承担的部分"))
    part_company = _part(_("子公司承担的部分"))
    percent_bank = PercentField(label=_("银行责任（%）"), help_text=_("其余为子公司的"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entities = Entities()
        holder = entities.holder(self.case)
        rows = Org.objects.filter(pk__in=entities.paths if holder == BANK else [holder])
        choose(self, "company", [(org.pk, str(org)) for org in rows.order_by("pk")])

    def clean_company(self) -> Org:
        return Org.objects.get(pk=self.cleaned_data["company"])


class AgreeSplitForm(CaseForm):
    words = MaskedField(label=_("说明"), max_length=400, required=False)


class DisputeSplitForm(CaseForm):
    because = because(_("哪一点不同意"))


class DecideSplitForm(CaseForm):
    percent_bank = PercentField(label=_("银行责任（%）"), help_text=_("其余为子公司的"))
    because = because(_("裁定理由"))
