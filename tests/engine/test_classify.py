"""A complaint is labelled by its words, with its reasons, and left alone when it says nothing."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.classify import AXES, Classification, Classifier, Label, Lexicon, Term
from sujin.engine.linear import LinearModel, train
from sujin.engine.text import fold

PATIENT = settings(deadline=None)  # the first call of all compiles

TERMS = [
    Term("business", "card", "银行卡", 2),
    Term("business", "card.credit", "信用卡", 3),
    Term("business", "card.credit.billing", "账单", 4),
    Term("business", "card.credit.billing", "年费", 4),
    Term("business", "card.credit.repay", "最低还款", 4),
    Term("business", "card.debit", "储蓄卡", 4),
    Term("business", "collection.card", "信用卡催收", 5),
    Term("business", "loan.mortgage", "房贷", 4),
    Term("business", "loan.mortgage", "按揭", 4),
    Term("business", "loan", "逾期", 1),
    Term("cause", "pricing", "乱收费", 4),
    Term("cause", "pricing", "年费", 2),
    Term("cause", "service", "态度差", 4),
    Term("cause", "service", "没事", -4),
    Term("touchpoint", "front.electronic.mobile", "手机银行", 4),
    Term("demand", "refund", "退费", 4),
]
CLASSIFIER = Classifier(Lexicon(TERMS))


def business(text: str) -> Label:
    return CLASSIFIER.classify([text])[0]["business"]


def test_a_complaint_gets_a_label_on_every_axis_with_its_reasons() -> None:
    found = CLASSIFIER.classify(["信用卡年费乱收费，柜台態度差，要求退费"])[0]
    assert isinstance(found, Classification)
    assert list(found.labels) == list(AXES)
    assert found["business"].code == "card.credit.billing"
    assert found["business"].because == ("信用卡", "年费")
    assert found["cause"].code == "pricing"
    assert found["cause"].because == ("年费", "乱收费")
    assert found["demand"] == Label("refund", found["demand"].confidence, ("退费",))
    assert found["touchpoint"] == Label("", 0.0, ())


@pytest.mark.parametrize("text", ["", "   ", "今天天气不错", "asdf 1234"])
def test_a_text_that_says_nothing_is_left_to_a_person(text: str) -> None:
    found = CLASSIFIER.classify([text])[0]
    assert all(found[axis] == Label("", 0.0, ()) for axis in AXES)


def test_the_deepest_code_that_the_words_support_is_taken() -> None:
    assert business("我的银行卡").code == "card"
    assert business("我的信用卡").code == "card.credit"
    assert business("信用卡账单").code == "card.credit.billing"
    assert business("银行卡按揭").code == "loan.mortgage"


def test_between_two_children_the_parent_is_named_and_is_surer() -> None:
    torn = business("信用卡账单和最低还款都不对")
    assert torn.code == "card.credit"
    assert torn.confidence > business("信用卡账单不对").confidence
    assert torn.because == ("信用卡", "账单", "最低还款")


def test_a_longer_word_silences_the_shorter_one_inside_it() -> None:
    assert business("信用卡催收太频繁").code == "collection.card"
    assert business("信用卡催收太频繁").because == ("信用卡催收",)


def test_more_evidence_is_more_confidence_and_contrary_evidence_less() -> None:
    some, more = business("房贷的事"), business("房贷按揭的事")
    torn = business("房贷和储蓄卡的事")
    assert torn.confidence < some.confidence < more.confidence < 1
    assert some.confidence == pytest.approx(0.88, abs=0.01)


def test_of_two_equal_subjects_the_one_named_first_is_taken() -> None:
    assert business("储蓄卡和房贷").code == "card.debit"
    assert business("房贷和储蓄卡").code == "loan.mortgage"


def test_a_word_may_speak_against_a_code() -> None:
    found = CLASSIFIER.classify(["态度差，没事", "没事"])
    assert [each["cause"].code for each in found] == ["", ""]


def test_repeating_a_word_does_not_shout_down_another() -> None:
    assert business("储蓄卡储蓄卡储蓄卡，房贷按揭").code == "loan.mortgage"


def test_at_most_five_words_are_given_as_reasons() -> None:
    terms = [Term("cause", "service", word, 1 + at) for at, word in enumerate("甲乙丙丁戊己")]
    label = Classifier(Lexicon(terms)).classify(["己戊丁丙乙甲"])[0]["cause"]
    assert label.because == ("己", "戊", "丁", "丙", "乙")


def test_scores_say_how_much_each_code_has_and_from_what() -> None:
    scores = Lexicon(TERMS).scores(fold("信用卡账单，信用卡年费"))
    assert scores["business"] == {
        "card.credit": (3, ("信用卡",)),
        "card.credit.billing": (8, ("账单", "年费")),
    }
    assert scores["cause"] == {"pricing": (2, ("年费",))}


pieces = st.lists(st.sampled_from([term.term for term in TERMS] + ["，", "我", "不"]), max_size=12)


@PATIENT
@given(pieces.map("".join))
def test_reasons_come_from_the_text_and_confidence_is_a_probability(text: str) -> None:
    for label in CLASSIFIER.classify([text])[0].labels.values():
        assert 0 <= label.confidence < 1
        assert bool(label.code) == (label.confidence > 0)
        assert len(label.because) <= 5
        assert all(word in text for word in label.because)


@PATIENT
@given(st.lists(pieces.map("".join), max_size=4))
def test_a_text_is_labelled_alike_alone_and_in_company(texts: list[str]) -> None:
    assert CLASSIFIER.classify(texts) == [CLASSIFIER.classify([text])[0] for text in texts]


def taught(pairs: Sequence[tuple[str, str]]) -> Classifier:
    lessons = [(text + tail, code) for text, code in pairs for tail in "甲乙丙丁戊己"]
    texts, labels = [text for text, _ in lessons], [code for _, code in lessons]
    model = train(texts, labels, seed=1, bits=12)
    return Classifier(Lexicon(TERMS), {"business": model})


TAUGHT = taught(
    [
        ("机器吞了我的卡不吐", "card.debit"),
        ("每月还本付息的合同", "loan.mortgage"),
        ("金条的成色有问题", "metal"),
    ]
)


def test_a_model_knows_words_that_no_list_has() -> None:
    label = TAUGHT.classify(["金条成色不对"])[0]["business"]
    assert label.code == "metal"
    assert label.because
    assert all(word in "金条成色不对" for word in label.because)


def test_words_and_model_are_weighed_together() -> None:
    text = "还本付息的合同"
    by_model = TAUGHT.classify([text])[0]["business"]
    with_word = TAUGHT.classify([f"房贷{text}"])[0]["business"]
    assert by_model.code == with_word.code == "loan.mortgage"
    assert with_word.confidence > by_model.confidence
    assert with_word.because == ("房贷",)


def test_strong_words_overrule_a_model() -> None:
    assert TAUGHT.classify(["信用卡账单年费最低还款"])[0]["business"].code == "card.credit.billing"


IGNORANT = LinearModel(
    codes=("card.debit", "loan.mortgage", "metal", "wealth", "fx", "cash", "agency"),
    weights=np.zeros((64, 7), np.float32),
    idf=np.ones(64, np.float32),
    bias=np.zeros(7, np.float32),
)


def test_a_model_that_knows_nothing_leaves_a_text_to_a_person() -> None:
    classifier = Classifier(Lexicon(TERMS), {"business": IGNORANT})
    assert classifier.classify(["毫无头绪"])[0]["business"] == Label("", 0.0, ())


@pytest.mark.parametrize("text", ["房贷的事", "房贷按揭", "储蓄卡和房贷", "信用卡账单"])
def test_a_model_that_knows_nothing_leaves_the_words_their_verdict(text: str) -> None:
    by_words = business(text)
    both = Classifier(Lexicon(TERMS), {"business": IGNORANT}).classify([text])[0]["business"]
    assert (both.code, both.because) == (by_words.code, by_words.because)
    assert both.confidence == pytest.approx(by_words.confidence, abs=0.06)


def test_a_model_may_know_an_axis_that_no_list_has() -> None:
    model = train(["网点排队很久", "手机打不开"] * 6, ["branch", "app"] * 6, seed=1, bits=10)
    label = Classifier(Lexicon([]), {"place": model}).classify(["排队排了很久"])[0]["place"]
    assert label.code == "branch"


def test_below_the_threshold_a_label_stands_but_is_unsure() -> None:
    careful = Classifier(Lexicon(TERMS), abstain_below=0.8)
    torn, clear = careful.classify(["房贷和储蓄卡的事", "房贷按揭的事"])
    assert torn["business"].is_unsure
    assert not clear["business"].is_unsure
    assert torn["business"].code == business("房贷和储蓄卡的事").code == "loan.mortgage"
    assert clear["touchpoint"] == Label("", 0.0, (), is_unsure=True)


def test_without_a_threshold_nothing_is_unsure() -> None:
    found = CLASSIFIER.classify(["房贷和储蓄卡的事", ""])
    assert not any(label.is_unsure for each in found for label in each.labels.values())
