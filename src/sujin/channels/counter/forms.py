"""The counter's own field: at which of the person's organisations the customer stands."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sujin.channels.intake_form import BudForm, IntakeForm
from sujin.platform.reach import Reach, roles
from sujin.platform.ui.forms import dress


class OriginField(forms.ChoiceField):
    """One of the organisations where the person may take complaints in."""

    def offer(self, reach: Reach) -> None:
        """Offer the person's own; a single one is not asked about."""
        receiving = (post for post in reach.posts if "receive" in roles()[post.role].may)
        self.choices = list({post.org.code: str(post.org) for post in receiving}.items())
        self.initial = next(iter(self.choices), ("", ""))[0]
        if len(self.choices) < 2:
            self.widget = forms.HiddenInput()


class CounterForm(IntakeForm):
    origin = OriginField(label=_("受理机构"))

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, reach=reach, **kwargs)
        origin = self.fields["origin"]
        assert isinstance(origin, OriginField)
        origin.offer(reach)

    def defaults(self) -> dict[str, Any]:
        return {"origin": self.fields["origin"].initial}


class CounterBudForm(BudForm):
    origin = OriginField(label=_("受理机构"))

    def __init__(self, data: QueryDict | None = None, *, reach: Reach) -> None:
        super().__init__(data, prefix="bud")
        origin = self.fields["origin"]
        assert isinstance(origin, OriginField)
        origin.offer(reach)

    @property
    def shown_text(self) -> SafeString:
        return dress(self["text"]).widget

    @property
    def shown_origin(self) -> SafeString:
        return dress(self["origin"]).widget
