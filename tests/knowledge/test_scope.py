"""Whatever the scopes and days: what is served is what they allow, by a second reckoning of our own
that asks no database."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.audience import PUBLIC, STAFF, Audience, Situation
from sujin.knowledge.models import Item, Version
from tests.knowledge.conftest import Write

HOUR = timedelta(hours=1)
BUSINESS = ["card", "card.credit", "card.credit.billing", "loan"]
scopes = st.fixed_dictionaries(
    {
        "business": st.lists(st.sampled_from(BUSINESS), max_size=2),
        "tiers": st.lists(st.sampled_from(["ordinary", "urgent"]), max_size=1),
        "surfaces": st.lists(st.sampled_from([STAFF, PUBLIC]), min_size=1, max_size=2),
        "orgs": st.lists(st.sampled_from([3, 4]), max_size=1),
        "since": st.integers(0, 5),
        "hours": st.integers(1, 5),
        "withdrawn": st.one_of(st.none(), st.integers(0, 9)),
    }
)


def allows(told: dict[str, Any], who: Audience, what: Situation, hour: int) -> bool:
    """The reckoning: a plain reading of the rules."""
    if not told["since"] <= hour < told["since"] + told["hours"]:
        return False
    if told["withdrawn"] is not None and told["withdrawn"] <= hour:
        return False
    if who.surface not in told["surfaces"]:
        return False
    if told["orgs"] and not who.everywhere and not set(told["orgs"]) & set(who.orgs):
        return False
    steps = what.business.split(".")
    lineage = {".".join(steps[: n + 1]) for n in range(len(steps))} if what.business else set()
    if told["business"] and lineage and not lineage & set(told["business"]):
        return False
    return not (told["tiers"] and what.tier and what.tier not in told["tiers"])


@pytest.fixture
def base(released: Write) -> Version:
    """One released version; what the rules say is changed on its copies below."""
    return released()


def plant(base: Version, told: dict[str, Any], noon: datetime, nth: int) -> Version:
    item = Item.objects.create(
        code=f"item-{nth}", form="line", line="card", owner=base.item.owner, created_at=noon
    )
    ended = None if told["withdrawn"] is None else noon + told["withdrawn"] * HOUR
    return Version.objects.create(
        item=item, number=1, title="x", drafted_by=base.drafted_by, drafted_at=noon,
        state="released" if ended is None else "superseded",
        released_by=base.released_by, released_at=noon,
        valid_from=noon + told["since"] * HOUR,
        valid_to=noon + (told["since"] + told["hours"]) * HOUR, ended_at=ended,
        **{name: told[name] for name in ("business", "tiers", "surfaces", "orgs")},
    )  # fmt: skip


readers = st.builds(
    Audience,
    surface=st.sampled_from([STAFF, PUBLIC]),
    orgs=st.lists(st.sampled_from([3, 4, 5]), max_size=2).map(tuple),
    everywhere=st.booleans(),
)
matters = st.builds(
    Situation,
    business=st.sampled_from(["", *BUSINESS]),
    tier=st.sampled_from(["", "ordinary", "urgent"]),
)


@given(
    told=st.lists(scopes, min_size=1, max_size=5),
    hour=st.integers(0, 10),
    asked=st.tuples(readers, matters),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_exactly_what_scope_and_days_allow_is_served(
    base: Version,
    noon: datetime,
    told: list[dict[str, Any]],
    hour: int,
    asked: tuple[Audience, Situation],
) -> None:
    Version.objects.exclude(pk=base.pk).delete()
    Item.objects.exclude(pk=base.item_id).delete()
    made = [plant(base, one, noon, nth) for nth, one in enumerate(told)]
    who, what = asked
    at = noon + hour * HOUR
    rows = Version.objects.served(who, at, what).exclude(pk=base.pk)
    assert set(rows.values_list("pk", flat=True)) == {
        row.pk for row, one in zip(made, told, strict=True) if allows(one, who, what, hour)
    }
    assert [row.is_in_force(at) for row in made] == [
        allows(one, Audience(one["surfaces"][0], tuple(one["orgs"])), Situation(), hour)
        for one in told
    ]


def test_without_the_days_the_second_reckoning_turns_red(
    base: Version, noon: datetime, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a door that forgets to ask for the days serves what was withdrawn."""
    withdraw(base, because="有误", by=cast.zheng_gang, at=noon)
    everybody = Audience(STAFF, everywhere=True)
    assert not Version.objects.served(everybody, noon).exists()
    monkeypatch.setattr(type(Version.objects.all()), "in_force", lambda self, at: self)
    assert Version.objects.served(everybody, noon).exists()
