"""A real bank comes from three tables, or not at all."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sujin.platform.models import Org, Person, Post
from sujin.platform.roster import CannotRead, Known, read_plan

NOBODY = Known(frozenset(), frozenset())
ORGS = """code,parent,kind,name,line
B1,HO,branch1,甲分行,
O1,B1,outlet,甲网点,
HO,,head,某某银行,
C,HO,department,消费者权益保护部,consumer
"""
PEOPLE = "staff_no,name\n7,张主任\n8,李柜员\n"
POSTS = """staff_no,org,role,since,until
7,B1,supervisor,2026-01-01,
8,O1,teller,2026-01-01,2026-12-31
"""


@pytest.fixture
def tables(tmp_path: Path) -> Any:
    def write(orgs: str = ORGS, people: str = PEOPLE, posts: str = POSTS) -> tuple[Path, ...]:
        paths = tuple(tmp_path / f"{name}.csv" for name in ("orgs", "people", "posts"))
        for path, words in zip(paths, (orgs, people, posts), strict=True):
            path.write_bytes(words.encode("gb18030"))
        return paths

    return write


def test_parents_come_first_whatever_the_order_of_the_rows(tables: Any) -> None:
    plan = read_plan(*tables(), known=NOBODY)
    assert [spec.code for spec in plan.orgs] == ["HO", "B1", "C", "O1"]
    assert [(spec.role, spec.until) for spec in plan.posts] == [
        ("supervisor", None),
        ("teller", date(2026, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"orgs": "code,kind\nHO,head\n"}, "columns missing: name"),
        ({"orgs": ORGS.replace("outlet", "shop")}, "orgs.csv 第 3 行"),
        ({"orgs": ORGS.replace("O1,B1", "O1,B9")}, "上级 B9 不存在"),
        ({"orgs": ORGS.replace("C,HO", "O1,HO")}, "重复"),
        ({"orgs": ORGS.replace("HO,,head", "HO,C,head")}, "绕成了圈"),
        ({"orgs": ORGS + "X,,head,另一家,\n"}, "总行只能有一个"),
        ({"orgs": ORGS + "X,,outlet,孤儿,\n"}, "只有总行没有上级"),
        ({"people": "staff_no,name\n7,\n8,李\n"}, "name 是空的"),
        ({"people": 'staff_no,name\n7,"张\n'}, "引号"),
        ({"posts": POSTS.replace("teller", "boss")}, "role “boss”"),
        ({"posts": POSTS.replace("8,O1", "9,O1")}, "工号 9 不存在"),
        ({"posts": POSTS.replace("8,O1", "8,O9")}, "机构 O9 不存在"),
        ({"posts": POSTS.replace("2026-12-31", "2025-12-31")}, "until 早于 since"),
        ({"posts": POSTS.replace("2026-12-31", "年底")}, "until “年底”"),
    ],
)
def test_every_fault_names_its_place_and_nothing_is_believed(
    tables: Any, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(CannotRead, match=says):
        read_plan(*tables(**changes), known=NOBODY)


def test_a_file_that_is_not_there_is_named(tables: Any, tmp_path: Path) -> None:
    orgs, people, _posts = tables()
    with pytest.raises(CannotRead, match=r"nowhere\.csv"):
        read_plan(orgs, people, tmp_path / "nowhere.csv", known=NOBODY)


def test_the_command_adds_to_a_bank_and_doubles_nothing(bank: None, tables: Any) -> None:
    added = ORGS.replace("HO,,head,某某银行,\n", "").replace("C,HO", "C2,HO")
    orgs, people, posts = map(str, tables(orgs=added))
    before = Org.objects.count()
    for _time in range(2):
        call_command("organise", "--orgs", orgs, "--people", people, "--posts", posts)
    assert Org.objects.count() == before + 3
    assert Org.objects.get(code="O1").lineage[-2] == Org.objects.get(code="B1").pk
    assert Post.objects.filter(person__staff_no="8").get().role == "teller"


def test_a_dry_run_and_a_fault_write_nothing(bank: None, tables: Any) -> None:
    orgs, people, posts = map(str, tables(orgs=ORGS.replace("HO,,head,某某银行,\n", "")))
    call_command("organise", "--orgs", orgs, "--people", people, "--posts", posts, "--dry-run")
    with pytest.raises(CommandError, match="columns missing"):
        call_command("organise", "--orgs", orgs, "--people", orgs, "--posts", people)
    assert not Person.objects.filter(staff_no="8").exists()
