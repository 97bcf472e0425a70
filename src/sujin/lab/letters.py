"""The letter of an organised agent: one text for many principals, with small edits."""

from random import Random

from sujin.lab.dice import dice
from sujin.lab.grammar import Said, Telling
from sujin.lab.phrases import phrase_book
from sujin.lab.plants import AgentGroup
from sujin.lab.template import render
from sujin.lab.voice import Matter, Style, Voice

EDITS: tuple[tuple[str, str], ...] = (
    ("贵行", "你行"),
    ("本人", "我"),
    ("工作人员", "员工"),
    ("拒绝协商", "不予协商"),
    ("以上情况属实", "以上均属实"),
    ("退还", "返还"),
    ("正常生活", "日常生活"),
    ("请于五个工作日内", "请在5个工作日内"),
    ("全权办理", "代为办理"),
    ("多次沟通未果", "几次沟通没有结果"),
)
EDIT_CHANCE = 0.12


def copied(group: AgentGroup, matter: Matter, telling: Telling, rng: Random) -> Said:
    """The group's letter with this principal's name, card and sum in it; hardly a word differs."""
    voice = Voice(Style.FIRST, matter, told=telling.told, rng=rng)
    # The same stream for every member: the choices inside the sentences come out the same.
    template = dice("letter", group.code, group.first)
    lines = [
        phrase
        for phrase in phrase_book().shared["agent", Style.LETTER.value]
        if phrase.level == group.variant
    ]
    text = "。".join(render(line.sequence, template, voice.fill) for line in lines) + "。"
    for old, new in EDITS:
        if rng.random() < EDIT_CHANCE:
            text = text.replace(old, new)
    signals = {signal for line in lines for signal in line.signals}
    return Said(text, tuple(sorted(signals)), max(voice.sums), 1)
