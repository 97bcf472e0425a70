"""What the tracking page asks: number and code, and later whatever the customer wants to add."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.acts.annotate import NOTE_MAX
from sujin.complaints.acts.register import CODE_DIGITS
from sujin.complaints.forms import FilesField
from sujin.engine.text import fold
from sujin.platform.files import MAX_BYTES, MAX_FILES, MEGABYTE

ACCEPTED = "image/*,audio/*,video/mp4,.pdf,.docx,.xlsx,.txt"
_DIGITS_ONLY = {"inputmode": "numeric", "autocomplete": "off"}


class FindForm(forms.Form):
    """Both as they were written down: spaces, dashes and full-width digits do not matter."""

    number = forms.CharField(
        label=_("编号"),
        help_text=_("例如 2026-0000001"),
        max_length=40,
        widget=forms.TextInput(attrs=_DIGITS_ONLY),
        error_messages={"required": _("请填写编号")},
    )
    code = forms.CharField(
        label=_("查询码"),
        help_text=_("提交时给您的 16 位数字"),
        max_length=60,
        widget=forms.TextInput(attrs=_DIGITS_ONLY),
        error_messages={"required": _("请填写查询码")},
    )

    def clean_number(self) -> str:
        digits = _digits(self.cleaned_data["number"])
        if not re.fullmatch(r"\d{11}", digits):
            raise ValidationError(_t("编号是 4 位年份加 7 位数字，例如 2026-0000001"))
        return f"{digits[:4]}-{digits[4:]}"

    def clean_code(self) -> str:
        digits = _digits(self.cleaned_data["code"])
        if not re.fullmatch(rf"\d{{{CODE_DIGITS}}}", digits):
            raise ValidationError(_t("查询码是 %(n)d 位数字") % {"n": CODE_DIGITS})
        return digits


def _digits(said: str) -> str:
    return re.sub(r"[\s\-–—]", "", fold(said))


class VerdictForm(forms.Form):
    """Solved or not: one tap; whoever says no says in a few words what is wrong."""

    satisfied = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    note = forms.CharField(
        label=_("哪里没有解决"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReviewForm(forms.Form):
    """What the customer does not accept, in the customer's own words."""

    words = forms.CharField(
        label=_("您对哪一点有异议"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写下您对哪一点有异议")},
    )


class MaterialForm(forms.Form):
    """More words, more papers, or both. ``kept`` is how many files the case holds already."""

    text = forms.CharField(
        label=_("补充说明"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    papers = FilesField(label=_("照片或文件"), required=False)

    def __init__(self, *args: Any, kept: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room = max(0, MAX_FILES - kept)
        papers = self.fields["papers"]
        papers.widget.attrs["accept"] = ACCEPTED
        papers.help_text = _t("还可以传 %(n)d 个，每个不超过 %(mb)d MB。") % {
            "n": self._room,
            "mb": MAX_BYTES // MEGABYTE,
        }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > NOTE_MAX:
            raise ValidationError(
                _t("写了 %(have)d 字，一次最多 %(most)d 字；请分几次补充，或存成文件上传")
                % {"have": len(text), "most": NOTE_MAX}
            )
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if len(given.get("papers", [])) > self._room:
            self.add_error(
                "papers", _t("这件事的材料最多 %(n)d 个；更多的请交到办理的网点") % {"n": MAX_FILES}
            )
        if not self.errors and not fold(given["text"]) and not given["papers"]:
            self.add_error("text", _t("还没有内容：请写几句话，或选择文件"))
        return given
