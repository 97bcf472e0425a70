"""Change the wording of a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import held_version
from sujin.knowledge.models import Version
from sujin.knowledge.wording import SCOPES, BrokenItem, quizzes
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

WRITABLE = ("title", "asks", "change", "orgs", "replaces", "wanted_from", "wanted_to", *SCOPES)


class CannotEdit(Refusal):
    """The draft cannot be changed so; the message names the part and the remedy."""


class NothingChanged(CannotEdit):
    """What was given is what the draft says already."""


@transaction.atomic
def edit(version: Version, given: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """Take over what was ``given``: columns of the wording by name, and ``parts`` by code."""
    held = held_version(version)
    if not held.is_writable:
        raise CannotEdit(_t("只有起草中的版本可以改；请另起一版"))
    refuse_unknown(given)
    changed = [name for name in WRITABLE if name in given and given[name] != getattr(held, name)]
    for name in changed:
        setattr(held, name, given[name])
    parts = {code: said for code, said in given.get("parts", held.parts).items() if said}
    changed += [code for code in {*parts, *held.parts} if parts.get(code) != held.parts.get(code)]
    held.parts = parts
    if not changed:
        raise NothingChanged(_t("没有改动"))
    held.save(update_fields=[*WRITABLE, "parts"])
    told = kinds.VersionEdited(state=held.state, parts=tuple(sorted(changed)))
    held.write(told, by=by, at=at)


def refuse_unknown(given: Mapping[str, Any]) -> None:
    """Organisations that there are, days in their order, a quiz that can be answered."""
    orgs = given.get("orgs") or []
    if Org.objects.filter(pk__in=orgs).count() != len(set(orgs)):
        raise CannotEdit(_t("使用机构里有不认识的机构"))
    since, to = given.get("wanted_from"), given.get("wanted_to")
    if since and to and to <= since:
        raise CannotEdit(_t("失效时间要晚于生效时间"))
    quiz = given.get("parts", {}).get("quiz", "")
    try:
        is_quiz = bool(quizzes(quiz))
    except BrokenItem as broken:
        raise CannotEdit(_t("小测写得不对：%(why)s") % {"why": broken}) from None
    if quiz.strip() and not is_quiz:
        raise CannotEdit(_t("小测里没有题目：每题先写“- 问：…”"))
