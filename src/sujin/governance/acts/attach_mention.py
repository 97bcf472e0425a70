"""Note what somebody outside wrote or said, beside an event or a case; many from a table."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint
from sujin.engine.redaction import redact
from sujin.governance.duties import refuse_unless_noting
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event, Mention
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

COLUMNS = ("日期", "媒体或平台", "标题", "传播量", "倾向")
TONES = {"负面": "negative", "中性": "neutral", "正面": "positive"}
ROWS_MAX = 2000
READERS_MAX = 2_000_000_000


class CannotMention(Refusal):
    """The mention is incomplete or there already; the message says what is wrong."""


class CannotImport(Refusal):
    """The file as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row handed back: its line in the file and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """read = taken + rejected."""

    read: int
    taken: int
    rejects: tuple[Reject, ...]


@transaction.atomic
def attach_mention(
    to: Event | Complaint,
    *,
    on: date,
    outlet: str,
    title: str,
    readers: int,
    tone: str,
    by: Person,
    at: datetime,
) -> Mention:
    """No address of the page is kept, and numbers in the title are masked."""
    refuse_unless_noting(by, at)
    said, where = redact(title.strip()).text[:200], redact(outlet.strip()).text[:60]
    if not said or not where:
        raise CannotMention(_t("请写明媒体或平台、标题或大意"))
    if "://" in said or "www." in said.lower():
        raise CannotMention(_t("不记网址，请写标题或大意"))
    if tone not in kinds.TONES:
        raise CannotMention(_t("倾向写作：%(tones)s") % {"tones": "、".join(TONES)})
    if on > timezone.localdate(at):
        raise CannotMention(_t("日期不能晚于今天"))
    if not 0 <= readers <= READERS_MAX:
        raise CannotMention(_t("传播量须为不小于零的整数"))
    event = to if isinstance(to, Event) else None
    case = to if isinstance(to, Complaint) else None
    what = {"event": event, "complaint": case, "on": on, "outlet": where, "title": said}
    made = _noted(Mention(**what, readers=readers, tone=tone, noted_by=by, noted_at=at))
    told = kinds.MentionNoted(outlet=where, name=said, tone=tone, on=on)
    made.write(told, by=by, at=at)
    return made


def _noted(mention: Mention) -> Mention:
    """Kept, unless it is there or somebody writes it this moment. Raises CannotMention."""
    try:
        with transaction.atomic():
            mention.save(force_insert=True)
    except IntegrityError as error:
        if "mentioned_once" not in str(error):
            raise
        raise CannotMention(_t("这一条已经记过")) from None
    return mention


def import_mentions(event: Event, content: bytes, *, by: Person, at: datetime) -> Tally:
    """Every row stands or falls alone; what falls is told by its line. Raises CannotImport."""
    taken, rejects, read = 0, [], 0
    for line, row in _rows(content):
        read += 1
        try:
            attach_mention(event, **_fields(row), by=by, at=at)  # type: ignore[arg-type]
        except CannotMention as refusal:
            rejects.append(Reject(line, str(refusal)))
        else:
            taken += 1
    return Tally(read, taken, tuple(rejects))


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise CannotImport(_t("请另存为 CSV UTF-8 再上传")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise CannotImport(_t("缺少列：%(columns)s") % {"columns": "、".join(missing)})
    for row in reader:
        if reader.line_num > ROWS_MAX + 1:
            raise CannotImport(_t("一次最多 %(n)d 行") % {"n": ROWS_MAX})
        yield reader.line_num, {name: row.get(name) or "" for name in COLUMNS}


def _fields(row: Mapping[str, str]) -> dict[str, object]:
    """The cells as values. Raises CannotMention."""
    try:
        on = date.fromisoformat(row["日期"].strip())
    except ValueError:
        raise CannotMention(_t("日期写作 2026-03-02")) from None
    reach = row["传播量"].strip() or "0"
    if not reach.isascii() or not reach.isdigit() or len(reach) > 10:
        raise CannotMention(_t("传播量须为不小于零的整数"))
    tone = TONES.get(row["倾向"].strip(), "")
    names = {"on": on, "outlet": row["媒体或平台"], "title": row["标题"]}
    return {**names, "readers": int(reach), "tone": tone}
