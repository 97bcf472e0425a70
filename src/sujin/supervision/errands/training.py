"""What trainings want of a person: a test whose day is near, or over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import midnight
from sujin.platform.errands import Errand
from sujin.platform.reach import Reach
from sujin.supervision.kinds.training import ASSIGNED
from sujin.supervision.models import Enrolment

NEAR, SHOWN = timedelta(days=14), 5
DAY = timedelta(days=1)


def tests(reach: Reach, at: datetime) -> Iterator[Errand]:
    """Tests due within two weeks, of the person alone: nobody sits another's. What may not be
    tried again yet waits for its day."""
    today = timezone.localdate(at)
    rows = Enrolment.objects.filter(
        person=reach.person_id, state=ASSIGNED, due_on__lte=today + NEAR
    ).exclude(retake_on__gt=today)
    for row in rows.order_by("due_on", "pk")[:SHOWN]:
        if row.about is not None:
            wants = _t("培训逾期") if row.due_on < today else _t("培训到期")
            yield Errand(wants, row.title, row.get_absolute_url(), midnight(row.due_on + DAY))
