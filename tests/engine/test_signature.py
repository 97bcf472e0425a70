"""Signatures of texts: alike for like letters, the same for ever."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.signature import Signature, likeness, sign

GOLDEN_WORDS = [45693010, 97134254, 26230954]
GOLDEN_BAND = 6039711753138986353
LETTER = "我的房贷提前还款申请已经提交了两个月，网点一直说在排队，请给我一个明确的办理日期。"
OTHER_LETTER = "信用卡年费没有事先告知就直接扣了，客服说不能退，我要求全额退还并书面说明理由。"


def signed(text: str) -> Signature:
    (signature,) = sign([text])
    assert signature is not None
    return signature


def test_a_short_text_has_no_signature() -> None:
    eleven, twelve = "十一个字的短文没有签名", "十二个字的短文就有签名了"
    signatures = sign([eleven, "", "1234567890123456", twelve])
    assert [one is not None for one in signatures] == [False, False, False, True]


def test_the_same_letter_with_another_date_amount_and_spacing_is_the_same_letter() -> None:
    one = "本人于2026年3月1日在贵行被扣款12300元，要求全额退还。"
    other = "本人於２０２５年１１月２８日在贵行被扣款 800 元，要求全额退还。"
    assert likeness(signed(one), signed(other)) == 1.0
    assert signed(one).bands == signed(other).bands


def test_letters_about_different_things_are_not_alike() -> None:
    assert likeness(signed(LETTER), signed(OTHER_LETTER)) < 0.1
    assert not set(signed(LETTER).bands) & set(signed(OTHER_LETTER).bands)


def test_two_nearly_equal_letters_share_a_band() -> None:
    touched = LETTER.replace("两个月", "三个月")
    assert likeness(signed(LETTER), signed(touched)) > 0.7
    assert set(signed(LETTER).bands) & set(signed(touched).bands)


def test_signatures_never_change_because_they_are_stored() -> None:
    signature = signed(LETTER)
    assert signature.minhash[:3].tolist() == GOLDEN_WORDS
    assert signature.bands[0] == GOLDEN_BAND
    assert (str(signature.minhash.dtype), len(signature.minhash), len(signature.bands)) == (
        "uint32",
        64,
        16,
    )
    assert signature.shingles == len(LETTER) - 2
    assert all(-(2**63) <= band < 2**63 for band in signature.bands)


def test_a_text_is_signed_the_same_alone_and_among_thousands() -> None:
    many = sign([OTHER_LETTER, "", LETTER] * 3000)
    assert len(many) == 9000
    assert many[8999] is not None
    assert many[8999].bands == signed(LETTER).bands
    assert many[8998] is None


def test_the_estimate_is_close_to_the_share_of_triples_in_common() -> None:
    chance = random.Random(7)
    errors = []
    for _ in range(300):
        shared = _noise(chance, 120)
        cut = chance.randrange(120)
        one, other = shared + _noise(chance, 80), shared[cut:] + _noise(chance, 80)
        a, b = _triples(one), _triples(other)
        errors.append(likeness(signed(one), signed(other)) - len(a & b) / len(a | b))
    assert abs(float(np.mean(errors))) < 0.015
    assert float(np.std(errors)) < 1 / 16


def _noise(chance: random.Random, length: int) -> str:
    return "".join(chr(chance.randrange(0x4E00, 0x4E00 + 800)) for _ in range(length))


def _triples(text: str) -> set[str]:
    return {text[n : n + 3] for n in range(len(text) - 2)}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_at_all_can_be_signed(texts: list[str]) -> None:
    assert len(sign(texts)) == len(texts)
