"""Names of people in free text, where something says that a name stands there.

A name is a surname and one or two characters between a word that announces it (我叫, 户名：, 经理,
转给, 我爱人) or a title behind it (王建国经理) and the end of a name. Where the announcement is weak,
the given name must be made of characters that given names are made of. A surname with a title
(王先生) and a name that is masked already (王某, 李**) are no names. Names of other nations are
read where a dot joins their parts.
"""

import re
from collections.abc import Iterator

from sujin.engine.addresses import Span
from sujin.engine.names import DOUBLE, SURNAMES

_MORE_SURNAMES = (
    "毕耿牛詹鲁岳齐聂阎申池梅祝欧葛麦倪凌甘邢安章童伍裴柯辛管祁阮焦游苗纪涂喻盛翁左卓古匡代骆蒙晏穆"
    "尤卞冉鲍华庄戚娄屈席鹿滕晋宫仇樊窦栾谷苟靳隋晁桑"
)
# Characters that make up most given names; of the rest a name has rarely more than one.
_GIVEN_CHARS = (
    "秀英芳娜敏静丽艳娟霞玲桂兰红梅春燕雪琴慧婷莹洁丹萍倩颖蓉瑶妍琳晴怡佳欣悦梦彩凤淑珍素云伟强磊军勇涛"
    "明超刚平辉鹏华飞斌波浩宇杰亮建国志永庆海东文林峰凯旭晨阳俊博毅成龙振宏德福根水小子玉晓金立新荣美生爱"
    "家学清光振泽豪轩涵萱诗琪雅嘉鑫雨思佩若菲彬祥胜利忠义礼智信兴旺富贵全财宝贤良松柏竹菊荷莲莉薇芬芝香翠"
    "翔栋梁柱铭锋剑锦程远达益康健安宁顺喜乐和瑞祺睿哲昊天宸奕航朗川江河湖洋源泉润泽洪沛济浪溪沁沫昌隆盛耀煜"
    "灿炜焕煌炎炳灵巧惠蕾蕊芸苗茜茹莎菁萌蓓蔚蕙薛岚岩岳崇巍峻嵘帆帅广彦彤影徽恒恩悌惟愉慈懿扬拓振捷操政敬"
    "斯方昆昕昱映晋晖晟景晶普智暄曙曦朋望本朴权枫柔柯栩桐桦梓森楠榕樱歆武民沐沛泓泰淇淼渊湘溢滨滢漫澄澜瀚"
    "然熙爽牧玮玥珂珊珠珺琦琛琨琬瑜瑾璇璐璟瑛甜登睦硕磐祖禄禹秋秉科秦稷穆竣童笑筠简米粤绍纯纪纲绅绪维绮缨"
    "羽翰耕聪肖胤能舒舟艺艾节芊芙芮芷苏苑苹茂茵荃莘萧葆蒙蓝虎虹蝶行衡裕誉谊谦贝贞贺赫超越跃路轶辰逸邦郁采钊"
    "钢钦钧铁铎银锐镇长门阔陆隽雄雁雯霄霆霏霖露青靖鞠韬韵颜风飘飙馨马驰骏骥高魁鲁鸣鸿鹃鹤麒麟麦黎齐龄仁仪佑侃"
    "倪儿元先兆克冬冠冰凌则劲励勤北南卉卓双发叶君启吉喆园坚坤培基墨士夏夫奇奎妃妙妮姗姝姣娇婉婕媛媚嫣孝存孟宗"
    "定宜尚尧展山川岗峥左巧帝常年庭开弘彪律心必怀恺情意才抒招"
    "月三四五"
)
_NOT_GIVEN = "的了是在说称给让我你他她它们这那吗呢吧啊呀么什某也就都不没很些哪"
_SAID_DIGIT = "零〇一二三四五六七八九幺"
# A given name ends before a number that is spoken digit by digit.
_SPOKEN = f"[{_SAID_DIGIT}]{{3}}"
_FREE = f"(?!{_SPOKEN})(?:(?![{_NOT_GIVEN}])[一-鿿])"
_USUAL = f"(?!{_SPOKEN})[{''.join(sorted(set(_GIVEN_CHARS)))}]"
_FAMILY = f"(?:{DOUBLE}|[{SURNAMES}{_MORE_SURNAMES}])(?!先生|女士|小姐|经理|行长|主任|老师|律师)"
SURNAME_STARTS = f"{SURNAMES}{_MORE_SURNAMES}{''.join(one[0] for one in DOUBLE.split('|'))}"
_FOLLOWS = (
    "的|说|称|来[电行函信]|致电|反映|表示|投诉|告诉|告知|答应|承诺|给|向|在|于|到|对|与|和|及|因|办理|名下"
    "|电话|手机|身份证|证件|卡号|账号|先生|女士|经理|行长|主任|柜员|态度|服务|不|没|让|叫|就|把|是|也|却"
    "|一直|要求|认为|打电话|今[年天]|昨天|[男女]|同志|本人|去|等|咨询|申请|拒|推|骗|收|拿|并|以|之|将|签|其"
)
_END = rf"(?=$|[^一-鿿]|{_FOLLOWS}|[{_SAID_DIGIT}]{{4}})"
_CLOSE_END = rf"(?=$|[^一-鿿]|手机|电话|身份证|证件|今年|卡号|[{_SAID_DIGIT}]{{4}})"
_ROLE = (
    "(?:姓名|户名|收款人|付款人|持卡人|开户人|联系人|担保人|受益人|借款人|投保人|被保险人|投诉人|申请人"
    "|法人|法定代表人|户主|经办人|代理人|代办人|客户|本人|署名|监护人)"
)
_TITLE = "(?:经理|行长|主任|柜员|信贷员|业务员|客服|专员|主管|坐席|催收员|工作人员|理财师|顾问|保安|律师|警官|法官)"
_KIN = "(?:我|其|她|他|本人|客户)(?:的)?(?:爱人|妻子|丈夫|老公|老婆|妈妈?|爸爸?|父亲|母亲|儿子|女儿|弟弟|妹妹|哥哥?|姐姐?|爷爷|奶奶|朋友|同事)"
_GIVES = "(?:转给|转账给|汇给|借给|打给|转给了|借给了|汇款给|付给|卖给|过户给|找|联系)"
_STRONG = rf"(?:我的?名字[叫是]|我名叫|我叫|名叫|本人叫|[个位]叫做?|{_ROLE}(?:姓名|名字|名)?(?:[是为叫]|\s?[:：]\s?))"
# The last characters of everything that announces a name.
CUE_ENDS = (
    "字是叫名人做姓为:：户主理本署长任员服管席师问安官人子夫公妈爸亲儿女弟妹哥姐爷奶友同事给了找系"
)
DOTS = "·•・‧"
_WEAK = rf"(?:{_ROLE}|{_TITLE}|{_KIN}(?:叫)?|{_GIVES}) ?"
_CUE_STARTS = (
    "我其她他本名个位姓户收付持开联担受借投被申法经代客署监行主柜信业专坐催工理顾保律警转汇打卖过找"
)
_NAME = re.compile(
    # The look-ahead decides nothing; it lets the scan skip most characters.
    rf"(?=[{_CUE_STARTS}{SURNAME_STARTS}])(?:{_STRONG}(?P<told>{_FAMILY}{_FREE}{{1,2}}){_END}"
    rf"|{_WEAK}(?P<near>{_FAMILY}(?:{_USUAL}){{1,2}}){_END}"
    rf"|我是(?P<self>{_FAMILY}(?:{_USUAL}){{1,2}}){_CLOSE_END}"
    rf"|(?<![一-鿿])(?P<titled>{_FAMILY}(?:{_USUAL}){{1,2}})"
    r"(?=先生|女士|小姐|同志|经理|行长|主任|老师|律师|警官|说|告诉我|答应|承诺))"
)
_SOUNDS = (
    "山阿艾买提吐尔逊古丽娜不都拉尼瓦洪依汗热迪努卜杜合曼玛亚伊万诺约翰史密斯米尔扎赛麦图沙巴哈卡木江江克"
    "里力帕西马德罗伯特安吉大卫杰森戴维彼得迈尔查理乔治玛丽凯瑟琳莉娅萨苏菲露易娃耶夫斯基弗拉格次仁丹增央"
    "扎多旺堆珠平措桑布顿达松塔肉孜祖奴艾再穆萨乌甫如仙孜比丝亨普汤姆威廉"
)
_FOREIGN = re.compile(f"(?P<foreign>[{_SOUNDS}]{{2,8}}(?:[·•・‧][{_SOUNDS}]{{2,10}}){{1,3}})")
_NO_NAMES = frozenset(
    "高高 高明 高峰 高兴 高利 高达 高贵 方正 方才 万福 万能 万达 金华 金龙 金星 金科 金宝 金元 金利 金山 金融"
    " 江南 江山 江苏 江西 江北 江东 江门 石林 石家 石化 马达 马上 马路 安全 安心 安康 安宁 安利 安家 华夏 华信"
    " 全家 成本 常年 常德 常州 向上 关心 任意 任行 任性 张家 张江 白天 白金 白银 白水 黄金 黄河 黄山 黄海 温泉"
    " 温州 温馨 梅州 严明 严格 康健 夏天 夏季 于心 方方 古文 古代 代理 代办 代理人 盛大 苏宁 苏州 苏南 苏北"
    " 武汉 毛利 贺年 钱宝 陆金 陆续 宋体 左右 申请 申明 申贝 管理 章程 程序 安徽 广东 华为 华泰 单元 汤臣 庄家"
    " 路过 严峻 方圆 方向 明天 马思 卓越 晋城 晋江 蓝天 齐全 蒙古 余元 任先 高新 白领 金卡 金额 范本 安装 安定"
    " 欧元 欧美 鲁能 盛京 和平 游泳 游戏 纪念 纪律 麦当 苗条 祝福 童年 古镇 华中 华南 华北 华东 华安 华润 毕业"
    " 代发 代行 谷歌 谷子 管家 甘心 童话 聂荣 席位 宫廷 屈从 庄园 章丘 齐心 鲁迅 温岭 于家 常熟 常青 严惩".split()
)


def persons(text: str) -> Iterator[Span]:
    """The names in `text` that begin with a Chinese surname, in order. Linear time."""
    for found in _NAME.finditer(text):
        kind = found.lastgroup or ""
        name = found[kind]
        if name[:2] not in _NO_NAMES and name not in _NO_NAMES:
            yield "person", name, *found.span(kind)


def foreigners(text: str) -> Iterator[Span]:
    """Names of other nations, their parts joined by a dot."""
    for found in _FOREIGN.finditer(text):
        yield "person", found[0], *found.span()
