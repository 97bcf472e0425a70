"""What is found changes nothing for anybody: a flagged complaint and its twin are treated alike.

The twin has the same facts and words but another agent, so it is in no file. Everything that the
house decides about the two is laid side by side, before and after the file is opened, grown and
judged; and no statement that the house sends while doing so names a table of this room.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sujin.complaints import clock, correspondence, precedents
from sujin.complaints.models import Complaint
from sujin.complaints.models.complaint import ComplaintQuerySet
from sujin.governance.acts.review_file import review_file
from sujin.governance.acts.watch_agents import watch_agents
from sujin.governance.models import EvidenceFile
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person
from sujin.platform.reach import Reach

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sujin"
# Floors at and below the case: none of them may know that evidence files exist.
BELOW = ("complaints", "channels", "knowledge", "platform", "engine")
# What is each case's own by its nature, and no treatment.
OWN = {
    "id", "number", "text", "tokens", "customer_keys", "known", "minhash", "bands", "code_hash",
    "group_id",
}  # fmt: skip
REASON = "逐件看过：电话、委托书、文字都相同，客户本人联系不上"


def treatment(case: Complaint, by: Person, client: Client, at: datetime) -> str:
    """Everything the house decides about a case, as text that can be compared to the byte."""
    row = Complaint.objects.get(pk=case.pk)
    sight = reach.of(by, at)
    columns = {field.attname for field in Complaint._meta.concrete_fields} - OWN
    page = client.get(row.get_absolute_url())
    assert page.status_code == 200
    offered = [offer.action.name for offer in page.context["actions"]]
    offered += [one.action.name for _title, more in page.context["more"] for one in more]
    beside = precedents.beside(row, finding="upheld", given=None, reach=sight, at=at)
    told = {
        "columns": {name: getattr(row, name) for name in sorted(columns)},
        "clocks": [repr(one) for one in clock.of(row, now=at)],
        "acts": offered,
        "remedy": [beside.permitted, beside.title, beside.sums, beside.shares, beside.warnings],
        "letters": [correspondence.drafted(row, kind, by=by, at=at) for kind in ("decision",)],
        "badges": re.findall(r'<p class="badges">.*?</p>', page.content.decode(), re.DOTALL),
    }
    return json.dumps(told, ensure_ascii=False, default=repr).replace(row.number, "〔编号〕")


def queue(client: Client) -> list[str]:
    """The order of the list and of the workbench's cases, by number."""
    listed = client.get(reverse("complaints:list")).context["listing"].page_rows
    body = client.get(reverse("complaints:home")).content.decode()
    return [case.number for case in listed] + re.findall(r"/complaints/(\d{4}-\d{7})", body)


SignedIn = Callable[[Person], Client]


