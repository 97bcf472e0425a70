"""Every regime's letter: whole it passes, and each element that is missing is refused by name.

Generated over every pack that has an answer table: final response, holding letter, and the place
where the customer may go next.
"""

import re
from collections.abc import Iterator

import pytest

from sujin import packs
from sujin.engine import letters
from sujin.engine.letters import Element, lint

PADDING = "甲 word " * 12
WITH_TABLE = [name for name in packs.names() if "answer.csv" in packs.tables(name)]
WITH_LETTERS = [
    (name, kind)
    for name in WITH_TABLE
    for kind in ("decision", "extension")
    if (packs._folder(name) / "letters" / f"{kind}.md").is_file()
]
# Whom the customer may turn to outside, by the words that the pack itself asks for.
OUTSIDE = {
    "uk_disp": "Financial Ombudsman",
    "us_cfpb": "Consumer Financial Protection Bureau",
    "eu_psd2": "alternative dispute resolution",
    "au_rg271": "Australian Financial Complaints Authority",
    "in_rbios_2026": "Ombudsman",
    "hk_ic4": "Financial Dispute Resolution Centre",
    "sg_fa": "FIDReC",
    "cn_nfra_2020_3": "仲裁",
}


def elements(pack: str) -> tuple[Element, ...]:
    return letters.read_elements(packs.rows(pack, "answer"))


def every_element() -> Iterator[tuple[str, Element]]:
    for pack in WITH_TABLE:
        for element in elements(pack):
            yield pack, element


EVERY = pytest.mark.parametrize(
    ("pack", "element"), [*every_element()], ids=lambda one: getattr(one, "row", one)
)


def section(element: Element, *, without: tuple[str, ...] = ()) -> str:
    """What an element asks for, with one word out of every group but ``without``."""
    said = " ".join(group[0] for group in element.mentions if group != without)
    return f"## {element.heading}\n\n{said} {PADDING}\n"


def letter(pack: str, kind: str, changed: dict[str, str]) -> str:
    """A whole letter of a kind; ``changed`` gives some rows another section."""
    mine = [one for one in elements(pack) if one.letter == kind]
    return "# x\n\n" + "\n".join(changed.get(one.row, section(one)) for one in mine)


def refused(pack: str, element: Element, words: str) -> list[tuple[str, str]]:
    body = letter(pack, element.letter, {element.row: words})
    found = lint(body, elements(pack), element.letter)
    return [(one.element.row, one.why) for one in found]


@pytest.mark.parametrize("pack", WITH_TABLE)
def test_a_whole_letter_passes(pack: str) -> None:
    for kind in {one.letter for one in elements(pack)}:
        assert lint(letter(pack, kind, {}), elements(pack), kind) == []


@EVERY
def test_each_element_missing_in_turn_is_refused_and_no_other(pack: str, element: Element) -> None:
    assert refused(pack, element, "") == [(element.row, "heading")]
    assert refused(pack, element, f"## {element.heading}\n\n好\n") == [(element.row, "short")]
    gap = f"## {element.heading}\n\n{PADDING}〔写明〕\n"
    assert refused(pack, element, gap) == [(element.row, "unwritten")]
    assert element.article and element.title["zh"] and element.title["en"]


@EVERY
def test_each_word_the_rules_ask_for_is_refused_when_missing(pack: str, element: Element) -> None:
    for group in element.mentions:
        body = letter(pack, element.letter, {element.row: section(element, without=group)})
        (found,) = lint(body, elements(pack), element.letter)
        assert (found.element, found.why, found.words) == (element, "word", group)


def test_the_articles_are_those_of_the_packs_own_law() -> None:
    articles = {pack: {one.article for one in elements(pack)} for pack in WITH_TABLE}
    for pack, mine in articles.items():
        others = set().union(*(rows for name, rows in articles.items() if name != pack))
        assert mine and not mine & others, pack


@pytest.mark.parametrize(("pack", "outside"), OUTSIDE.items())
def test_a_final_response_names_where_to_go_next(pack: str, outside: str) -> None:
    asked = [group for one in elements(pack) if one.element == "remedies" for group in one.mentions]
    assert any(outside in group for group in asked)
    body = letter(pack, "decision", {})
    assert outside in body
    assert lint(body.replace(outside, "somebody"), elements(pack), "decision")


def test_every_pack_with_a_final_response_is_asked_where_to_go_next() -> None:
    assert {name for name, kind in WITH_LETTERS if kind == "decision"} == OUTSIDE.keys()


@pytest.mark.parametrize(("pack", "kind"), WITH_LETTERS)
def test_a_template_lacks_only_what_a_person_has_to_write(pack: str, kind: str) -> None:
    """The holding letter and the final response, the slots of the ombudsman included."""
    template = packs.text(pack, f"letters/{kind}.md")
    left = lint(template, elements(pack), kind)
    assert {one.why for one in left} <= {"unwritten", "word"}
    for fact in set(re.findall(r"\{\{ (\w+) \}\}", template)):
        template = template.replace(f"{{{{ {fact} }}}}", "2026年3月17日")
    written = re.sub(r"〔[^〕]*〕", f"We accept 依据《合约》：{PADDING}", template)
    assert lint(written, elements(pack), kind) == []


def test_a_linter_that_asks_for_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad control: a linter that overlooks everything turns every cell red."""
    monkeypatch.setitem(globals(), "lint", lambda body, elements, kind: [])
    for pack, element in every_element():
        with pytest.raises(AssertionError):
            test_each_element_missing_in_turn_is_refused_and_no_other(pack, element)
