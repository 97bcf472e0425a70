"""What the database and its locks hold, whoever writes and whoever writes at the same time."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sujin.knowledge.acts.compile_issue import abandon, begin_issue
from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.acts.revise import begin_revision, give_feedback, open_revision
from sujin.knowledge.acts.sign_issue import sign_issue
from sujin.knowledge.models import Distribution, Issue, IssueLine
from sujin.platform.models import Org


def locks(act: Callable[[], object]) -> list[str]:
    """The tables of which an act holds rows, in the order in which it takes them."""
    with CaptureQueriesContext(connection) as told:
        act()
    taken = [one["sql"] for one in told.captured_queries if "FOR UPDATE" in one["sql"]]
    return [sql.split('FROM "knowledge_')[1].split('"')[0] for sql in taken]


@pytest.mark.parametrize("state", ["draft", "abandoned"])
def test_a_signed_issue_goes_back_to_no_draft(signed: Issue, state: str) -> None:
    with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
        Issue.objects.filter(pk=signed.pk).update(state=state)
    assert Issue.objects.get(pk=signed.pk).state == "signed"


def test_what_was_handed_out_or_given_up_stays_so(
    sent: Distribution, cast: SimpleNamespace, noon: datetime
) -> None:
    assert sent.issue is not None and sent.issue.state == "distributed"
    other = begin_issue(
        series="special", name="另一期", chapters=["一"],
        org=Org.objects.get(code="HO-CONSUMER"), by=cast.lin_lan, at=noon,
    )  # fmt: skip
    abandon(other, because="不编了", by=cast.lin_lan, at=noon)
    for pk, state in ((sent.issue.pk, "signed"), (sent.issue.pk, "draft"), (other.pk, "draft")):
        with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
            Issue.objects.filter(pk=pk).update(state=state)


def test_a_line_leaves_no_signed_issue_for_another(
    signed: Issue, cast: SimpleNamespace, noon: datetime
) -> None:
    other = begin_issue(
        series="special", name="另一期", chapters=["一"],
        org=Org.objects.get(code="HO-CONSUMER"), by=cast.lin_lan, at=noon,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="lines of a signed issue"), transaction.atomic():
        IssueLine.objects.filter(issue=signed).update(issue=other)
    assert signed.lines.count() == 3 and not other.lines.exists()
    with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
        Issue.objects.filter(pk=signed.pk).update(org=Org.objects.get(code="JN"))


def test_lines_of_drafts_may_move(draft: Issue, cast: SimpleNamespace, noon: datetime) -> None:
    """The known-bad control: the guard asks for the state, and forbids not everything."""
    other = begin_issue(
        series="special", name="另一期", chapters=["一"],
        org=Org.objects.get(code="HO-CONSUMER"), by=cast.lin_lan, at=noon,
    )  # fmt: skip
    assert IssueLine.objects.filter(issue=draft).update(issue=other) == 3
    assert IssueLine.objects.filter(issue=other).delete()[0] == 3


def test_whoever_signs_holds_every_version_before_asking_whether_it_is_in_force(
    draft: Issue, cast: SimpleNamespace, noon: datetime
) -> None:
    with CaptureQueriesContext(connection) as told:
        sign_issue(draft, by=cast.zheng_gang, at=noon)
    asked = [one["sql"] for one in told.captured_queries]
    held = next(n for n, sql in enumerate(asked) if _holds_versions(sql))
    read = next(n for n, sql in enumerate(asked) if 'JOIN "knowledge_version"' in sql)
    assert held < read


def _holds_versions(sql: str) -> bool:
    return (
        'FROM "knowledge_version"' in sql
        and sql.endswith("FOR UPDATE")
        and 'ORDER BY "knowledge_version"."id" ASC' in sql
    )


def test_tasks_and_answers_take_the_item_first_and_never_crosswise(
    shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    item, by = shelf.fee.item, cast.wang_xiuying
    task = give_feedback(shelf.fee, reason="unclear", by=by, at=noon)
    joins = locks(lambda: open_revision(item, because="又", source="wrong", by=by, at=noon))
    begins = locks(lambda: begin_revision(task, words="改", by=cast.liu_yang, at=noon))
    assert joins[:2] == begins[:2] == ["item", "revision"]


def test_a_signed_issue_is_handed_out_all_the_same(
    signed: Issue, cast: SimpleNamespace, noon: datetime
) -> None:
    distribute(
        signed, orgs=[Org.objects.get(code="JN")], read_by=noon.date(), by=cast.lin_lan, at=noon
    )
    assert Issue.objects.get(pk=signed.pk).state == "distributed"
