"""Personal data of nobody, in the forms people write it: what the exam of masking plants.

Numbers pass the check they should pass, or fail it where the name of the form says ``slip``. Each
form returns the words with what must not leak between ``OPEN`` and ``CLOSE``.
"""

import re
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from sujin.lab import people

OPEN, CLOSE = "\ue000", "\ue001"
_WIDE = {ord(char): ord(char) + 0xFEE0 for char in "0123456789X"}
_SAID = str.maketrans("0123456789", "零一二三四五六七八九")
_FOREIGN = [
    "买买提·吐尔逊",
    "阿依古丽·艾山",
    "古丽娜尔·阿不都拉",
    "艾尼瓦尔·吐拉洪",
    "玛丽亚·伊万诺娃",
    "约翰·史密斯",
    "热依汗•买买提",
    "迪丽努尔·阿卜杜热合曼",
]
_DOUBLE = (
    "欧阳倩",
    "司马文涛",
    "上官雪",
    "诸葛建明",
    "皇甫静",
    "令狐海波",
    "慕容丹",
    "尉迟刚",
)
_TOWNS = (
    "江南省临江市滨河区",
    "浙江省杭州市西湖区",
    "北京市海淀区",
    "临江市",
    "安徽省阜阳市颍州区",
    "上海市浦东新区",
    "滨河区",
    "广东省佛山市南海区",
    "",
)
_ROADS = [
    "解放路",
    "文化巷",
    "建设大道",
    "学府路",
    "新华街",
    "人民东路",
    "向阳胡同",
    "滨河南路",
    "和平里大街",
]
_ESTATES = [
    "翠湖花园",
    "阳光小区",
    "金色家园",
    "枫林苑",
    "锦绣华庭",
    "万和城",
    "幸福新村",
    "东湖公寓",
]
_VILLAGES = (
    "王家庄村",
    "大李村",
    "柳林镇石桥村",
    "河口乡前进村",
    "城关镇东关村",
)
# Given names by what parents of six decades call their children; nobody asked what masking reads.
_GIVEN: list[str] = re.findall(
    r"\w+",
    "建国 桂英 秀兰 玉梅 志强 国庆 卫东 红梅 春燕 海燕 丽华 爱民 援朝 跃进 淑芬 凤英 金花 "
    "树林 俊杰 伟 磊 静 婷婷 晓东 雪梅 文静 思远 梦瑶 浩然 子轩 梓涵 雨桐 欣怡 一诺 可馨 诗涵 "
    "宇航 皓轩 若曦 沐宸 依诺 语彤 嘉懿 煜城 鹏飞 振华 德胜 永强 福根 水生 招娣 来弟 满仓 "
    "大伟 小红 秋菊 冬梅 艳 娜 勇 军 洋 超 杰 敏 雷 帅 欢 星 晗 洛 旻 垚 犇 赟 囡 娴 骁 凡 卿 "
    "树 朝晖 承志 念慈 知远 向东 白露 晚晴 中华 ",
)
_APART = (" ", "　", "·", "  ")
_UNSEEN = ("\u200b", "\u2060", "\u200d", "\ufe0f", "\u3164")
_BANKERS = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
_CIRCLES = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_LIKE_LETTERS = str.maketrans("01", "OI")
_ODD_MARKS = ("，", "、", "~", "|", "*", "＊", ":", "/", "；", "=", " / ", "～")
_PROVINCES = "京沪粤苏浙皖鲁川渝鄂湘闽"


