"""What a post gives it gives where it is held: head office lends its width to no other post."""

from datetime import datetime
from types import SimpleNamespace

from sujin.knowledge.gaps import heard_at
from sujin.knowledge.models import Item
from sujin.platform import reach
from sujin.platform.models import Org, Post
from tests.knowledge.conftest import Write


def test_who_audits_at_head_office_and_writes_in_a_branch_hears_the_gaps_of_the_branch(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    item = released().item
    branch = Org.objects.get(code="JN")
    Post.objects.create(person=cast.qian_wei, org=branch, role="supervisor", since=noon.date())
    both = reach.of(cast.qian_wei, noon)
    assert both.everything and "draft" in both.may
    assert heard_at(both) == (branch.path,)
    assert not Item.objects.in_care_of(both, "draft").filter(pk=item.pk).exists()


def test_who_writes_at_head_office_hears_them_all(cast: SimpleNamespace, noon: datetime) -> None:
    assert heard_at(reach.of(cast.lin_lan, noon)) is None
    assert heard_at(reach.of(cast.liu_yang, noon)) is None, "a line answers for the whole bank"
