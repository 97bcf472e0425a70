"""A row of a file to a Draft: the only place that knows what these files mean.

The American archive gives a day and no hour. Nine in the morning of New York is taken, because
that moment falls on the same calendar day there, in London and in Beijing: a day, a month and a
year of the archive stay what they are on every screen and in every report.
"""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from zoneinfo import ZoneInfo

from sujin import packs
from sujin.channels.channel import CSV
from sujin.channels.csv.columns import Columns
from sujin.channels.csv.dates import Dates
from sujin.channels.csv.flaws import CannotTake, Reason, flaw
from sujin.channels.csv.institution import Doors
from sujin.channels.csv.labels import Labels
from sujin.channels.csv.layouts import CFPB
from sujin.channels.csv.rows import Row
from sujin.complaints.draft import Declared, Draft, Outcome, PartyDraft
from sujin.engine.text import redact

AXES = {"product": "business", "sub_product": "business", "issue": "cause"}
# Where a foreign label is unknown: the pack's own "other", so that the case is found and counted.
UNTOLD = {"cfpb": ("other_service", "other"), "cn_bank": ("other", "")}
OPENS = time(9)
OLDEST_YEAR = 1990
AHEAD = timedelta(days=1)
REGION_MAX = 40
PERSONAL = ("name", "id_number", "phone", "card", "account")
SPOKEN_FOR = frozenset({"id", "text", "received", *PERSONAL})
_ENDED_ABROAD = ("closed", "untimely response")
_ENDED = re.compile(
    r"办结|已结|结案|关闭|完结|已处理|处理完|已完成|已解决|已撤|closed|resolved|done", re.I
)
_NOT_ENDED = re.compile(r"未|待|不|not|un", re.I)
_SUM = re.compile(r"[¥￥]?\s*(\d[\d,，]*(?:\.\d+)?)\s*(万)?\s*元?")
_LARGEST = Decimal("99999999999999")