@pytest.fixture
def eyes(
    town: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> SimpleNamespace:
    """Wang Xiuying, who holds both cases, looks at them; Lin Lan and Zheng Gang judge."""
    person: Person = cast.wang_xiuying
    judges = [cast.lin_lan, cast.zheng_gang]
    return SimpleNamespace(
        flagged=town.ring[0],
        twin=town.twin,
        judges=judges,
        by=person,
        noon=noon,
        client=signed_in(person),
    )


def test_a_flagged_case_and_its_twin_are_treated_alike_before_and_after(
    eyes: SimpleNamespace,
) -> None:
    def look(case: Complaint) -> str:
        return treatment(case, eyes.by, eyes.client, eyes.noon)

    before, order = look(eyes.flagged), queue(eyes.client)
    assert before == look(eyes.twin)
    (file,) = watch_agents(by=system_person(), at=eyes.noon)
    assert file.members.filter(complaint=eyes.flagged).exists()
    assert not file.members.filter(complaint=eyes.twin).exists()
    for judge in eyes.judges:
        review_file(file, verdict="organised", because=REASON, by=judge, at=eyes.noon)
    assert EvidenceFile.objects.get(pk=file.pk).state == "organised"
    assert look(eyes.flagged) == look(eyes.twin) == before
    assert queue(eyes.client) == order


def flags(*, negated: bool = False) -> RawSQL:
    """A planted leak: whether the case is in a file, asked past every import check."""
    sql = "EXISTS (SELECT 1 FROM governance_evidencemember m WHERE m.complaint_id = {0}.id)"
    asked = sql.format("complaints_complaint")
    field = BooleanField()
    return RawSQL(f"NOT {asked}" if negated else asked, (), output_field=field)


def test_a_planted_leak_into_the_list_turns_it_red(
    eyes: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: a list that leaves flagged cases out."""
    within = ComplaintQuerySet.within

    def without_flagged(rows: ComplaintQuerySet, sight: Reach) -> ComplaintQuerySet:
        return within(rows, sight).filter(flags(negated=True))

    monkeypatch.setattr(ComplaintQuerySet, "within", without_flagged)
    with pytest.raises(AssertionError):
        test_a_flagged_case_and_its_twin_are_treated_alike_before_and_after(eyes)


def test_a_planted_tier_rule_turns_it_red(
    eyes: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: clocks that run slower for whoever is in a file."""
    read = clock.of

    def slower(case: Complaint, **told: Any) -> Any:
        flagged = Complaint.objects.filter(pk=case.pk).filter(flags()).exists()
        later = told["now"] - timedelta(days=3) if flagged else told["now"]
        return read(case, **{**told, "now": later})

    monkeypatch.setattr(clock, "of", slower)
    with pytest.raises(AssertionError):
        test_a_flagged_case_and_its_twin_are_treated_alike_before_and_after(eyes)


PAGES = ("home", "list", "wall", "queue", "early", "approvals", "sessions", "figures", "liaison")


def asked(client: Client, case: Complaint) -> list[str]:
    """Every statement the house sends for the pages of a case's life, and their bodies."""
    urls = [reverse(f"complaints:{name}") for name in PAGES] + [case.get_absolute_url()]
    with CaptureQueriesContext(
        connection,
    ) as found:
        bodies = [client.get(url).content.decode() for url in urls]
    return [query["sql"] for query in found.captured_queries] + bodies


def naming(texts: list[str]) -> list[str]:
    return [text for text in texts if "governance_evidence" in text or "/evidence" in text]


def test_no_page_of_a_handler_asks_for_or_shows_a_file(
    evidence: EvidenceFile, town: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    for person in (cast.wang_xiuying, cast.zhou_tao):
        texts = asked(signed_in(person), town.ring[0])
        assert len(texts) > 40
        assert not naming(texts), person


def test_a_page_that_asks_is_seen(
    evidence: EvidenceFile,
    town: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    within = ComplaintQuerySet.within

    def marked(rows: ComplaintQuerySet, sight: Reach) -> ComplaintQuerySet:
        return within(rows, sight).annotate(flagged=flags())

    monkeypatch.setattr(ComplaintQuerySet, "within", marked)
    assert naming(asked(signed_in(cast.wang_xiuying), town.ring[0]))


def mentions(code: str) -> Iterator[str]:
    """Names and strings in ``code`` that lead to this room: imports, tables, relations."""
    for node in ast.walk(ast.parse(code)):
        words = [getattr(node, name, None) for name in ("id", "attr", "module", "name", "value")]
        for word in words:
            if isinstance(word, str) and re.search(r"governance|evidence_?file", word, re.I):
                yield word


def test_nothing_below_knows_that_files_exist() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {word}"
        for floor in BELOW
        for path in sorted((SOURCE / floor).rglob("*.py"))
        for word in mentions(path.read_text())
    ]
    assert not found


@pytest.mark.parametrize(
    "planted",
    [
        "from sujin.governance.models import EvidenceFile\n",
        "sql = 'SELECT 1 FROM governance_evidencemember'\n",
        "apps.get_model('governance', 'EvidenceFile')\n",
        "case.evidencefile_set.exists()\n",
    ],
)
def test_a_planted_mention_is_seen(planted: str) -> None:
    assert list(mentions(planted))


def relations(model: Any) -> list[str]:
    """Ways from a model of the case's floor up into this room."""
    fields = model._meta.get_fields(include_hidden=False)
    return [
        f.name
        for f in fields
        if getattr(f.related_model, "_meta", None)
        and f.related_model._meta.app_label == "governance"
    ]


def test_no_column_and_no_relation_leads_from_a_case_to_a_file() -> None:
    for label in ("complaints", "platform"):
        for model in apps.get_app_config(label).get_models():
            assert not relations(model), model
    assert relations(EvidenceFile)  # the control: a relation of this room is seen
