"""What pages do with a form: the act, or the reason why not, on the form itself."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.utils.translation import gettext as _t

from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest


def done(asked: StaffRequest, form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the form was filled in well and the act was not refused."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(asked, _t("已登记"))
    return True
