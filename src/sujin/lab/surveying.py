"""The story's customers say how it was: some months of invitations and sheets, some of which are no
customer's; and a sampling survey that is over.

In one branch sheets come from the bank's own network, as if staff had answered for customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.models import Complaint
from sujin.lab.cast import LIN_LAN
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice, weighted
from sujin.platform import crypto
from sujin.platform import reach as reaches
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import insert
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org, Person
from sujin.platform.models.entry import record
from sujin.supervision.acts.draw_sample import CannotDraw, designed, draw_sample
from sujin.supervision.acts.fill_in import customer, topic
from sujin.supervision.acts.send_invitation import expire_invitations
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.links import digest
from sujin.supervision.models import AnswerSheet, Invitation, SampleSurvey, Voucher
from sujin.supervision.questionnaires import CASE, NPS, SAMPLE, WORDS, questionnaires
from sujin.supervision.sampling import population

Pairs = Mapping[str, Sequence[tuple[int, float]]]
Happening = tuple[Kind, datetime]
Story = list[Happening]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SINCE = 130 * DAY
REACHED, ANSWERS, QUICK, OURS, SPEAKS = 0.82, 0.34, 0.03, 0.45, 0.45
NO_ADDRESS = "客户没有留下可用的手机号或邮箱"
# So often the content are content, by what they say on each question.
MARKS: Pairs = {"good": ((5, 6), (4, 3), (3, 1)), "bad": ((1, 4), (2, 4), (3, 2), (4, 1))}
PROMOTES: Pairs = {
    "good": ((10, 3), (9, 3), (8, 2), (7, 1)),
    "bad": ((0, 3), (3, 3), (5, 3), (7, 1)),
}
SAID = {
    "good": ("办得很快，谢谢", "经办人讲得清楚", "态度很好", "钱已经退回来了"),
    "bad": ("年费乱收，说了三遍才退", "等了两个星期没人联系我", "限额为什么调低还是没讲清",
            "态度敷衍", "退回的利息不对", "让我跑了三趟网点", "贷款利率说法前后不一样"),
}  # fmt: skip
# Opens an invitation of the demonstration that nobody has answered.
SECRET = "shifan-wenjuan-lianjie"  # noqa: S105 - of invented people
DRAWN_AGO, TOTAL, ANSWERING = 45 * DAY, 240, 0.3
TEN = time(10, tzinfo=ZONE)


@dataclass(slots=True)
class _Post:
    """What is to be written at once."""

    invitations: list[Invitation] = field(default_factory=list)
    told: list[Story] = field(default_factory=list)
    sheets: list[AnswerSheet] = field(default_factory=list)


def survey(*, seed: int, now: datetime) -> None:
    """Loading it again adds nothing."""
    if Invitation.objects.exists():
        return
    rng = dice("surveys", seed)
    _after_cases(rng, now)
    _sample(rng, now)
    expire_invitations(by=system_person(), at=now)
    _leave_one_open(now)


def _after_cases(rng: Random, now: datetime) -> None:
    rows = Complaint.objects.filter(
        kind="complaint", closed_at__gte=now - SINCE, closed_at__lt=now - DAY,
        merged_into__isnull=True,
    ).exclude(outcome=WITHDRAWN)  # fmt: skip
    cases = list(rows.select_related("origin").order_by("closed_at", "pk")
                 .defer("text", "tokens", "minhash", "bands"))  # fmt: skip
    branches = sorted({_branch(case.origin) for case in cases})
    cheats = rng.choice(branches) if branches else ""
    post = _Post()
    for case in cases:
        assert case.closed_at is not None
        asked = Invitation(
            complaint=case, unit=case.origin, made_at=case.closed_at, questionnaire=CASE
        )
        told = [_made(asked)]
        if rng.random() < REACHED:
            told += _sent(asked, _by_day(case.closed_at))
            _answer(post, asked, told, rng, now, staff=_branch(case.origin) == cheats)
        else:
            told.append(_told(asked, kinds.InvitationUnsent(because=NO_ADDRESS), asked.made_at))
        post.invitations.append(asked)
        post.told.append(told)
    insert(post.invitations)
    _write(post)


def _made(asked: Invitation) -> Happening:
    made = kinds.Invited(questionnaire=asked.questionnaire, number=asked.complaint.number)
    return _told(asked, made, asked.made_at)


def _sent(asked: Invitation, at: datetime) -> Story:
    days = questionnaires()[asked.questionnaire].valid_days
    out = kinds.InvitationSent(way="sms", sent_at=at, expires_at=at + days * DAY)
    return [_told(asked, out, at)]


def _told(asked: Invitation, kind: Kind, at: datetime) -> Happening:
    asked.take(kind)
    return kind, at


def _answer(
    post: _Post, asked: Invitation, told: Story, rng: Random,
    now: datetime, *, staff: bool = False,
) -> None:  # fmt: skip
    """A customer in three or so answers, most within a day or two."""
    assert asked.sent_at is not None and asked.expires_at is not None
    at = asked.sent_at + rng.expovariate(1 / 26) * HOUR
    # Where staff answer for customers, more sheets come back than elsewhere.
    if rng.random() > (ANSWERS + staff * OURS) or at >= min(now, asked.expires_at):
        if asked.expires_at <= now:
            told.append(_told(asked, kinds.InvitationExpired(), asked.expires_at))
        return
    flags = [kinds.STAFF_NETWORK] if staff and rng.random() < OURS + ANSWERS else []
    flags += [kinds.TOO_QUICK] if rng.random() < QUICK else []
    mood = "good" if flags or rng.random() < _content(asked) else "bad"
    words = rng.choice(SAID[mood]) if rng.random() < SPEAKS else ""
    sheet = AnswerSheet(
        invitation=asked, at=at, scores=_scores(asked, mood, rng), words=words, topic=topic(words),
        flags=flags, counted=not flags,
        network=crypto.blind(f"demo-{rng.getrandbits(30)}", context="survey.network"),
    )  # fmt: skip
    post.sheets.append(sheet)
    filled = kinds.SheetFilled(filled_at=at, counted=sheet.counted, flags=tuple(flags))
    told.append(_told(asked, filled, at))


def _content(asked: Invitation) -> float:
    """Some branches please more than others; what staff heard says little."""
    tilt = dice("content", _branch(asked.unit)).uniform(-0.15, 0.15)
    return 0.66 + tilt - (0.3 if asked.complaint.satisfied == "no" else 0)


def _scores(asked: Invitation, mood: str, rng: Random) -> dict[str, int]:
    made: dict[str, int] = {}
    for one in questionnaires()[asked.questionnaire].questions:
        if one.scale == NPS:
            made[one.code] = weighted(rng, PROMOTES[mood])
        elif one.scale != WORDS and len(one.marks) == 2:
            made[one.code] = int(mood == "good" or rng.random() < 0.3)
        elif one.scale != WORDS:
            made[one.code] = weighted(rng, MARKS[mood])
    return made


def _write(post: _Post) -> None:
    if post.sheets:
        for sheet in post.sheets:
            sheet.invitation_id = sheet.invitation.pk
        insert(post.sheets)
    theirs, ours = customer(), system_person()
    entries: list[Entry] = [
        asked.entry(kind, by=theirs if isinstance(kind, kinds.SheetFilled) else ours, at=at)
        for asked, told in zip(post.invitations, post.told, strict=True)
        for kind, at in told
    ]
    record(entries, announce=False)


def _sample(rng: Random, now: datetime) -> None:
    """Drawn by the analyst, sent the next day, over by now."""
    lin = Person.objects.get(staff_no=LIN_LAN.staff_no)
    then = datetime.combine(timezone.localdate(now - DRAWN_AGO), TEN)
    unit, first, last = _root(), timezone.localdate(then) - 90 * DAY, timezone.localdate(then)
    reach = reaches.of(lin, then)
    plan: dict[str, Any] = {
        "unit": unit, "since": first, "until": last, "answering": ANSWERING,
        "total": min(TOTAL, population(reach, unit, first, last).count() // 3),
    }  # fmt: skip
    try:
        seen = designed(reach, **plan, at=then).digest
    except CannotDraw:
        # A story of few cases has no sample.
        return
    made = draw_sample(
        name="办结投诉抽样调查", questionnaire=SAMPLE, **plan, seen=seen, by=lin, at=then
    )
    _returned(made, rng, now, then + DAY)


def _root() -> Org:
    return Org.objects.get(parent__isnull=True)


def _returned(made: SampleSurvey, rng: Random, now: datetime, out: datetime) -> None:
    post = _Post()
    for asked in made.invitations.select_related("complaint", "unit").order_by("pk"):
        told = _sent(asked, out)
        _answer(post, asked, told, rng, now)
        post.invitations.append(asked)
        post.told.append(told)
    columns = ("way", "because", "sent_at", "expires_at", "filled_at", "state")
    Invitation.objects.bulk_update(post.invitations, columns, batch_size=500)
    _write(post)


def _leave_one_open(now: datetime) -> None:
    """The latest that is out, by a link of which the secret is known."""
    asked = Invitation.objects.filter(state=kinds.SENT, expires_at__gt=now).order_by("-pk").first()
    if asked is not None:
        Voucher.objects.create(invitation=asked, digest=digest(SECRET), made_at=now)


def _by_day(at: datetime) -> datetime:
    """An hour after the end; of what ended by night, at ten in the morning."""
    local = (at + HOUR).astimezone(ZONE)
    return local if 9 <= local.hour < 20 else datetime.combine(local.date() + DAY, TEN)


def _branch(org: Org) -> str:
    steps = org.lineage
    return str(steps[1] if len(steps) > 1 else steps[0])
