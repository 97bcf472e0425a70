"""Who is speaking: one matter told by the customer, a clerk, an agent or a regulator."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from random import Random

from sujin.lab import money


class Style(StrEnum):
    """The hand a text is written in; the value names the phrases in ``data/shared.csv``."""

    FIRST = "first"
    NOTE = "note"
    COUNTER = "counter"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Matter:
    """What happened to one customer: it stays the same however often and by whomever it is told."""

    scene: str
    amount: Decimal
    fee: Decimal
    happened: date
    tail: str
    outlet: str
    name: str
    phone: str
    kin: int
    shop: str
    woman: bool = False
    people: int = 1


SHOPS = (
    "星禾超市",
    "蓝舟旅行网",
    "味来小馆",
    "云仓优选",
    "一家加油站",
    "快橙出行",
    "山月书店",
    "某短视频平台",
    "千果鲜生",
    "小蜗租房",
)
_KIN = {
    Style.FIRST: ("我妈", "我爸", "我爱人", "我婆婆", "我岳父", "我奶奶"),
    Style.NOTE: ("客户母亲", "客户父亲", "客户爱人", "客户婆婆", "客户岳父", "客户奶奶"),
    Style.LETTER: ("其母亲", "其父亲", "其配偶", "其婆婆", "其岳父", "其祖母"),
}
_BANK = {
    Style.FIRST: ("你们银行", "你们", "你行", "贵行", "银行", "你们行"),
    Style.NOTE: ("我行", "我行", "行内"),
    Style.COUNTER: ("我行", "网点"),
    Style.LETTER: ("该行", "诉金示范银行", "被投诉银行"),
}
_SELF = {
    Style.NOTE: ("客户", "客户", "其", "客户本人"),
    Style.COUNTER: ("客户", "客户", "本人"),
    Style.LETTER: ("投诉人", "投诉人", "其"),
}
_ASIDES: dict[str, tuple[str, ...]] = {
    "n": ("三", "四", "五", "3", "4", "5", "6", "2"),
    "ago": (
        "三天",
        "一个多星期",
        "半个月",
        "快一个月",
        "两个礼拜",
        "十来天",
        "20多天",
        "一周",
        "一个月",
        "七八天",
        "好几个星期",
        "两个多月",
    ),
    "years": ("三年", "5年", "十几年", "八年多", "好多年", "两年", "十年", "四五年", "20年"),
    "rate": ("14.6%", "百分之十二", "年化13%", "17%多", "百分之十八", "11.5%"),
    "app": ("手机银行", "手机银行APP", "app", "APP", "手机客户端"),
    "desk95": ("95588", "95588客服", "客服热线", "客服电话", "人工客服", "客服"),
    "staff": ("柜员", "大堂经理", "工作人员", "客户经理", "经办人", "窗口的人", "网点员工"),
}


class Voice:
    """Fills the slots of one text; remembers which sums and how many people it has named."""

    def __init__(self, style: Style, matter: Matter, *, told: date, rng: Random) -> None:
        self.style, self.matter, self.told, self.rng = style, matter, told, rng
        self.sums: list[Decimal] = []
        self.people = 1
        self._begun = False
        self._self = "本人" if rng.random() < 0.08 else "我"

    def fill(self, slot: str) -> str:
        """The words for one slot. Raises AttributeError for a slot nobody knows."""
        if slot in _ASIDES:
            return self.rng.choice(_ASIDES[slot])
        words: str = getattr(self, f"_{slot.lower()}")()
        return words

    def _i(self) -> str:
        if self.style is Style.FIRST:
            return self._self
        choices = _SELF[self.style]
        first, self._begun = not self._begun, True
        return choices[0] if first else self.rng.choice(choices)

    def _you(self) -> str:
        return self.rng.choice(_BANK[self.style])

    def _kin(self) -> str:
        family = _KIN.get(self.style, _KIN[Style.NOTE])
        return family[self.matter.kin % len(family)]

    def _amount(self) -> str:
        self.sums.append(self.matter.amount)
        return money.say(self.rng, self.matter.amount)

    def _fee(self) -> str:
        self.sums.append(self.matter.fee)
        return money.say(self.rng, self.matter.fee)

    def _date(self) -> str:
        return when(self.rng, self.matter.happened, self.told)

    def _tail(self) -> str:
        form = self.rng.choice(("尾号{}", "末四位{}", "尾号为{}", "卡尾号{}", "（尾号{}）"))
        return form.format(self.matter.tail)

    def _outlet(self) -> str:
        full = self.matter.outlet
        return self.rng.choice((full, full, full[2:], "附近网点", "开户网点", "你们网点"))

    def _shop(self) -> str:
        return self.matter.shop

    def _surname(self) -> str:
        return self.matter.name[0]

    def _title(self) -> str:
        return "女士" if self.matter.woman else "先生"

    def _name(self) -> str:
        return self.matter.name

    def _phone(self) -> str:
        return self.matter.phone

    def _people(self) -> str:
        self.people = self.matter.people
        return str(self.people)


def when(rng: Random, happened: date, told: date) -> str:
    """The day something happened, as it is said some days later."""
    past = (told - happened).days
    near = {0: ("今天", "今天上午", "刚才"), 1: ("昨天", "昨天下午"), 2: ("前天", "前两天")}
    month, day = happened.month, happened.day
    if past in near and rng.random() < 0.6:
        return rng.choice(near[past])
    if past < 20 and happened.month == told.month and rng.random() < 0.3:
        return rng.choice((f"本月{day}号", f"这个月{day}日", f"{day}号"))
    forms = (f"{month}月{day}日", f"{month}月{day}号", f"{happened.year}年{month}月{day}日")
    return rng.choice(forms)
