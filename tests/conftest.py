"""The bank, the cast and the moment that the tests share."""

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import Client

from sujin.lab import cast as stage
from sujin.platform.acts.organise import organise, system_person
from sujin.platform.models import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """One test database per worker, on the embedded server."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """The cast's bank is planted once; every test's own transaction is rolled back on top of it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        organise(stage.CORE_PLAN, by=system_person(), at=NOON)
    yield
    connections.close_all()


@pytest.fixture
def noon() -> datetime:
    """A working Monday in Shanghai, no holiday near."""
    return NOON


@pytest.fixture
def bank(db: None) -> None:
    """The small bank in which every member of the cast has a desk."""


@pytest.fixture
def cast(bank: None) -> SimpleNamespace:
    """Named people with a documented meaning: ``cast.wang_xiuying`` and so on."""
    people = Person.objects.in_bulk([spec.staff_no for spec in stage.CAST], field_name="staff_no")
    names = {name.lower(): spec for name, spec in vars(stage).items() if spec in stage.CAST}
    return SimpleNamespace(**{name: people[spec.staff_no] for name, spec in names.items()})


@pytest.fixture
def signed_in(db: None) -> Callable[[Person], Client]:
    """A browser session of a member of the cast."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
