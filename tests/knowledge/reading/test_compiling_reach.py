"""Who compiles at a branch compiles for that branch: not for head office, nor for its neighbour."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from sujin.knowledge.acts.distribute import CannotDistribute, distribute
from sujin.knowledge.models import Distribution, Issue
from sujin.knowledge.models.issue import compilable
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform import reach
from sujin.platform.models import Entry, Org, Person, Post
from tests.knowledge.reading.test_pages_of_reading import url

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def at_noon(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the fixtures' does."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


@pytest.fixture
def manager(cast: SimpleNamespace) -> Person:
    """Zhou Tao, who has become the manager in charge of branch A."""
    Post.objects.filter(person=cast.zhou_tao).update(role="manager")
    person: Person = cast.zhou_tao
    return person


def week(noon: datetime) -> date:
    return (noon + timedelta(days=7)).date()


def org(code: str) -> Org:
    return Org.objects.get(code=code)


def test_a_manager_of_a_branch_neither_reads_nor_ends_head_offices_draft(
    draft: Issue, manager: Person, signed_in: SignedIn
) -> None:
    client, before = signed_in(manager), Entry.objects.count()
    assert client.get(url("issue", draft.pk)).status_code == 404
    assert client.get(url("issue_proof", draft.pk)).status_code == 404
    assert draft not in client.get(url("issues")).context["listing"].page_rows
    for name, args in (
        ("issue_lines", (draft.pk,)), ("issue_arrangement", (draft.pk,)),
        ("issue_verb", (draft.pk, "abandonment")), ("issue_verb", (draft.pk, "signature")),
    ):  # fmt: skip
        told = {"abandonment-because": "不要了"}
        assert client.post(url(name, *args), told).status_code == 404, name
    draft.refresh_from_db()
    assert (draft.state, Entry.objects.count()) == ("draft", before)


def test_a_signed_issue_is_read_by_the_manager_and_handed_out_by_its_own_house(
    signed: Issue, manager: Person, signed_in: SignedIn, noon: datetime
) -> None:
    client = signed_in(manager)
    page = client.get(signed.get_absolute_url())
    assert page.status_code == 200 and not page.context["may_compile"]
    told = {"distribution-orgs": [org(BRANCH_A).pk], "distribution-read_by": week(noon)}
    assert client.post(url("issue_verb", signed.pk, "distribution"), told).status_code == 403
    assert not Distribution.objects.exists()


def test_the_manager_compiles_for_the_own_branch(manager: Person, signed_in: SignedIn) -> None:
    told = {"series": "special", "name": "分行专刊", "chapters": "费用"}
    client = signed_in(manager)
    assert client.post(url("issue_new"), told).status_code == 302
    made = Issue.objects.get()
    assert BRANCH_A in made.org.code
    assert client.get(made.get_absolute_url()).status_code == 200


def test_one_version_goes_to_the_own_branch_and_not_to_the_neighbour(
    shelf: SimpleNamespace, manager: Person, signed_in: SignedIn, noon: datetime
) -> None:
    client, page = signed_in(manager), url("version_distribution", shelf.fee.pk)
    offered = client.get(page).context["form"].fields["orgs"].queryset
    assert BRANCH_A in {one.code for one in offered}
    assert all(one.path.startswith(org(BRANCH_A).path) for one in offered)
    foreign = {"orgs": [org(BRANCH_B).pk], "read_by": week(noon)}
    assert client.post(page, foreign).status_code == 422
    with pytest.raises(CannotDistribute, match="不归您下发"):
        distribute(shelf.fee, orgs=[org(BRANCH_B)], read_by=week(noon), by=manager, at=noon)
    own = {"orgs": [org(BRANCH_A).pk], "read_by": week(noon)}
    assert client.post(page, own).status_code == 302


def test_a_post_at_head_office_lends_its_width_to_no_other_post(
    cast: SimpleNamespace, manager: Person, noon: datetime
) -> None:
    """A regulator's contact at head office who also manages branch A compiles for A alone."""
    post = Post.objects.get(person=cast.wu_tong)
    Post.objects.create(person=cast.wu_tong, org=org(BRANCH_A), role="manager", since=post.since)
    mixed = reach.of(cast.wu_tong, noon)
    assert mixed.everything and "compile" in mixed.may
    codes = set(Org.objects.filter(compilable(mixed)).values_list("code", flat=True))
    assert OUTLET_A in codes and BRANCH_B not in codes and "HO" not in codes
