"""What must be true when the dust has settled: one list, in which every promise has its check.

``python -m tests.crash.checks EVIDENCE`` in the environment of the product; prints faults by name.
A check takes the evidence and yields what is wrong; add yours to ``CHECKS``.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import django

Evidence = Mapping[str, Any]
Check = Callable[[Evidence], Iterator[str]]
# Done every minute and never again for the same minute: the next one does what is left.
MINUTELY = frozenset(
    f"sujin.complaints.jobs.{name}" for name in ("climb_ladder", "miss_promises", "refer_up")
)


def every_acknowledged_call_is_one_contact(evidence: Evidence) -> Iterator[str]:
    from sujin.complaints.models import Contact

    kept = Counter(Contact.objects.filter(source="hotline").values_list("external_id", flat=True))
    lost = [call for call in evidence["calls"] if not kept[call]]
    yield from (f"{call} was acknowledged and is lost" for call in lost)
    yield from (f"{call} is there {count} times" for call, count in kept.items() if count > 1)
    numbers = dict(
        Contact.objects.filter(source="hotline").values_list("external_id", "complaint__number")
    )
    for call, number in evidence["calls"].items():
        if call in numbers and numbers[call] != number:
            yield f"{call} was told {number} and is under {numbers[call]}"


def every_acknowledged_act_is_on_its_docket(evidence: Evidence) -> Iterator[str]:
    from sujin.complaints.models import Complaint
    from sujin.platform.models import Entry

    ids = dict(Complaint.objects.values_list("number", "pk"))
    kept = Counter(Entry.objects.filter(subject="complaint").values_list("subject_id", "kind"))
    for (number, kind), count in Counter(map(tuple, evidence["acts"])).items():
        if kept[ids.get(number, 0), kind] < count:
            yield f"{number}: {kind} was acknowledged {count} times"


def every_reaction_ran(evidence: Evidence) -> Iterator[str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from sujin.platform import journal
    from sujin.platform.models import Entry

    jobs = ProcrastinateJob.objects.filter(task_name="sujin.platform.jobs.react")
    ran = {
        args["entry_id"] for args in jobs.filter(status="succeeded").values_list("args", flat=True)
    }
    awaited = [code for code in journal.known_kinds() if journal.reactions_to(code)]
    for pk, kind in Entry.objects.filter(kind__in=awaited).values_list("pk", "kind"):
        if pk not in ran:
            yield f"entry {pk} ({kind}) was never reacted to"


def every_job_ended_well(evidence: Evidence) -> Iterator[str]:
    """None is waiting or broken off; but what is done every minute does in the next one what was
    left undone when the database was killed under it."""
    from django.db.models import Max
    from procrastinate.contrib.django.models import ProcrastinateJob

    well = ProcrastinateJob.objects.filter(status="succeeded", task_name__in=MINUTELY)
    last = dict(well.values_list("task_name").annotate(Max("pk")))
    # The next tick of the clock of the wall may always be waiting, and one that its successor has
    # overtaken is over.
    jobs = (
        ProcrastinateJob.objects.exclude(status="succeeded")
        .exclude(task_name="sujin.platform.jobs.revive")
        .exclude(status="aborted", queueing_lock__isnull=False)
    )
    for job in jobs:
        if job.status != "failed" or last.get(job.task_name, 0) < job.pk:
            yield f"job {job.pk} {job.task_name} is {job.status}"


def everybody_was_told_once(evidence: Evidence) -> Iterator[str]:
    """Reacting again to what nobody's going can have changed tells nobody anything new."""
    from django.db import transaction

    from sujin.complaints import kinds
    from sujin.platform import journal
    from sujin.platform.models import Entry, Notice

    steady = (kinds.Routed, kinds.Asked, kinds.Granted, kinds.Refused)
    doubled = Counter(Notice.objects.values_list("person_id", "entry_id"))
    yield from (f"notice {key} is there twice" for key, count in doubled.items() if count > 1)
    before = Notice.objects.count()
    with transaction.atomic():
        for entry in Entry.objects.of(*steady).select_related("by"):
            for act in journal.reactions_to(entry.kind):
                act(entry)
        missed = Notice.objects.count() - before
        transaction.set_rollback(True)
    if missed:
        yield f"{missed} notices are missing"


def every_mail_is_recorded_and_every_record_is_a_mail(evidence: Evidence) -> Iterator[str]:
    from sujin.complaints import kinds
    from sujin.complaints.models import Dispatch
    from sujin.platform.models import Entry

    released = Dispatch.objects.filter(released_at__isnull=False)
    sent = set(released.filter(sent_at__isnull=False).values_list("message_id", flat=True))
    mails = set(evidence["mails"])
    yield from (f"{one} was marked as sent and never arrived" for one in sent - mails)
    yield from (f"{one} arrived and is not recorded" for one in mails - sent)
    waiting = released.filter(sent_at__isnull=True, given_up_at__isnull=True)
    yield from (f"{one.message_id} is still waiting: {one.last_error}" for one in waiting)
    told = Counter(
        data["message_id"]
        for data in Entry.objects.of(kinds.Delivered).values_list("data", flat=True)
    )
    yield from (f"{one}: {told[one]} entries" for one in sent if told[one] != 1)
    letters = Counter(
        data["letter"] for data in Entry.objects.of(kinds.Answered).values_list("data", flat=True)
    )
    yield from (f"letter {pk} answered {n} times" for pk, n in letters.items() if n != 1)


