"""Nobody types cleanly: slips, full-width digits, bare punctuation, traditional characters."""

from functools import cache
from random import Random

from opencc import OpenCC

from sujin.lab.voice import Style

# Written for written: what input methods and tired fingers confuse.
SLIPS: tuple[tuple[str, str], ...] = (
    ("账户", "帐户"),
    ("账单", "帐单"),
    ("已经", "己经"),
    ("逾期", "预期"),
    ("征信", "正信"),
    ("密码", "蜜码"),
    ("分期", "分其"),
    ("取款", "取宽"),
    ("手续费", "手序费"),
    ("冻结", "东结"),
    ("贷款", "货款"),
    ("投诉", "投拆"),
    ("柜台", "贵台"),
    ("客服", "客户服"),
    ("到账", "到帐"),
    ("一直", "一只"),
    ("根本", "跟本"),
    ("网点", "网店"),
    ("利息", "利西"),
    ("银行", "银航"),
    ("什么", "神马"),
    ("额度", "鹅度"),
    ("积分", "级分"),
    ("提前", "提钱"),
    ("的", "得"),
    ("没有", "没得"),
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ASCII_STOPS = str.maketrans("，。！：；？（）", ",.!:;?()")
BARE_STOPS = str.maketrans("，。！：；", "     ")


def spoil(text: str, style: Style, rng: Random) -> str:
    """The text as it was really typed; clerks and regulators slip less often than customers."""
    first = style is Style.FIRST
    if rng.random() < (0.14 if first else 0.05):
        text = _slip(_slip(text, rng), rng)
    if rng.random() < (0.03 if first else 0.01):
        text = text.translate(FULL_WIDTH)
    if first and rng.random() < 0.025:
        return str(traditional().convert(text))
    chance = rng.random()
    if chance < 0.08:
        return text.translate(ASCII_STOPS)
    return text.translate(BARE_STOPS).strip() if first and chance < 0.13 else text


@cache
def traditional() -> OpenCC:
    """The converter from simplified to traditional characters, built once."""
    return OpenCC("s2t")


def _slip(text: str, rng: Random) -> str:
    right, wrong = rng.choice(SLIPS)
    return text.replace(right, wrong, 1)
