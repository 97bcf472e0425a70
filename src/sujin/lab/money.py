"""How people write sums of money: in digits, with 万, in characters, with marks, with letters."""

import math
from decimal import Decimal
from random import Random

_HAN = "零一二三四五六七八九"


def draw(rng: Random, low: int, high: int) -> Decimal:
    """A sum between two bounds, even on the logarithm, mostly round as remembered sums are."""
    value = math.exp(math.log(low) + rng.random() * (math.log(high) - math.log(low)))
    habit = rng.random()
    if habit < 0.15:
        return Decimal(f"{value:.2f}")
    digits = 1 if habit < 0.45 else 2 if habit < 0.85 else 3
    step = 10 ** max(0, math.floor(math.log10(value)) + 1 - digits)
    return Decimal(max(1, round(value / step)) * step)


def say(rng: Random, value: Decimal) -> str:
    """The sum as somebody would write it; every form means exactly ``value``."""
    if value != value.to_integral_value():
        return rng.choice((f"{value}元", f"{value:,}元", f"￥{value}", f"{value}块", f"{value}"))
    return rng.choice(_forms(int(value)))


def _forms(value: int) -> list[str]:
    forms = [f"{value}元", f"{value}块", f"{value}元", f"￥{value}", f"{value}块钱"]
    if value >= 1000:
        forms += [f"{value:,}元", f"{value}.00元"]
    if value % 10 == 0 or value < 100:
        forms += [f"{han(value)}元", f"{han(value)}块"]
    if value >= 10000 and value % 100 == 0:
        ten_thousands = f"{Decimal(value) / 10000:f}"
        forms += [
            f"{ten_thousands}万元",
            f"{ten_thousands}万",
            f"{ten_thousands}w",
            f"{han(value)}",
        ]
    return forms


def han(value: int) -> str:
    """A whole number below one hundred million in Chinese characters: 35000 is 三万五千."""
    high, low = divmod(value, 10000)
    if not high:
        return _below(value) or _HAN[0]
    gap = _HAN[0] if 0 < low < 1000 else ""
    return f"{_below(high)}万{gap}{_below(low)}"


def _below(value: int) -> str:
    words, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            words += (_HAN[0] if zero and words else "") + _HAN[digit] + name
        zero = not digit
    return words.removeprefix(_HAN[1]) if words.startswith(_HAN[1] + "十") else words