def no_mail_went_out_more_often_than_somebody_was_killed(evidence: Evidence) -> Iterator[str]:
    transmitted, mails = sum(evidence["mails"].values()), len(evidence["mails"])
    if transmitted > mails + evidence["kills"]:
        yield f"{transmitted} transmissions of {mails} mails, {evidence['kills']} kills"


def each_leaver_was_relieved_once(evidence: Evidence) -> Iterator[str]:
    """The nth tick of the clock passes on the case of the nth leaver, once."""
    from sujin.complaints import kinds
    from sujin.platform.models import Entry

    ticks = [datetime.fromisoformat(one) for one in evidence["ticks"]]
    told = Counter(
        (data["left"], at)
        for data, at in Entry.objects.of(kinds.Relieved).values_list("data", "at")
    )
    for nth, tick in enumerate(ticks):
        if told[f"离{nth}", tick] != 1:
            yield f"tick {nth} relieved its leaver {told[f'离{nth}', tick]} times"


def each_promise_was_missed_once(evidence: Evidence) -> Iterator[str]:
    """Whoever has left calls nobody back: the nth promise was broken by the nth tick, once."""
    from sujin.complaints import kinds
    from sujin.platform.models import Entry

    told = Counter(
        data["what"]
        for data in Entry.objects.of(kinds.PromiseMissed).values_list("data", flat=True)
    )
    for nth in range(len(evidence["ticks"])):
        if told[f"回电{nth}"] != 1:
            yield f"promise {nth} was missed {told[f'回电{nth}']} times"


def each_rung_was_climbed_once(evidence: Evidence) -> Iterator[str]:
    """No rung was told twice, none was marked as climbed without anybody being told."""
    from sujin.complaints import kinds
    from sujin.complaints.models import Rung
    from sujin.platform.models import Entry

    rungs = Counter(
        (pk, data["row"], datetime.fromisoformat(data["due_at"]), data["asked_desk"])
        for pk, data in Entry.objects.of(kinds.Escalated).values_list("subject_id", "data")
    )
    yield from (f"rung {key} was climbed {n} times" for key, n in rungs.items() if n > 1)
    told = {(pk, due_at) for pk, _row, due_at, _desk in rungs}
    marked = set(Rung.objects.values_list("complaint", "due_at"))
    yield from (f"case {pk}, limit {due_at}: nobody was told" for pk, due_at in marked - told)
    if evidence["ticks"] and not rungs:
        yield "nobody climbed anything"


def no_tick_of_the_clock_is_queued_twice(evidence: Evidence) -> Iterator[str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    ticks = Counter(
        (task, args["timestamp"])
        for task, args in ProcrastinateJob.objects.values_list("task_name", "args")
        if args.get("timestamp")
    )
    yield from (f"{key} was queued {count} times" for key, count in ticks.items() if count > 1)


def every_docket_gives_its_row(evidence: Evidence) -> Iterator[str]:
    from sujin.complaints.models import Complaint

    for case in Complaint.objects.all():
        for name, value in case.replay().items():
            plain = list(value) if isinstance(value, tuple) else value
            if getattr(case, name) != plain:
                yield f"{case.number}.{name} is {getattr(case, name)!r}, the docket says {plain!r}"


CHECKS: list[tuple[str, Check]] = [
    ("calls", every_acknowledged_call_is_one_contact),
    ("acts", every_acknowledged_act_is_on_its_docket),
    ("reactions", every_reaction_ran),
    ("jobs", every_job_ended_well),
    ("notices", everybody_was_told_once),
    ("mails", every_mail_is_recorded_and_every_record_is_a_mail),
    ("transmissions", no_mail_went_out_more_often_than_somebody_was_killed),
    ("timers", each_leaver_was_relieved_once),
    ("promises", each_promise_was_missed_once),
    ("rungs", each_rung_was_climbed_once),
    ("ticks", no_tick_of_the_clock_is_queued_twice),
    ("dockets", every_docket_gives_its_row),
]


def main(path: str) -> None:
    django.setup()
    evidence = json.loads(Path(path).read_text())
    from sujin.complaints.models import Complaint, Dispatch
    from sujin.platform.models import Entry, Notice

    faults = {name: list(check(evidence)) for name, check in CHECKS}
    counted = {
        "cases": Complaint.objects.count(),
        "entries": Entry.objects.count(),
        "notices": Notice.objects.count(),
        "dispatches": Dispatch.objects.count(),
    }
    sys.stdout.write(json.dumps({"faults": faults, "counted": counted}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
