"""Before the curtain: the cast's bank, people who will leave one after the other, letters to send.

``python -m tests.crash.plant LEAVERS LETTERS`` in the environment of the product.
"""

import sys
from datetime import timedelta
from types import SimpleNamespace

import django


def main(leavers: int, letters: int) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    _organise(leavers)
    for nth in range(leavers):
        _hold(nth)
    for nth in range(letters):
        _queue(nth)


def _organise(leavers: int) -> None:
    """Leaver n has left on the nth day from today."""
    from dataclasses import replace

    from django.utils import timezone

    from sujin.lab.cast import BRANCH2_A, CORE_PLAN, SINCE
    from sujin.platform.acts.organise import organise, system_person
    from sujin.platform.organisation import PersonSpec, PostSpec

    now = timezone.localtime()
    people = [PersonSpec(f"9{nth:05}", f"离{nth}", f"Leaver {nth}", "") for nth in range(leavers)]
    posts = [
        PostSpec(one.staff_no, BRANCH2_A, "handler", SINCE, (now + timedelta(days=nth + 1)).date())
        for nth, one in enumerate(people)
    ]
    plan = replace(
        CORE_PLAN,
        persons=(*CORE_PLAN.persons, *people),
        posts=(*CORE_PLAN.posts, *posts),
    )
    organise(plan, by=system_person(), at=now)


def _hold(nth: int) -> None:
    """Leaver n holds one case, and has promised to call within as many days."""
    from django.utils import timezone

    from sujin.complaints.acts.claim import claim
    from sujin.complaints.acts.promise import promise
    from sujin.complaints.acts.receive import receive
    from sujin.complaints.draft import Draft, PartyDraft
    from sujin.lab.cast import OUTLET_A
    from sujin.platform.models import Person
    from tests.delivery.wording import COMPLEX

    leaver, now = Person.objects.get(staff_no=f"9{nth:05}"), timezone.now()
    party = PartyDraft(name="张伟", phone=f"137{nth:08}")
    draft = Draft("counter", COMPLEX, now, OUTLET_A, parties=(party,))
    case = receive(draft, by=Person.objects.get(staff_no="100101"), at=now).complaint
    claim(case, by=leaver, at=now)
    due_at = now + timedelta(days=nth + 1)
    promise(case, kind="call_back", what=f"回电{nth}", due_at=due_at, by=leaver, at=now)


def _queue(nth: int) -> None:
    """An approved letter in the outbox."""
    from django.utils import timezone

    from sujin.complaints.acts.dispatch import queue
    from sujin.complaints.draft import PartyDraft
    from sujin.lab import cast as stage
    from sujin.platform.models import Person
    from tests.delivery.conftest import approved_letter

    numbers = {
        name.lower(): spec.staff_no for name, spec in vars(stage).items() if spec in stage.CAST
    }
    people = Person.objects.in_bulk(numbers.values(), field_name="staff_no")
    cast = SimpleNamespace(**{name: people[number] for name, number in numbers.items()})
    party = PartyDraft(name="张伟", phone=f"138{nth:08}", email=f"customer{nth}@customers.example")
    letter = approved_letter(cast, timezone.now(), party)
    to = letter.complaint.parties.get().pk
    queue(letter, way="email", party=to, by=cast.chen_li, at=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
