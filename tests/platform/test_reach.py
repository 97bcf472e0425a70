"""Reach: what a person may see, from the posts in force at that moment."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.lab.cast import BRANCH_B
from sujin.platform import reach
from sujin.platform.acts.appoint import CannotAppoint, appoint, dismiss
from sujin.platform.models import Org


def test_a_supervisor_sees_the_branch_and_a_teller_only_what_is_hers(
    cast: SimpleNamespace, noon: datetime
) -> None:
    branch = cast.zhou_tao.posts.get().org
    assert reach.of(cast.zhou_tao, noon).tokens == [f"o:{branch.pk}", cast.zhou_tao.token]
    assert reach.of(cast.wang_xiuying, noon).tokens == [cast.wang_xiuying.token]
    assert reach.of(cast.lin_lan, noon).everything
    assert not reach.of(cast.kong_mingyu, noon).everything


def test_rights_end_with_the_post(cast: SimpleNamespace, noon: datetime) -> None:
    post = cast.chen_li.posts.get()
    dismiss(post, until=noon.date(), by=cast.kong_mingyu, at=noon)
    assert reach.of(cast.chen_li, noon).tokens
    assert reach.of(cast.chen_li, noon + timedelta(days=1)).tokens == []


def test_a_permission_counts_only_where_it_is_held(cast: SimpleNamespace, noon: datetime) -> None:
    other = Org.objects.get(code=BRANCH_B)
    appoint(
        cast.chen_li,
        org=other,
        role="manager",
        since=noon.date(),
        by=cast.kong_mingyu,
        at=noon,
    )
    found = reach.of(cast.chen_li, noon)
    own = cast.chen_li.posts.get(role="handler").org
    assert found.allows("approve", [f"o:{other.pk}"])
    assert not found.allows("approve", [f"o:{own.pk}"])
    assert not found.allows("reveal", [f"o:{other.pk}"])


def test_a_post_never_begins_before_the_day_it_is_given(
    cast: SimpleNamespace, noon: datetime
) -> None:
    org = cast.chen_li.posts.get().org
    yesterday = noon.date() - timedelta(days=1)
    with pytest.raises(CannotAppoint, match="早于今天"):
        appoint(cast.he_jing, org=org, role="handler", since=yesterday, by=cast.qian_wei, at=noon)


def test_nobody_appoints_himself_and_the_three_powers_stay_apart(
    cast: SimpleNamespace, noon: datetime
) -> None:
    head = Org.objects.get(code="HO")
    since = noon.date()
    with pytest.raises(CannotAppoint, match="自己"):
        appoint(
            cast.kong_mingyu, org=head, role="auditor", since=since, by=cast.kong_mingyu, at=noon
        )
    with pytest.raises(CannotAppoint, match="不同的人"):
        appoint(cast.qian_wei, org=head, role="handler", since=since, by=cast.kong_mingyu, at=noon)
