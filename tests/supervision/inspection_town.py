"""An inspection as the tests make one: drawn for one outlet, marked, handed in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sujin.platform.files import Checked
from sujin.platform.models import Org, Person
from sujin.supervision.acts.carry_inspection import (
    Note,
    keep_photo,
    note_marks,
    submit_inspection,
)
from sujin.supervision.acts.draw_plan import draw_plan
from sujin.supervision.inspectionbook import checklist
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, InspectionPlan, Shortcoming

DAY = timedelta(days=1)
PNG = Checked(
    "现场.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"picture of a wall without a telephone number"
)


def plan_of(
    org: Org, *, by: Person, at: datetime, sort: str = "flight", visits: int = 0, seed: int = 11
) -> InspectionPlan:
    """Every outlet below ``org``, unless fewer are asked for."""
    outlets = Org.objects.under(org).filter(kind="outlet").count()
    today = at.date()
    return draw_plan(
        org, name="一季度检查", sort=sort, first=today + DAY, last=today + 30 * DAY,
        visits=visits or outlets, by=by, at=at, seed=seed,
    )  # fmt: skip


def inspection_at(outlet: str, plan: InspectionPlan) -> Inspection:
    return Inspection.objects.select_related("plan", "outlet", "inspector").get(
        plan=plan, outlet__code=outlet
    )


def note(
    item: str, mark: str, at: datetime, words: str = "", key: UUID | None = None
) -> Note:  # fmt: skip
    return Note(key or uuid4(), item, mark, words, at)


def marked(inspection: Inspection, at: datetime, *, bad: Iterable[str] = ()) -> None:
    """All items, those of ``bad`` failed with words and, where asked for, a photograph."""
    wrong, by = set(bad), inspection.inspector
    assert by is not None
    notes = [
        note(one.code, kinds.FAIL, at, "墙上没有公示投诉电话")
        if one.code in wrong
        else note(one.code, kinds.PASS, at)
        for one in checklist(inspection.plan.sort)
    ]
    note_marks(inspection, notes, by=by, at=at)
    for one in checklist(inspection.plan.sort):
        if one.code in wrong and one.wants_photo(kinds.FAIL):
            keep_photo(inspection, one.code, PNG, key=uuid4(), taken_at=at, by=by, at=at)


def handed_in(
    inspection: Inspection, at: datetime, *, bad: Iterable[str] = ()
) -> list[Shortcoming]:
    """Marked and handed in; what fell short."""
    marked(inspection, at, bad=bad)
    assert inspection.inspector is not None
    submit_inspection(inspection, by=inspection.inspector, at=at)
    inspection.refresh_from_db()
    rows = inspection.shortcomings.select_related("outlet", "inspection__plan__org")
    return list(rows.order_by("pk"))
