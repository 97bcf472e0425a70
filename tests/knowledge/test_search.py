"""Whatever the index says, by no path of finding is anybody shown what is not in force for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sujin.knowledge import index as indexing
from sujin.knowledge import learnt as learning
from sujin.knowledge.acts.ask import choose, note_question
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import extend, withdraw
from sujin.knowledge.assist import assist
from sujin.knowledge.audience import THE_PUBLIC, Audience, Situation, audience_of
from sujin.knowledge.index import Keeper
from sujin.knowledge.learnt import MOST_OF_ONE_PERSON, learnt
from sujin.knowledge.models import Question, Usage, Version
from sujin.knowledge.models.version import VersionQuerySet
from sujin.knowledge.restrictions import restrictions
from sujin.knowledge.search import search, similar
from sujin.platform import reach
from sujin.platform.models import Org, Person
from tests.knowledge.conftest import PARTS, Write

FEE = "年费为什么收"
TELLER = Audience("staff", (1,), everywhere=True)
CODE = {
    "error_code": "R0101 年费账户受限", "scene": "收年费时提示受限", "kind": "年费限制",
    "where": "账户查询", "lift": "- 缴清", "script": "我来查", "note": "请到网点",
}  # fmt: skip
SCENARIO = {"situation": "客户问年费", "answer": "按合约收取", "script": "我来查"}


def test_a_teller_finds_it_by_words_and_is_told_why(released: Write, noon: datetime) -> None:
    version = released(asks=("年费怎么还在扣",))
    (found,) = search("年费怎么还在扣", TELLER, noon)
    assert found.version == version and found.is_sure
    assert any("年费" in match.asked for match in found.because)


def test_what_is_released_now_is_found_now_and_what_is_withdrawn_is_not(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    assert search(FEE, TELLER, noon) == []
    version = released()
    assert [one.version for one in search(FEE, TELLER, noon)] == [version]
    withdraw(version, because="标准有误", by=cast.zheng_gang, at=noon)
    assert search(FEE, TELLER, noon) == []


def test_it_begins_to_be_found_on_its_day_and_ends_on_its_day(
    released: Write, noon: datetime
) -> None:
    since, to = noon + timedelta(days=2), noon + timedelta(days=5)
    released(valid_from=since, valid_to=to)
    days = [bool(search(FEE, TELLER, noon + timedelta(days=day))) for day in range(7)]
    assert days == [False, False, True, True, True, False, False]


def test_forms_and_lines_narrow_the_search(released: Write, noon: datetime) -> None:
    line = released()
    scenario = released("card-fee-case", form="scenario", parts=SCENARIO)
    assert [one.version for one in search(FEE, TELLER, noon, forms=("scenario",))] == [scenario]
    assert {one.version for one in search(FEE, TELLER, noon, lines=("card",))} == {line, scenario}
    assert search(FEE, TELLER, noon, lines=("legal",)) == []
    assert search("  ", TELLER, noon) == []


def test_an_extension_is_a_change_the_index_hears_of(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released(valid_to=noon + timedelta(days=3))
    assert search(FEE, TELLER, noon)
    later = noon + timedelta(days=20)
    extend(version, valid_to=later, because="复核", by=cast.zheng_gang, at=noon)
    assert search(FEE, TELLER, noon + timedelta(days=10))


# The property: many versions of every sort, many readers, many moments, every path.


@dataclass(frozen=True)
class Path:
    """One way of finding; ``ask`` gives the versions it would show."""

    name: str
    ask: Callable[[Audience, datetime, Situation], list[Version]]


def _searched(audience: Audience, at: datetime, situation: Situation) -> list[Version]:
    rows = search(FEE, audience, at, situation=situation, k=100)
    return [one.version for one in rows]


def _looked_up(audience: Audience, at: datetime, situation: Situation) -> list[Version]:
    found = [*restrictions("R0101", audience, at), *restrictions(FEE, audience, at)]
    return [one.version for one in found]


def _assisted(audience: Audience, at: datetime, situation: Situation) -> list[Version]:
    return [pick.version for pick in assist(FEE, situation, audience, at)]


def _resembling(audience: Audience, at: datetime, situation: Situation) -> list[Version]:
    return similar(Version.objects.order_by("pk")[0], audience, at, k=100)


PATHS = [
    Path("search", _searched),
    Path("finder", _looked_up),
    Path("assist", _assisted),
    Path("similar", _resembling),
]


@pytest.fixture
def shelves(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> tuple[list[Version], list[Audience]]:
    """Sixty versions with random days, scopes, organisations and surfaces, some withdrawn; and the
    readers: a teller, a supervisor of the other branch, head office, the public."""
    rng = np.random.default_rng(seed=11)
    orgs = list(Org.objects.filter(kind__in=["branch1", "branch2", "outlet"]).order_by("pk"))
    made = [_shelved(number, drafted, orgs, rng) for number in range(60)]
    for version in made:
        submit(version, by=cast.liu_yang, at=noon)
        since = noon + timedelta(days=int(rng.integers(0, 10)))
        to = since + timedelta(days=int(rng.integers(1, 10)))
        release(version, valid_from=since, valid_to=to, by=cast.zheng_gang, at=noon)
        if rng.random() < 0.2:
            withdraw(version, because="有误", by=cast.zheng_gang, at=noon)
    people = (cast.wang_xiuying, cast.sun_qian, cast.liu_yang)
    readers = [audience_of(reach.of(person, noon)) for person in people]
    return made, [*readers, THE_PUBLIC, TELLER]


def _shelved(number: int, drafted: Write, orgs: list[Org], rng: np.random.Generator) -> Version:
    form, parts = (("line", PARTS), ("restriction", CODE), ("scenario", SCENARIO))[number % 3]
    scope = {
        "surfaces": (("staff",), ("public",), ("staff", "public"))[rng.integers(3)],
        "business": ((), ("card",), ("loan",))[rng.integers(3)],
        "tiers": ((), ("urgent",))[rng.integers(2)],
    }
    made = drafted(f"item-{number}", form=form, parts=parts, scope=scope, title=f"年费 {number}")
    if rng.random() < 0.5:
        made.orgs = [orgs[rng.integers(len(orgs))].pk]
        made.save()
    return made


SITUATIONS = [Situation(), Situation(business="card.credit", tier="urgent"), Situation("loan")]


def wrongs(readers: list[Audience], noon: datetime) -> Iterator[str]:
    """What any path shows to any reader at any moment and should not, said by plain Python."""
    for path in PATHS:
        for reader in readers:
            for day in range(0, 22, 3):
                for situation in SITUATIONS:
                    at = noon + timedelta(days=day)
                    for one in path.ask(reader, at, situation):
                        held = Version.objects.get(pk=one.pk)
                        fits = path.name in {"finder", "similar"} or _fits(held, situation)
                        if not (_holds(held, at) and _is_for(held, reader) and fits):
                            yield f"{path.name} {one} {at}"


def _holds(one: Version, at: datetime) -> bool:
    if one.state not in {"released", "superseded"} or one.valid_from is None:
        return False
    assert one.valid_to is not None
    return one.valid_from <= at < one.valid_to and (one.ended_at is None or one.ended_at > at)


def _is_for(one: Version, reader: Audience) -> bool:
    here = reader.everywhere or not one.orgs or bool({*one.orgs} & {*reader.orgs})
    return reader.surface in one.surfaces and here


def _fits(one: Version, situation: Situation) -> bool:
    top = situation.business.split(".")[0]
    about = not one.business or not top or top in one.business
    return about and (not one.tiers or not situation.tier or situation.tier in one.tiers)


def test_nothing_is_shown_that_is_not_in_force_for_this_reader(
    shelves: tuple[list[Version], list[Audience]], noon: datetime
) -> None:
    _made, readers = shelves
    midway = noon + timedelta(days=6)
    assert not list(wrongs(readers, noon))
    shown = {one for reader in readers for one in _searched(reader, midway, Situation())}
    assert len(shown) > 3


def test_without_the_door_it_would_be_shown(
    shelves: tuple[list[Version], list[Audience]],
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control."""
    monkeypatch.setattr(VersionQuerySet, "served", lambda rows, *asked: rows)
    _made, readers = shelves
    by_path = {wrong.split()[0] for wrong in wrongs(readers, noon)}
    assert by_path == {path.name for path in PATHS}


