"""What a person says of a warning, and what a replay is asked with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.governance.watchbook import WORDS, reasons, watched
from sujin.platform.ui.forms import words as words_field

WORDS_MAX = 600


class AcknowledgeForm(forms.Form):
    words = words_field(_("打算怎么处理"), _("谁去了解、什么时候给结论"), most=WORDS_MAX)


class BecauseForm(forms.Form):
    because = words_field(_("理由"), most=WORDS_MAX)


class DismissForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("驳回理由"),
        choices=lambda: [(code, str(one)) for code, one in reasons().items()],
        help_text=_("标为误报的计入误报率；已知的不计"),
    )
    because = words_field(_("说明"), _("看了哪些件，为什么"), most=WORDS_MAX)
    sure = forms.BooleanField(label=_("确认驳回；以后增加一倍才会重新打开"))


def rows_to_replay() -> list[tuple[str, str]]:
    """Rows that are counted: words are not replayed."""
    return [(one.row, str(one)) for one in watched() if one.grain != WORDS]


class ReplayForm(forms.Form):
    row = forms.ChoiceField(label=_("看哪一项"), choices=rows_to_replay)
    q = forms.FloatField(label=_("误报比例上限"), min_value=0.01, max_value=0.5, initial=0.1)
    false_a_month = forms.FloatField(
        label=_("每月误报上限（条）"), min_value=0.05, max_value=20, initial=0.5
    )
    least = forms.IntegerField(label=_("至少几件才预警"), min_value=2, max_value=200, initial=5)
