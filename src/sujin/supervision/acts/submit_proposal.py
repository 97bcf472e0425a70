"""Write an 优化建议 down, turn a customer's 建议 into one, or join one that says the same."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import taxonomy
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.models.wave import line_of
from sujin.knowledge.desks import line_desks
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.organisation import OrgKind
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.likes import Like, likes, repeated
from sujin.supervision.models import Proposal
from sujin.supervision.voicebook import number

SUGGESTION = "suggestion"


class CannotPropose(Refusal):
    """Something is missing, or it stands already; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is filled in; ``about`` None is the whole bank."""

    name: str
    words: str
    hurts: str
    expected: str
    business: str = ""
    cause: str = ""
    about: Org | None = None
    differs: str = ""

    def spoken(self) -> "Draft":
        """The same without numbers that name a customer."""
        return replace(
            self, name=spoken(self.name), words=spoken(self.words), hurts=spoken(self.hurts),
            expected=spoken(self.expected), differs=spoken(self.differs),
        )  # fmt: skip


@transaction.atomic
def submit_proposal(
    draft: Draft, *, case: Complaint | None = None, by: Person, at: datetime
) -> Proposal:
    """The proposal, with whose it is to answer. What is like it was shown: whoever does not join
    says why it differs."""
    # One at a time: of two posts of one person the second sees what the first wrote.
    Person.objects.select_for_update().get(pk=by.pk)
    said, unit = draft.spoken(), _unit(by, at)
    _refuse_unless_told(said)
    _refuse_twice(said, by)
    if case is not None:
        _refuse_case(case, by, at)
    alike = likes(said.name, said.words)
    if alike and len(said.differs) < WORDS_LEAST:
        raise CannotPropose(_t("有相近的建议：请加入其中一条，或写明不同在哪里"))
    head = line_desks()[""]
    about = said.about or head
    owner = _owner(said.business, about)
    origin = kinds.CUSTOMER if case else kinds.STAFF
    made = _created(
        submitted_at=at, submitted_by=by, unit=unit, origin=origin, case=case, about=about,
        owner=owner,
    )  # fmt: skip
    made.write(_told(said, about, owner, alike, by), by=by, at=at)
    return made


def _refuse_unless_told(said: Draft) -> None:
    parts = (said.name, said.words, said.hurts, said.expected)
    if any(len(one) < WORDS_LEAST for one in parts):
        raise CannotPropose(_t("请写明做什么、现在哪里不好、预期有什么好处"))
    known = taxonomy()
    for axis, code in (("business", said.business), ("cause", said.cause)):
        if code and (axis, code) not in known:
            raise CannotPropose(_t("没有这个业务或原因的代码，请从列表里选"))


def _refuse_twice(said: Draft, by: Person) -> None:
    """The very same again is a slip of the hand, whatever it says of differing."""
    rows = Proposal.objects.filter(submitted_by=by, state__in=kinds.UNDECIDED, name=said.name)
    rows = rows.filter(words=said.words, business=said.business, cause=said.cause)
    if rows.filter(about=said.about or line_desks()[""]).exists():
        raise CannotPropose(_t("您已经提过同样的一条：%(name)s") % {"name": said.name})


def _refuse_case(case: Complaint, by: Person, at: datetime) -> None:
    if case.kind != SUGGESTION:
        raise CannotPropose(_t("只有类型是“建议”的件可以转为优化建议；请先改类"))
    if not Complaint.objects.within(reach.of(by, at)).filter(pk=case.pk).exists():
        raise CannotPropose(_t("看不到这件，不能转"))
    known = Proposal.objects.filter(case=case).first()
    if known is not None:
        raise CannotPropose(_t("这件已经转为优化建议：%(name)s") % {"name": known.name})


def _unit(by: Person, at: datetime) -> Org:
    """Where the person works; the first post counts."""
    posts = reach.of(by, at).posts
    if not posts:
        raise CannotPropose(_t("没有在岗的岗位，不能提出建议"))
    return posts[0].org


def _owner(business: str, about: Org) -> Org:
    """The line that the business belongs to; what is of no line is the branch's it is about, and
    of the whole bank the head office's."""
    known = line_desks()
    line = line_of(business) if business else ""
    if line in known and line:
        return known[line]
    above = Org.objects.filter(pk__in=about.lineage, kind=OrgKind.BRANCH1).first()
    return above or known[""]


def _created(**told: object) -> Proposal:
    """The row; of two who turn the same case at once the second is refused."""
    try:
        with transaction.atomic():
            return Proposal.objects.create(**told)
    except IntegrityError as taken:
        raise CannotPropose(_t("刚才已经有人转过这件，请刷新后查看")) from taken


def _told(
    said: Draft, about: Org, owner: Org, alike: list[Like], by: Person
) -> kinds.ProposalSubmitted:
    return kinds.ProposalSubmitted(
        name=said.name, words=said.words, hurts=said.hurts, expected=said.expected,
        business=said.business, cause=said.cause, about=about.pk, about_name=about.name,
        owner=owner.pk, owner_name=owner.name, writers=(by.pk,),
        likes=tuple(one.proposal.pk for one in alike), differs=said.differs if alike else "",
    )  # fmt: skip


@transaction.atomic
def join_proposal(proposal: Proposal, *, words: str, by: Person, at: datetime) -> Proposal:
    """Credited on a proposal that one was about to write, before anybody assessed it: what was to
    be written must by itself be like it and in other words, so that nobody is put on it for
    friendship."""
    held = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    said = spoken(words)
    if by.pk in held.writers:
        raise CannotPropose(_t("您已经在这条上署名"))
    if by.pk in held.hands:
        raise CannotPropose(_t("您评过分，不能再署名"))
    if not held.can_be_joined:
        raise CannotPropose(_t("这条已经评分或答复，不能再加入；有新的做法请另提并写明不同"))
    if len(held.writers) >= number("authors_most"):
        raise CannotPropose(_t("一条最多 %(n)d 人署名") % {"n": number("authors_most")})
    if len(said) < WORDS_LEAST:
        raise CannotPropose(_t("请写明您补充什么"))
    if held.pk not in {one.proposal.pk for one in likes("", said)}:
        raise CannotPropose(_t("您写的和这条不相近，不能加入；请另外提出"))
    if repeated(said, (held.name, held.words, held.hurts, held.expected)) > number("join_same"):
        raise CannotPropose(_t("您写的多半是这条的原话，不能凭它署名；请用自己的话写您想的做法"))
    told = kinds.ProposalJoined(writers=(*held.writers, by.pk), name=by.name, words=said)
    held.write(told, by=by, at=at)
    return held