# The index of the process.


def test_a_search_costs_three_queries_however_much_there_is(
    released: Write, noon: datetime
) -> None:
    released()
    search(FEE, TELLER, noon)
    costs = []
    for more in (0, 5):
        for number in range(more):
            released(f"more-{number}")
        search(FEE, TELLER, noon)
        with CaptureQueriesContext(connection) as asked:
            search(FEE, TELLER, noon)
        costs.append(len(asked))
    assert costs == [3, 3]


def test_while_the_index_is_made_anew_the_one_before_serves(
    released: Write, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    released()
    keeper = Keeper()
    old = keeper.index(noon)
    released("another")
    assert keeper._making.acquire()
    assert keeper.index(noon) is old
    keeper._making.release()
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    assert keeper.index(noon) is old
    with keeper._making:
        fresh = keeper._held
    assert fresh is not None and fresh.index is not old
    assert keeper.index(noon) is fresh.index


# What is learnt.


def asked_and_chose(person: Person, version: Version, at: datetime, words: str = "那个钱") -> None:
    question = note_question(
        words, surface="staff", found=1, confidence=0.1, best=None, by=person, at=at
    )
    choose(question, version)


def test_what_many_chose_for_odd_words_is_found_by_them(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released()
    for person in (cast.wang_xiuying, cast.chen_li, cast.zhou_tao):
        asked_and_chose(person, version, noon)
    later = noon + timedelta(hours=2)
    assert search("那个钱", TELLER, later)[0].version == version


def test_a_choice_fades_and_one_person_counts_only_so_much(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released(valid_to=noon + timedelta(days=89))
    for day in range(20):
        asked_and_chose(cast.wang_xiuying, version, noon + timedelta(days=day))
    (told,) = learnt(noon + timedelta(days=20))
    assert (told.key, told.weight) == (version.pk, MOST_OF_ONE_PERSON)
    Question.objects.exclude(pk=Question.objects.first().pk).delete()  # type: ignore[union-attr]
    weights = [learnt(noon + timedelta(days=day))[0].weight for day in (1, 45, 88)]
    assert weights == sorted(weights, reverse=True) and weights[2] < 0.6


def test_what_was_used_teaches_more_than_what_was_opened(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released()
    asked_and_chose(cast.wang_xiuying, version, noon)
    opened = learnt(noon)[0].weight
    note_usage([version], "used", by=cast.wang_xiuying, at=noon)
    assert learnt(noon)[0].weight > opened
    assert Usage.objects.count() == 1


def test_the_same_question_asked_again_is_one_question_with_its_numbers_masked(
    cast: SimpleNamespace, noon: datetime
) -> None:
    words = "13812345678 的卡被锁"
    for minute in (0, 3):
        note_question(
            words, surface="staff", found=0, confidence=0.0, best=None,
            by=cast.wang_xiuying, at=noon + timedelta(minutes=minute),
        )  # fmt: skip
    (kept,) = Question.objects.all()
    assert "13812345678" not in kept.words


def test_of_very_many_uses_the_latest_teach(
    released: Write,
    cast: SimpleNamespace,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = released()
    for hours, person in ((3, cast.wang_xiuying), (1, cast.chen_li), (2, cast.zhao_min)):
        at = noon - timedelta(hours=hours)
        note_usage([version], "used", by=person, at=at, case=hours)
    monkeypatch.setattr(learning, "MOST", 1)
    assert set(learning._ways(noon)) == {(version.pk, cast.chen_li.pk)}
