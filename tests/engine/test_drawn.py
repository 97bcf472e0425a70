"""A number drawn in keycaps, circles or rings is masked like one that is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.drawn import written
from sujin.engine.prospects import prospects
from sujin.engine.redaction import Found, _found
from sujin.engine.text import redact

PATIENT = settings(deadline=None)  # the first call of all compiles
PHONE, ID, LANDLINE = "13800138000", "11010519491231002X", "075586541234"
FIGURES = "0123456789"
ALPHABETS = {
    "circles": "⓪①②③④⑤⑥⑦⑧⑨",
    "black circles": "⓿❶❷❸❹❺❻❼❽❾",
    "double circles": "⓪⓵⓶⓷⓸⓹⓺⓻⓼⓽",
    "superscripts": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "subscripts": "₀₁₂₃₄₅₆₇₈₉",
    "full stops": "🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐",
    "commas": "🄁🄂🄃🄄🄅🄆🄇🄈🄉🄊",
    "brackets": "⓪⑴⑵⑶⑷⑸⑹⑺⑻⑼",
    "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
}
MARKS = {"keycap": "\ufe0f\u20e3", "bare keycap": "\u20e3", "ring": "\u20dd", "struck": "\u0336"}


def draw(number: str, alphabet: str) -> str:
    return number.translate(str.maketrans(FIGURES, alphabet))


def frame(number: str, mark: str) -> str:
    return "".join(digit + mark * digit.isdigit() for digit in number)


DRAWINGS = {
    **{name: draw(PHONE, alphabet) for name, alphabet in ALPHABETS.items()},
    **{name: frame(PHONE, mark) for name, mark in MARKS.items()},
    "spaced keycaps": " ".join(
        frame(PHONE, MARKS["keycap"])[at : at + 3] for at in range(0, 33, 3)
    ),
    "grouped": "-".join(frame(part, MARKS["keycap"]) for part in ("138", "0013", "8000")),
    "mixed": "1③8⓪0①3️⃣8⁰00",
    "rings for noughts": "一三八○○一三八○○○",
    "ideographs": "㊀㊂㊇零零㊀㊂㊇零零零",
}


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_a_drawn_telephone_number_is_masked(drawing: str) -> None:
    found = redact(f"请打{DRAWINGS[drawing]}，谢谢")
    assert found.text == "请打138****8000，谢谢"
    (one,) = found.found
    assert (one.kind, one.value, one.start) == ("phone", PHONE, 2)


@pytest.mark.parametrize(("number", "kind"), [(ID, "id_number"), ("075586541234", "phone")])
def test_other_numbers_are_masked_too(number: str, kind: str) -> None:
    cut = f"{number[:4]}-{number[4:]}" if kind == "phone" else number
    (one,) = redact(f"号码{frame(cut, MARKS['keycap'])}。").found
    assert (one.kind, one.value) == (kind, number)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("①13800138000，②13900139000", "①138****8000，②139****9000"),
        ("1️⃣ 13800138000", "1️⃣ 138****8000"),
        ("①退款300元；②道歉", "①退款300元；②道歉"),
        ("1️⃣退费 2️⃣道歉 3️⃣书面答复", "1️⃣退费 2️⃣道歉 3️⃣书面答复"),
        ("○" * 30, "○" * 30),
        ("100m²的房子❤️", "100m²的房子❤️"),
    ],
)
def test_a_drawn_digit_that_numbers_a_paragraph_stays(text: str, masked: str) -> None:
    assert redact(text).text == masked


PIECES = st.sampled_from(
    [*DRAWINGS.values(), *MARKS.values(), "①", "○", "一", "1", "，", "张三", "@"]
)


@PATIENT
@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_masked_text_has_nothing_left_to_mask(text: str) -> None:
    found = redact(text)
    assert redact(found.text).found == ()
    assert all(a.end <= b.start for a, b in zip(found.found, found.found[1:], strict=False))


@given(st.text() | st.lists(PIECES, max_size=8).map("".join))
def test_every_character_has_its_place(text: str) -> None:
    plain = written(text)
    if plain is not None:
        assert len(plain.places) == len(plain.text) + 1
        assert list(plain.places) == sorted(set(plain.places))
        assert plain.places[-1] == len(text)


def unread(text: str) -> list[Found]:
    return _found(text, prospects(text))


def test_who_reads_only_what_is_written_lets_it_leak() -> None:
    """The known-bad control: by the other searches alone none of these is seen."""
    missed = [name for name, drawn in DRAWINGS.items() if not unread(f"请打{drawn}，谢谢")]
    assert len(missed) >= len(DRAWINGS) - 1  # 𝟎 is a decimal digit to everybody
