"""What a question is wrapped in and an answer does not repeat: 请问, 怎么办, 我的, 谢谢.

Real questions hold as many such characters as telling ones, and in a collection of answers they
are rare, so that rarity alone would make them weigh most. A word that only looks like one (功能
holds 能) is listed beside them and protected.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from sujin.engine.terms import TermIndex


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_CHATTER = _listed(
    "请问 请教 想问 问一下 问下 咨询 咨询一下 我想 想要 我要 我想知道 你好 您好 谢谢 多谢 谢了 "
    "感谢 拜托 麻烦 急 求 求助 求解 求教 跪求 在线等 大神 大家 各位 朋友 亲 高手 专家 知道的 "
    "告诉 告诉我 帮忙 帮我 帮帮我 帮看看 指教 怎么 怎么样 怎么办 怎样 怎么弄 怎么回事 怎么搞 "
    "怎么做 咋 咋办 咋办理 咋弄 咋个 咋个办 咋整 哪能 哪能办 点算 点样 如何 何时 为什么 为啥 "
    "为何 凭什么 凭啥 什么 什么样 啥 啥子 么子 乜 哪 哪里 哪儿 哪个 哪些 哪种 边度 多少 多久 "
    "好久 几时 几多 几 有没有 是不是 能不能 可不可以 可以吗 行不行 要不要 会不会 好不好 对不对 "
    "可以 可否 能否 能 能够 会 要 想 需要 应该 吗 呢 啊 吧 呀 哦 噢 嘛 啦 咧 嘞 喔 哈 嗯 唉 哎 "
    "么 了 的 地 得 着 过 我 我的 我们 我家 你 你们 您 他 她 它 他们 人家 咱 俺 阿拉 侬 是 有 在 "
    "就 都 也 还 又 再 才 只 很 太 好 更 最 这 那 这个 那个 这样 那样 这些 那些 这种 一个 一下 "
    "一点 一些 有点 现在 刚才 刚刚 今天 昨天 之前 以前 后来 然后 但是 可是 不过 因为 所以 如果 "
    "要是 的话 时候 还是 或者 而且 和 与 跟 把 被 让 给 对 从 到底 究竟 知道 不知道 晓得 不晓得 "
    "觉得 感觉 意思 是什么意思 什么意思 回事 情况 问题 办法 方法 方式 事情 事 办 做 弄 搞 是否 "
    "有何 一直 总是 老是 已经 真的 其实 反正 上 下 里 去 来 用"
)
_PROTECTED = _listed(
    "功能 智能 性能 能力 目的 的确 有效 有限 有权 所有 没有 还有 含有 持有 占有 会计 会员 社会 "
    "工会 协会 会议 机会 要求 需求 要约 重要 主要 必要 想法 理想 几率 最低 最高 最后 最近 最新 "
    "太平 更改 更正 更新 更换 还款 归还 偿还 返还 还清 还贷 还钱 还不上 还不起 还本 到账 到期 "
    "来电 来源 往来 未来 用途 用户 费用 信用 使用 应用 公用 专用 用不了 备用 停用 启用 挪用 冒用 "
    "盗用 给付 付给 对公 对账 对私 对方 对象 核对 应对 存在 在途 在线 现在有 办理 代办 补办 办卡 "
    "新办 办公 办结 主办 做账 去世 过去 上门 上限 上班 上传 线上 上涨 上调 网上 掌上 上当 上海 "
    "下载 下调 下班 下限 线下 名下 下落 地址 地区 当地 本地 外地 异地 地方 落地 取得 所得 得到 "
    "得罪 过期 超过 过户 通过 过世 过程 经过 过错 着急 了解 了结 好友 好处 偏好 良好 就业 首都 "
    "事故 事由 同事 董事 理事 民事 刑事 急用 加急 应急 紧急 求职 请求 求证 是非 被盗 被骗 被锁 "
    "被封 被拒 被扣 被刷 被告 让利 转让 和解 与会 把关 再次 再贷 只进不出 才能 人才 亲属 亲自 "
    "亲戚 母亲 父亲 他行 他人 其他 吉他 哪怕 里程 公里 我行 家里 手里 搞丢 弄丢 搞错 弄错 弄坏 "
    "会话 不会 机能 可能 不能 只能 节能 用完 急诊"
)


@cache
def _index() -> TermIndex[bool]:
    words = dict.fromkeys(_CHATTER, True) | dict.fromkeys(_PROTECTED, False)
    return TermIndex([("chatter", word, is_chatter) for word, is_chatter in words.items()])


def is_chatter(folded: str) -> npt.NDArray[np.bool_]:
    """Of every character of a folded text, whether it only wraps a question. Where everything
    would be chatter, nothing is: it is all there is to go by."""
    found = np.zeros(len(folded), np.bool_)
    for start, word, _group, meanings in _index().hits(folded):
        end = start + len(word)
        found[start:end] = meanings[0]
    is_word = np.fromiter((char.isalnum() for char in folded), np.bool_, len(folded))
    return found & bool((is_word & ~found).any())
