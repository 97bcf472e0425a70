"""How plainly a letter speaks to a customer, 0 to 100, and which sentences cost most.

What is counted in Chinese are the variables that readability research finds to matter, the length
of sentences and characters off the beaten track (Sung et al., "CRIE: An automated analyzer for
Chinese texts", Behavior Research Methods 48, 2016; Lin and Xu, "Quantitative Research on
Readability Formula of Texts for Chinese Heritage Language", IJLT 9 (3), 2023), with official
words, piled-up negatives and passives beside them. The weights are the institution's own
(``plain_measures.csv``): the published ones were fitted to schoolbooks, not to letters. English is
measured by Flesch (``engine.flesch``).

A letter is measured as if the plain words stood in it, and each official word costs a little on
top: so replacing one by its plain word never lowers the score, unless words run into each other to
make a new one. All costs of length grow faster than the length: so splitting a sentence at a pause
never lowers the score either.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sujin.engine import flesch
from sujin.engine.tables import BadTable, Cells, Shape

MEASURES, WORDS = "plain_measures", "plain_words"
LANGUAGES = frozenset({"zh", "en"})
KNOWN = {
    "zh": frozenset(
        {"sentence", "long", "clause", "hard", "term", "negation", "passive", "unaddressed"}
    ),
    "en": frozenset({"sentence", "hard", "term"}),
}
GRADES = ((80, "plain"), (60, "fair"), (40, "heavy"), (0, "hard"))
SHOWN = 3  # a writer mends a few sentences at a time
SHORTEST = 50  # characters; below it one official word would decide the whole score
_MEASURE_SHAPE = Shape(
    MEASURES,
    must=("row", "language", "measure", "free", "cost", "article"),
    languages="title",
)
_WORD_SHAPE = Shape(WORDS, must=("row", "language", "term", "plain"), languages="because")
# Blanks but no line ends, and no second opening before the closing: a search that may run over
# those begins anew at every line, or every bracket, of a hostile text.
_HEADING = re.compile(r"^[^\S\n]*#.*$", re.M)
_TO_WRITE = re.compile(r"〔[^〔〕]*〕|\{\{[^{}]*\}\}")
_MARK = re.compile(r"^[^\S\n]*(?:[-*]|\d+\.)[^\S\n]+|\*\*", re.M)
# A law or a contract is called by its name, however long.
_NAME = re.compile("《[^《》]*》")
_END = re.compile(r"[。！？；!?\n]+")
_PAUSE = re.compile("[，、：（）]")
_UNIT = re.compile(r"[㐀-鿿]|[0-9A-Za-z][0-9A-Za-z.,%-]*")
_HAN = re.compile("[㐀-鿿]")
_HARMLESS = re.compile("非常|无论|不过|未来|不仅|不但|对不起|不久|不同|否则")
_NOT = re.compile("[不无未非没勿莫]")
_PASSIVE = re.compile("被|受到|遭到|遭受|为[^，。]{1,8}所")
_YOU = re.compile("您|贵")
# GB 2312-80 keeps its 3,755 everyday characters in rows 16 to 55, the rarer ones behind them.
_EVERYDAY = range(0xB0, 0xD8)


@dataclass(frozen=True, slots=True)
class Measure:
    """What one thing costs: ``cost`` for each beyond ``free``; ``title`` says what to do."""

    row: str
    language: str
    measure: str
    free: int
    cost: float
    article: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Word:
    """An official word and what to write instead."""

    row: str
    language: str
    term: str
    plain: str
    because: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlainRules:
    """The measures and words of one language."""

    language: str
    measures: Mapping[str, Measure]
    words: Mapping[str, Word]
    terms: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What makes a sentence hard: ``found`` in it, what to do, and ``plain`` words instead."""

    measure: str
    found: str
    title: Mapping[str, str]
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Costly:
    """A sentence as it stands, what it costs, and why."""

    sentence: str
    cost: float
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Plainness:
    """The verdict on a letter. ``ease`` and ``school`` are Flesch's reading ease and the grade of
    Kincaid, for English only; ``faults`` concern the letter as a whole."""

    score: int
    grade: str
    costly: tuple[Costly, ...]
    faults: tuple[Fault, ...] = ()
    ease: float | None = None
    school: float | None = None


def read_rules(
    measures: Sequence[Mapping[str, str]], words: Sequence[Mapping[str, str]]
) -> Mapping[str, PlainRules]:
    """Both tables by language. Raises BadTable naming row and column."""
    costs = [_measure(cells) for cells in _MEASURE_SHAPE.rows(measures)]
    terms = [_word(cells) for cells in _WORD_SHAPE.rows(words)]
    return {language: _rules(language, costs, terms) for language in sorted(LANGUAGES)}


def judge(letter: str, rules: PlainRules) -> Plainness:
    """How plainly the letter speaks. What is still to be written and headings do not count."""
    body = prose(letter)
    costly = [_weighed(sentence, rules) for sentence in _sentences(body, rules.language)]
    worst = sorted((one for one in costly if one.faults), key=lambda one: -one.cost)[:SHOWN]
    if rules.language == "en":
        return _english(body, costly, worst, rules)
    plainly = _plainly(body, rules)
    faults = _whole(plainly, rules)
    length = max(len(_UNIT.findall(_NAME.sub("", plainly))), SHORTEST)
    lost = 100 * sum(one.cost for one in costly) / length
    lost += sum(rules.measures[fault.measure].cost for fault in faults)
    score = max(0, round(100 - lost))
    return Plainness(score, grade(score), tuple(worst), faults)


def grade(score: int) -> str:
    """``plain``, ``fair``, ``heavy`` or ``hard``."""
    return next(name for least, name in GRADES if score >= least)


