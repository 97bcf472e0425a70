"""Plant an institution: organisations, people and posts, once and again without doubling."""

from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from sujin.platform import kinds
from sujin.platform.models import Org, Person, Post
from sujin.platform.models.entry import about_person, record
from sujin.platform.organisation import OrgPlan, OrgSpec, PostSpec

SYSTEM = "system"
HOME = "CN"


def system_person() -> Person:
    """The service account under which the house itself acts."""
    return service_person(SYSTEM, "系统", "System")


def service_person(staff_no: str, name: str, name_en: str) -> Person:
    person, fresh = Person.objects.get_or_create(
        staff_no=staff_no, defaults={"name": name, "name_en": name_en, "is_service": True}
    )
    if fresh:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


@transaction.atomic
def organise(plan: OrgPlan, *, by: Person, at: datetime) -> None:
    """Bring the tree, the people and their posts to what ``plan`` says; what exists stays."""
    orgs = _plant_orgs(plan.orgs)
    known = set(Person.objects.values_list("staff_no", flat=True))
    Person.objects.bulk_create(
        Person(
            staff_no=spec.staff_no,
            name=spec.name,
            name_en=spec.name_en,
            meaning=spec.meaning,
            password=UNUSABLE_PASSWORD_PREFIX,
        )
        for spec in plan.persons
        if spec.staff_no not in known
    )
    people = {person.staff_no: person for person in Person.objects.all()}
    _appoint_all([(people[spec.staff_no], orgs[spec.org], spec) for spec in plan.posts], by, at)


def _plant_orgs(specs: tuple[OrgSpec, ...]) -> dict[str, Org]:
    """Parents come first in a plan; an id is needed before its children's paths are known."""
    orgs = {org.code: org for org in Org.objects.all()}
    for spec in specs:
        if spec.code not in orgs:
            orgs[spec.code] = _plant(spec, orgs.get(spec.parent))
    return orgs


def _plant(spec: OrgSpec, parent: Org | None) -> Org:
    org = Org.objects.create(
        code=spec.code,
        parent=parent,
        kind=spec.kind.value,
        name=spec.name,
        name_en=spec.name_en,
        line=spec.line,
        region=spec.region,
        jurisdiction=spec.jurisdiction or (parent.jurisdiction if parent else HOME),
    )
    org.path = f"{parent.path if parent else ''}{org.pk}/"
    org.save(update_fields=["path"])
    return org


def _appoint_all(wanted: list[tuple[Person, Org, PostSpec]], by: Person, at: datetime) -> None:
    held = set(Post.objects.values_list("person_id", "org_id", "role", "since"))
    fresh = [
        (person, org, spec)
        for person, org, spec in wanted
        if (person.pk, org.pk, spec.role, spec.since) not in held
    ]
    Post.objects.bulk_create(
        Post(person=person, org=org, role=spec.role, since=spec.since, until=spec.until)
        for person, org, spec in fresh
    )
    record(
        [
            about_person(
                person, kinds.Appointed(org.code, spec.role, spec.since, spec.until), by=by, at=at
            )
            for person, org, spec in fresh
        ]
    )
