"""A verdict on a measure in words: what may be said, what may not, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any, Final, Self

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.verify import Change, Finding, Reason, Verdict
from sujin.engine.verify.card import Cause
from sujin.engine.verify.estimate import INNER

VERDICTS: Final = {
    Verdict.WORKED: _("措施有效"),
    Verdict.FAILED: _("措施无效"),
    Verdict.UNCLEAR: _("证据不足"),
}
CAUSES: Final = {
    Cause.SEASON: _("季节"),
    Cause.MARKET: _("市场与同业（没有措施的单位也有的变化）"),
    Cause.TREND: _("本处自己的趋势"),
    Cause.DEFINITION: _("统计口径变化"),
    Cause.MOVED: _("改派到别处"),
    Cause.MEASURE: _("措施"),
    Cause.REST: _("说不清的"),
}
REMAINS: Final = Cause.REST
_REASONS: Final = {
    Reason.FELL: _("减少的幅度超出了偶然和同期变化所能解释的范围。"),
    Reason.ROSE: _("不减反增，超出了偶然的范围。"),
    Reason.LESS_THAN_PROMISED: _("即使有减少，也达不到承诺的幅度。"),
    Reason.MOVED: _("本处减少了，但去了别处：合起来没有达到承诺的减少。"),
    Reason.TOO_WIDE: _("区间太宽：减少和没有减少都说得通。可以再等几期，或增加对照单位。"),
    Reason.TOO_FEW: _("措施之前的件数太少，谈不上比例。"),
    Reason.TOO_SHORT: _("措施之前或之后的期数太少。"),
    Reason.REDEFINED: _(
        "统计口径在同一时候变了，变了多少又不知道，两者分不开。可以抽样双编码，给出换算比例。"
    ),
}


def sentence(finding: Finding) -> str:
    """The verdict in one or two sentences."""
    return told(finding.verdict, finding.reason, finding.net)


def told(verdict: Verdict, reason: Reason, net: Change, inner: float = INNER) -> str:
    """The same of what was kept; ``inner``: the share of like intervals that hold the truth."""
    said = str(VERDICTS[verdict])
    if isnan(net.share):
        return f"{said}{_t('。')}{_REASONS[reason]}"
    said += _t("：与没有这项措施相比，%(change)s。") % {"change": changed(net, inner)}
    return f"{said}{_REASONS[reason]}"


def kept(verdict: str, figures: Mapping[str, Any]) -> str:
    """A verdict that was written down, with the figures it was written down with."""
    net = change_of(figures["net"])
    return told(Verdict(verdict), Reason(figures["reason"]), net, figures["inner"])


def change_of(kept: Sequence[float | None]) -> Change:
    """A change as it was written down."""
    share, low, high = (nan if value is None else float(value) for value in kept)
    return Change(share, low, high)


def changed(change: Change, inner: float = INNER) -> str:
    """A change with its interval."""
    told = {
        "share": share(change.share), "low": signed(change.low), "high": signed(change.high),
        "inner": f"{100 * inner:.4g}%",
    }  # fmt: skip
    return _t("%(share)s（%(inner)s 区间 %(low)s 至 %(high)s）") % told


def share(value: float) -> str:
    """少 28% or 多 5%."""
    size = {"size": f"{abs(value):.0%}"}
    return _t("少 %(size)s") % size if value < 0 else _t("多 %(size)s") % size


def factor(value: float) -> str:
    """×0.85."""
    return f"×{value:.2f}"


def signed(value: float) -> str:
    """-28 % with a true minus sign."""
    told = f"{value:+.0%}".replace("-", "−")
    return "0%" if told in {"+0%", "−0%"} else told


@dataclass(frozen=True, slots=True)
class Beside:
    """What else must be known to read a verdict; names are those that people know."""

    raw: Change
    own: Change
    moved: Mapping[str, Change]
    left_out: Sequence[str]
    # Of units and of times: how far each changed where nothing was done.
    units: Sequence[float]
    times: Sequence[float]
    inner: float = INNER

    @classmethod
    def of(cls, finding: Finding) -> Self:
        units, times = ([one.share for one in told] for told in (finding.units, finding.times))
        return cls(finding.raw, finding.own, finding.moved, finding.left_out, units, times)

    @classmethod
    def kept(cls, figures: Mapping[str, Any], names: Mapping[str, str]) -> Self:
        """Of what was written down with a verdict."""
        moved = {names.get(key, key): change_of(one) for key, one in figures["moved"].items()}
        units, times = ([one[1] for one in figures[told]] for told in ("units", "times"))
        left = [names.get(key, key) for key in figures["left_out"]]
        raw, own = (change_of(figures[told]) for told in ("raw", "own"))
        return cls(raw, own, moved, left, units, times, figures["inner"])


def besides(one: Beside) -> Iterator[str]:
    """The sentences beside a verdict."""
    if not isnan(one.raw.share):
        told = {"change": signed(one.raw.share)}
        yield (
            _t("直接比较前后是 %(change)s；其中有季节、市场、趋势、口径和改派，不能当作效果。")
            % told
        )
    if one.moved and not isnan(one.own.share):
        yield _t("只看本处：%(change)s。") % {"change": changed(one.own, one.inner)}
    for name, change in one.moved.items():
        yield _t("%(name)s：%(change)s。") % {"name": name, "change": changed(change, one.inner)}
    if one.left_out:
        yield _t("%(names)s 在同一时候自己有大变化，不作对照。") % {
            "names": "、".join(one.left_out)
        }
    yield from _placebos(one)


def _placebos(one: Beside) -> Iterator[str]:
    asked = ((one.units, _t("没有措施的单位")), (one.times, _t("措施之前的假起点")))
    for told, places in asked:
        if told:
            far = sum(abs(share) >= abs(one.own.share) for share in told)
            yield _t("安慰剂检验：%(places)s %(many)s 个，其中 %(far)s 个的变化有这么大。") % {
                "places": places, "many": len(told), "far": far,
            }  # fmt: skip
