"""Words that were asked are dropped when they have taught what they can; how long that is stands in
the manifest of the pack, in days."""

from datetime import datetime, timedelta

from django.db import transaction

from sujin import packs
from sujin.knowledge.audience import PUBLIC
from sujin.knowledge.catalogue import PACK
from sujin.knowledge.models import Conversation, Question, Turn


@transaction.atomic
def forget_words(*, at: datetime) -> int:
    """Drop the words of old conversations, though masked, wherever they were noted, and the old
    questions of staff; of how many conversations. What was done with the words still counts."""
    days = packs.manifest(PACK)["forgetting"]
    of_customers = at - timedelta(days=days["customer_words_days"])
    of_staff = at - timedelta(days=days["staff_words_days"])
    Question.objects.filter(surface=PUBLIC, at__lt=of_customers).delete()
    Question.objects.exclude(surface=PUBLIC).filter(at__lt=of_staff).delete()
    old = Conversation.objects.filter(last_at__lt=of_customers, forgotten_at=None)
    keys = list(old.values_list("pk", flat=True))
    Turn.objects.filter(conversation__in=keys).update(words="")
    return Conversation.objects.filter(pk__in=keys).update(forgotten_at=at)
