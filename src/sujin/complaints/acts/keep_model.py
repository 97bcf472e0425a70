"""Keep a model without versions: the same matter, the promise about urgent cases, the outlook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sujin.complaints import assurance, kinds, outlook, pair_model
from sujin.complaints.assurance import Assurance
from sujin.complaints.models import Learner
from sujin.complaints.outlook import Outlook
from sujin.engine.pairs import PairModel
from sujin.platform import keeping
from sujin.platform.models import Person


def keep_promise(promise: Assurance, *, by: Person, at: datetime) -> None:
    """From now on triage asks by this calibration."""
    data = assurance.packed(promise)
    rows = promise.card.learned + promise.card.calibrated
    _record(assurance.URGENCY, data, rows, promise.card.source, by=by, at=at)
    assurance.keep(data, promise.card)


def keep_outlook(made: Outlook, *, by: Person, at: datetime) -> None:
    """From now on the dossier asks this estimate, if its check passes."""
    data = outlook.packed(made)
    card = made.card
    _record(outlook.OUTLOOK, data, card.learned + card.calibrated, "dockets", by=by, at=at)
    outlook.keep(data, card)


def keep_pairs(
    trained: PairModel, card: Mapping[str, Any], *, by: Person, at: datetime
) -> dict[str, Any]:
    """From now on this model suggests; returns the card as kept, with the model's digest."""
    data = keeping.packed(trained.arrays())
    _record(pair_model.PAIRS, data, card["pairs"], card["source"], by=by, at=at)
    return pair_model.keep(data, card)


@transaction.atomic
def _record(model: str, data: bytes, rows: int, source: str, *, by: Person, at: datetime) -> None:
    """The entry comes first: a file that the docket does not know is not used, and an entry
    without its file does no harm."""
    Learner.objects.get_or_create(axis=model)
    learner = Learner.objects.select_for_update().get(axis=model)
    told = kinds.ModelKept(model, rows, source, keeping.sha256(data))
    learner.write(told, by=by, at=at)
