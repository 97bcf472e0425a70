"""Who writes a number or a name so that no search finds it is still read by a person: it is masked.
Words that only look like it stay."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine import redaction
from sujin.engine.text import redact
from sujin.engine.unseen import seen

PATIENT = settings(deadline=None)  # the first call of all compiles
PHONE = "13800138000"
DISGUISED_PHONES = (
    "壹叁捌零零壹叁捌零零零", "138，0013，8000", "138~0013~8000", "138～0013～8000",
    "138、0013、8000",
    "138|0013|8000", "138 (0013) 8000", "(138)00138000", "（138）0013 8000", "138零零138零零零",
    "13800I38OOO", "138 OO13 8OOO", "138*0013*8000", "138/0013/8000", "138:0013:8000",
    "1/3/8/0/0/1/3/8/0/0/0", "1，3，8，0，0，1，3，8，0，0，0", "1 3 8 / 0 0 1 3 / 8 0 0 0",
    "壹38零零一三8000", "l38ОО138ＯＯＯ", "138…0013…8000", "138！0013！8000", "138；0013；8000",
    "13８0０1３8O00", "138----0013----8000", "138……0013……8000", "138 和 0013 和 8000",
    "138与0013与8000", "幺叁捌洞洞幺叁捌洞洞洞", "幺三八洞洞幺三八洞洞洞",
)  # fmt: skip


@pytest.mark.parametrize("written", DISGUISED_PHONES)
def test_a_disguised_telephone_number_is_masked(written: str) -> None:
    found = redact(f"信用卡年费多收，电话{written}，请联系").found
    assert [(each.kind, each.value) for each in found] == [("phone", PHONE)]


@pytest.mark.parametrize("cross", "×✕✖ⅩХ")
def test_a_cross_ends_an_identity_number_as_an_x_does(cross: str) -> None:
    assert redact(f"身份证11010519491231002{cross}。").text == "身份证1****************X。"


def test_other_disguised_numbers_are_masked_when_their_check_holds() -> None:
    assert redact("证110105，19491231，002X。").text == "证1****************X。"
    assert redact("证壹壹零壹零伍19491231零零贰X。").text == "证1****************X。"
    assert redact("卡6222，0212，3456，7890，128。").text == "卡622202*********0128。"


NAMES = ("徐怡佳", "王芳", "李建国", "张一诺", "刘向东", "欧阳倩", "陈雷")
WHERE = (
    "我{}因为信用卡被盗刷来投诉", "我{}要求退还年费", "我{}的卡被盗刷", "我{}在贵行办理贷款",
    "您好我{}，年费多收了", "我（{}）投诉", "我和{}一起办的", "我朋友{}介绍", "儿子{}办的卡",
    "女儿{}在外地", "同事{}也遇到", "转账给{}一万元", "转账给{}5000元", "此致，{}",
    "此致{}2026年3月2日",
    "敬礼！{}", "消费者{}投诉", "{}投诉贵行", "{}，女，45岁，投诉年费",
    "{}因为信用卡年费被多收来投诉",
    "我媽{}信用卡年费多收了", "我{}没有找代理", "我叫 {}，年费多收", "我是 {}，年费多收",
)  # fmt: skip


@pytest.mark.parametrize("said", WHERE)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_its_place_gives_away_is_masked(said: str, name: str) -> None:
    surname = name[:2] if name.startswith("欧阳") else name[0]
    assert redact(said.format(name)).text == said.format(f"{surname}某")


@pytest.mark.parametrize(
    "written",
    [
        "徐 怡 佳", "徐　怡　佳", "徐·怡·佳", "徐 怡佳", "徐怡 佳", " 徐 怡 佳", "徐\u200b怡佳",
        "徐\u200b怡\u2060佳", "徐\ufe0f怡\ufe0f佳", "徐\u3164怡\u3164佳", "\u202e徐怡佳\u202c",
        "徐\u00ad怡佳", "徐怡\n佳", "徐\n怡佳",
    ],
)  # fmt: skip
def test_a_name_pulled_apart_is_masked(written: str) -> None:
    masked = redact(f"我叫{written}，信用卡年费多收了")
    assert [each.value for each in masked.found] == ["徐怡佳"]
    assert not {"怡", "佳"} & set(masked.text)


def test_a_name_of_another_nation_is_masked_behind_what_gives_it() -> None:
    assert redact("我叫古丽努尔，信用卡年费多收了").text == "我叫古某，信用卡年费多收了"


@pytest.mark.parametrize(
    "text",
    [
        "我向贵行反映", "本人向贵行反映过", "本人于凌晨3点被扣款", "我和平安银行签的合同",
        "我跟经理说过",
        "我高兴地来", "我方便的时候再来", "我常年在外地", "我马上要求退款", "我金卡被降级",
        "我谢贵行的关照",
        "我付清，贵行却说没有", "我何必投诉", "我温州人", "我郑重要求退款", "我付保险费",
        "我任意一天",
        "儿子高考，急用钱", "女儿成年，自己办的卡", "同学关系，借的钱", "朋友介绍的理财",
        "妈妈高血压",
        "转账给商家一万元", "打给银行三次", "找高利贷", "消费者向银行投诉", "消费者权益保护",
        "此致敬礼", "此致中国银行", "此致江苏银行", "周五投诉没人接", "高额投诉", "平安投诉热线",
        "高铁因为晚点", "郑州的信用卡", "周三，女，柜台", "安全要求太高", "客户王 先生来电",
        "经理李 明天来",
        "还款1380，1200，1300，1250元", "1500，3000，2000元", "1380，0138，8000三张卡",
        "100、200、300、400、500", "2020.1.1-2021.12.31", "13：05，14：20，15：30",
        "138和0013都是尾号，8000元", "1380元和1200元和1300元", "1380----2000----3000",
        "我叫苦\n连天", "洞拐两百元", "13个洞，8000元",
        "利率3.85，4.35，4.9，5.1", "1、2、3、4、5、6、7、8、9、10、11、12期",
        "电话95588，12378，12363",
        "2021/03/15 10:05:36、13:06:07", "138****8000，0013", "13800138元O00",
    ],
)  # fmt: skip
def test_what_only_looks_disguised_stays(text: str) -> None:
    assert redact(text).text == text


PIECES = st.sampled_from(
    [
        *DISGUISED_PHONES[:8], *NAMES[:3], "我", "儿子", "此致", "消费者", "转账给", "我和",
        "一起", "因为",
        "，女，", "投诉", " ", "·", "\u200b", "\ufe0f", "壹", "O", "1", "×", "，", "*", "@",
        "某", "138", "0013",
        "8000", "****", "110105", "19491231", "002X",
    ]
)  # fmt: skip


@PATIENT
@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_masked_text_has_nothing_left_to_mask(text: str) -> None:
    masked = redact(text)
    assert redact(masked.text).found == ()
    assert all(a.end <= b.start for a, b in pairwise(masked.found))
    assert all(0 <= each.start < each.end <= len(text) for each in masked.found)


@given(st.text() | st.lists(PIECES, max_size=8).map("".join))
def test_every_seen_character_has_its_place(text: str) -> None:
    plain = seen(text)
    if plain is not None:
        assert all(text[plain.places[at]] == char for at, char in enumerate(plain.text))
        assert list(plain.places) == sorted(set(plain.places)) and plain.places[-1] == len(text)


def test_who_does_not_look_for_disguises_lets_them_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad control: without the new searches every one of them stays readable."""
    new = ("disguised_numbers", "spaced_persons")
    blind = tuple(one for one in redaction._SEARCHES if one[1].__name__ not in new)
    monkeypatch.setattr(redaction, "_SEARCHES", blind)
    monkeypatch.setattr(redaction, "seen", lambda text: None)
    texts = [f"电话{one}，请联系" for one in DISGUISED_PHONES] + [
        "我叫徐 怡 佳，",
        "我叫徐\u200b怡佳，",
    ]
    assert not [text for text in texts if redact(text).found]


@pytest.mark.parametrize(
    "piece",
    [
        "壹叁",
        "1，",
        "O1l",
        "我叫王 ",
        "儿子王芳",
        "此致王",
        "我王芳",
        "王芳，女",
        "徐\u200b怡",
        "我和王一",
        "O",
    ],
)
def test_hostile_disguises_take_no_longer_than_their_length(piece: str) -> None:
    began = time.process_time()
    redact(piece * (100_000 // len(piece)))
    assert time.process_time() - began < 3
