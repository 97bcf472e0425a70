"""Form fields the doors share: what a customer says about the matter and about themselves.

Every refusal is a ``Fault``: it says what is wrong and what to do, and an endpoint can tell the
two apart. Nothing about the customer is required: no complaint is refused for want of it.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels import orgs
from sujin.complaints.rulebook import rulebook
from sujin.engine.digits import is_luhn
from sujin.engine.text import fold
from sujin.platform.models import Org
from sujin.platform.ui.time import BANK_ZONE

# No matter brought to a bank today is older; whatever is, is a slip of the keyboard.
EARLIEST_YEAR = 2000
EARLIEST = datetime(EARLIEST_YEAR, 1, 1, tzinfo=BANK_ZONE)
LATE_AFTER = timedelta(days=1)
NAME_MAX = 60

_MOBILE = re.compile(r"(?:\+?86|0086)(1[3-9]\d{9})")
_PHONE = re.compile(r"\+?\d{5,20}")
_DOCUMENT = re.compile(r"[A-Z0-9]{5,20}")
_CARD = re.compile(r"\d{12,19}")
_RESIDENT = re.compile(r"\d{17}[\dX]")


class Fault(ValidationError):
    """What is wrong with one field and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(_t("%(what)s；%(remedy)s") % {"what": what, "remedy": remedy})
        self.what, self.remedy = what, remedy


# What no database keeps, and what turns the words after it round for every reader.
_DISRUPTIVE = re.compile("[\0\u202a-\u202e\u2066-\u2069]")


def as_said(value: Any) -> str:
    """Typed text as it was meant, at every door alike: one kind of line end, nothing that breaks
    a page or a database."""
    return _DISRUPTIVE.sub("", str(value or "").replace("\r\n", "\n").replace("\r", "\n"))


class SaidField(forms.CharField):
    """What the customer says, word for word."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("客户怎么说"))
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}))
        super().__init__(strip=False, **kwargs)

    def clean(self, value: Any) -> str:
        said = as_said(value)
        if not fold(said):
            raise Fault(_t("还没有写客户说了什么"), _t("请用客户的原话写下来"))
        limit = rulebook().text_max
        if len(said) > limit:
            raise Fault(
                _t("共 %(n)d 字，超过 %(limit)d 字的上限") % {"n": len(said), "limit": limit},
                _t("请写下要点，全文作为材料上传"),
            )
        return str(super().clean(said))


class PersonalField(forms.CharField):
    """An optional line about a person; blanks, dashes and full-width digits do not matter."""

    def __init__(self, *, label: Any, max_length: int = 40, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(label=label, max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        plain = unicodedata.normalize("NFKC", super().to_python(value) or "")
        return re.sub(r"[\s\-()]", "", plain)


class PhoneField(PersonalField):
    def clean(self, value: Any) -> str:
        given = str(super().clean(value))
        if given and not _PHONE.fullmatch(given):
            raise Fault(_t("“%(given)s” 不是电话号码") % {"given": given}, _t("只填数字，可带区号"))
        mobile = _MOBILE.fullmatch(given)
        return str(mobile[1] if mobile else given)


class DocumentField(PersonalField):
    """An identity number; for a resident's card the check digit must agree (GB 11643-1999)."""

    def clean(self, value: Any) -> str:
        given = str(super().clean(value)).upper()
        if given and not _DOCUMENT.fullmatch(given):
            raise Fault(_t("证件号码只能有字母和数字，5 到 20 位"), _t("请核对证件，或留空"))
        if _RESIDENT.fullmatch(given) and not is_resident_number(given):
            raise Fault(_t("身份证号末位校验不符"), _t("请对照证件核对，或留空"))
        return given


class CardField(PersonalField):
    """A card number; its check digit must agree (ISO/IEC 7812-1, Luhn)."""

    def clean(self, value: Any) -> str:
        given = str(super().clean(value))
        if given and not (_CARD.fullmatch(given) and is_luhn(given)):
            raise Fault(_t("卡号不是 12 到 19 位数字，或末位校验不符"), _t("请核对卡片，或留空"))
        return given


class OrgField(forms.CharField):
    """An organisation by its code or full name; ``clean`` gives the Org, or None for nothing."""

    def __init__(self, *, label: Any, known: orgs.Known | None = None, **kwargs: Any) -> None:
        self.known = known
        kwargs.setdefault("required", False)
        attrs = {
            "list": "branches",
            "autocomplete": "off",
            "placeholder": _("名称或机构号，不清楚就留空"),
        }
        super().__init__(label=label, max_length=80, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Org | None:
        asked = str(super().clean(value))
        if not asked:
            return None
        found = (self.known or orgs.Known([asked])).named(asked)
        if len(found) != 1:
            what = _t("有 %(n)d 个机构叫“%(asked)s”") if found else _t("没有机构“%(asked)s”")
            raise Fault(what % {"asked": asked, "n": len(found)}, _t("请填机构号，或从列表中选择"))
        return found[0]


class ReceivedField(forms.DateTimeField):
    """When the institution received the matter; empty means now."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("受理时间"))
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(required=False, widget=widget, **kwargs)


def refuse_unlikely(moment: datetime, *, at: datetime) -> None:
    """Raises Fault for a moment of receipt in the future or before the year 2000."""
    if moment > at:
        raise Fault(_t("受理时间不能晚于现在"), _t("请改成实际受理的时间，或留空表示现在"))
    if moment < EARLIEST:
        raise Fault(_t("受理时间不能早于 %(year)d 年") % {"year": EARLIEST_YEAR}, _t("请核对年份"))


def is_resident_number(number: str) -> bool:
    """Whether the check digit of an 18-digit resident identity number agrees (MOD 11-2)."""
    total = sum(int(digit) * (1 << (17 - place)) % 11 for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]
