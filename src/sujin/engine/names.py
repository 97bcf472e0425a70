"""The name by which a customer introduces himself, read out of his own words.

Only what follows "我叫", "我是", "姓名" and the like is looked at, and only when it begins with a
surname and ends where a name ends: a form that is filled with a wrong name is worse than an empty
one.
"""

import re

# The surnames of about nine in ten (ministry of public security, name report 2020), the commonest
# of two characters added.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔"
    "向常汤康易乔赖庞樊兰殷施洪翟颜倪温芦俞葛关柳"
)
DOUBLE = "欧阳|上官|司马|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木"
_SAYS = r"(?:我的名字[是叫]|我名叫|我叫|姓名(?:是|为)?\s?[:：]?\s?|本人|我是)"
_NAME = rf"(?:(?:{DOUBLE})[一-鿿]{{1,2}}|[{SURNAMES}][一-鿿]{{1,2}})"
_ENDS = r"(?=$|[\s，,。.、；;：:！!（(]|手机|电话|身份证|证件|今年|卡号|[0-9０-９])"
_SAID = re.compile(rf"{_SAYS}({_NAME}){_ENDS}")
# Begins like a name and is none.
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "常客 高管 金卡 白领 白金卡 房东 房主 车主 万元户 高龄 方便 安静 关注 向你 向您 于是 任何"
        " 白天 金融 高中生 毛病 石油工 夏天",
    )
)


def stated_name(text: str) -> str:
    """The first name somebody gives as his own, or "" when none is given clearly."""
    found = (match[1] for match in _SAID.finditer(text))
    return next((name for name in found if name not in _NO_NAMES), "")
