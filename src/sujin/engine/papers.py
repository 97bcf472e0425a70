"""Number plates, and the permits and foreign passports that the text calls so.

Plates follow GA 36-2018: province, office, then five characters (six for new energy) with at most
two letters, the last of which may be 学, 警, 挂, 港, 澳, 领 or 使. Permits of Hong Kong, Macau and
Taiwan have no check digit, so a word must name them.
"""

import re
import unicodedata
from collections.abc import Iterator

from sujin.engine.addresses import Span

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_LETTER, _FIGURE = "A-Za-zＡ-Ｚａ-ｚ", "0-9０-９"
_PLATE = re.compile(
    rf"[{PROVINCES}][A-Za-zＡ-Ｚａ-ｚ][·•・. \-－]?"
    rf"(?P<serial>[{_LETTER}{_FIGURE}]{{4}}[学警挂港澳领使]|[{_LETTER}{_FIGURE}]{{5,6}})"
    rf"(?![{_LETTER}{_FIGURE}*@])"
)
_SERIAL = re.compile(r"(?=(?:[A-Z]*\d){3})(?!(?:\d*[A-Z]){3})[A-HJ-NP-Z\d]{4,6}[学警挂港澳领使]?")
_NAMED = re.compile(
    r"(?P<word>通行证|回乡证|台胞证|往来证|护照|永居证|永久居留证|居留证|居留许可|[港澳台]身份证"
    r"|(?:香港|澳门|台湾)(?:居民)?身份证)(?:号码?)?(?:[是为:：]| (?=\w)){0,3}"
    rf"(?P<number>[{_LETTER}]{{0,3}}[{_FIGURE}]{{6,12}}(?:[(（][{_FIGURE}Aa][)）])?)"
    rf"(?![{_LETTER}{_FIGURE}*@])"
)


def plates(text: str) -> Iterator[Span]:
    """Number plates of every colour, in capitals or not."""
    for found in _PLATE.finditer(text):
        plain = unicodedata.normalize("NFKC", found[0]).upper()
        serial = unicodedata.normalize("NFKC", found["serial"]).upper()
        if _SERIAL.fullmatch(serial) is not None:
            yield "plate", plain[:2] + serial, found.start(), found.end()


def permits(text: str) -> Iterator[Span]:
    """Numbers that a word right before them calls a permit or a passport."""
    for found in _NAMED.finditer(text):
        value = unicodedata.normalize("NFKC", found["number"]).upper()
        yield "permit", value, found.start("number"), found.end("number")
