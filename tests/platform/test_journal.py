"""The journal: only ever added to, and enough to rebuild the row."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from sujin.platform.acts.enter import sign_in
from sujin.platform.models import Entry


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE platform_entry SET at = now()",
        "DELETE FROM platform_entry",
        "TRUNCATE platform_entry CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_happened(
    cast: SimpleNamespace, noon: datetime, statement: str
) -> None:
    sign_in(cast.chen_li, way="password", at=noon)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
    assert Entry.objects.filter(kind="person.signed_in").exists()


def test_an_entry_reads_back_as_the_kind_it_was(cast: SimpleNamespace, noon: datetime) -> None:
    sign_in(cast.chen_li, way="password", at=noon)
    entry = Entry.objects.get(kind="person.signed_in")
    assert entry.what().data() == {"way": "password"}
    assert entry.recorded_at is not None