def prose(letter: str) -> str:
    """What the customer reads as sentences: no headings, marks or gaps."""
    return _MARK.sub("", _TO_WRITE.sub("", _HEADING.sub("", letter)))


def is_everyday(character: str) -> bool:
    """Whether a Chinese character is one of the 3,755 of level one of GB 2312."""
    try:
        return character.encode("gb2312")[0] in _EVERYDAY
    except UnicodeEncodeError:
        return False


def lint(rules: Mapping[str, PlainRules]) -> list[str]:
    """Words that would not help: the plain one holds an official word, a pause or a rare sign."""
    found = []
    for one in rules.values():
        for word in one.words.values():
            if one.terms.search(word.plain) or _END.search(word.plain) or _PAUSE.search(word.plain):
                found.append(f"{WORDS}: row {word.row}: {word.plain!r} is no plainer")
            if not all(map(is_everyday, _HAN.findall(word.plain))):
                found.append(f"{WORDS}: row {word.row}: {word.plain!r} has a rare character")
    return found


def _weighed(sentence: str, rules: PlainRules) -> Costly:
    """One sentence: its cost and its faults, the dearest first."""
    counted = [*_counted(sentence, rules), *_spoken(sentence, rules)]
    counted.sort(key=lambda pair: -pair[0])
    faults = tuple(fault for cost, fault in counted if cost > 0)
    return Costly(" ".join(sentence.split()), sum(cost for cost, _fault in counted), faults)


def _counted(sentence: str, rules: PlainRules) -> Iterator[tuple[float, Fault]]:
    plainly = _NAME.sub("", _plainly(sentence, rules))
    if rules.language == "en":
        yield _beyond("sentence", len(flesch.words(plainly)), rules, "")
        rare = [word for word in flesch.words(plainly) if flesch.syllables(word) >= 4]
        yield _beyond("hard", len(rare), rules, ", ".join(rare))
        return
    length = len(_UNIT.findall(plainly))
    yield _beyond("sentence", length, rules, str(length))
    dear = rules.measures["long"]
    yield (length * dear.cost if length > dear.free else 0.0), Fault("long", "", dear.title)
    for clause in _PAUSE.split(plainly):
        yield _beyond("clause", len(_UNIT.findall(clause)), rules, clause.strip())
        denied = _NOT.findall(_HARMLESS.sub("", clause))
        yield _beyond("negation", len(denied), rules, clause.strip())
    yield _beyond("passive", len(_PASSIVE.findall(plainly)), rules, "")
    rare = [sign for sign in _HAN.findall(plainly) if not is_everyday(sign)]
    yield _beyond("hard", len(rare), rules, "".join(dict.fromkeys(rare)))


def _spoken(sentence: str, rules: PlainRules) -> Iterator[tuple[float, Fault]]:
    cost = rules.measures["term"].cost
    for match in rules.terms.finditer(sentence):
        word = rules.words[match[0].casefold()]
        yield cost, Fault("term", match[0], word.because, word.plain)


def _beyond(name: str, count: int, rules: PlainRules, found: str) -> tuple[float, Fault]:
    measure = rules.measures[name]
    return max(0, count - measure.free) * measure.cost, Fault(name, found, measure.title)


def _plainly(text: str, rules: PlainRules) -> str:
    """The text with every official word replaced."""
    return rules.terms.sub(lambda match: rules.words[match[0].casefold()].plain, text)


def _whole(plainly: str, rules: PlainRules) -> tuple[Fault, ...]:
    if _YOU.search(plainly) or not _HAN.search(plainly):
        return ()
    return (Fault("unaddressed", "", rules.measures["unaddressed"].title),)


def _english(
    body: str, costly: Iterable[Costly], worst: Sequence[Costly], rules: PlainRules
) -> Plainness:
    """Flesch's ease of the text in plain words, less what its official words cost."""
    plainly = _plainly(body, rules)
    terms = sum(fault.measure == "term" for one in costly for fault in one.faults)
    words = max(len(flesch.words(plainly)), SHORTEST)
    lost = 100 * terms * rules.measures["term"].cost / words
    score = max(0, min(100, round(flesch.ease(plainly) - lost)))
    ease, school = flesch.ease(body), flesch.school(body)
    return Plainness(score, grade(score), tuple(worst), (), round(ease, 1), round(school, 1))


def _sentences(body: str, language: str) -> Iterator[str]:
    parts = flesch.sentences(body) if language == "en" else _END.split(body)
    yield from (part for part in parts if part.strip())


def _rules(language: str, costs: Iterable[Measure], terms: Iterable[Word]) -> PlainRules:
    mine = {one.measure: one for one in costs if one.language == language}
    missing = KNOWN[language] - mine.keys()
    if missing:
        raise BadTable(MEASURES, language, "measure", f"no row for {', '.join(sorted(missing))}")
    words = {word.term.casefold(): word for word in terms if word.language == language}
    longest = sorted(map(re.escape, words), key=len, reverse=True)
    edge = r"\b" if language == "en" else ""
    pattern = f"{edge}(?:{'|'.join(longest)}){edge}" if longest else r"(?!)"
    return PlainRules(language, mine, words, re.compile(pattern, re.I))


def _measure(cells: Cells) -> Measure:
    language = cells.code("language", LANGUAGES)
    return Measure(
        row=cells.row,
        language=language,
        measure=cells.code("measure", KNOWN[language]),
        free=cells.whole("free") or 0,
        cost=float(cells.decimal("cost") or 0),
        article=cells.text("article"),
        title=cells.languages("title"),
    )


def _word(cells: Cells) -> Word:
    return Word(
        row=cells.row,
        language=cells.code("language", LANGUAGES),
        term=cells.text("term"),
        plain=cells.text("plain"),
        because=cells.languages("because"),
    )
