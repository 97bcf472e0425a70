"""What is filled in about an accountability."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Person
from sujin.platform.ui.forms import words
from sujin.supervision import accountbook
from sujin.supervision.kinds import accountability as kinds

WORDS_MAX = 1000
NOBODY = ("", _("不予问责"))


class OpenForm(forms.Form):
    """``people`` worked there then; ``measures`` may be asked for at all, the act says of whom."""

    person = forms.ModelChoiceField(label=_("问责谁"), queryset=Person.objects.none())
    measure = forms.ChoiceField(
        label=_("拟采取的措施"), widget=forms.RadioSelect,
        help_text=_("升档须以此前已经生效的问责为前提"),
    )  # fmt: skip
    evidence = words(_("事实和证据"), rows=5, most=WORDS_MAX)

    def __init__(self, people: Iterable[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, measure = self.fields["person"], self.fields["measure"]
        assert isinstance(person, forms.ModelChoiceField)
        assert isinstance(measure, forms.ChoiceField)
        keys = [one.pk for one in people]
        person.queryset = Person.objects.filter(pk__in=keys).order_by("staff_no")
        measure.choices = _measures()


class StatementForm(forms.Form):
    words = words(_("您的陈述"), rows=5, most=WORDS_MAX)


class AppealForm(forms.Form):
    words = words(_("不服的理由"), rows=5, most=WORDS_MAX)


class DecideForm(forms.Form):
    measure = forms.ChoiceField(label=_("措施"), required=False, widget=forms.RadioSelect)
    because = words(_("理由"), rows=4, most=WORDS_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = self.fields["measure"]
        assert isinstance(measure, forms.ChoiceField)
        measure.choices = [NOBODY, *_measures()]


class HearForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("申诉决定"), choices=list(kinds.APPEAL_VERDICTS.items()), widget=forms.RadioSelect
    )
    measure = forms.ChoiceField(
        label=_("减轻为"), required=False, help_text=_("只在选“减轻”时填写")
    )
    because = words(_("理由"), rows=4, most=WORDS_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = self.fields["measure"]
        assert isinstance(measure, forms.ChoiceField)
        measure.choices = [("", "—"), *_measures()]


def _measures() -> list[tuple[str, str]]:
    return [(code, str(row)) for code, row in accountbook.measures().items()]
