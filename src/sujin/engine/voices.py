"""Who is speaking: somebody in need of a person, somebody with a general question, or somebody
who asks what the bank does not answer. Learnt from sentences that the pack labels with a voice.

A list of words hears what was thought of; a reproach in new words, an irony or a plea has none of
them. The classifier of complaints (`linear`) reads the same sentence by all its pieces.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sujin.engine.linear import LinearModel, train
from sujin.engine.tables import BadTable, Shape

_SHAPE = Shape("assistant_voices", must=("voice", "words"))
QUESTION, STRANGER = "question", "stranger"
# Of these a chance far from certain is enough: a call too many costs less than one too few.
HARMS = frozenset({"safety", "fraud", "distress"})
NEEDS = HARMS | {"grievance", "person"}
VOICES = NEEDS | {QUESTION, STRANGER}
_SEED, _BITS = 7, 16


@dataclass(frozen=True, slots=True)
class Hearing:
    """From which chance on a voice is heard: each of ``HARMS`` from ``harm_at``, all ``NEEDS``
    together from ``need_at``; below ``doubt_under`` of these a word that often stands in a plain
    question too says nothing."""

    harm_at: float
    need_at: float
    doubt_under: float


@dataclass(frozen=True, slots=True)
class Voice:
    """The chance of every voice, together 1."""

    chances: Mapping[str, float]

    @property
    def need(self) -> float:
        """The chance that a person should take over."""
        return sum(self.chances.get(voice, 0.0) for voice in NEEDS)

    @property
    def question(self) -> float:
        """The chance of a general question about the bank's business."""
        return self.chances.get(QUESTION, 0.0)

    def signals(
        self, said: Collection[str], weak: Collection[str], hearing: Hearing
    ) -> frozenset[str]:
        """What is heard in all: the signals whose words were said, without the ``weak`` ones when
        nothing else speaks of a need, and the voices themselves."""
        is_plain = self.need < hearing.doubt_under
        heard = {one for one in said if not (is_plain and one in weak)}
        heard |= {one for one in HARMS if self.chances.get(one, 0.0) >= hearing.harm_at}
        if self.need >= hearing.need_at:
            heard.add(max(sorted(NEEDS), key=lambda one: self.chances.get(one, 0.0)))
        return frozenset(heard)


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears the voice of a sentence."""

    model: LinearModel

    def hear(self, words: str) -> Voice:
        """The chances for these words."""
        chances = self.model.predict_proba([words])[0]
        return Voice(dict(zip(self.model.codes, chances.tolist(), strict=True)))


def listener(rows: Sequence[Mapping[str, str]]) -> Listener:
    """Learnt from the rows; the same rows give the same. Raises BadTable."""
    texts, labels = [], []
    for cells in _SHAPE.rows(rows):
        texts.append(cells.text("words"))
        labels.append(cells.code("voice", VOICES))
    if missing := VOICES - set(labels):
        raise BadTable(_SHAPE.table, "", "voice", f"missing: {', '.join(sorted(missing))}")
    return Listener(train(texts, labels, seed=_SEED, bits=_BITS))
