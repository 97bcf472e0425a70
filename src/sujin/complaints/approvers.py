"""Who may say yes to what: the pack's approvers.csv, read against a person's posts and a case."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.translation import get_language

from sujin import packs
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.platform.models import Post
from sujin.platform.reach import Reach


def may_decide(reach: Reach, approvers: Iterable[str], case: Complaint) -> bool:
    """Whether one of the person's posts makes them one of ``approvers`` for this case."""
    wanted = set(approvers)
    return any(
        row["approver"] in wanted and row["role"] == post.role and _is_at(row["level"], post, case)
        for post in reach.posts
        for row in _rows()
    )


def _is_at(level: str, post: Post, case: Complaint) -> bool:
    """``any`` organisation that sees the case, one ``above`` its desk, or the ``root``."""
    if level == "root":
        return post.org.is_root
    if level == "above":
        desk = case.desk
        return desk is not None and post.org_id in desk.lineage and post.org_id != desk.pk
    return post.org.is_root or f"o:{post.org_id}" in case.seen_by


def names(approvers: Iterable[str]) -> str:
    """The approvers in the reader's language and the order of the table, each once."""
    language = "en" if get_language() == "en" else "zh"
    wanted = set(approvers)
    found = dict.fromkeys(row[language] for row in _rows() if row["approver"] in wanted)
    return (" / " if language == "en" else "或").join(found)


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    return tuple(packs.rows(HOUSE_PACK, "approvers"))
