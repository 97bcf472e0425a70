"""Two ways to say one matter are learnt from judged pairs; strangers are judged by their words."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine import pairwise
from sujin.engine.acquaintance import Acquaintance
from sujin.engine.pairs import CannotLearn, Judged, PairModel, train
from sujin.engine.pieces import bare, learnt_idf, rows_of
from sujin.engine.reasons import reasons
from sujin.engine.same_matter import CLAIMS, claims, likely, plain_likeness

PATIENT = settings(deadline=None, max_examples=40)
# Three matters, each in words that share little; openings make many sentences of them.
WAYS = {
    "limit": ["怎样提高额度", "想要提额", "信用上限太低能不能涨"],
    "cancel": ["我要注销这张卡", "怎么销卡", "不想用了请取消卡片"],
    "late": ["逾期一天有罚息吗", "晚还会怎么样", "忘记还款有什么后果"],
}
OPENINGS = ["", "请问", "你好，", "麻烦问下", "急，"]


def invented(seed: int, many: int) -> list[Judged]:
    chance = np.random.default_rng(seed)
    told = [(o + way, matter) for matter, ways in WAYS.items() for way in ways for o in OPENINGS]
    same = [(a, b) for a in told for b in told if a < b and a[1] == b[1]]
    apart = [(a, b) for a in told for b in told if a < b and a[1] != b[1]]
    drawn = [few[i] for few in (same, apart) for i in chance.permutation(len(few))[: many // 2]]
    return [Judged(a[0], b[0], a[1] == b[1]) for a, b in drawn]


@pytest.fixture(scope="module")
def model() -> PairModel:
    return train(invented(1, 240), seed=7)


def right(model: PairModel, asked: list[Judged]) -> float:
    chances = model.probabilities([one.one for one in asked], [one.other for one in asked])
    return float(((chances >= 0.5) == [one.is_same for one in asked]).mean())


def test_it_tells_other_words_of_one_matter_from_another_matter(model: PairModel) -> None:
    learnt = {(pair.one, pair.other) for pair in invented(1, 240)}
    asked = [pair for pair in invented(2, 240) if (pair.one, pair.other) not in learnt]
    assert len(asked) > 50
    assert right(model, asked) > 0.9


def test_from_shuffled_verdicts_nothing_is_learnt() -> None:
    judged = invented(1, 240)
    order = np.random.default_rng(3).permutation(len(judged)).tolist()
    shuffled = [
        Judged(pair.one, pair.other, judged[place].is_same)
        for pair, place in zip(judged, order, strict=True)
    ]
    assert abs(right(train(shuffled, seed=7), invented(2, 240)) - 0.5) < 0.15


@PATIENT
@given(one=st.text(max_size=60), other=st.text(max_size=60))
def test_the_order_of_the_two_does_not_matter(model: PairModel, one: str, other: str) -> None:
    there, back = model.probabilities([one, other], [other, one])
    assert there == back
    assert 0 <= there <= 1
    assert plain_likeness([one], [other])[0] == pytest.approx(plain_likeness([other], [one])[0])


def test_the_same_words_are_the_same_matter(model: PairModel) -> None:
    texts = [way for ways in WAYS.values() for way in ways]
    assert plain_likeness(texts, texts) == pytest.approx(1, abs=1e-5)
    assert model.probabilities(texts, texts).min() > 0.9


def test_the_same_pairs_and_seed_make_the_same_model(model: PairModel) -> None:
    again = train(invented(1, 240), seed=7).arrays()
    for name, array in model.arrays().items():
        assert np.array_equal(array, again[name]), name


def test_it_is_itself_again_after_storage(model: PairModel) -> None:
    stored = PairModel.from_arrays(model.arrays())
    asked = invented(5, 100)
    texts = [pair.one for pair in asked], [pair.other for pair in asked]
    assert np.array_equal(stored.probabilities(*texts), model.probabilities(*texts))
    with pytest.raises(ValueError, match="form 99"):
        PairModel.from_arrays({**model.arrays(), "form": np.array(99)})


def test_the_trees_read_as_they_were_grown() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from sujin.engine import trees

    chance = np.random.default_rng(4)
    figures = chance.normal(size=(400, 5)).astype(np.float32)
    labels = (figures[:, 0] * figures[:, 1] > 0).astype(np.int8)
    theirs = HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.05, max_leaf_nodes=12, l2_regularization=1.0,
        early_stopping=False, random_state=5,
    ).fit(figures, labels)  # fmt: skip
    ours = trees.grow(figures, labels, seed=5).probabilities(figures)
    assert ours == pytest.approx(theirs.predict_proba(figures)[:, 1], abs=1e-9)


def test_what_a_pair_would_score_unlearnt_is_what_it_scores_when_it_was_not_learnt() -> None:
    judged = invented(1, 60)
    texts = sorted({bare(text) for pair in judged for text in (pair.one, pair.other)})
    place = {text: number for number, text in enumerate(texts)}
    firsts = np.array([place[bare(pair.one)] for pair in judged])
    seconds = np.array([place[bare(pair.other)] for pair in judged])
    labels = np.array([pair.is_same for pair in judged], np.int8)
    idf = learnt_idf(texts, 12)
    rows = rows_of(texts, idf)
    _machine, unlearnt = pairwise.learn(rows, firsts, seconds, labels, idf.size)
    one, other = rows_of([texts[firsts[0]]], idf), rows_of([texts[seconds[0]]], idf)
    touches = (firsts == firsts[0]) | (seconds == firsts[0])
    for view, left_out in ((0, np.arange(len(judged)) == 0), (1, touches)):
        kept = ~left_out
        machine, _ = pairwise.learn(rows, firsts[kept], seconds[kept], labels[kept], idf.size)
        assert unlearnt[0, view] == pytest.approx(machine.scores(one, other)[0], abs=2e-3)


def test_a_friend_of_a_friend_is_known_and_ones_own_verdict_is_not_looked_at() -> None:
    firsts, seconds = np.array([0, 1, 2]), np.array([1, 2, 3])
    known = Acquaintance(firsts, seconds, np.array([1, 1, 0], np.int8))
    chain, broken, strange = known.figures(np.array([0, 1, -1]), np.array([2, 3, 3]))
    assert chain[0] == 1 and chain[1] == 0
    assert broken[0] == 0 and broken[1] == 1
    assert not strange[:5].any()
    own = known.figures(firsts[:1], seconds[:1], [1])[0]
    assert own[-1] == 0 and own[5] == pytest.approx(0.5)


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(CannotLearn, match="at least 50"):
        train(invented(1, 20), seed=1)
    with pytest.raises(CannotLearn, match="0 of them the same"):
        train([pair for pair in invented(1, 240) if not pair.is_same], seed=1)


def test_it_says_what_is_shared_what_is_equated_and_what_differs(model: PairModel) -> None:
    why = reasons(bare("请问怎样提高额度"), bare("请问想要提额"), model)
    assert why.shared == ("请问",)
    assert why.equated
    assert reasons("晚还会怎么样", "怎么销卡", None).differs[0] == ("晚还会",)
    assert not reasons("怎样提高额度", "想要提额", None).equated


def test_claims_are_compared_not_courtesies(model: PairModel) -> None:
    long = "您好，我是老客户了，一直很信任贵行。这次实在没有办法，想要提额，望尽快处理，谢谢。"
    other = "尊敬的领导，上个月到网点排队两小时，信用上限太低能不能涨，此致敬礼。"
    unlike = "尊敬的领导，上个月到网点排队两小时，自动取款机吞了卡，此致敬礼。"
    assert len(claims(long)) <= CLAIMS
    near, far = likely(long, [other, unlike], None)
    assert claims(near.claims[0]) and not near.is_learnt
    near, far = likely(
        "上周去过网点，信用上限太低。", ["请问怎样提高额度？", "请问怎么销卡？"], model
    )
    assert near.is_learnt and near.alike > 0.5 > far.alike


def test_of_words_it_never_met_the_model_is_not_asked(model: PairModel) -> None:
    strange = "自动取款机吞了磁条，保安推搡老人"
    assert model.familiarity(["怎样提高额度", strange]) == pytest.approx([1, 0], abs=0.25)
    (found,) = likely(strange, ["黄金积存赎回一直失败"], model)
    assert not found.is_learnt and found.alike < 0.3


@pytest.mark.parametrize(
    "text", ["", "。。。", "，" * 500, "\ud800", "^$", "1234567890" * 30, "𠮷"]
)
def test_odd_texts_are_judged_without_complaint(model: PairModel, text: str) -> None:
    for judge in (model, None):
        for one in likely(text, ["", "怎样提高额度", text], judge):
            assert 0 <= one.alike <= 1
    assert likely("怎样提高额度", [], model) == []


def test_a_hundred_thousand_characters_cost_no_more_than_a_page(model: PairModel) -> None:
    import time

    page, book = "怎样提高额度，我要注销这张卡。" * 200, "怎样提高额度，我要注销这张卡。" * 7000
    likely(page, [page], model)

    def spent(text: str) -> float:
        started = time.process_time()
        for _ in range(5):
            likely(text, [text] * 4, model)
        return time.process_time() - started

    assert spent(book) < 5 * spent(page) + 0.05


@pytest.mark.real_data
@pytest.mark.skipif(
    "SUJIN_REAL_DATA" not in os.environ,
    reason="needs zh_bank_question_pairs_dev.csv: set SUJIN_REAL_DATA to the folder that holds it",
)
def test_on_real_questions_it_is_far_ahead_of_the_cosine() -> None:
    from sujin.lab.exams.pairs import cosine_accuracy, parted, read

    folder = Path(os.environ["SUJIN_REAL_DATA"])
    learnt, asked = parted(read(folder / "zh_bank_question_pairs_dev.csv")[:2500], 11)
    assert right(train(learnt, seed=11), asked) > cosine_accuracy(learnt, asked) + 0.03


def test_the_exam_is_held_on_a_file_and_refuses_a_wrong_one(tmp_path: Path) -> None:
    from sujin.lab.exams import CannotSit
    from sujin.lab.exams.pairs import EXAM

    file = tmp_path / "pairs.csv"
    with file.open("w", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["sentence1", "sentence2", "label"])
        rows.writerows([pair.one, pair.other, int(pair.is_same)] for pair in invented(1, 240))
    figures = EXAM.run({"data": file, "test": None, "seed": 3})
    assert figures["accuracy"] > figures["baseline"]
    assert (figures["n_train"], figures["n_test"]) == (192, 48)
    assert set(figures) >= {"accuracy_unseen", "auc", "ece", "seconds_cpu", "how"}
    assert any("cosine" in line for line in EXAM.told({**figures, "accuracy_unseen": None}))
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CannotSit, match="no column label, sentence1, sentence2"):
        EXAM.run({"data": file, "test": None, "seed": 3})
    file.write_text("sentence1,sentence2,label\n一,二,maybe\n")
    with pytest.raises(CannotSit, match="row 2: label is 'maybe'"):
        EXAM.run({"data": file, "test": None, "seed": 3})


def test_the_tail_of_a_number_is_no_reason_and_a_whole_one_is() -> None:
    found = reasons("提前还260000，手续费100", "提前还200，违约金88800", None)
    assert "00" not in found.shared
    assert "提前还2" in found.shared
    assert "260000" in reasons("还了260000块", "共260000元", None).shared