class Reader:
    """Reads the rows of one file; what it could not recognise is in ``labels.unknown``."""

    def __init__(
        self, columns: Columns, dates: Dates, doors: Doors, *, at: datetime, text_max: int
    ) -> None:
        self.columns, self.labels = columns, Labels(columns.layout.pack, AXES)
        self._dates, self._doors, self._at, self._text_max = dates, doors, at, text_max
        self._fields, self._kept = columns.fields, columns.kept
        self._zone = ZoneInfo(packs.manifest(columns.layout.pack)["zone"])

    def read(self, row: Row) -> Draft:
        """The draft of a row; its external id is empty where the file gives none.

        Raises CannotTake.
        """
        self._check_shape(row)
        values = {name: row.cells[at].strip() for name, at in self._fields.items()}
        values["text"] = values.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
        self._check_words(values)
        received = self._received(values)
        if self.columns.layout is CFPB:
            return self._abroad(row, values, received)
        return self._at_home(row, values, received)

    def _check_shape(self, row: Row) -> None:
        if row.flaw is not None:
            raise CannotTake(row.flaw)
        cells, columns = len(row.cells), self.columns.width
        if cells != columns:
            reason = Reason.TOO_FEW_CELLS if cells < columns else Reason.TOO_MANY_CELLS
            raise CannotTake(flaw(reason, cells=cells, columns=columns))

    def _check_words(self, values: Mapping[str, str]) -> None:
        if not any(values.get(name) for name in ("text", *AXES)):
            raise CannotTake(flaw(Reason.EMPTY))
        length = len(values["text"])
        if length > self._text_max:
            raise CannotTake(flaw(Reason.TEXT_TOO_LONG, length=length, limit=self._text_max))

    def _received(self, values: Mapping[str, str]) -> datetime:
        """A file without a date is received now; a row without one in a file of dates is not."""
        if "received" not in values:
            return self._at
        received = self._moment("received", values)
        if received is None:
            column = self.columns.header_of("received")
            raise CannotTake(flaw(Reason.DATE_MISSING, column=column))
        return received

    def _moment(self, field: str, values: Mapping[str, str]) -> datetime | None:
        words = values.get(field, "")
        if not words:
            return None
        local = self._dates.read(words)
        facts = {"column": self.columns.header_of(field), "value": words[:40]}
        if local is None:
            raise CannotTake(flaw(Reason.DATE_UNREADABLE, order=self._dates.about, **facts))
        if local.year < OLDEST_YEAR:
            raise CannotTake(flaw(Reason.DATE_PAST, **facts))
        if self.columns.layout is CFPB or local.time() == time.min:
            local = datetime.combine(local, OPENS)
        moment = local.replace(tzinfo=self._zone)
        if moment > self._at + AHEAD:
            raise CannotTake(flaw(Reason.DATE_FUTURE, **facts))
        return min(moment, self._at)

    def _abroad(self, row: Row, values: Mapping[str, str], received: datetime) -> Draft:
        state = values.get("state", "")
        elderly = "older american" in values.get("tags", "").casefold()
        fits = len(state) <= REGION_MAX
        return Draft(
            channel=CSV.code,
            text=values["text"],
            received_at=received,
            origin=self._doors.default,
            pack=self.columns.layout.pack,
            source=self.columns.layout.code,
            external_id=values.get("id", ""),
            parties=(PartyDraft(vulnerable=("elderly",)),) if elderly else (),
            declared=self._declared(values),
            outcome=self._outcome_abroad(values, received),
            region=state if fits else "",
            attributes=self._attributes(row, values, {"state"} if fits else set()),
        )

    def _outcome_abroad(self, values: Mapping[str, str], received: datetime) -> Outcome | None:
        sent = self._moment("sent", values)
        said = values.get("response", "")
        if not said.casefold().startswith(_ENDED_ABROAD):
            return None
        return Outcome(said, max(sent or received, received))

    def _at_home(self, row: Row, values: Mapping[str, str], received: datetime) -> Draft:
        region, org = values.get("region", ""), values.get("org", "")
        origin = self._doors.find(org)
        used = {"region"} if len(region) <= REGION_MAX else set()
        if org and not origin:
            self.labels.remember("org", org)
        return Draft(
            channel=CSV.code,
            text=values["text"],
            received_at=received,
            origin=origin or self._doors.default,
            pack=self.columns.layout.pack,
            source=self.columns.layout.code,
            external_id=_ledger_id(
                values, origin or org, self._dates.read(values.get("received", ""))
            ),
            parties=_parties(values),
            declared=self._declared(values),
            outcome=self._outcome_at_home(values, received),
            region=region if used else "",
            attributes=self._attributes(row, values, used),
        )

    def _outcome_at_home(self, values: Mapping[str, str], received: datetime) -> Outcome | None:
        """Ended when the state says so; a file without a state ends what has a closing date."""
        closed = self._moment("sent", values)
        said = values.get("response", "")
        has_ended = bool(_ENDED.search(said)) and not _NOT_ENDED.search(said)
        if not (has_ended or (closed and not said)):
            return None
        return Outcome(said or "办结", max(closed or received, received))

    def _declared(self, values: Mapping[str, str]) -> Declared:
        """What the file states. Where it cannot be read, words decide, or the pack's "other"."""
        product, sub, issue = (values.get(name, "") for name in AXES)
        code = self.labels.code("sub_product", sub, product)
        business = code or self.labels.code("product", product)
        cause = self.labels.code("issue", issue, product)
        untold_business, untold_cause = UNTOLD[self.columns.layout.pack]
        if self.columns.layout is CFPB or not values["text"]:
            business, cause = business or untold_business, cause or untold_cause
        return Declared(business, cause, self._amount(values), _people(values.get("people", "")))

    def _amount(self, values: Mapping[str, str]) -> Decimal | None:
        words = values.get("amount", "")
        found = _SUM.fullmatch(words)
        if found is None:
            if words:
                self.labels.remember("amount", words)
            return None
        yuan = Decimal(re.sub("[,，]", "", found[1])) * (10000 if found[2] else 1)
        return min(yuan.quantize(Decimal("0.01")), _LARGEST)

    def _attributes(self, row: Row, values: Mapping[str, str], used: set[str]) -> dict[str, str]:
        """Everything else the row says. Columns we do not know may hold anybody's number."""
        told = {
            name: value
            for name, value in values.items()
            if value and name not in SPOKEN_FOR and name not in used
        }
        kept = {name: row.cells[at].strip() for name, at in self._kept.items()}
        return told | {name: redact(value).text for name, value in kept.items() if value}


def _parties(values: Mapping[str, str]) -> tuple[PartyDraft, ...]:
    name, id_number, phone, card, account = (values.get(field, "") for field in PERSONAL)
    if not any((name, id_number, phone, card, account)):
        return ()
    return (PartyDraft(name=name, id_number=id_number, phone=phone, card=card, account=account),)


def _people(words: str) -> int | None:
    return int(words) if words.isdecimal() and 0 < int(words) < 10**6 else None


def _ledger_id(values: Mapping[str, str], place: str, day: datetime | None) -> str:
    """A number of somebody's own ledger together with what stands behind it.

    Every branch counts its rows from 1: the number alone would make another branch's complaint look
    like one we know. The same number with other words, of another day or another branch is another
    complaint; whether other words are a correction is found out later (``again``).
    ``day`` is what the row itself says: the moment of the import would make it new every day.
    """
    number = values.get("id", "")
    if not number:
        return ""
    words = values["text"] or " ".join(values.get(name, "") for name in AXES)
    said = (number, f"{day:%Y-%m-%d}" if day else "", " ".join(words.split()), place)
    content = "\x1f".join(said if place else said[:-1])
    return f"{number[:24]}-{blake2b(content.encode(), digest_size=16).hexdigest()}"
