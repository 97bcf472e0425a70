"""What every index of near-identical texts must do, and what a broken one must fail."""

from dataclasses import replace

import numpy as np
import pytest

from sujin.engine import nearby
from sujin.engine.nearby import Builder, Index
from sujin.engine.shingles import shingled
from sujin.lab.dice import dice
from sujin.lab.exams.copies import Told, edited, fresh, repeats, tell

SIZE = 5_000
LIKE = 0.35
SAME = "本人于11月28日被贵行多扣年费2,000元;请在7日内退还,并书面答复"


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return list(tell(SIZE, seed=7))


@pytest.fixture(scope="module")
def index(told: list[Told]) -> Index:
    return nearby.built(range(SIZE), [one.text for one in told])


def recall(index: Index, told: list[Told]) -> float:
    """Of the repeats, the share whose source is among the five nearest others."""
    pairs = repeats(told)
    found = nearby.nearest(index, [told[repeat].text for repeat, _source in pairs], top=6)
    hits = [source in ids for (_repeat, source), ids in zip(pairs, found.ids, strict=True)]
    return float(np.mean(hits))


def test_an_edited_repeat_finds_its_source_among_the_five_nearest(
    index: Index, told: list[Told]
) -> None:
    # At 50,000 texts it is .995; among few, rare passages are harder to tell from set phrases.
    assert recall(index, told) >= 0.98


def test_an_index_with_shuffled_postings_fails(index: Index, told: list[Told]) -> None:
    rng = np.random.default_rng(seed=1)
    broken = replace(index, postings=rng.permutation(index.postings))
    assert recall(broken, told) < 0.9


def test_an_index_that_keeps_what_everybody_writes_instead_of_what_is_rare_fails(
    index: Index, told: list[Told]
) -> None:
    """The known-bad control of rarity: the commonest passage of each text is all that is kept."""
    lengths = np.diff(index.offsets.astype(np.int64))[index.kept >> np.uint32(32 - index.bits)]
    kept = [
        own[np.argsort(-lengths[first:last])[:5]]
        for first, last in zip(index.bounds[:-1], index.bounds[1:], strict=True)
        if (own := index.kept[first:last]) is not None
    ]
    bounds = np.cumsum([0, *map(len, kept)])
    common = nearby.inverted(
        index.ids, index.sizes, bounds, np.concatenate([np.sort(own) for own in kept])
    )
    assert recall(common, told) < 0.9


def test_the_very_same_text_is_first_and_wholly_alike(index: Index, told: list[Told]) -> None:
    places = range(200, 260)
    found = nearby.nearest(index, [told[place].text for place in places])
    assert [int(ids[0]) for ids in found.ids] == list(places)
    assert np.allclose(found.likeness[:, 0], 1.0)


def test_strangers_are_not_alike(index: Index) -> None:
    texts = [fresh(dice("stranger", number)) for number in range(300)]
    found = nearby.nearest(index, texts)
    assert float(found.likeness.max()) < LIKE


def test_another_date_amount_or_punctuation_is_the_same_letter() -> None:
    letters = ["本人于3月5日被贵行多扣年费300元，请在15日内退还并书面答复。", fresh(dice("other"))]
    found = nearby.nearest(
        nearby.built([5, 9], letters),
        [SAME],
    )
    assert found.ids[0, 0] == 5
    assert found.likeness[0, 0] > 0.5


def test_english_is_compared_by_words() -> None:
    text = "I was charged an annual fee without my consent and nobody at the branch will help me."
    index = nearby.built(
        [1, 2], [text, "The transfer never arrived and the hotline hung up on me."]
    )
    found = nearby.nearest(index, ["I WAS charged an annual fee without my consent; nobody helps."])
    assert found.ids[0].tolist() == [1, -1, -1, -1, -1]


def test_a_mass_letter_is_found_although_none_of_its_passages_is_rare() -> None:
    rng = dice("mass")
    letter, others = fresh(rng), [fresh(rng) for _ in range(1_000)]
    copies = [edited(letter, dice("copy", number)) for number in range(1_000)]
    index = nearby.built(range(2_000), [*others, *copies])
    found = nearby.nearest(index, [edited(letter, dice("late", number)) for number in range(50)])
    assert (found.ids[:, 0] >= 1_000).mean() >= 0.98


def test_the_same_texts_give_the_same_index_and_the_same_answers(told: list[Told]) -> None:
    texts = [one.text for one in told[:500]]
    first, second = nearby.built(range(500), texts), nearby.built(range(500), texts)
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in
               ("ids", "sizes", "bounds", "kept", "offsets", "postings"))  # fmt: skip
    one, other = nearby.nearest(first, texts[:50]), nearby.nearest(second, texts[:50])
    assert np.array_equal(one.ids, other.ids)
    assert np.array_equal(one.likeness, other.likeness)


def test_nothing_and_too_little_are_never_met_and_meet_nobody() -> None:
    texts = ["", "，。！", "退钱", "我要投诉", fresh(dice("long"))]
    index = nearby.built(range(5), texts)
    assert index.sizes[:4].tolist() == [0, 0, 0, 0]
    found = nearby.nearest(index, texts)
    assert (found.ids[:4] == -1).all()
    assert found.ids[4].tolist() == [4, -1, -1, -1, -1]
    assert (nearby.nearest(nearby.built([], []), texts).ids == -1).all()


def test_a_text_of_a_hundred_thousand_characters_is_kept_small_and_found() -> None:
    rng = dice("novel")
    novel = "".join(fresh(rng) for _ in range(500))[:100_000]
    index = nearby.built([1, 2], [novel, fresh(rng)])
    assert index.kept.size < 1_200
    assert nearby.nearest(index, [novel]).ids[0, 0] == 1


def test_indexes_joined_answer_as_their_best_together(told: list[Told]) -> None:
    texts = [one.text for one in told[:900]]
    parts = [nearby.built(range(at, at + 300), texts[at : at + 300]) for at in (0, 300, 600)]
    joined, asked = nearby.joined(parts), texts[::9]
    apart = nearby.best([nearby.nearest(part, asked) for part in parts])
    whole = nearby.nearest(joined, asked)
    assert joined.ids.tolist() == list(range(900))
    # One text in a hundred is wholly alike to another: which comes first may differ.
    assert np.mean(whole.ids[:, 0] == apart.ids[:, 0]) >= 0.98


def test_a_builder_may_be_fed_in_any_portions() -> None:
    texts = [fresh(dice("portion", number)) for number in range(60)]
    builder = Builder(60)
    for at in range(0, 60, 7):
        builder.add(range(at, min(at + 7, 60)), texts[at : at + 7])
    found = nearby.nearest(builder.finish(), texts)
    assert found.ids[:, 0].tolist() == list(range(60))


def test_the_promise_of_the_window_is_kept() -> None:
    """An unchanged run of WINDOW + 5 characters is enough to be met."""
    rng = dice("window")
    signs = [chr(0x4E00 + number) for number in rng.sample(range(9_000), 400)]
    text = "".join(signs[:200])
    index = nearby.built([3], [text])
    for start in range(0, 180, 9):
        asked = "".join(signs[200:230]) + text[start : start + 13] + "".join(signs[230:260])
        assert nearby.nearest(index, [asked]).ids[0, 0] == 3


def test_passages_do_not_cross_a_mark_and_a_short_clause_is_one() -> None:
    apart, together = shingled(["我要投诉，年费三百元，退还给我吧"]), shingled(["年费三百元"])
    assert apart.hashes.size == 3
    assert together.hashes.size == 0
