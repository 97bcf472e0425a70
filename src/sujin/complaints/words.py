"""The words of the room for people: channels, kinds, lanes, roles of parties, clocks."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sujin.complaints.rulebook import lines, name_of

CHANNELS = {
    "counter": _("网点"),
    "hotline": _("95588"),
    "web_form": _("网上"),
    "assistant": _("智能助手"),
    "email": _("邮件"),
    "regulator": _("监管转办"),
    "csv": _("批量导入"),
}
KINDS = {
    "complaint": _("投诉"),
    "consultation": _("咨询"),
    "suggestion": _("建议"),
    "bud": _("苗头"),
}
LANES = {"ordinary": _("普通通道"), "regulator": _("监管通道")}
TIERS = {"urgent": _("紧急"), "complex": _("复杂"), "ordinary": _("普通")}
PARTY_ROLES = {
    "complainant": _("投诉人"),
    "agent": _("代理人"),
    "heir": _("继承人"),
    "representative": _("共同投诉代表人"),
}
VULNERABLE = {
    "elderly": _("老年"),
    "disabled": _("残障"),
    "minor": _("未成年"),
    "hardship": _("困难"),
}
SIGNALS = VULNERABLE | {
    "regulator": _("提及监管"),
    "media": _("媒体曝光"),
    "escalation": _("扬言升级"),
    "legal": _("诉讼"),
    "safety": _("人身安全"),
    "onsite": _("到场"),
    "anger": _("情绪激动"),
}
PERSONAL = {
    "name": _("姓名"),
    "id_number": _("证件号码"),
    "phone": _("手机号"),
    "card": _("卡号"),
    "account": _("账号"),
    "email": _("邮箱"),
    "address": _("地址"),
}
AXES = {
    "business": _("业务类别"),
    "cause": _("投诉原因"),
    "touchpoint": _("业务渠道"),
    "demand": _("客户诉求"),
}
FACTS = {
    "amount": _("涉及金额"),
    "people": _("人数"),
    "repeats": _("重复次数"),
    "vulnerable": _("特殊群体"),
    "regulator": _("监管转办"),
    "media": _("媒体曝光"),
    "escalation": _("扬言升级"),
    "legal": _("诉讼"),
    "safety": _("人身安全"),
}
OUTCOMES = {"merged": _("已并案"), "withdrawn": _("已撤诉")}
# What the pack's clocks cite; an article that is not listed is shown as the pack has it.
ARTICLES = {
    "本行规定": _("本行规定"),
    "银保监会令2020年第3号 第十八条": _("银保监会令2020年第3号 第十八条"),
    "银保监会令2020年第3号 第二十条": _("银保监会令2020年第3号 第二十条"),
}


def is_english() -> bool:
    return get_language() == "en"


def business(code: str, pack: str = "cn_bank") -> str:
    """The business class in the reader's language, top class first."""
    return name_of("business", code, english=is_english(), pack=pack) if code else ""


def named(axis: str, code: str) -> str:
    """A code of the house on any axis, its top class first."""
    return name_of(axis, code, english=is_english()) if code else ""


def cause(code: str, pack: str = "cn_bank") -> str:
    return name_of("cause", code, english=is_english(), pack=pack) if code else ""


def line(code: str) -> str:
    row = lines().get(code)
    return row["en" if is_english() else "zh"] if row else code
