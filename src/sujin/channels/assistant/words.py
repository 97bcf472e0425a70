"""What the assistant says of its own: never about the matter, only about what happens next."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine import converse
from sujin.engine.converse import Act
from sujin.knowledge.assistant import rules
from sujin.knowledge.models import Turn

# By the signal that was heard.
_HEARD: Mapping[str, Promise] = {
    "fraud": _(
        "请马上拨打下面的电话，挂失或止付；不要再转账，验证码不要告诉任何人。"
        "怀疑被骗，请同时报警 110。"
    ),
    "safety": _(
        "您的安全最要紧。请马上拨打下面的电话，有人会听您说；人身有危险时，请拨打 110 或 120。"
    ),
    "distress": _("您的情况着急，请专人来帮您。您说过的话会一起转过去，不用再说一遍。"),
    "person": _("好的，请专人帮您。您说过的话会一起转过去，不用再说一遍。"),
    "steering": _("我只回答本行已经公布的业务问题，不按别的要求做。"),
    "advice": _("我不预测涨跌，也不推荐投资。想了解产品，请到网点或请专人介绍。"),
    "elsewhere": _("这件事不归银行办，请问主管的部门或单位。银行的业务，请再问我。"),
    "greeting": _("您好。请直接说您想问的业务，例如：取款机吞卡了怎么取回来。"),
    "own_data": _(
        "我看不到任何人的账户，也不能代办业务。请在手机银行里查看办理，或由专人核实身份后帮您。"
    ),
}
_OF_COMPLAINT = _(
    "让您遇到这样的事，很抱歉。这件事应当由专人办理，不该由机器答复。您说过的话会一起转过去。"
)
_OTHERWISE: Mapping[str, Promise] = {
    converse.SHORT: _("您说得有点短，我不敢乱猜。您想问的是下面哪一个？"),
    converse.NEAR: _("有几个相近的问题，您想问的是下面哪一个？"),
    converse.SURE: _("这是本行公布的答复："),
    converse.CHOSEN: _("这是本行公布的答复："),
    converse.UNKNOWN: _(
        "这个问题我没有可靠的答案，不能乱说。您可以换个说法再问一次，或者请专人帮您。"
    ),
    converse.TWICE: _("没能帮上您，对不起。请专人来办，您说过的话会一起转过去，不用再说一遍。"),
    converse.UNHELPED: _("没能帮上您，对不起。请专人来办，您说过的话会一起转过去，不用再说一遍。"),
}


def said(turn: Turn) -> str:
    """The sentence above whatever is quoted or offered."""
    signal = {row.row: row.signal for row in rules().rows}.get(turn.because, "")
    if turn.act == Act.HAND_OVER.value and signal and signal not in _HEARD:
        return str(_OF_COMPLAINT)
    heard = _HEARD.get(signal) or _OTHERWISE.get(turn.because)
    return str(heard or _OTHERWISE[converse.UNKNOWN])


def known_already() -> str:
    """To whoever hands a conversation over again."""
    return _t(
        "这次对话先前已经交给专人，编号不变；这一次填的内容没有另外登记。"
        "要换电话或补充，请拨打 %(phone)s 并报编号。"
    ) % {"phone": settings.INSTITUTION_PHONE}
