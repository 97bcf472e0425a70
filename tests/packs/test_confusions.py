"""A mistyped word is found like the right one, and shown as it was typed."""

import pytest

from sujin import packs
from sujin.complaints.rulebook import rulebook
from sujin.engine.classify import Classifier, Lexicon, Term
from sujin.engine.confusions import Confusion, read_rows, spellings
from sujin.engine.tables import BadTable

ROWS = read_rows(packs.rows("cn_bank", "confusions"))
WORDS: dict[str, set[str]] = {}
for _row in packs.rows("cn_bank", "lexicon"):
    WORDS.setdefault(_row["term"], set()).add(_row["code"])
for _row in packs.rows("cn_bank", "signals"):
    WORDS.setdefault(_row["term"], set()).add(_row["signal"])


def findings(rows: tuple[Confusion, ...], words: dict[str, set[str]]) -> list[str]:
    """What is wrong with a table of confusions: idle rows, and words of another meaning called
    mistakes. The word lists hold some mistyped words of their own."""
    found = []
    for one in rows:
        if not any(one.right in word for word in words):
            found.append(f"{one.row}: no word holds {one.right}")
        meant = words.get(one.wrong, set())
        if one.right in one.wrong or (one.right in words and meant - words[one.right]):
            found.append(f"{one.row}: {one.wrong} is a word of its own")
    wrongs = [one.wrong for one in rows]
    return found + [f"{wrong} twice" for wrong in wrongs if wrongs.count(wrong) > 1]


def test_every_confusion_is_of_use_and_none_is_a_word_of_its_own() -> None:
    assert findings(ROWS, WORDS) == []


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [("信用咔", "幸福卡", "no word holds"), ("盗刷", "年费", "own"), ("征新", "征信", "twice")],
)
def test_a_bad_row_is_named(wrong: str, right: str, told: str) -> None:
    bad = Confusion("x0", wrong, right, {})
    assert told in "; ".join(findings((*ROWS, bad), WORDS))


def test_a_row_without_its_right_word_stops_the_start() -> None:
    with pytest.raises(BadTable, match="confusions"):
        read_rows([{"row": "x1", "wrong": "征新", "because_zh": "同音", "because_en": "alike"}])


def test_a_word_is_spelt_once_in_each_wrong_way_unless_that_is_another_word() -> None:
    rows = (Confusion("a", "帐", "账", {}), Confusion("b", "货款", "贷款", {}))
    assert list(spellings("账单贷款", rows)) == ["账单贷款", "帐单贷款", "账单货款"]
    assert list(spellings("贷款", rows, frozenset({"货款"}))) == ["贷款"]
    assert list(spellings("年费", rows)) == ["年费"]


@pytest.mark.parametrize(
    ("right", "mistyped"),
    [
        ("征信上有逾期记录，要求更正", "征新上有愈期记录，要求更正"),
        ("信用卡账单多收手续费", "信用咔帐单多收手续废"),
        ("网贷催收骚扰家人", "网带催收搔扰家人"),
    ],
)
def test_a_mistyped_complaint_is_filed_like_the_right_one(right: str, mistyped: str) -> None:
    filed, found = rulebook().classifier.classify([right, mistyped])
    assert found["business"].code == filed["business"].code != ""
    assert found["cause"].code == filed["cause"].code != ""
    heard = (*found["business"].because, *found["cause"].because)
    assert heard and all(word in mistyped for word in heard)


def test_without_the_table_the_mistyped_one_is_not_understood() -> None:
    rows = packs.rows("cn_bank", "lexicon")
    terms = [Term(row["axis"], row["code"], row["term"], float(row["weight"])) for row in rows]
    found = Classifier(Lexicon(terms)).classify(["利律太高"])[0]
    assert found["business"].code == ""
    assert rulebook().classifier.classify(["利律太高"])[0]["business"].code == "loan"


def test_a_threat_to_complain_is_heard_although_it_is_mistyped() -> None:
    signals = rulebook().signals
    assert signals.read("再不退我就投诉到银宝监").found == {
        signal: tuple(word.replace("银保监", "银宝监") for word in words)
        for signal, words in signals.read("再不退我就投诉到银保监").found.items()
    }
