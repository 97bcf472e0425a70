"""火线练兵: a closed case of a theme, without names, judged by a person for practice and marked by
what it was found to be."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t

from sujin.complaints import words
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import name_of, taxonomy
from sujin.engine.text import redact
from sujin.knowledge import quiz
from sujin.knowledge.quiz import Asked, Marked, Source, marked
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import drill as kinds
from sujin.supervision.models import Drill
from sujin.supervision.trainingbook import Training

SINCE = timedelta(days=365)
# One of the latest so many is taken; which, the person cannot choose.
LATEST, QUESTIONS, WRONG = 200, 3, 3


class CannotDrill(Refusal):
    """No case to practise on, or this one is over; the message says so."""


@transaction.atomic
def begin_drill(training: Training, *, by: Person, at: datetime) -> Drill:
    """The drill that runs, or another case that the person has not practised on."""
    # One at a time: two windows of one person would take two cases.
    Person.objects.select_for_update().get(pk=by.pk)
    running = Drill.objects.filter(person=by, training=training.code, ended_at=None).first()
    if running is not None and shown(running, reach.of(by, at)) is not None:
        return running
    if running is not None:
        running.write(_void(at), by=by, at=at)
    known = Drill.objects.filter(person=by, training=training.code).values("case")
    rows = _cases(training, reach.of(by, at), at).exclude(pk__in=known)
    keys = list(rows.order_by("-closed_at", "-pk").values_list("pk", flat=True)[:LATEST])
    if not keys:
        raise CannotDrill(_t("您看得到的办结件里，这个主题没有可以练的了"))
    key = min(keys, key=lambda one: _chance(by.pk, training.code, one))
    case = Complaint.objects.get(pk=key)
    made = Drill.objects.create(person=by, training=training.code, case=case, begun_at=at)
    asked = questions(made)
    told = kinds.DrillBegun(case=case.pk, paper=_codes(case), asked=len(asked))
    made.write(told, by=by, at=at)
    return made


def answer_drill(
    drill: Drill, said: Mapping[str, str], *, by: Person, at: datetime
) -> tuple[Marked, ...]:
    """The answers, marked. Raises CannotDrill of one that is over, somebody else's, or coded anew
    while it was shown."""
    told = _answered(drill, said, by=by, at=at)
    if isinstance(told, str):
        raise CannotDrill(told)
    return told


@transaction.atomic
def _answered(
    drill: Drill, said: Mapping[str, str], *, by: Person, at: datetime
) -> tuple[Marked, ...] | str:
    rows = Drill.objects.select_for_update(of=("self",)).select_related("case")
    row = rows.filter(pk=drill.pk, person=by, ended_at=None).first()
    if row is None:
        raise CannotDrill(_t("这一件已经练完，请换一件"))
    asked = questions(row)
    if _codes(row.case) != row.paper or shown(row, reach.of(by, at)) is None:
        told = _void(at)
        row.write(told, by=by, at=at)
        return told.because
    marks = tuple(marked(asked, said))
    done = kinds.DrillAnswered(
        right=sum(one.is_right for one in marks), asked=len(marks), ended_at=at,
        answers=tuple(
            {"ask": one.asked.ask, "said": one.said, "answer": one.right, "right": one.is_right}
            for one in marks
        ),
    )  # fmt: skip
    row.write(done, by=by, at=at)
    return marks


def _void(at: datetime) -> kinds.DrillVoided:
    because = _t("这一件刚刚改了分类，或者您已看不到，请换一件")
    return kinds.DrillVoided(because=because, ended_at=at)


def shown(drill: Drill, mine: Reach) -> str | None:
    """What the case says, without anybody's data; None when it is out of reach now."""
    case = Complaint.objects.within(mine).filter(pk=drill.case_id).only("text").first()
    return redact(case.text).text if case else None


def questions(drill: Drill) -> list[Asked]:
    """Three questions whose answers stand on the case."""
    name = f"drill/{drill.pk}"
    return quiz.draw(name, [Source(0, "", "\n".join(_lines(drill.case, name)))], QUESTIONS)


def _codes(case: Complaint) -> str:
    """A fingerprint of the answers: the words of the questions are the reader's language."""
    told = "/".join((case.tier, case.business, case.cause))
    return hashlib.sha256(told.encode()).hexdigest()


def _lines(case: Complaint, name: str) -> Iterator[str]:
    tiers = {code: str(told) for code, told in words.TIERS.items()}
    yield from _question(_t("这一件最后定为哪一级？"), tiers.pop(case.tier), [*tiers.values()])
    for axis, ask in (("business", _t("它属于哪类业务？")), ("cause", _t("主要原因是哪一类？"))):
        code = getattr(case, axis)
        others = [
            one for at, one in taxonomy()
            if at == axis and not (one.startswith(code) or code.startswith(one))
            and one.count(".") == code.count(".")
        ]  # fmt: skip
        wrong = sorted(others, key=lambda one: _chance(name, axis, one))[:WRONG]
        yield from _question(ask, _named(axis, code), [_named(axis, one) for one in wrong])


def _named(axis: str, code: str) -> str:
    return name_of(axis, code, english=False)


def _question(ask: str, right: str, wrong: list[str]) -> Iterator[str]:
    """As a part of knowledge is written."""
    yield f"- 问：{ask}"
    yield f"  - [x] {right}"
    yield from (f"  - [ ] {one}" for one in wrong)


def _cases(training: Training, mine: Reach, at: datetime) -> QuerySet[Complaint]:
    """Closed complaints of the theme that the person may see, coded in full."""
    rows = Complaint.objects.within(mine).filter(
        kind="complaint", closed_at__gte=at - SINCE, closed_at__lte=at, merged_into=None
    )
    # Whoever had to stand aside does not look at it for practice either.
    rows = rows.exclude(recused__contains=[mine.person_id])
    rows = rows.exclude(business="").exclude(cause="")
    return rows.filter(_any("business", training.business), _any("cause", training.cause))


def _any(field: str, codes: tuple[str, ...]) -> Q:
    found = Q() if not codes else Q(pk__in=[])
    for code in codes:
        found |= Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}."})
    return found


def _chance(*name: object) -> bytes:
    return hashlib.sha256("/".join(map(str, name)).encode()).digest()
