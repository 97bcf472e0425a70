"""The story's events as the house met them: announced, lines written, mentions noted, forecasts
stored and scored night after night, a flash report each; and one that is still to come."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from random import Random

from sujin.governance.acts.announce_event import announce_event, draft_event
from sujin.governance.acts.ask_for_line import acknowledge_line
from sujin.governance.acts.attach_line import attach_line
from sujin.governance.acts.attach_mention import attach_mention
from sujin.governance.acts.close_event import close_event
from sujin.governance.acts.issue_flash import (
    acknowledge_flash,
    draft_flash,
    escalate_flashes,
    issue_flash,
)
from sujin.governance.acts.watch_events import escalate_lines, look_at_events, watch_events
from sujin.governance.flash_event import of_event
from sujin.governance.models import Event, FlashReport, LineRequest
from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.acts.read import open_reading, understand
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.answering import answering
from sujin.knowledge.models import Acknowledgement, Version
from sujin.knowledge.wording import Wording
from sujin.lab.cast import LIN_LAN, ZHENG_GANG
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice
from sujin.lab.phrases import table
from sujin.lab.plants import Event as Planted
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from sujin.platform.organisation import OrgKind
from sujin.platform.refusal import Refusal

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
NINE = time(9, tzinfo=ZONE)
EACH_NIGHT = 7  # after so many nights one look a week is enough for a story
NIGHT = timedelta(hours=19, minutes=20)
READ_IN, READS, UNDERSTANDS = 4, 0.8, 0.85
QUIET = "跟踪期满，每日投诉已回到平常水平"
TO_COME = timedelta(days=12)
MATURITY = {
    "kind": "maturity", "title": "三年期大额存单集中到期", "lines": ["personal"],
    "what": "三年期大额存单集中到期，到期后利率低于原利率，客户可能询问转存、自动续存和提前支取",
    "source": "个人金融部到期清单", "business": ["savings"], "cause": [],
    "products": ["三年期大额存单"], "customers": 41000, "customers_by": "个人金融部（到期户数）",
    "acceptance": "核对到期日和约定的到期处理方式，主动说明现行利率", "opinion": "",
}  # fmt: skip


def announce(events: tuple[Planted, ...], *, seed: int, now: datetime) -> None:
    """Every planted event whose announcement lies before ``now``, in the order of time; loading it
    again adds nothing."""
    rows = {row["code"]: row for row in table("announced")}
    told = sorted(events, key=lambda one: one.first)
    for planted in told:
        _Telling(planted, rows[planted.code], dice("announced", seed, planted.code), now).tell()
    title = str(MATURITY["title"])
    if not Event.objects.filter(title=title).exists():
        starts_at = datetime.combine((now + TO_COME).date(), NINE)
        at = now - 20 * MINUTE
        made = draft_event({**MATURITY, "starts_at": starts_at}, by=_lin(), at=at)
        event = announce_event(made, by=_lin(), at=at)
        later = at + timedelta(seconds=12)
        draft_flash(of_event(event, later), by=system_person(), at=later)


class _Telling:
    """One event; what would lie after ``now`` is left for the screens to do."""

    def __init__(self, planted: Planted, row: Mapping[str, str], rng: Random, now: datetime):
        self.planted, self.row, self.rng, self.now = planted, row, rng, now
        starts = datetime.combine(planted.first, NINE)
        self.starts_at = starts
        self.at = starts - timedelta(hours=float(row["ahead_hours"]))

    def tell(self) -> None:
        if self.at >= self.now or Event.objects.filter(title=self.planted.title).exists():
            return
        made = draft_event(self._told(), by=_lin(), at=self.at - 10 * MINUTE)
        event = announce_event(made, by=_lin(), at=self.at)
        self._flash(event)
        for request in event.requests.select_related("owner", "event").order_by("pk"):
            self._line(request)
        self._mentions(event)
        self._watch(event)

    def _told(self) -> dict[str, object]:
        row = self.row
        table_of = [cells.split(":") for cells in row["before_after"].split("|") if cells]
        names = ("what", "before", "after")
        return {
            "kind": self.planted.kind.value, "title": self.planted.title,
            "starts_at": self.starts_at, "lines": list(self.planted.lines),
            "business": row["business"].split(), "cause": [],
            "products": [one for one in row["products"].split("，") if one],
            "customers": int(row["customers"]),
            "before_after": [dict(zip(names, cells, strict=True)) for cells in table_of],
            **{name: row[name] for name in (
                "what", "source", "customers_by", "population", "acceptance", "opinion")},
        }  # fmt: skip

    def _flash(self, event: Event) -> None:
        """Written by the house in seconds, issued within the hour; one owner in five is slow."""
        at = self.at + timedelta(seconds=self.rng.randrange(4, 45))
        made = draft_flash(of_event(event, at), by=system_person(), at=at)
        issued = at + self.rng.randrange(6, 40) * MINUTE
        if issued >= self.now:
            return
        issue_flash(made, by=_zheng(), at=issued)
        for receipt in made.receipts.select_related("owner").order_by("pk"):
            slow = self.rng.random() < 0.2
            later = issued + (self.rng.randrange(90, 200) if slow else 8) * MINUTE
            escalate_flashes(by=system_person(), at=later)
            _acknowledge(made, answering(receipt.owner, "draft", later)[0], later)

    def _line(self, request: LineRequest) -> None:
        """Heard, written, released by a second person, said to be the line."""
        heard = self.at + self.rng.randrange(5, 40) * MINUTE
        live = self.at + timedelta(hours=float(self.row["line_hours"])) + request.pk % 3 * HOUR / 2
        if live >= self.now:
            return
        writer = answering(request.owner, "draft", heard)[0]
        acknowledge_line(request, by=writer, at=heard)
        escalate_lines(by=system_person(), at=live - MINUTE)
        version = self._version(request, writer, heard, live)
        attach_line(request, version, by=writer, at=live)

    def _version(
        self, request: LineRequest, writer: Person, heard: datetime, live: datetime
    ) -> Version:
        row = self.row
        parts = {
            "background": row["what"], "answer": row["answer"], "script": row["script"],
            "dont_say": "\n".join(f"- “{one}”" for one in row["dont_say"].split("|")),
        }  # fmt: skip
        code = f"event-{self.planted.code.lower()}-{request.line}-{self.planted.first:%Y%m%d}"
        scope = {"surfaces": ("staff",)}
        wording = Wording(code, "line", request.line, self.planted.title, parts, (), scope)
        made = draft_item(wording, owner=request.owner, by=writer, at=heard)
        submit(made, by=writer, at=live - 20 * MINUTE)
        release(made, by=_zheng(), at=live)
        return Version.objects.select_related("item").get(pk=made.pk)

    def _mentions(self, event: Event) -> None:
        for nth, cells in enumerate(self.row["mentions"].split("|")):
            outlet, title, readers, tone = cells.split(":")
            at = self.starts_at + nth * DAY + 3 * HOUR
            if at < self.now:
                attach_mention(
                    event, on=at.astimezone(ZONE).date(), outlet=outlet, title=title,
                    readers=int(readers), tone=tone, by=_lin(), at=at,
                )  # fmt: skip

    def _watch(self, event: Event) -> None:
        """Night after night, until its watch is over or the story ends."""
        house = system_person()
        look_at_events(by=house, at=min(self.starts_at + 12 * HOUR, self.now))
        for at in self._nights(event):
            watch_events(by=house, at=at)
        end = datetime.combine(event.last_day + 2 * DAY, NINE)
        if end < self.now:
            watch_events(by=house, at=end)
            close_event(event, because=QUIET, by=_lin(), at=end)
        else:
            look_at_events(by=house, at=self.now)
            self._hand_out(event)

    def _nights(self, event: Event) -> Iterator[datetime]:
        for night in range((event.last_day - event.first_day).days + 1):
            at = datetime.combine(event.first_day + night * DAY, NINE) + NIGHT
            if at < self.now and (night < EACH_NIGHT or not night % 7):
                yield at

    def _hand_out(self, event: Event) -> None:
        """The line of what is still on is read in some branches."""
        held = event.requests.filter(live_at__isnull=False).order_by("pk").first()
        if held is None or held.live_at is None or held.version is None:
            return
        at = held.live_at + 2 * HOUR
        orgs = list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code")[:READ_IN])
        by_day = (at + 4 * DAY).date()
        made = distribute(held.version, orgs=orgs, read_by=by_day, by=_lin(), at=at)
        for row in Acknowledgement.objects.filter(distribution=made).select_related("person"):
            when = at + self.rng.randrange(1, 90) * HOUR
            if self.rng.random() < READS and when < self.now:
                open_reading(row, by=row.person, at=when)
                if self.rng.random() < UNDERSTANDS:
                    understand(row, by=row.person, at=when + 5 * MINUTE)


def _acknowledge(flash: FlashReport, by: Person, at: datetime) -> None:
    try:
        acknowledge_flash(flash, by=by, at=at)
    except Refusal:
        # One person answers for two owners: the first word was for both.
        return


def _lin() -> Person:
    return Person.objects.get(staff_no=LIN_LAN.staff_no)


def _zheng() -> Person:
    return Person.objects.get(staff_no=ZHENG_GANG.staff_no)
