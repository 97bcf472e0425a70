"""A bulletin in words and rows: what every form of it says."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _t

from sujin.complaints.words import named
from sujin.governance.peerbook import bases, quarter_name
from sujin.reports.parts import Part, Report, Table
from sujin.reports.quarterly.figures import OUTLETS, Bulletin, Chapter, Group, Member, Rates

# In a group of so many members or more the first three are named, else the first two.
_LARGE = 10
_FIRST, _FIRST_OF_LARGE = 2, 3
_TENTH = Decimal("0.1")


def report(bulletin: Bulletin) -> Report:
    """Everything that the bulletin says."""
    return Report(title(bulletin), _t("通报"), tuple(cautions(bulletin)), parts(bulletin))


def title(bulletin: Bulletin) -> str:
    return _t("%(quarter)s 银行业消费投诉情况") % {"quarter": quarter_name(bulletin.quarter)}


def basis(bulletin: Bulletin) -> str:
    """What is counted; printed on every form."""
    found = bases().get(bulletin.basis)
    return str(found) if found else bulletin.basis


def cautions(bulletin: Bulletin) -> Iterator[str]:
    """What must be known to read the figures."""
    yield _t("口径：%(basis)s。") % {"basis": basis(bulletin)}
    if bulletin.breaks:
        yield _t("上季没有同一口径的数据，不作比较。")
    if bulletin.unreconciled:
        told = {"banks": _t("、").join(bulletin.unreconciled)}
        yield _t("核对不符：%(banks)s的重点业务之和超过其全部投诉，请先核对来源。") % told
    else:
        yield _t("核对：每家银行的重点业务之和都不超过其全部投诉；各组和总数由各行相加。")


def parts(bulletin: Bulletin) -> tuple[Part, ...]:
    """Every chapter in order."""
    return (
        _whole(bulletin.whole),
        *(_of_rates(rates) for rates in bulletin.rates),
        *(_of_business(chapter) for chapter in bulletin.chapters),
    )


def _whole(chapter: Chapter) -> Part:
    said = [
        _t("共 %(n)s 件%(change)s。") % {"n": count(chapter.value), "change": _than(chapter.change)}
    ]
    said += [
        _t("%(group)s %(n)s 件%(change)s，占总数的 %(share)s。")
        % {
            "group": group.name, "n": count(group.value), "change": _than(group.change),
            "share": percent(group.share),
        }
        for group in chapter.groups
    ]  # fmt: skip
    tables = tuple(_members(group, _t("占本组")) for group in chapter.groups)
    return Part(_t("总体情况"), (*said, *map(_median, chapter.groups)), tables)


def _of_business(chapter: Chapter) -> Part:
    name = named("business", chapter.business)
    told = {
        "name": name, "n": count(chapter.value), "change": _than(chapter.change),
        "share": percent(chapter.share),
    }  # fmt: skip
    said = [_t("%(name)s %(n)s 件%(change)s，占总数的 %(share)s。") % told]
    said += [
        _t("%(group)s %(n)s 件，占%(name)s的 %(share)s。")
        % {
            "group": group.name, "n": count(group.value), "name": name,
            "share": percent(group.share),
        }
        for group in chapter.groups
    ]  # fmt: skip
    tables = tuple(_members(group, _t("占该行全部投诉")) for group in chapter.groups)
    return Part(name, (*said, *map(_median, chapter.groups)), tables)


def _of_rates(rates: Rates) -> Part:
    name = _t("平均每千营业网点投诉量") if rates.per == OUTLETS else _t("平均每千万个人客户投诉量")
    said = [
        _t("%(group)s的中位数为 %(median)s 件；%(first)s。")
        % {"group": group.name, "median": rate(group.median), "first": _first(group)}
        for group in rates.groups
    ]
    tables = tuple(
        Table(group.name, (_t("银行"), name), tuple((m.bank, rate(m.value)) for m in group.members))
        for group in rates.groups
    )
    return Part(name, tuple(said), tables)


def _members(group: Group, share: str) -> Table:
    head = (_t("银行"), _t("件数"), _t("环比"), share)
    return Table(group.name, head, tuple(map(_row, group.members)))


def _row(member: Member) -> tuple[str, ...]:
    return (member.bank, count(member.value), change(member.change), percent(member.share))


def _median(group: Group) -> str:
    told = {"group": group.name, "median": count(group.median), "first": _first(group)}
    return _t("%(group)s投诉量的中位数为 %(median)s 件；%(first)s。") % told


def _first(group: Group) -> str:
    """Who stand first, as many as the group's size asks for."""
    many = _FIRST_OF_LARGE if len(group.members) >= _LARGE else _FIRST
    first = group.members[: min(many, len(group.members))]
    told = {"banks": _t("、").join(one.bank for one in first), "n": len(first)}
    return _t("%(banks)s位列前 %(n)s 位") % told


def _than(value: Decimal | None) -> str:
    if value is None:
        return ""
    told = {"size": percent(abs(value))}
    return _t("，环比增长 %(size)s") % told if value >= 0 else _t("，环比下降 %(size)s") % told


def count(value: Decimal) -> str:
    """69,555, and 12.5 for the median of two."""
    whole = value == value.to_integral_value()
    return f"{value:,.0f}" if whole else f"{value:,.1f}"


def rate(value: Decimal) -> str:
    return f"{value.quantize(_TENTH, ROUND_HALF_UP):,}"


def percent(value: Decimal | None) -> str:
    """One decimal; a dash of nothing."""
    return "—" if value is None else f"{(value * 100).quantize(_TENTH, ROUND_HALF_UP)}%"


def change(value: Decimal | None) -> str:
    if value is None:
        return "—"
    return f"{value * 100:+.1f}%".replace("-", "−")
