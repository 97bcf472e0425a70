"""Invented complaints, a tenth of them edited repeats of earlier ones: what `repeats` asks about.

Half of every text are set phrases that thousands share, the other half clauses of a deliberately
poor vocabulary, so that strangers have much in common. A repeat loses clauses, is told in another
order every second time, and is mistyped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sujin.lab.dice import dice


def _apart(words: str) -> tuple[str, ...]:
    return tuple(words.split())


SHARE = 0.1  # of texts are repeats
KEPT = (0.65, 0.95)  # of the clauses survive an edit
SHUFFLED = 0.5
TYPO_EVERY = 40  # characters
_FIRST = 100  # texts before the first repeat
_SLIPS = "的了吗是不我他在有"
_PLACES = _apart("临江 望海 青石 南渡 北原 长桥 白沙 柳溪 金塘 东湾 西岭 新河")
_THINGS = _apart("信用卡 储蓄卡 房贷 车贷 理财 基金 保险 手机银行 自助机 对公账户")
_TROUBLES = _apart("被多收费用 迟迟不到账 无法登录 被误扣款 利率与约定不符 未收到通知 无人受理")
_PHRASES = (
    "客户致电反映在{place}支行办理{thing}时{trouble}",
    "客户表示已经多次联系网点都没有得到明确答复",
    "柜面人员回复说要等上级批准以后才能处理",
    "客户认为我行没有按照合同约定履行告知义务",
    "要求在{days}个工作日之内给出书面说明",
    "要求退还多收的{sum}元以及相应的利息",
    "客户表示如果得不到解决将向监管部门反映",
    "客户情绪比较激动希望尽快有人联系",
    "此前客户已经就同一件事来电{days}次",
    "请相关部门核实以后尽快回复客户",
    "客户提供的联系电话与系统登记一致",
    "已经向客户做好解释但客户不予接受",
)
_WORDS = _apart(
    "年费 分期 逾期 征信 短信 密码 柜台 经理 合同 利息 账单 余额 冻结 解冻 转账 退款 "
    "盗刷 补卡 限额 证明 排队 叫号 机具 吞卡 保单 退保 净值 赎回 额度 提额 还款 扣款 "
    "催收 电话 客服 承诺 赔付 手续费 违约金 提前 结清 放款 审批 抵押 评估 公积金 流水 印章 "
    "上周 昨天 两小时 反复 没有 无人 告知 签字 录音 回访 等候 告诉 要求 同意 拒绝 取消 "
)


@dataclass(frozen=True, slots=True)
class Told:
    """One text; ``source`` is the place of the text it repeats, -1 for none."""

    text: str
    source: int


def tell(size: int, seed: int) -> Iterator[Told]:
    """``size`` texts, the same for the same seed."""
    rng = dice("repeats", seed)
    told: list[str] = []
    for place in range(size):
        is_repeat = place >= _FIRST and rng.random() < SHARE
        source = rng.randrange(place) if is_repeat else -1
        text = edited(told[source], rng) if is_repeat else fresh(rng)
        told.append(text)
        yield Told(text, source)


def fresh(rng: Random) -> str:
    """A new complaint of about 200 characters."""
    phrases = rng.sample(_PHRASES, rng.randint(5, 8))
    slots = {
        "place": rng.choice(_PLACES), "thing": rng.choice(_THINGS),
        "trouble": rng.choice(_TROUBLES), "days": rng.randint(1, 30), "sum": rng.randint(10, 99999),
    }  # fmt: skip
    own = ["".join(rng.choices(_WORDS, k=rng.randint(2, 7))) for _ in range(rng.randint(7, 13))]
    return "，".join([*(phrase.format(**slots) for phrase in phrases), *own]) + "。"


def edited(text: str, rng: Random) -> str:
    """The same told again: clauses dropped, perhaps shuffled, one slip every 40 characters."""
    clauses = text.rstrip("。").split("，")
    kept = max(3, round(len(clauses) * rng.uniform(*KEPT)))
    chosen = sorted(rng.sample(range(len(clauses)), min(kept, len(clauses))))
    if rng.random() < SHUFFLED:
        rng.shuffle(chosen)
    return mistyped("，".join(clauses[place] for place in chosen), rng)


def mistyped(text: str, rng: Random) -> str:
    """``text`` with one character in forty replaced by another."""
    signs = list(text)
    for _ in range(max(1, len(signs) // TYPO_EVERY)):
        signs[rng.randrange(len(signs))] = rng.choice(_SLIPS)
    return "".join(signs)


def repeats(told: Sequence[Told]) -> list[tuple[int, int]]:
    """(place of a repeat, place of its source) of all of them."""
    return [(place, one.source) for place, one in enumerate(told) if one.source >= 0]
