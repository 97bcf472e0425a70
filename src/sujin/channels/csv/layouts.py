"""The kinds of file we know: our field -> what the world writes above that column.

Headers are compared by ``plain``: letters, digits and Chinese characters only, small letters.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sujin.channels.csv import wording
from sujin.channels.csv.wording import Dictionary

AUTO = "auto"


@dataclass(frozen=True)
class Layout:
    """One kind of file; ``code`` is the source of its external ids, ``headers`` field -> names,
    the likelier first; ``words`` understands Latin names that are not among them."""

    code: str
    pack: str
    headers: Mapping[str, str]
    words: Dictionary

    @cached_property
    def field_of(self) -> Mapping[str, tuple[int, str]]:
        """Plain header -> its place among the names of its field, and the field."""
        return {
            plain(header): (place, name)
            for name, row in self.headers.items()
            for place, header in enumerate(row.split("|"))
        }

    def meanings(self, header: str) -> set[str]:
        """The fields a header may stand for, by its whole name or by its words."""
        known = self.field_of.get(plain(header))
        return {*self.words.fields(header), *((known[1],) if known else ())}


@lru_cache(4096)
def plain(header: str) -> str:
    """``Consumer_consent-provided?`` and ``Consumer consent provided`` are the same header."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


# The official export, its layout before 2017 and the names of the bureau's own search service.
CFPB = Layout(
    "cfpb",
    "cfpb",
    {
        "id": "Complaint ID|Complaint number|Complaint no|Case number|id",
        "received": "Date received|Received date|Received|Date|Complaint date",
        "text": (
            "Consumer complaint narrative|Complaint what happened|Complaint narrative|"
            "Consumer narrative|Narrative|Complaint text|Complaint description|Description|"
            "Complaint|Text"
        ),
        "product": "Product|Product name|Product category",
        "sub_product": "Sub-product|Product sub-category",
        "issue": "Issue|Issue name|Issue type",
        "sub_issue": "Sub-issue",
        "company": "Company|Company name|Bank|Institution",
        "public_response": "Company public response|Public response",
        "state": "State|State code|US state",
        "zip": "ZIP code|Zip|Postal code|Postcode",
        "tags": "Tags|Tag",
        "consent": "Consumer consent provided?|Consumer consent|Consent provided",
        "submitted_via": "Submitted via|Channel|Submission channel|Submitted",
        "sent": "Date sent to company|Sent to company|Date sent",
        "response": "Company response to consumer|Company response|Response|Status",
        "timely": "Timely response?|Timely",
        "disputed": "Consumer disputed?|Disputed",
    },
    wording.ABROAD,
)
CN = Layout(
    "cn",
    "cn_bank",
    {
        "id": (
            "编号|投诉编号|工单编号|工单号|投诉单号|工单流水号|流水号|受理编号|受理号|"
            "案件编号|事件编号|投诉工单编号|登记编号|单号|id|ticket id|case id|"
            "complaint id|external id|ticket|ticket no|case no|reference|ref"
        ),
        "received": (
            "受理时间|受理日期|投诉时间|投诉日期|登记时间|登记日期|来电时间|接收时间|"
            "收到日期|收件日期|创建时间|创建日期|提交时间|发生时间|日期|时间|date|received|"
            "received at|date received|created|created at|opened"
        ),
        "text": (
            "投诉内容|诉求|诉求内容|内容|工单内容|投诉诉求|投诉事项|客户诉求|投诉描述|"
            "问题描述|事件描述|来电内容|投诉详情|详情|正文|描述|具体内容|反映内容|投诉情况|"
            "文本|投诉文本|text|content|complaint|complaint text|description|body|narrative"
        ),
        "product": (
            "业务类别|业务类型|业务种类|投诉业务类别|投诉业务|业务|产品|产品类别|产品类型|"
            "涉及业务|业务分类|business|product"
        ),
        "issue": (
            "投诉原因|原因|投诉原因类别|投诉类别|投诉类型|原因分类|问题类别|cause|reason|issue"
        ),
        "name": "姓名|客户姓名|投诉人|投诉人姓名|客户名称|name|customer name|customer",
        "phone": (
            "手机号|手机|手机号码|电话|联系电话|联系方式|客户电话|来电号码|投诉人电话|"
            "phone|mobile|telephone"
        ),
        "id_number": "身份证号|身份证|身份证号码|证件号|证件号码|客户证件号码|id number",
        "card": "卡号|银行卡号|信用卡号|借记卡号|card|card number",
        "account": "账号|账户|银行账号|账户号码|account|account number",
        "channel": "渠道|投诉渠道|受理渠道|来源|来源渠道|投诉来源|channel",
        "org": (
            "机构|机构号|机构名称|所属机构|投诉机构|被投诉机构|网点|分行|支行|开户机构|"
            "经办机构|org|branch"
        ),
        "amount": "金额|涉及金额|涉诉金额|投诉金额|涉案金额|amount",
        "people": "人数|涉及人数|投诉人数",
        "region": "地区|省份|省|城市|所在地区|region|province",
        "response": "状态|处理状态|办理状态|工单状态|办理情况|status",
        "sent": "办结时间|办结日期|结案时间|结案日期|关闭时间|完成时间",
    },
    wording.AT_HOME,
)
LAYOUTS = {layout.code: layout for layout in (CFPB, CN)}
