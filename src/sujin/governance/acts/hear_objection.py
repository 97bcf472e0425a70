"""Hand on what a handler took down, and tell those who judge: run once the entry has committed.

Whoever took it down hears of neither.
"""

from collections.abc import Iterable
from datetime import datetime

from sujin.complaints import kinds as complaints
from sujin.complaints.models import Complaint
from sujin.governance.acts.dispute_file import dispute_file
from sujin.governance.models import EvidenceFile
from sujin.platform import reach
from sujin.platform.acts.tell import tell as notify
from sujin.platform.models import Entry, Post
from sujin.platform.reach import roles


def hear_objection(entry: Entry) -> None:
    """Every file that the case is in, or one merged with it, is disputed."""
    what = entry.what()
    assert isinstance(what, complaints.Objected)
    files = EvidenceFile.objects.filter(members__complaint__in=_together([entry.subject_id]))
    for file in files.order_by("pk").distinct():
        dispute_file(file, who=what.who, words=what.words, entry=entry.pk, by=entry.by, at=entry.at)


def hear_earlier(file: EvidenceFile, *, at: datetime) -> None:
    """What was taken down on its cases before they were in a file is handed on now."""
    cases = file.members.values_list("complaint_id", flat=True)
    told = Entry.objects.of(complaints.Objected).about(Complaint.subject, _together(cases))
    for entry in told.in_order():
        what = entry.what()
        assert isinstance(what, complaints.Objected)
        dispute_file(file, who=what.who, words=what.words, entry=entry.pk, by=entry.by, at=at)


def _together(cases: Iterable[int]) -> set[int]:
    """These cases, those into which they were merged, and those merged into either: they are one
    matter of one customer, and whoever objects to one of them objects to it."""
    given = set(cases)
    into = Complaint.objects.filter(pk__in=given, merged_into__isnull=False)
    heads = given | set(into.values_list("merged_into_id", flat=True))
    return heads | set(Complaint.objects.filter(merged_into__in=heads).values_list("pk", flat=True))


def inform_weighers(entry: Entry) -> None:
    """Whoever may judge the file and sees it hears of the objection."""
    weighing = [role.code for role in roles().values() if {"evidence", "weigh"} <= role.may]
    posts = Post.objects.on_duty_at(entry.at).filter(role__in=weighing).select_related("person")
    file = EvidenceFile.objects.filter(pk=entry.subject_id)
    told = {post.person_id: post.person for post in posts if post.person_id != entry.by_id}
    seeing = [one for one in told.values() if file.within(reach.of(one, entry.at)).exists()]
    notify(seeing, of=entry, number=str(entry.subject_id))
