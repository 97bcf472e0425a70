"""What a customer asked the assistant, and what it did: masked words, and whom it cited."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sujin.engine.converse import Act, State
from sujin.knowledge.models.version import Version

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

WORDS_MAX = 500  # characters; whoever has more to say needs a person
WEB, API = "web", "api"
DOORS = {WEB: _("网页"), API: _("接口")}
ACTS = {
    Act.ANSWER.value: _("答复"),
    Act.ASK.value: _("反问"),
    Act.HAND_OVER.value: _("转人工"),
    Act.DECLINE.value: _("不知道"),
}


class Conversation(models.Model):
    """``token`` is all that ties a browser to it. Whoever asked is not known: ``case`` is the key
    of the complaint or consultation that came of it, which this room does not know.

    ``asked`` and ``failures`` are the state that decides the next move.
    """

    token = models.CharField(max_length=43, unique=True)
    door = models.CharField(max_length=4, choices=list(DOORS.items()))
    begun_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    last_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    asked = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    helped = models.BooleanField(_("解决了吗"), null=True)
    handed_because = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    case = models.BigIntegerField(null=True)
    # The words are gone; what was done with them still counts.
    forgotten_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        turns: "RelatedManager[Turn]"

    class Meta:
        indexes: ClassVar = [models.Index(fields=["begun_at"], name="conversation_begun")]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> State:
        return State(self.asked, self.failures)


class Turn(models.Model):
    """Words of the customer and what the assistant did with them; of an answer not its text but
    the ``version`` it cites, so that nothing is shown that is served no longer."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="turns")
    nth = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=2 * WORDS_MAX, blank=True)
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    act = models.CharField(max_length=12, choices=list(ACTS.items()))
    because = models.CharField(max_length=16)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", null=True)
    offered = ArrayField(models.BigIntegerField(), default=list, blank=True)
    confidence = models.FloatField(default=0.0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_turn_has_its_place", fields=["conversation", "nth"]),
            models.CheckConstraint(
                name="who_answers_cites_a_version",
                condition=~Q(act=Act.ANSWER.value) | Q(version__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="turn_at")]

    def __str__(self) -> str:
        return f"{self.nth} {self.act}"
