"""The form of a new item, and who will answer for it."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.catalogue import Form, line_names
from sujin.knowledge.desks import line_desks
from sujin.knowledge.duties import DRAFT
from sujin.knowledge.wording import Wording
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest

CODE = RegexValidator(re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$"), _("用小写字母、数字和连字符"))


class NewForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=120)
    code = forms.CharField(
        label=_("代码"),
        max_length=48,
        validators=[CODE],
        help_text=_("以后不变，例如 card-annual-fee"),
    )
    line = forms.ChoiceField(label=_("条线"))

    def __init__(self, *args: Any, shape: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(line_names().items())

    def wording(self) -> Wording:
        told = self.cleaned_data
        scope = {"surfaces": ("staff",)}
        return Wording(told["code"], self.shape.code, told["line"], told["title"], {}, (), scope)


def owner_for(asked: StaffRequest, line: str) -> Org | None:
    """The desk of the line, if the person may draft for it; else the person's own organisation."""
    desk = line_desks().get(line)
    if desk and (asked.reach.everything or asked.reach.allows(DRAFT, desk.tokens)):
        return desk
    own = [post.org for post in asked.reach.posts if asked.reach.allows(DRAFT, post.org.tokens)]
    return own[0] if own else None


def own_line(asked: StaffRequest) -> str:
    """The line of the person's own desk; nothing where it has none."""
    return next((post.org.line for post in asked.reach.posts if post.org.line), "")
