"""From the first word of an item to its withdrawal."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from sujin.knowledge.acts.draft import CannotDraft, draft_item, draft_next
from sujin.knowledge.acts.edit import CannotEdit, edit
from sujin.knowledge.acts.inform import inform_author, inform_releasers
from sujin.knowledge.acts.release import CannotRelease, release
from sujin.knowledge.acts.submit import CannotSubmit, drop, send_back, submit
from sujin.knowledge.acts.withdraw import CannotWithdraw, extend, withdraw
from sujin.knowledge.audience import STAFF, Audience
from sujin.knowledge.duties import may
from sujin.knowledge.models import Item, Version
from sujin.knowledge.standing import fallen
from sujin.platform import reach
from sujin.platform.models import Notice, Org, Post
from tests.knowledge.conftest import PARTS, Write, wording

DAY = timedelta(days=1)
EVERYBODY = Audience(STAFF, everywhere=True)


def served(at: datetime) -> list[int]:
    return list(Version.objects.served(EVERYBODY, at).values_list("pk", flat=True))


def test_nothing_is_served_before_a_second_person_has_released_it(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    assert served(noon) == []
    submit(draft, by=cast.liu_yang, at=noon)
    assert served(noon) == []
    release(draft, by=cast.zheng_gang, at=noon)
    assert served(noon) == [draft.pk]
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in draft.replay()} == draft.replay()


def test_who_wrote_it_does_not_release_it(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    submit(draft, by=cast.he_jing, at=noon)
    for author in (cast.liu_yang, cast.he_jing):
        with pytest.raises(CannotRelease, match="另一人"):
            release(draft, by=author, at=noon)
    # The database says no, too, whoever forgets to ask.
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(released_by=cast.liu_yang)


def test_a_draft_without_a_required_part_is_not_submitted(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted(parts={**PARTS, "script": ""})
    with pytest.raises(CannotSubmit, match="话术"):
        submit(draft, by=cast.liu_yang, at=noon)


def test_what_was_submitted_is_fixed(drafted: Write, cast: SimpleNamespace, noon: datetime) -> None:
    draft = drafted()
    edit(draft, {"title": "年费口径（新）"}, by=cast.liu_yang, at=noon)
    submit(draft, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotEdit, match="另起一版"):
        edit(draft, {"title": "又改"}, by=cast.liu_yang, at=noon)
    with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(title="又改")
    send_back(draft, because="话术太长", by=cast.zheng_gang, at=noon)
    edit(draft, {"title": "又改"}, by=cast.liu_yang, at=noon)
    draft.refresh_from_db()
    assert draft.title == "又改"


def test_the_new_version_takes_the_place_of_the_old_one_at_once(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    old = released()
    new = draft_next(old.item, because="标准变了", by=cast.liu_yang, at=noon + DAY)
    assert served(noon + DAY) == [old.pk], "a draft changes nothing"
    submit(new, by=cast.liu_yang, at=noon + DAY)
    release(new, by=cast.zheng_gang, at=noon + DAY)
    assert served(noon + DAY) == [new.pk]
    gone = fallen([old.pk, new.pk], EVERYBODY, noon + DAY)
    assert [(one.pk, one.title) for one in gone] == [(old.pk, new.title)]
    assert "/card-fee-line" in gone[0].instead


def test_a_version_that_begins_tomorrow_leaves_the_old_one_in_force_until_then(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    old = released()
    new = draft_next(old.item, because="明天起", by=cast.liu_yang, at=noon)
    submit(new, by=cast.liu_yang, at=noon)
    release(new, valid_from=noon + DAY, by=cast.zheng_gang, at=noon)
    assert served(noon) == [old.pk]
    assert served(noon + DAY) == [new.pk]


def test_one_item_takes_the_place_of_another(
    released: Write, drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    old = released()
    new = drafted("card-fee-2026")
    edit(new, {"replaces": [old.item_id]}, by=cast.liu_yang, at=noon)
    submit(new, by=cast.liu_yang, at=noon)
    release(new, by=cast.zheng_gang, at=noon)
    assert served(noon) == [new.pk]


def test_an_expired_version_is_not_served_and_says_so(released: Write, noon: datetime) -> None:
    version = released()
    assert version.valid_to is not None
    assert served(version.valid_to - timedelta(seconds=1)) == [version.pk]
    assert served(version.valid_to) == []
    assert "有效期" in fallen([version.pk], EVERYBODY, version.valid_to)[0].why


def test_no_form_holds_longer_than_its_months(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    submit(draft, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotRelease, match="3 个月"):
        release(draft, valid_to=noon + 200 * DAY, by=cast.zheng_gang, at=noon)


def test_its_owner_looks_again_and_vouches_for_it_for_longer(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released()
    assert version.valid_to is not None
    later = version.valid_to - DAY
    with pytest.raises(CannotWithdraw, match="3 个月"):
        extend(version, valid_to=later + 200 * DAY, because="看过", by=cast.zheng_gang, at=later)
    extend(version, valid_to=later + 60 * DAY, because="看过", by=cast.zheng_gang, at=later)
    assert served(later + 30 * DAY) == [version.pk]


def test_what_was_withdrawn_is_gone_and_says_why(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released()
    with pytest.raises(CannotWithdraw, match="理由"):
        withdraw(version, because=" ", by=cast.zheng_gang, at=noon)
    withdraw(version, because="标准有误", by=cast.zheng_gang, at=noon)
    assert served(noon) == []
    assert "标准有误" in fallen([version.pk], EVERYBODY, noon)[0].why
    with pytest.raises(CannotWithdraw):
        withdraw(version, because="再撤", by=cast.zheng_gang, at=noon)


def test_two_do_not_write_the_next_version_at_once(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    old = released()
    first = draft_next(old.item, because="一", by=cast.liu_yang, at=noon)
    with pytest.raises(CannotDraft, match="先办完"):
        draft_next(old.item, because="二", by=cast.he_jing, at=noon)
    drop(first, because="不改了", by=cast.liu_yang, at=noon)
    assert draft_next(old.item, because="二", by=cast.he_jing, at=noon).number == 3


def test_a_quiz_without_a_right_answer_is_refused(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    quiz = "- 问：先做什么？\n  - [ ] 道歉\n  - [ ] 解释"
    with pytest.raises(CannotEdit, match="小测"):
        edit(draft, {"parts": {**PARTS, "quiz": quiz}}, by=cast.liu_yang, at=noon)


def test_the_second_pair_of_eyes_and_the_author_are_told(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    submit(draft, by=cast.liu_yang, at=noon)
    told = {entry.kind: entry for entry in draft.entries}
    inform_releasers(told["version.submitted"])
    to = set(Notice.objects.values_list("person__name", flat=True))
    assert cast.zheng_gang.name in to and cast.liu_yang.name not in to
    send_back(draft, because="太长", by=cast.zheng_gang, at=noon)
    inform_author(draft.entries.get(kind="version.returned"))
    assert Notice.objects.filter(person=cast.liu_yang, entry__kind="version.returned").exists()


def test_who_changed_a_word_of_it_does_not_release_it_either(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    edit(draft, {"title": "一律全额退还"}, by=cast.zheng_gang, at=noon)
    submit(draft, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotRelease, match="另一人"):
        release(draft, by=cast.zheng_gang, at=noon)


def test_what_has_expired_is_not_revived_nor_prolonged_by_its_author(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    version = released()
    assert version.valid_to is not None
    later, before = version.valid_to + 30 * DAY, version.valid_to - DAY
    with pytest.raises(CannotWithdraw, match="新版"):
        extend(version, valid_to=later + DAY, because="看过", by=cast.zheng_gang, at=later)
    with pytest.raises(CannotWithdraw, match="另一人"):
        extend(version, valid_to=later, because="看过", by=cast.liu_yang, at=before)


def test_a_release_that_was_to_come_is_overtaken_by_one_that_comes_now(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    """Never two at once, whatever three releases are made in a row."""
    first = released()
    for wait in (28, 7, 0, 14, 0):
        new = draft_next(first.item, because="改", by=cast.liu_yang, at=noon)
        submit(new, by=cast.liu_yang, at=noon)
        release(new, valid_from=noon + wait * DAY, by=cast.zheng_gang, at=noon)
        counts = {len(served(noon + n * DAY)) for n in range(60)}
        assert counts == {1}, wait


def test_nobody_replaces_what_another_desk_answers_for(
    released: Write, drafted: Write, cast: SimpleNamespace, noon: datetime, card_desk: Org
) -> None:
    theirs = released("their-line")
    branch = Org.objects.get(code="BC")
    mine = draft_item(wording("our-line"), owner=branch, by=cast.ma_jun, at=noon)
    edit(mine, {"replaces": [theirs.item_id]}, by=cast.ma_jun, at=noon)
    submit(mine, by=cast.ma_jun, at=noon)
    with pytest.raises(CannotRelease, match="不能取代"):
        release(mine, by=cast.sun_qian, at=noon)
    assert served(noon) == [theirs.pk]


def test_a_post_in_a_branch_gives_no_right_over_head_office(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    """Lin Lan may write at head office; as supervisor of a branch she releases there only."""
    version = released()
    Post.objects.create(
        person=cast.lin_lan, org=Org.objects.get(code="JN"), role="supervisor", since=noon.date()
    )
    mine = reach.of(cast.lin_lan, noon)
    assert "release" in mine.may and not may(mine, "release", version.item)
    assert not Item.objects.in_care_of(mine, "release").exists()


def test_what_was_released_is_no_draft_any_more(released: Write) -> None:
    version = released()
    with pytest.raises(IntegrityError, match="no draft"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state="draft")
