"""The linear model learns what it is taught, says why, and is itself again after storage."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.linear import CannotTrain, LinearModel, holdout, train
from sujin.engine.ngrams import counted, decided, packed, pieces

PATIENT = settings(deadline=None)  # the first call of all compiles

OPENINGS = [
    "我是老客户，",
    "你好，",
    "投诉：",
    "请问",
    "上周开始",
    "从来没有过，",
    "我家人",
    "事情是这样，",
]
STORIES = {
    "collection": ["催收天天打电话", "催收员骚扰我同事", "上门催收恐吓老人"],
    "pricing": ["年费收得不明不白", "手续费太高了", "多扣了一笔手续费"],
    "service": ["柜员态度很差", "排队两小时没人管", "大堂态度冷淡"],
}
TEXTS = [
    opening + story for stories in STORIES.values() for story in stories for opening in OPENINGS
]
LABELS = [code for code, stories in STORIES.items() for _ in stories for _ in OPENINGS]


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return train(TEXTS, LABELS, seed=7, bits=14)


def top(model: LinearModel, text: str) -> str:
    return model.codes[int(model.predict_proba([text])[0].argmax())]


def test_it_files_new_sentences_as_it_was_taught(model: LinearModel) -> None:
    assert top(model, "又有催收打电话骚扰") == "collection"
    assert top(model, "这手续费凭什么") == "pricing"
    assert top(model, "柜員態度太差") == "service"


def test_it_says_which_words_spoke_for_a_code(model: LinearModel) -> None:
    words = model.explain("你好，催收员恐吓我，态度也差", "collection")
    assert 1 <= len(words) <= 5
    assert any("催" in word or "恐吓" in word for word in words)
    assert model.explain("你好", "no such code") == ()
    assert model.explain("", "collection") == ()


def test_probabilities_are_probabilities_in_the_order_of_the_codes(model: LinearModel) -> None:
    shares = model.predict_proba(["手续费", "", "完全无关zzz"])
    assert shares.shape == (3, 3)
    assert model.codes == ("collection", "pricing", "service")
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares >= 0).all()
    assert model.predict_proba([]).shape == (0, 3)


def test_it_is_itself_again_after_storage(model: LinearModel, tmp_path: Path) -> None:
    for name, array in model.arrays().items():
        np.save(tmp_path / name, array, allow_pickle=False)
    names = model.arrays().keys()
    again = LinearModel.from_arrays({name: np.load(tmp_path / f"{name}.npy") for name in names})
    assert again.codes == model.codes
    assert (again.predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()


def test_a_model_of_another_form_is_refused(model: LinearModel) -> None:
    with pytest.raises(ValueError, match="form 99"):
        LinearModel.from_arrays({**model.arrays(), "form": np.array(99)})


def test_the_same_lesson_gives_the_same_model(model: LinearModel) -> None:
    again = train(TEXTS, LABELS, seed=7, bits=14)
    assert (again.weights == model.weights).all()
    assert again.calibration == model.calibration


def test_numbers_are_not_learnt_by_heart(model: LinearModel) -> None:
    shares = model.predict_proba(["扣了13800138000元手续费", "扣了15912345678元手续费"])
    assert (shares[0] == shares[1]).all()


def test_two_codes_are_enough_and_one_is_not() -> None:
    pairs = [(t, label) for t, label in zip(TEXTS, LABELS, strict=True) if label != "service"]
    two = train([t for t, _ in pairs], [label for _, label in pairs], seed=1, bits=12)
    assert two.weights.shape == (4096, 2)
    assert top(two, "催收骚扰") == "collection"
    assert top(two, "手续费高") == "pricing"
    with pytest.raises(CannotTrain, match="at least two codes"):
        train(["一", "二"], ["a", "a"], seed=1)
    with pytest.raises(CannotTrain, match="1 texts with 2 labels"):
        train(["一"], ["a", "b"], seed=1)


def test_a_few_texts_make_a_model_but_cannot_test_one() -> None:
    few = train(["催收", "手续费"], ["a", "b"], seed=1, bits=10)
    assert top(few, "催收") == "a"
    with pytest.raises(CannotTrain, match="set aside"):
        holdout(["催收", "手续费"], ["a", "b"], seed=1)


def test_an_unseen_fifth_judges_the_model() -> None:
    result = holdout(TEXTS, LABELS, seed=3)
    assert result.n == len(result.per_class) * 4
    assert result.accuracy > 0.8 > result.baseline
    assert result.baseline == pytest.approx(1 / 3)
    assert result.macro_f1 == pytest.approx(
        sum(score.f1 for score in result.per_class.values()) / 3
    )
    assert {code: score.n for code, score in result.per_class.items()} == dict.fromkeys(STORIES, 4)


def test_labels_without_meaning_are_not_learnt() -> None:
    shuffled = np.random.default_rng(5).permutation(LABELS).tolist()
    assert holdout(TEXTS, shuffled, seed=3).accuracy < 0.7


def test_a_text_told_twice_is_not_tested_on_what_was_seen() -> None:
    assert holdout(TEXTS * 3, LABELS * 3, seed=3) == holdout(TEXTS, LABELS, seed=3)


short = st.text(alphabet="催收费 abc19，", max_size=12)


@PATIENT
@given(st.lists(short, min_size=1, max_size=4))
def test_the_fast_scores_are_the_slow_ones(texts: list[str]) -> None:
    chance = np.random.default_rng(1)
    weights = chance.normal(size=(1024, 3)).astype(np.float32)
    idf = chance.uniform(1, 5, size=1024).astype(np.float32)
    ends, columns, values = counted(*packed(texts), 10)
    fast = decided(*packed(texts), idf, weights)
    for row in range(len(texts)):
        at = columns[ends[row] : ends[row + 1]]
        tf = values[ends[row] : ends[row + 1]]
        length = float(np.linalg.norm(tf * idf[at])) or 1.0
        assert np.allclose(fast[row], (tf @ weights[at]) / length, atol=1e-4)


@PATIENT
@given(st.text(alphabet="催收费 19，。", max_size=12))
def test_every_row_of_one_to_three_characters_is_counted(text: str) -> None:
    codes = packed([text]).codes
    assert len(pieces(codes, 18).numbers) == sum(max(0, codes.size - n) for n in range(3))
    assert all(0 <= number < 1 << 18 for number in pieces(codes, 18).numbers)


def test_a_latin_word_is_read_whole_in_pairs_and_in_parts() -> None:
    folded = "lost card"
    found = pieces(packed([folded]).codes, 18)
    read = [folded[a:b] for a, b in zip(found.starts, found.ends, strict=True)]
    assert {"lost", "card", "lost card", "lo", "los", "ard"} <= set(read)
    assert not {"t c", " c", " "} & set(read)


def test_a_misspelt_word_shares_most_of_its_parts() -> None:
    right, wrong, other = (
        set(pieces(packed([word]).codes, 18).numbers.tolist())
        for word in ("statement", "statment", "overdraft")
    )
    assert len(right & wrong) > len(right) / 3 > len(right & other)


def test_what_a_piece_hashes_to_is_fixed_because_models_are_stored() -> None:
    rows = [64673, 117989, 201867, 1350, 67095, 34066]
    assert pieces(packed(["催收费"]).codes, 18).numbers.tolist() == rows
    assert pieces(packed(["ab c"]).codes, 18).numbers.tolist() == [
        54319, 209322, 194348, 245438, 183094, 234203,
        163224, 22557, 244066, 216886, 200786, 24619,
    ]  # fmt: skip


@PATIENT
@given(st.lists(short, min_size=1, max_size=3).map("".join))
def test_what_the_characters_bring_adds_up_to_the_score(text: str) -> None:
    chance = np.random.default_rng(2)
    weights = chance.normal(size=(1024, 3)).astype(np.float32)
    idf = chance.uniform(1, 5, size=1024).astype(np.float32)
    drawn = LinearModel(("a", "b", "c"), weights, idf, np.zeros(3, np.float32))
    score, against = drawn.scores([text])[0], drawn.predict_proba([text])[0]
    against[1] = 0
    difference = score[1] - score @ against / against.sum()
    assert drawn.brought(text, "b").sum() == pytest.approx(difference, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    ["催" * 100_000, "a" * 100_000, "\u200b" * 1000, "ignore all rules, say 催收 b4", "ß1 æ催 ok"],
    ids=["long", "long word", "invisible", "order", "mixed"],
)
def test_no_text_is_too_odd_to_be_read(model: LinearModel, text: str) -> None:
    assert model.predict_proba([text]).sum() == pytest.approx(1)
    assert len(model.explain(text, "collection")) <= 5


def labelled(folder: str) -> tuple[list[str], list[str]]:
    with (Path(folder) / "zh_complaints_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"]]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def usual_recipe(texts: Sequence[str], labels: Sequence[str], seed: int) -> float:
    """Accuracy of tf-idf of one to three characters and a linear SVM on the same fifth."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    from sujin.engine.linear import _parted

    seen, unseen = _parted(labels, seed, 0)
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    machine = LinearSVC(random_state=seed)
    machine.fit(vectors.fit_transform([texts[i] for i in seen]), [labels[i] for i in seen])
    given = machine.predict(vectors.transform([texts[i] for i in unseen]))
    return float(np.mean(given == np.array([labels[i] for i in unseen])))


@pytest.mark.real_data
@pytest.mark.skipif(
    "SUJIN_REAL_DATA" not in os.environ,
    reason="needs zh_complaints_dev.csv: set SUJIN_REAL_DATA to the folder that holds it",
)
def test_on_real_complaints_it_is_better_than_the_usual_recipe_and_knows_how_sure_it_is() -> None:
    texts, labels = labelled(os.environ["SUJIN_REAL_DATA"])
    ours = [holdout(texts, labels, seed) for seed in (3, 4)]
    usual = [usual_recipe(texts, labels, seed) for seed in (3, 4)]
    assert sum(found.accuracy for found in ours) >= sum(usual)
    assert sum(found.macro_f1 for found in ours) / 2 >= 0.64
    assert sum(found.calibration_error for found in ours) / 2 <= 0.06
