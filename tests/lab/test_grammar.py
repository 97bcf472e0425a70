"""The grammar: varied texts of a human length whose truth is known, none of them a copy."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from sujin import packs
from sujin.complaints.draft import CaseKind
from sujin.lab import money
from sujin.lab.dice import dice
from sujin.lab.grammar import LONGEST, SHORTEST, Said, Telling, tell
from sujin.lab.phrases import phrase_book
from sujin.lab.scenes import group, reference, scenes
from sujin.lab.template import BrokenTemplate, parse, render, slots
from sujin.lab.voice import Matter, Style, Voice

TOLD = date(2025, 3, 22)


def matter(code: str, **changes: object) -> Matter:
    known: dict[str, object] = {
        "scene": code,
        "amount": Decimal(35000),
        "fee": Decimal(120),
        "happened": date(2025, 3, 18),
        "tail": "0417",
        "outlet": "临江城中网点",
        "name": "杜瑶",
        "phone": "16012345678",
        "kin": 0,
        "shop": "星禾超市",
    }
    return Matter(**{**known, **changes})  # type: ignore[arg-type]


def texts(code: str, style: Style, count: int, **how: object) -> list[Said]:
    telling = Telling(style, CaseKind.COMPLAINT, 1, TOLD, **how)  # type: ignore[arg-type]
    return [tell(matter(code), telling, dice(code, style, n)) for n in range(count)]


def trigrams(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


def likeness(one: str, other: str) -> float:
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second)


def all_tellings() -> Iterator[Said]:
    for scene in scenes():
        for style in Style:
            for kind in CaseKind:
                if kind is not CaseKind.COMPLAINT and style is Style.LETTER:
                    continue
                if kind is CaseKind.SUGGESTION and not scene.invites_ideas:
                    continue
                rng = dice(scene.code, style, kind)
                yield tell(matter(scene.code), Telling(style, kind, 2, TOLD), rng)


def test_there_are_at_least_45_pairs_of_business_and_cause_and_the_pack_knows_them() -> None:
    known = {(row["axis"], row["code"]) for row in packs.rows("cn_bank", "taxonomy")}
    assert all(("business", s.business) in known and ("cause", s.cause) in known for s in scenes())
    assert len({(scene.business, scene.cause) for scene in scenes()}) >= 45


def test_every_scene_can_speak_in_every_part() -> None:
    book = phrase_book()
    for scene in scenes():
        for part in ("fact", "detail", "reply", "want", "ask"):
            assert book.scenes[scene.code, part], (scene.code, part)


def test_every_slot_of_every_phrase_is_one_a_voice_can_fill() -> None:
    book, voice = phrase_book(), Voice(Style.FIRST, matter("queue"), told=TOLD, rng=dice("slots"))
    names: set[str] = set()
    for phrases in (*book.scenes.values(), *book.shared.values()):
        names.update(*(slots(phrase.sequence) for phrase in phrases))
    assert all(voice.fill(name) for name in names)


def test_the_signals_of_the_phrases_are_signals_of_the_pack() -> None:
    known = {row["signal"] for row in packs.rows("cn_bank", "signals")}
    book = phrase_book()
    used = {
        signal
        for phrases in (*book.scenes.values(), *book.shared.values())
        for phrase in phrases
        for signal in phrase.signals
    }
    assert used <= known


def test_shares_follow_the_published_distribution() -> None:
    for axis, read in (("business", lambda s: group(s.business)), ("cause", lambda s: s.cause)):
        for code, share in reference(axis).items():
            ours = sum(scene.share for scene in scenes() if read(scene) == code)
            assert ours == pytest.approx(share, abs=0.004), code


def test_every_text_has_a_length_a_person_would_write() -> None:
    lengths = [len(said.text) for said in all_tellings()]
    assert min(lengths) >= SHORTEST
    assert max(lengths) <= LONGEST


def test_the_same_chance_says_the_same_and_another_something_else() -> None:
    assert texts("debit_limit", Style.FIRST, 3) == texts("debit_limit", Style.FIRST, 3)
    assert len({said.text for said in texts("debit_limit", Style.FIRST, 100)}) == 100


def test_a_hotline_note_speaks_of_the_customer_and_a_web_text_of_oneself() -> None:
    notes = " ".join(said.text for said in texts("credit_negotiate", Style.NOTE, 30))
    firsts = " ".join(said.text for said in texts("credit_negotiate", Style.FIRST, 30))
    assert notes.count("客户") > 5 * firsts.count("客户")
    assert "我行" in notes
    assert "我行" not in firsts


def test_a_threat_that_must_be_heard_is_heard_and_recorded() -> None:
    angry = texts("queue", Style.NOTE, 40, extras=frozenset({"threat"}))
    calm = texts("queue", Style.NOTE, 40)
    assert all("escalation" in said.signals for said in angry)
    assert not any("escalation" in said.signals for said in calm)


def test_a_crowd_names_how_many_it_is() -> None:
    telling = Telling(Style.FIRST, CaseKind.COMPLAINT, 1, TOLD, frozenset({"group"}))
    said = tell(matter("queue", people=23), telling, dice("crowd"))
    assert said.people == 23
    assert "23" in said.text


def test_texts_on_one_matter_are_not_near_copies_of_each_other() -> None:
    told = [said.text for said in texts("loan_prepay", Style.FIRST, 60)]
    close = [pair for pair in combinations(told, 2) if likeness(*pair) > 0.6]
    assert len(close) <= 2


def test_sums_are_written_many_ways_and_all_mean_the_same() -> None:
    forms = {money.say(dice("sum", n), Decimal(35000)) for n in range(200)}
    assert {"3.5万元", "35,000元", "三万五千元", "￥35000"} <= forms
    assert money.han(100500) == "十万零五百"
    assert money.han(1005) == "一千零五"
    assert money.han(12) == "十二"


def test_a_template_chooses_fills_and_nests() -> None:
    said = {render(parse("a[b|c[d|e]]{x}"), dice(n), str.upper) for n in range(40)}
    assert said == {"abX", "acdX", "aceX"}


@pytest.mark.parametrize("broken", ["[a|b", "a]b", "{x", "[a|[b]"])
def test_a_broken_template_is_refused_with_its_sentence(broken: str) -> None:
    with pytest.raises(BrokenTemplate) as refusal:
        parse(broken)
    assert repr(broken) in str(refusal.value)
