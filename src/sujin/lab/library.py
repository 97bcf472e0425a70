"""The shelves of the demonstration: the starter content, reviewed and released by Zheng Gang."""

from datetime import datetime, timedelta

from sujin.knowledge.acts.plant import plant
from sujin.knowledge.wording import starter
from sujin.lab.cast import ZHENG_GANG
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person

AGO = timedelta(days=60)


def stock(*, now: datetime) -> int:
    """Plant what is not there yet, as if it had been released two months ago."""
    releaser = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    return plant(starter(), by=system_person(), at=now - AGO, released_by=releaser)