class Inventor:
    """Fills the slots of ``data/personal.csv``."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def fill(self, slot: str) -> str:
        """The words for a slot, marked when personal. Raises AttributeError for an unknown one."""
        words: str = getattr(self, f"_{slot}")()
        kind = slot.partition("_")[0]
        if OPEN in words or kind in ("order", "contract", "n4"):
            return words
        return f"{OPEN}{words}{CLOSE}"

    def _figures(self, count: int) -> str:
        return "".join(str(self.rng.randrange(10)) for _ in range(count))

    def _written(self, number: str, sizes: tuple[int, ...]) -> str:
        habit = self.rng.random()
        if habit < 0.45:
            return number
        if habit < 0.55:
            return number.translate(_WIDE)
        if habit < 0.63 and number.isdecimal():
            return number.translate(_SAID)
        ends = [sum(sizes[:count]) for count in range(1, len(sizes) + 1)]
        groups = [number[a:b] for a, b in pairwise([0, *ends, len(number)]) if number[a:b]]
        return self.rng.choice(" -  \n").join(groups)

    def _phone(self) -> str:
        said = self._written(people.phone(self.rng), (3, 4))
        code = self.rng.choice(("", "", "", "+86 ", "0086")) if said[0] == "1" else ""
        return f"{code}{OPEN}{said}{CLOSE}"

    def _landline(self) -> str:
        line = self.rng.choice("2345678") + self._figures(7)
        area = self.rng.choice(("0571-", "010-", "(0512)", "021 ", "0571—", ""))
        return f"{OPEN}{area}{line}{CLOSE}" + self.rng.choice(("", "", "转802", "-8012"))

    def _identity(self) -> str:
        said = self._written(self._identity_number(), (6, 8))
        return said.replace("X", self.rng.choice("xX"))

    def _identity_number(self) -> str:
        born = date(1990, 1, 1) + timedelta(days=self.rng.randrange(-15000, 7000))
        return people.id_number(self.rng, born, self.rng.random() < 0.5)

    def _identity_slip(self) -> str:
        number = self._identity_number()
        wrong = str((int(number[16]) + 1 + self.rng.randrange(8)) % 10)
        return self._written(number[:16] + wrong + number[17:], (6, 8))

    def _identity_old(self) -> str:
        return (
            f"3201{self._figures(2)}{self.rng.randrange(40, 90)}0{self.rng.randrange(1, 10)}15"
            + (self._figures(3))
        )

    def _passport(self) -> str:
        return self.rng.choice("EG") + self._figures(8)

    def _passport_foreign(self) -> str:
        return self.rng.choice(("K", "AB", "", "N")) + self._figures(8)

    def _permit(self) -> str:
        return self.rng.choice(("H", "M", "C", "CA")) + self._figures(8)

    def _permit_taiwan(self) -> str:
        return self._figures(8)

    def _identity_hongkong(self) -> str:
        return f"{self.rng.choice('ABCKY')}{self._figures(6)}({self._figures(1)})"

    def _card(self) -> str:
        return self._written(people.card(self.rng), (4, 4, 4, 4))

    def _card_slip(self) -> str:
        number = people.card(self.rng)
        return self._written(number[:-1] + str((int(number[-1]) + 3) % 10), (4, 4, 4, 4))

    def _account(self) -> str:
        return self.rng.choice("123456789") + self._figures(self.rng.choice((11, 13, 14, 16, 18)))

    def _plate(self) -> str:
        head = self.rng.choice(_PROVINCES) + self.rng.choice("ABCDEF")
        gap = self.rng.choice(("", "", "·", " ", "-"))
        tail = self.rng.choice(
            (
                self._figures(5),
                self.rng.choice("BCHK") + self._figures(4),
                self._figures(3) + "KM",
                "D" + self._figures(5),
                self._figures(5) + "F",
                self._figures(4) + self.rng.choice("学警挂"),
            )
        )
        if self.rng.random() < 0.08:
            return f"粤Z{self._figures(4)}{self.rng.choice('港澳')}"
        return head + gap + (tail.lower() if self.rng.random() < 0.1 else tail)

    def _email(self) -> str:
        return f"{self.rng.choice(('li.na', 'wang_88', 'a'))}{self._figures(4)}@example.com"

    def _wechat(self) -> str:
        return f"{self.rng.choice(('wx', 'lina', 'sun_'))}{self._figures(6)}"

    def _qq(self) -> str:
        return self.rng.choice("123456789") + self._figures(self.rng.randrange(7, 10))

    def _name(self) -> str:
        return people.staff_name(self.rng)

    def _name_met(self) -> str:
        return people.staff_name(self.rng)[0] + self.rng.choice(_GIVEN)

    def _name_begun(self) -> str:
        return self._name_met()

    def _name_unannounced(self) -> str:
        return self._name_met()

    def _name_apart(self) -> str:
        return self.rng.choice(_APART).join(self._name_met())

    def _name_unseen(self) -> str:
        return self.rng.choice(_UNSEEN).join(self._name_met())

    def _phone_disguised(self) -> str:
        return self._disguised(people.phone(self.rng), (3, 7))

    def _identity_disguised(self) -> str:
        number = self._identity_number()
        if number.endswith("X"):
            return number[:-1] + self.rng.choice("×✕Х")
        return self._disguised(number, (6, 14))

    def _disguised(self, number: str, cuts: tuple[int, int]) -> str:
        """The number as somebody writes it who means to be called and not to be found."""
        first, second, third = number[: cuts[0]], number[cuts[0] : cuts[1]], number[cuts[1] :]
        mark = self.rng.choice(_ODD_MARKS)
        forms = (
            number.translate(_BANKERS),
            number.translate(_CIRCLES),
            "".join(f"{digit}\ufe0f\u20e3" for digit in number),
            mark.join((first, second, third)),
            mark.join(number),
            f"({OPEN}{first}){second}{third}{CLOSE}",
            f"{first} ({second}) {third}",
            first + second.translate(_SAID) + third,
            first.translate(_BANKERS) + second + third.translate(_SAID),
            first + second.translate(_LIKE_LETTERS) + third,
        )
        return self.rng.choice(forms)

    def _name_foreign(self) -> str:
        return self.rng.choice(_FOREIGN)

    def _name_double(self) -> str:
        return self.rng.choice(_DOUBLE)

    def _number(self) -> str:
        return str(self.rng.randrange(1, 300))

    def _address(self) -> str:
        place = f"{self.rng.choice(_ROADS)}{self._number()}号"
        inside = self.rng.choice(("", "3栋502室", f"{self._number()}室", "院2号楼1单元301"))
        return f"{self.rng.choice(_TOWNS)}{OPEN}{place}{inside}{CLOSE}"

    def _address_estate(self) -> str:
        number = self.rng.randrange(1, 40)
        home = self.rng.choice(
            (f"{number}栋2单元301室", f"{number}幢1201", f"{number}号楼502", f"{number}-2-501")
        )
        return f"{self.rng.choice(_TOWNS)}{OPEN}{self.rng.choice(_ESTATES)}{home}{CLOSE}"

    def _address_village(self) -> str:
        home = self.rng.choice(("3组", "五组12号", "8号", "二队"))
        return f"{self.rng.choice(_TOWNS)}{OPEN}{self.rng.choice(_VILLAGES)}{home}{CLOSE}"

    def _order(self) -> str:
        return self._figures(self.rng.choice((16, 18, 20, 22)))

    def _contract(self) -> str:
        return f"2024{self._figures(8)}"

    def _n4(self) -> str:
        return self._figures(4)
