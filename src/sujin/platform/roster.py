"""An institution written down in three tables: organisations, people, posts.

``orgs.csv``: code, parent, kind, name and, where they apply, name_en, line, region,
jurisdiction.
``people.csv``: staff_no, name, name_en. ``posts.csv``: staff_no, org, role, since, until.
UTF-8 or GB18030. All three are read before anything is believed, and every fault is told at once.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from sujin.platform.organisation import OrgKind, OrgPlan, OrgSpec, PersonSpec, PostSpec
from sujin.platform.reach import roles
from sujin.platform.refusal import Refusal

Spec = TypeVar("Spec")
FAULTS_SHOWN = 50
# What must be written in every row; the other columns may be left out.
ORG = ("code", "kind", "name")
PERSON = ("staff_no", "name")
POST = ("staff_no", "org", "role", "since")


class CannotRead(Refusal):
    """The tables describe no institution; the message names file, row, column and remedy."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds already: codes of organisations, numbers of people."""

    orgs: frozenset[str]
    people: frozenset[str]


class Faults:
    """Everything that is wrong, in the order of the files."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, what: str) -> None:
        self.found.append(f"{place}: {what}")

    def in_row(self, path: Path, number: int, what: str) -> None:
        self.add(f"{path.name} 第 {number} 行 row {number}", what)

    def raise_all(self) -> None:
        if self.found:
            more = len(self.found) - FAULTS_SHOWN
            rest = [f"… 还有 {more} 处 / {more} more"] if more > 0 else []
            raise CannotRead("\n".join([*self.found[:FAULTS_SHOWN], *rest]))


def read_plan(orgs: Path, people: Path, posts: Path, *, known: Known) -> OrgPlan:
    """The three tables as a plan, organisations parents first. Raises CannotRead."""
    faults = Faults()
    org_specs = list(_specs(orgs, ORG, _org, faults))
    people_specs = list(_specs(people, PERSON, _person, faults))
    post_specs = list(_specs(posts, POST, _post, faults))
    _check_tree(org_specs, known, faults)
    _check_posts(post_specs, org_specs, people_specs, known, faults)
    faults.raise_all()
    return OrgPlan(tuple(_parents_first(org_specs)), tuple(people_specs), tuple(post_specs))


def _specs(
    path: Path, must: tuple[str, ...], read: Callable[[Mapping[str, str]], Spec], faults: Faults
) -> Iterator[Spec]:
    """The rows of one table; its first column says who or what a row is, for a post all four."""
    seen: dict[tuple[str, ...], int] = {}
    key = must if len(must) == len(POST) else must[:1]
    for number, row in _rows(path, must, faults):
        empty = [column for column in must if not row[column]]
        for column in empty:
            faults.in_row(path, number, f"{column} 是空的，请填写 / is empty")
        first = seen.setdefault(tuple(row[column] for column in key), number)
        if first != number and not empty:
            faults.in_row(path, number, f"与第 {first} 行重复 / repeats row {first}")
        if not empty:
            try:
                yield read(row)
            except ValueError as error:
                faults.in_row(path, number, str(error))


def _rows(
    path: Path, must: tuple[str, ...], faults: Faults
) -> Iterator[tuple[int, Mapping[str, str]]]:
    rows = csv.DictReader(_text(path, faults).splitlines(), restval="", strict=True)
    lacking = [column for column in must if column not in (rows.fieldnames or ())]
    if lacking:
        faults.add(path.name, f"缺少这些列 / columns missing: {', '.join(lacking)}")
        return
    try:
        for row in rows:
            yield rows.line_num, {name: (cell or "").strip() for name, cell in row.items() if name}
    except csv.Error as error:
        faults.add(
            f"{path.name} 第 {rows.line_num} 行 row", f"引号不成对 / broken quoting: {error}"
        )


def _text(path: Path, faults: Faults) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.add(path.name, f"读不到 / cannot be read: {error.strerror}")
        return ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    faults.add(path.name, "请另存为 UTF-8 / save it as UTF-8")
    return ""


def _org(row: Mapping[str, str]) -> OrgSpec:
    if row["kind"] not in set(OrgKind):
        raise ValueError(f"kind “{row['kind']}” 只能是 / must be one of {', '.join(OrgKind)}")
    return OrgSpec(
        row["code"],
        row.get("parent", ""),
        OrgKind(row["kind"]),
        row["name"],
        row.get("name_en", ""),
        row.get("line", ""),
        row.get("region", ""),
        row.get("jurisdiction", ""),
    )


def _person(row: Mapping[str, str]) -> PersonSpec:
    return PersonSpec(row["staff_no"], row["name"], row.get("name_en", ""))


def _post(row: Mapping[str, str]) -> PostSpec:
    if row["role"] not in roles():
        raise ValueError(f"role “{row['role']}” 只能是 / must be one of {', '.join(roles())}")
    since = _day("since", row["since"])
    until = _day("until", row["until"]) if row.get("until") else None
    if until is not None and until < since:
        raise ValueError("until 早于 since / until is before since")
    return PostSpec(row["staff_no"], row["org"], row["role"], since, until)


def _day(column: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(
            f"{column} “{written}” 要写成 2026-03-02 / write it as 2026-03-02"
        ) from None


def _check_tree(specs: list[OrgSpec], known: Known, faults: Faults) -> None:
    codes = {spec.code for spec in specs} | known.orgs
    for spec in specs:
        if spec.parent and spec.parent not in codes:
            faults.add(f"orgs {spec.code}", f"上级 {spec.parent} 不存在 / no such parent")
        if not spec.parent and (spec.kind is not OrgKind.HEAD):
            faults.add(f"orgs {spec.code}", "只有总行没有上级 / only the head office has no parent")
    heads = [
        spec.code for spec in specs if spec.kind is OrgKind.HEAD and spec.code not in known.orgs
    ]
    if len(heads) != (0 if known.orgs else 1):
        faults.add("orgs", f"总行只能有一个 / there must be one head office, found {heads}")
    lost = len(specs) - len(list(_parents_first(specs)))
    if lost and not faults.found:
        faults.add(
            "orgs", f"{lost} 个机构的上级绕成了圈 / {lost} organisations are their own parents"
        )


def _check_posts(
    specs: list[PostSpec],
    orgs: list[OrgSpec],
    people: list[PersonSpec],
    known: Known,
    faults: Faults,
) -> None:
    codes = {spec.code for spec in orgs} | known.orgs
    numbers = {spec.staff_no for spec in people} | known.people
    for spec in specs:
        place = f"posts {spec.staff_no} {spec.role}"
        if spec.org not in codes:
            faults.add(place, f"机构 {spec.org} 不存在 / no such organisation")
        if spec.staff_no not in numbers:
            faults.add(place, f"工号 {spec.staff_no} 不存在 / no such person")


def _parents_first(specs: list[OrgSpec]) -> Iterator[OrgSpec]:
    """The organisations in an order in which each comes after the one above it."""
    below: dict[str, list[OrgSpec]] = {}
    codes = {spec.code for spec in specs}
    for spec in specs:
        below.setdefault(spec.parent if spec.parent in codes else "", []).append(spec)
    waiting = below.pop("", [])
    while waiting:
        spec = waiting.pop(0)
        yield spec
        waiting += below.pop(spec.code, [])
