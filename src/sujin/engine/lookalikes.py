"""Characters that only look like others: read as what a person sees.

Radicals for the characters they are drawn like; Cyrillic and Greek letters for Latin ones, but only
in a word that has Latin letters, too (a Russian word stays Russian); marks struck through Chinese
characters for nothing. After Unicode Technical Standard 39, "Unicode Security Mechanisms", section
4 (confusables), as far as complaints in Chinese need it.
"""

import re

# Of the CJK Radicals Supplement those that NFKC leaves alone and that are drawn as a whole
# character is.
_RADICALS = str.maketrans(
    {
        0x2E81: "厂",
        0x2E8A: "卜",
        0x2E93: "幺",
        0x2E9D: "月",
        0x2EA0: "民",
        0x2EAE: "竹",
        0x2EB6: "羊",
        0x2EC1: "虎",
        0x2EC4: "西",
        0x2EC5: "见",
        0x2EC6: "角",
        0x2EC7: "角",
        0x2EC9: "贝",
        0x2ECB: "车",
        0x2ED1: "長",
        0x2ED3: "长",
        0x2ED4: "门",
        0x2ED7: "雨",
        0x2ED8: "青",
        0x2ED9: "韦",
        0x2EDA: "页",
        0x2EDB: "风",
        0x2EDC: "飞",
        0x2EDD: "食",
        0x2EE2: "马",
        0x2EE3: "骨",
        0x2EE4: "鬼",
        0x2EE5: "鱼",
        0x2EE6: "鸟",
        0x2EE7: "卤",
        0x2EE8: "麦",
        0x2EE9: "黄",
        0x2EEA: "黾",
        0x2EEC: "齐",
        0x2EEE: "齿",
        0x2EF0: "龙",
    }
)
# Cyrillic, then Greek capitals and small letters, and the Latin letter drawn like each.
_FOREIGN = (
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0406\u0408\u0405\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458"
    "\u0455\u04bb\u04cf\u0501\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c"
    "\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03bf\u03b9\u03bd\u03c1"
)
_DRAWN_LIKE = "ABEKMHOPCTYXIJSaeopcyxijshldABEZHIKMNOPTYXaoivp"
_LETTERS = str.maketrans(_FOREIGN, _DRAWN_LIKE)
_WORD = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f]+")
_LATIN = re.compile("[A-Za-z]")
_STRUCK = re.compile("(?<=[\u3400-\u9fff])[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]+")
_SUSPECT = re.compile("[\u0300-\u052f\u20d0-\u20f0\u2e80-\u2ef3]")


def unmasked(text: str) -> str:
    """`text` as it looks; a text without suspects is returned as it is."""
    if _SUSPECT.search(text) is None:
        return text
    plain = _STRUCK.sub("", text.translate(_RADICALS))
    return _WORD.sub(_latin, plain)


def _latin(word: re.Match[str]) -> str:
    written = word[0]
    return written.translate(_LETTERS) if _LATIN.search(written) else written
