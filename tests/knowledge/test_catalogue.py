"""The forms of knowledge and how items are written down."""

from pathlib import Path

import pytest

from sujin import packs
from sujin.knowledge import catalogue
from sujin.knowledge.wording import BrokenItem, of_text, quizzes, starter, weighed

ICONS = Path(__file__).parents[2] / "frontend" / "icons.txt"
HEAD = '+++\ncode = "x"\ntitle = "年费"\nline = "card"\n+++\n'
LINE = "## 背景\n调整\n## 对客口径\n按合约\n## 话术\n您好\n## 不要说\n- 系统扣的\n"


def test_every_form_has_an_icon_that_is_drawn_and_a_part_that_is_required() -> None:
    drawn = set(ICONS.read_text(encoding="utf-8").split())
    for form in catalogue.forms().values():
        assert form.icon in drawn, form.code
        assert any(part.is_required for part in form.parts), form.code


def test_a_part_of_an_unknown_kind_is_refused_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = packs.rows("cn_bank", "knowledge/parts")
    rows[2]["kind"] = "picture"
    monkeypatch.setattr(packs, "rows", lambda pack, table: rows)
    with pytest.raises(catalogue.BrokenCatalogue, match="line 4, column kind"):
        catalogue.forms.__wrapped__()


def test_an_item_is_read_from_a_text() -> None:
    read = of_text(catalogue.forms()["line"], HEAD + LINE, where="x.md")
    assert read.parts["answer"] == "按合约" and read.scope["surfaces"] == ("staff",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LINE, "begins with a head"),
        (HEAD.replace('"年费"', "年费") + LINE, "no TOML"),
        (HEAD + "先说\n" + LINE, "before the first heading"),
        (HEAD + LINE + "## 背景\n又\n", "there twice"),
        (HEAD + LINE + "## 价格\n十元\n", "no part of"),
        (HEAD + LINE.replace("## 话术\n您好\n", ""), "话术 missing"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(BrokenItem, match=f"x.md: .*{says}"):
        of_text(catalogue.forms()["line"], text, where="x.md")


def test_a_checklist_and_a_quiz_are_read_back() -> None:
    assert weighed("- [3] 要求转账\n- [9] 不算\n- [1] 保密") == [(3, "要求转账"), (1, "保密")]
    quiz = quizzes("- 问：先做什么？\n  - [x] 倾听\n  - [ ] 解释")[0]
    assert (quiz.ask, quiz.answers, quiz.right) == ("先做什么？", ("倾听", "解释"), 0)
    with pytest.raises(BrokenItem, match="恰好一个"):
        quizzes("- 问：先做什么？\n  - [x] 倾听\n  - [x] 解释")


def test_all_the_starter_content_can_be_read_and_belongs_to_lines_there_are() -> None:
    lines = {row["line"] for row in packs.rows("cn_bank", "lines")}
    told = starter()
    assert len(told) > 100 and {one.line for one in told} <= lines
    assert not [one.code for one in told if len(one.title) > 120]
