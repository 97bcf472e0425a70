"""A small shelf: three scenario answers and a directory entry, released by Zheng Gang; the issue
that Lin Lan compiles of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.knowledge.acts.compile_issue import begin_issue, fill
from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.acts.draft import draft_item, draft_next
from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.sign_issue import sign_issue
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.models import Acknowledgement, Distribution, Issue, Version
from sujin.knowledge.wording import Wording
from sujin.lab.cast import BRANCH_A, BRANCH_B
from sujin.platform import journal
from sujin.platform.models import Docketed, Notice, Org, Person

QUIZ = "- 问：{title}先做什么？\n  - [ ] 请客户自己找\n  - [x] 先查{right}\n  - [ ] 直接答应"
RIGHT = {"fee": "账单区间", "limit": "风控记录", "app": "机型版本"}
Released = Callable[..., Version]


def parts_of(title: str, right: str) -> dict[str, str]:
    return {
        "situation": f"客户问{title}。",
        "answer": f"{title}按公布的标准办理。",
        "steps": "- 先查\n- 再答",
        "script": "您好，我来查。",
        "dont_say": "- “这不归我管”",
        "basis": "- 本行公布的价目",
        "quiz": QUIZ.format(title=title, right=right),
    }


@pytest.fixture
def released(cast: SimpleNamespace, noon: datetime) -> Released:
    """A version that Liu Yang wrote and Zheng Gang released ten days ago, for the whole bank."""

    def make(
        code: str,
        title: str,
        *,
        form: str = "scenario",
        parts: dict[str, str] | None = None,
        at: datetime | None = None,
        orgs: list[int] | None = None,
    ) -> Version:
        moment = at or noon - timedelta(days=10)
        told = parts or parts_of(title, RIGHT.get(code, "记录"))
        desk = Org.objects.get(code="HO-CARD")
        wording = Wording(code, form, "card", title, told, (), {"surfaces": ("staff",)})
        made = draft_item(wording, owner=desk, by=cast.liu_yang, at=moment)
        if orgs:
            edit(made, {"orgs": orgs}, by=cast.liu_yang, at=moment)
        submit(made, by=cast.liu_yang, at=moment)
        release(made, by=cast.zheng_gang, at=moment)
        return Version.objects.select_related("item").get(pk=made.pk)

    return make


@pytest.fixture
def shelf(released: Released) -> SimpleNamespace:
    """``fee``, ``limit``, ``app``: scenario answers with a quiz each; ``phone``: a telephone."""
    number = {
        "phone": "95588", "region": "全国", "use": "挂失", "hours": "全天",
        "verified_on": "2026-02-01",
    }  # fmt: skip
    return SimpleNamespace(
        fee=released("fee", "质疑年费"),
        limit=released("limit", "额度下调"),
        app=released("app", "手机银行闪退"),
        phone=released("phone", "挂失电话", form="contact", parts=number),
    )


@pytest.fixture
def draft(cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime) -> Issue:
    """Lin Lan's compilation of two answers and the telephone."""
    made = begin_issue(
        series="compilation", name="投诉处理汇编", chapters=["银行卡", "联系目录"],
        org=Org.objects.get(code="HO-CONSUMER"), by=cast.lin_lan, at=noon,
    )  # fmt: skip
    fill(made, [shelf.fee, shelf.limit], chapter=0, by=cast.lin_lan, at=noon)
    fill(made, [shelf.phone], chapter=1, by=cast.lin_lan, at=noon)
    return made


@pytest.fixture
def signed(draft: Issue, cast: SimpleNamespace, noon: datetime) -> Issue:
    """The same, signed by Zheng Gang."""
    sign_issue(draft, by=cast.zheng_gang, at=noon)
    return Issue.objects.get(pk=draft.pk)


@pytest.fixture
def sent(signed: Issue, cast: SimpleNamespace, noon: datetime) -> Distribution:
    """Handed to both branches, with a quiz and measures, to be read within a week."""
    return distribute(
        signed,
        orgs=list(Org.objects.filter(code__in=[BRANCH_A, BRANCH_B]).order_by("pk")),
        read_by=(noon + timedelta(days=7)).date(),
        wants_quiz=True,
        wants_measures=True,
        by=cast.lin_lan,
        at=noon,
    )


def reading_of(distribution: Distribution, person: Person) -> Acknowledgement:
    return distribution.readings.get(person=person)


def next_one(version: Version, cast: SimpleNamespace, at: datetime, **parts: str) -> Version:
    """The next version of the same item, released at ``at``."""
    made = draft_next(version.item, because="口径有变", by=cast.liu_yang, at=at)
    edit(made, {"parts": {**made.parts, **parts}}, by=cast.liu_yang, at=at)
    submit(made, by=cast.liu_yang, at=at)
    release(made, by=cast.zheng_gang, at=at)
    return Version.objects.select_related("item").get(pk=made.pk)


def work(*subjects: Docketed) -> None:
    """What the worker does with the entries of these, twice: a retry does no harm."""
    for subject in subjects:
        for entry in [*subject.entries.order_by("pk"), *subject.entries.order_by("pk")]:
            for act in journal.reactions_to(entry.kind):
                act(entry)


def told_of(person: Person) -> list[str]:
    rows = Notice.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("entry__kind", flat=True))
