"""Evidence files: opened once, grown, judged by people, two of them for the grave verdict."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.complaints.acts.take_objection import CannotObject, take_objection
from sujin.complaints.models import Complaint
from sujin.governance import kinds
from sujin.governance.acts.close_file import CannotClose, close_file
from sujin.governance.acts.dispute_file import CannotDispute, dispute_file
from sujin.governance.acts.expire_files import expire_files
from sujin.governance.acts.hear_objection import hear_earlier
from sujin.governance.acts.review_file import CannotReview, review_file
from sujin.governance.acts.watch_agents import watch_agents
from sujin.governance.models import EvidenceFile
from sujin.platform.acts.organise import system_person
from sujin.platform.jobs import react
from sujin.platform.models import Entry, Notice
from tests.governance.conftest import AGENT, AGENT_PHONE, LETTER, Told, drafted

REASON = "逐件看过：电话、委托书、文字都相同，客户本人联系不上"


def members(file: EvidenceFile) -> set[int]:
    return set(file.members.values_list("complaint_id", flat=True))


def test_one_hand_gets_one_file_and_the_twin_is_not_in_it(
    evidence: EvidenceFile, town: SimpleNamespace
) -> None:
    opened = evidence.entries.get(kind="evidence.opened").what()
    assert isinstance(opened, kinds.EvidenceOpened)
    assert members(evidence) == {case.pk for case in town.ring} == set(opened.members)
    assert (evidence.state, evidence.principals, evidence.cases) == ("open", 6, 6)
    assert evidence.expected <= 0.1
    assert {one["kind"] for one in evidence.traces} >= {"agent_phone", "authority", "words"}
    assert evidence.dissolves


def test_looking_again_at_the_same_complaints_writes_nothing(
    evidence: EvidenceFile, noon: datetime
) -> None:
    before = Entry.objects.count()
    assert watch_agents(by=system_person(), at=noon + timedelta(hours=1)) == []
    assert Entry.objects.count() == before
    assert EvidenceFile.objects.count() == 1


def test_one_more_of_them_grows_the_file_and_it_waits_to_be_judged_again(
    evidence: EvidenceFile, town: SimpleNamespace, tell: Told, cast: SimpleNamespace, noon: datetime
) -> None:
    why = {"because": REASON, "by": cast.lin_lan, "at": noon}
    review_file(evidence, verdict="not_organised", **why)
    (new,) = tell([drafted(7, LETTER, noon + timedelta(days=2), AGENT)])
    (grown,) = watch_agents(by=system_person(), at=noon + timedelta(days=2))
    assert grown.pk == evidence.pk
    assert new.pk in members(grown)
    assert (grown.state, grown.principals) == ("open", 7)
    assert grown.entries.get(kind="evidence.grown").data["added"] == 1


def test_the_row_is_what_its_docket_says(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    review_file(evidence, verdict="organised", because=REASON, by=cast.lin_lan, at=noon)
    row = EvidenceFile.objects.get(pk=evidence.pk)
    assert {name: getattr(row, name) for name in row.replay()} == row.replay()


def test_it_takes_two_people_to_say_organised(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    review_file(evidence, verdict="organised", because=REASON, by=cast.lin_lan, at=noon)
    assert EvidenceFile.objects.get().state == "proposed"
    with pytest.raises(CannotReview, match="另一人"):
        review_file(evidence, verdict="organised", because=REASON, by=cast.lin_lan, at=noon)
    review_file(evidence, verdict="organised", because=REASON, by=cast.zheng_gang, at=noon)
    file = EvidenceFile.objects.get()
    assert (file.state, file.valid_until) == ("organised", noon + timedelta(days=180))


def test_a_verdict_needs_a_reason_and_somebody_who_had_no_part(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    for verdict, because, by in (
        ("organised", "像", cast.lin_lan),
        ("guilty", REASON, cast.lin_lan),
        ("unclear", REASON, cast.wang_xiuying),  # she took them in
    ):
        with pytest.raises(CannotReview):
            review_file(evidence, verdict=verdict, because=because, by=by, at=noon)
    assert EvidenceFile.objects.get().state == "open"


def test_a_verdict_expires_and_must_be_given_again(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    review_file(evidence, verdict="unclear", because=REASON, by=cast.lin_lan, at=noon)
    assert expire_files(by=system_person(), at=noon + timedelta(days=179)) == 0
    assert expire_files(by=system_person(), at=noon + timedelta(days=180)) == 1
    assert EvidenceFile.objects.get().state == "expired"
    assert expire_files(by=system_person(), at=noon + timedelta(days=181)) == 0


def test_an_objection_unsettles_the_verdict(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    review_file(evidence, verdict="unclear", because=REASON, by=cast.lin_lan, at=noon)
    with pytest.raises(CannotDispute):
        dispute_file(evidence, who="customer", words=" ", by=cast.lin_lan, at=noon)
    said = f"我徐怡佳没有找代理，儿子徐怡然帮的忙，电话{AGENT_PHONE}是他的"
    dispute_file(evidence, who="customer", words=said, by=cast.lin_lan, at=noon)
    file = EvidenceFile.objects.get()
    assert (file.state, file.valid_until) == ("disputed", None)
    kept = str(file.entries.get(kind="evidence.disputed").data)
    assert not [word for word in (AGENT_PHONE, "怡佳", "怡然") if word in kept]


def test_only_what_was_judged_is_closed_and_then_left_in_peace(
    evidence: EvidenceFile, tell: Told, cast: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotClose):
        close_file(evidence, because="不再核查", by=cast.lin_lan, at=noon)
    review_file(evidence, verdict="not_organised", because=REASON, by=cast.lin_lan, at=noon)
    close_file(evidence, because="不再核查", by=cast.lin_lan, at=noon)
    tell([drafted(8, LETTER, noon + timedelta(days=3), AGENT)])
    assert watch_agents(by=system_person(), at=noon + timedelta(days=3)) == []
    more = [drafted(60 + n, LETTER, noon + timedelta(days=4), AGENT) for n in range(5)]
    tell(more)
    (fresh,) = watch_agents(by=system_person(), at=noon + timedelta(days=4))
    assert fresh.pk != evidence.pk


def test_nothing_personal_stands_in_the_file(evidence: EvidenceFile) -> None:
    kept = str([evidence.traces, evidence.dissolves, [one.data for one in evidence.entries]])
    assert all(word not in kept for word in (AGENT_PHONE, "贾中介", "张伟", LETTER[:10]))


def organised(evidence: EvidenceFile, cast: SimpleNamespace, at: datetime) -> EvidenceFile:
    for judge in (cast.lin_lan, cast.zheng_gang):
        review_file(evidence, verdict="organised", because=REASON, by=judge, at=at)
    return EvidenceFile.objects.get(pk=evidence.pk)


def test_an_objection_opens_a_closed_file_again(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    file = organised(evidence, cast, noon)
    close_file(file, because="已处理", by=cast.lin_lan, at=noon)
    later = noon + timedelta(days=30)
    dispute_file(file, who="customer", words="是我自己写的", by=cast.zheng_gang, at=later)
    file.refresh_from_db()
    assert (file.state, file.valid_until, file.closed_at) == ("disputed", None, None)
    assert {name: getattr(file, name) for name in file.replay()} == file.replay()
    review_file(file, verdict="not_organised", because=REASON, by=cast.lin_lan, at=later)


def test_the_verdict_of_a_closed_file_expires_and_it_stays_closed(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    file = organised(evidence, cast, noon)
    close_file(file, because="已处理", by=cast.lin_lan, at=noon)
    assert expire_files(by=system_person(), at=noon + timedelta(days=179)) == 0
    over = noon + timedelta(days=180)
    assert expire_files(by=system_person(), at=over) == 1
    file.refresh_from_db()
    assert (file.state, file.valid_until) == ("closed", None)
    assert "不再作数" in file.entries.get(kind="evidence.expired").what().sentence()
    assert expire_files(by=system_person(), at=over) == 0


def test_a_file_that_grew_has_no_verdict_that_could_expire(
    evidence: EvidenceFile, tell: Told, cast: SimpleNamespace, noon: datetime
) -> None:
    organised(evidence, cast, noon)
    tell([drafted(7, LETTER, noon + timedelta(days=2), AGENT)])
    (grown,) = watch_agents(by=system_person(), at=noon + timedelta(days=2))
    assert (grown.state, grown.valid_until, grown.proposed_by) == ("open", None, None)


def test_an_objection_taken_down_before_there_was_a_file_is_in_it_from_the_first_night(
    town: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    for case in (town.ring[1], town.strangers[0]):
        take_objection(case, who="agent", words="我是他女儿", by=cast.wang_xiuying, at=noon)
        react(case.entries.get(kind="complaint.objected").pk)
    (file,) = watch_agents(by=system_person(), at=noon)
    (disputed,) = file.entries.filter(kind="evidence.disputed")
    assert disputed.data["words"] == "我是他女儿"
    assert EvidenceFile.objects.get().state == "disputed"
    assert watch_agents(by=system_person(), at=noon + timedelta(hours=1)) == []


def test_an_objection_to_a_case_merged_with_one_of_a_file_is_an_objection_to_the_file(
    evidence: EvidenceFile, town: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    member, other = town.ring[0], town.twin
    for case, into in ((member, other), (other, member)):
        Complaint.objects.update(merged_into=None, closed_at=None)
        Complaint.objects.filter(pk=case.pk).update(merged_into=into, closed_at=noon)
        before = evidence.entries.filter(kind="evidence.disputed").count()
        take_objection(other, who="customer", words="不是我", by=cast.wang_xiuying, at=noon)
        react(other.entries.filter(kind="complaint.objected").latest("pk").pk)
        assert evidence.entries.filter(kind="evidence.disputed").count() == before + 1
    hear_earlier(evidence, at=noon)
    assert evidence.entries.filter(kind="evidence.disputed").count() == 2, "each taken once"
    Complaint.objects.update(merged_into=None, closed_at=None)
    take_objection(other, who="customer", words="不是我", by=cast.wang_xiuying, at=noon)
    react(other.entries.filter(kind="complaint.objected").latest("pk").pk)
    assert evidence.entries.filter(kind="evidence.disputed").count() == 2, "apart, it is not"


def test_what_a_handler_takes_down_reaches_those_who_judge_once_and_tells_the_handler_nothing(
    evidence: EvidenceFile, town: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    file = organised(evidence, cast, noon)
    close_file(file, because="已处理", by=cast.lin_lan, at=noon)
    said = f"我不认识这些人，我的电话是{AGENT_PHONE}"
    told = []
    for case in (town.ring[0], town.twin):
        take_objection(case, who="customer", words=said, by=cast.wang_xiuying, at=noon)
        entry = case.entries.get(kind="complaint.objected")
        for _time in range(2):
            react(entry.pk)
        told.append((entry.what().sentence(), Notice.objects.filter(entry=entry).count()))
    assert told[0] == told[1], "flagged or not, it looks the same"
    assert AGENT_PHONE not in str(told)
    (disputed,) = file.entries.filter(kind="evidence.disputed")
    file.refresh_from_db()
    assert (file.state, disputed.by) == ("disputed", cast.wang_xiuying)
    react(disputed.pk)
    heard = {notice.person for notice in Notice.objects.filter(entry=disputed)}
    assert cast.lin_lan in heard
    assert cast.wang_xiuying not in heard
    with pytest.raises(CannotObject):
        take_objection(town.twin, who="customer", words=" ", by=cast.wang_xiuying, at=noon)
