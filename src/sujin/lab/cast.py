"""The cast: named people with a documented meaning, and the small bank they work in.

Tests and the demonstration use the same people. Branch A is 江南分行 (``JN``), branch B is
北川分行 (``BC``); ``CORE_PLAN`` is the smallest bank in which every one of them has a desk.
"""

from datetime import date

from sujin.lab.orgs import CENTRE, COMPANY, HEAD, City, branch, head_office
from sujin.platform.organisation import OrgPlan, OrgSpec, PersonSpec, PostSpec

SINCE = date(2024, 1, 1)

BRANCH_A, BRANCH_B = "JN", "BC"
BRANCH2_A, BRANCH2_B = "JN-01", "BC-01"
SUB_A, OUTLET_A, OUTLET_A_NEXT_DOOR = "JN-01-01", "JN-01-01-01", "JN-01-01-02"
OUTLET_B = "BC-01-01-01"

WANG_XIUYING = PersonSpec(
    "100101",
    "王秀英",
    "Wang Xiuying",
    "Teller at an outlet of branch A. Asked first; sees only what she took in or holds.",
)
LI_JIANGUO = PersonSpec(
    "100102",
    "李建国",
    "Li Jianguo",
    "Manager of the same outlet. Agrees the plan at once and closes what is ordinary.",
)
ZHAO_MIN = PersonSpec(
    "100103",
    "赵敏",
    "Zhao Min",
    "Agent at 95588. Takes calls from the whole country; has no branch of her own.",
)
CHEN_LI = PersonSpec(
    "100104",
    "陈立",
    "Chen Li",
    "Complaint handler at a second-level branch of A. Starts every day with the queue.",
)
SHEN_QIU = PersonSpec(
    "100105",
    "沈秋",
    "Shen Qiu",
    "Second handler at Chen Li's desk: takes over when he must stand aside.",
)
ZHOU_TAO = PersonSpec(
    "100106",
    "周涛",
    "Zhou Tao",
    "Complaint supervisor of first-level branch A: the second pair of eyes, the next level up.",
)
SUN_QIAN = PersonSpec(
    "100107",
    "孙倩",
    "Sun Qian",
    "The same post in branch B. Must see nothing of branch A: the known-bad control of reach.",
)
MA_JUN = PersonSpec(
    "100108",
    "马骏",
    "Ma Jun",
    "Complaint handler at a second-level branch of B: where a case goes when it moves to B.",
)
HE_JING = PersonSpec(
    "100109",
    "何静",
    "He Jing",
    "Owner of the personal-finance line at head office: answers branches, writes guidelines.",
)
LIU_YANG = PersonSpec(
    "100110",
    "刘洋",
    "Liu Yang",
    "Owner of the card line at head office: the second line when two must give an opinion.",
)
GAO_XIANG = PersonSpec(
    "100111",
    "高翔",
    "Gao Xiang",
    "Handler at the wealth-management company: ordinary product complaints reach him directly.",
)
SONG_YA = PersonSpec(
    "100112",
    "宋雅",
    "Song Ya",
    "Supervisor at the wealth-management company: approves what Gao Xiang drafts.",
)
LIN_LAN = PersonSpec(
    "100113",
    "林岚",
    "Lin Lan",
    "Consumer-protection analyst at head office: alarms, meetings, bulletins, guideline issues.",
)
ZHENG_GANG = PersonSpec(
    "100114",
    "郑刚",
    "Zheng Gang",
    "Vice-president in charge: wants the one red box, decides extensions of the last stage.",
)
WU_TONG = PersonSpec(
    "100115",
    "吴桐",
    "Wu Tong",
    "Regulator liaison at head office: turns transfer letters into cases and replies.",
)
QIAN_WEI = PersonSpec(
    "100116",
    "钱卫",
    "Qian Wei",
    "Internal auditor: reads the journal and every case, changes nothing, unmasks nothing.",
)
KONG_MINGYU = PersonSpec(
    "100117",
    "孔明宇",
    "Kong Mingyu",
    "System administrator: keeps people and posts, must not read a single complaint.",
)

TIAN_YE = PersonSpec(
    "100118",
    "田野",
    "Tian Ye",
    "Liaison officer of first-level branch A: the company's short way to any outlet of his branch.",
)
QIN_LAN = PersonSpec(
    "100119",
    "秦兰",
    "Qin Lan",
    "Deputy liaison officer of branch A: stands in when Tian Ye is away.",
)
GU_WEN = PersonSpec(
    "100120",
    "顾文",
    "Gu Wen",
    "Expert on call for cards at head office: an outlet reaches her in two clicks.",
)

CAST: tuple[PersonSpec, ...] = (
    WANG_XIUYING,
    LI_JIANGUO,
    ZHAO_MIN,
    CHEN_LI,
    SHEN_QIU,
    ZHOU_TAO,
    SUN_QIAN,
    MA_JUN,
    HE_JING,
    LIU_YANG,
    GAO_XIANG,
    SONG_YA,
    LIN_LAN,
    ZHENG_GANG,
    WU_TONG,
    QIAN_WEI,
    KONG_MINGYU,
    TIAN_YE,
    QIN_LAN,
    GU_WEN,
)

_DESKS: tuple[tuple[PersonSpec, str, str], ...] = (
    (WANG_XIUYING, OUTLET_A, "teller"),
    (LI_JIANGUO, OUTLET_A, "outlet_manager"),
    (ZHAO_MIN, CENTRE, "agent"),
    (CHEN_LI, BRANCH2_A, "handler"),
    (SHEN_QIU, BRANCH2_A, "handler"),
    (ZHOU_TAO, BRANCH_A, "supervisor"),
    (SUN_QIAN, BRANCH_B, "supervisor"),
    (MA_JUN, BRANCH2_B, "handler"),
    (HE_JING, f"{HEAD}-PERSONAL", "line_owner"),
    (LIU_YANG, f"{HEAD}-CARD", "line_owner"),
    (GAO_XIANG, COMPANY, "company_handler"),
    (SONG_YA, COMPANY, "supervisor"),
    # An analyst's reach is the whole bank, so her post hangs at the head office itself.
    (LIN_LAN, HEAD, "analyst"),
    (ZHENG_GANG, HEAD, "manager"),
    (WU_TONG, HEAD, "regulator_liaison"),
    (QIAN_WEI, HEAD, "auditor"),
    (KONG_MINGYU, HEAD, "sysadmin"),
    (TIAN_YE, BRANCH_A, "liaison"),
    (QIN_LAN, BRANCH_A, "handler"),
    (GU_WEN, f"{HEAD}-CARD", "expert"),
)

CITIES_A = (City("临江", "Linjiang", (2, 1)), City("望溪", "Wangxi", (1,)))
CITIES_B = (City("石桥", "Shiqiao", (2,)), City("云坡", "Yunpo", (1,)))

CORE_ORGS: tuple[OrgSpec, ...] = (
    *head_office(),
    *branch(BRANCH_A, "江南", "Jiangnan", CITIES_A),
    *branch(BRANCH_B, "北川", "Beichuan", CITIES_B),
)
CAST_POSTS: tuple[PostSpec, ...] = tuple(
    PostSpec(person.staff_no, org, role, SINCE) for person, org, role in _DESKS
)
CORE_PLAN = OrgPlan(CORE_ORGS, CAST, CAST_POSTS)
