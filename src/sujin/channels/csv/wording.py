"""What a Latin header says, word by word: ``Case #`` is the id, ``Issue raised`` the issue.

A header is understood only when every one of its words is: ``Case owner email`` is nobody's id.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

# A word this long may be misspelt and is still itself.
LONG = 6
ALIKE = 0.86
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|#")
_LITTLE = frozenset(re.findall(r"\w+", "the of to by on at for a an in is was has and with from s"))
_SHORT = {
    "resp": "response",
    "responded": "response",
    "pub": "public",
    "prod": "product",
    "cat": "category",
    "subcat": "subcategory",
    "desc": "description",
    "descr": "description",
    "narr": "narrative",
    "num": "number",
    "no": "number",
    "nbr": "number",
    "nr": "number",
    "#": "number",
    "identifier": "id",
    "ref": "reference",
    "recd": "received",
    "rcvd": "received",
    "dt": "date",
    "co": "company",
    "cust": "customer",
    "inst": "institution",
    "organization": "organisation",
    "st": "state",
    "tel": "telephone",
    "cell": "mobile",
    "amt": "amount",
    "acct": "account",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """``heads``: any one of these sets of words makes the meaning, the likelier first; ``beside``:
    words that may stand with it and change nothing."""

    heads: tuple[frozenset[str], ...]
    beside: frozenset[str]

    def rank(self, words: frozenset[str]) -> int | None:
        """Which head explains the header; ``None`` when a word is left over or all heads fail."""
        for place, head in enumerate(self.heads):
            if head <= words and words - head <= self.beside | _LITTLE:
                return place
        return None


@dataclass(frozen=True)
class Dictionary:
    """field -> ``heads`` parted by bars, words of one head joined by plus, and ``beside``."""

    table: Mapping[str, tuple[str, str]]

    def fields(self, header: str) -> dict[str, int]:
        """Every field the header may mean, with the rank of the head that says so."""
        words = self._words(header)
        ranks = {field: wording.rank(words) for field, wording in self._wordings.items()}
        return {field: rank for field, rank in ranks.items() if rank is not None}

    @cached_property
    def _wordings(self) -> dict[str, Wording]:
        return {
            field: Wording(
                tuple(frozenset(head.split("+")) for head in heads.split("|")),
                frozenset(beside.split()),
            )
            for field, (heads, beside) in self.table.items()
        }

    @cached_property
    def _known(self) -> frozenset[str]:
        wordings = self._wordings.values()
        return _LITTLE.union(*(word.beside.union(*word.heads) for word in wordings))

    def _words(self, header: str) -> frozenset[str]:
        """The words in their plain spelling; none for a header in another script."""
        folded = unicodedata.normalize("NFKC", header)
        if any(sign.isalpha() and not sign.isascii() for sign in folded):
            return frozenset()
        found = (self._plain(word.lower()) for word in _WORD.findall(folded))
        return frozenset(word for words in found for word in words)

    def _plain(self, word: str) -> tuple[str, ...]:
        word = _SHORT.get(word, word)
        if word in self._known:
            return (word,)
        if word.removesuffix("s") in self._known:
            return (word.removesuffix("s"),)
        if word.startswith("sub") and word.removeprefix("sub") in self._known:
            return "sub", word.removeprefix("sub")
        long = [known for known in self._known if len(known) >= LONG <= len(word)]
        return tuple(get_close_matches(word, long, 1, ALIKE)) or (word,)


_NUMBERED = (
    "complaint+id|complaint+number|case+id|case+number|ticket+id|ticket+number|complaint+reference|"
    "case+reference|ticket+reference|reference+number|reference+id|claim+id|claim+number|"
    "dispute+id|dispute+number|issue+id|issue+number|issue+key|incident+id|incident+number|"
    "docket+number|tracking+number|tracking+id|matter+id|matter+number|record+id|submission+id|"
    "unique+id|reference|docket|case|ticket"
)
_RECEIVED = (
    "date+received|receipt|received|date+complaint|intake+date|date+opened|date+created|"
    "date+filed|date+lodged|date+logged|date+registered|date+reported|date+submitted|date+open|"
    "opened|created|filed|lodged|logged|registered|reported|submitted|date|timestamp"
)
_SAID = (
    "narrative|what+happened|complaint+text|complaint+description|description|story|"
    "consumer+statement|customer+statement|complaint+statement|complaint+body|complaint+content|"
    "complaint+detail|complaint+summary|issue+detail|issue+summary|customer+comment|"
    "consumer+comment|complaint+comment|verbatim|allegation|free+text|content|detail|text|message"
)
_OF_WORDS = (
    "complaint consumer customer client complainant issue problem case incident event matter full "
    "free text narrative description detail please describe own words your story what happened"
)
_WENT_IN = (
    "submitted+via|submission+channel|submission+method|submission+mode|submitted+through|"
    "submitted+how|intake+channel|intake+method|received+via|channel|via|medium"
)
_OF_WAYS = "complaint submitted submission intake received method mode channel via how through case"
_ENDED = "response|outcome|resolution|disposition|result|status|reply|answer"
_OF_ENDS = (
    "company firm bank institution complaint case consumer customer final current type category "
    "provided given their response resolution status"
)
ABROAD = Dictionary(
    {
        "id": (_NUMBERED, "complaint case ticket cfpb number id our your"),
        "received": (_RECEIVED, "date time day complaint case timestamp bureau cfpb intake"),
        "text": (_SAID, _OF_WORDS),
        "product": (
            "product|product+type|product+category",
            "type category name line family group service financial main primary complaint",
        ),
        "sub_product": (
            "sub+product|sub+category|secondary+product|sub+type",
            "product type category name financial",
        ),
        "issue": (
            "issue|problem|reason|cause|concern|grievance|complaint+type|complaint+category|topic",
            "type category name raised reported main primary complaint complained about key area",
        ),
        "sub_issue": (
            "sub+issue|sub+problem|sub+reason|sub+cause|sub+topic|secondary+issue",
            "type category name raised reported issue complaint",
        ),
        "company": (
            "company|firm|institution|bank|lender|provider|respondent|issuer|creditor|servicer|"
            "organisation|entity",
            "name financial involved complained about against service legal company",
        ),
        "public_response": (
            "public+response|public+statement|public+comment|public+reply|public+answer|"
            "published+response",
            "company firm bank institution provided consumer optional their",
        ),
        "state": ("state|province", "code us consumer customer complainant residence name"),
        "zip": ("zip|postal|postcode", "code consumer customer complainant area digit"),
        "tags": ("tag", "consumer customer complaint special"),
        "consent": ("consent", "consumer customer provided given publish publication status share"),
        "submitted_via": (_WENT_IN, _OF_WAYS),
        "sent": (
            "sent|forwarded|referred|routed|transmitted|transferred|relayed|passed",
            "date time day company firm bank institution provider lender complaint case onward",
        ),
        "response": (_ENDED, _OF_ENDS),
        "timely": (
            "timely|timeliness|on+time|in+time|punctual",
            "response company firm bank reply answer answered yes number flag",
        ),
        "disputed": (
            "disputed|dispute|contested|challenged",
            "consumer customer response resolution outcome flag yes number",
        ),
    }
)
AT_HOME = Dictionary(
    {
        "id": (_NUMBERED, "complaint case ticket number id our your"),
        "received": (_RECEIVED, "date time day complaint case timestamp intake"),
        "text": (_SAID, _OF_WORDS),
        "product": (
            "product|business+type|business+category|business+line|business",
            "type category name line group service financial main primary complaint",
        ),
        "issue": (
            "issue|problem|reason|cause|complaint+type|complaint+category",
            "type category name raised main primary complaint complained about",
        ),
        "name": ("customer+name|complainant+name|client+name|name", "full"),
        "phone": (
            "phone|mobile|telephone|contact+number",
            "number customer client complainant contact phone",
        ),
        "id_number": (
            "identity+number|id+card|certificate+number|passport+number",
            "number customer client card identity document",
        ),
        "card": ("card+number|bank+card|credit+card+number", "number customer"),
        "account": ("account+number|bank+account", "number customer"),
        "channel": (_WENT_IN + "|source", _OF_WAYS + " source"),
        "org": ("branch|organisation|outlet|institution|office", "name code bank"),
        "amount": ("amount|sum", "involved disputed dispute money total yuan rmb cny complaint"),
        "people": ("people|person+number|people+number", "number involved affected count"),
        "region": ("region|province|city", "name customer"),
        "response": (_ENDED, _OF_ENDS),
        "sent": (
            "date+closed|date+resolved|date+completed|date+concluded|date+ended|closed+time|"
            "resolved+time|closed|resolved|concluded|completed",
            "date time day case complaint",
        ),
    }
)

# Names that say plainly what a column is not, whatever stands in it.
OTHERWISE = {
    "text": re.compile(
        r"resp|repl|answer|resol|outcome|result|remark|note|comment|action|address|mail|url|link"
        r"|compan|firm|bank|instit|lender|provider|public|staff|agent|handler|owner|reason|title|subject"
        r"|回复|答复|处理|办理|处置|结果|备注|地址|回访|措施|审|机构|单位|原因|标题|领导",
        re.I,
    ),
    "received": re.compile(
        r"clos|resol|due|deadline|birth|dob|expir|updat|modif|last|sent|respon|repl|\bend|issue"
        r"|办结|结案|关闭|完成|截止|到期|出生|生日|更新|修改|回复|答复|回访|派单|签收|期限",
        re.I,
    ),
    "id": re.compile(
        r"custom|client|consum|account|card|phone|mobile|tel|fax|compan|product|zip|post|member|polic"
        r"|user|employ|staff|agent|branch|order|contract|row|index|serial|bank|firm|institution"
        r"|客户|账|帐|卡|手机|电话|传真|证件|身份|机构|保单|合同|员工|工号|网点|订单|交易|邮编",
        re.I,
    ),
}
