"""The alphabet of SMS, and how many segments a text takes.

3GPP TS 23.038, 6.2.1 (GSM 7 bit default alphabet and its extension table) and 3GPP TS 23.040, 9.2.3.24.1
(concatenated messages, whose header takes 7 of 160 septets, or 6 of 140 octets).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Sent as an escape and a character: two septets, which stay together."""
GSM = ALPHABET | EXTENSION

_REPLACED = str.maketrans(
    dict.fromkeys("‘’‚‛′´ʼ‹›", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−⁃", "-")
    | dict.fromkeys("•‣◦▪●·∙", "-")
    | dict.fromkeys("\t\u2028\u2029", " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufe0e\ufe0f", "")
    | {"×": "x", "∗": "*", "∼": "~", "⁄": "/", "→": "->", "←": "<-", "⇒": "=>", "≤": "<=", "≥": ">="}
    | {"™": "(TM)", "®": "(R)", "©": "(C)", "ẞ": "SS"}
)
_LOSES_NOTHING = ("<compat>", "<wide>", "<narrow>", "<noBreak>")
"""Kinds of compatibility characters (ligatures, widths, spaces …) that mean what they are made of; "10²" is not 102."""


@dataclass(frozen=True)
class Segments:
    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    """Septets of GSM-7, or code units of UTF-16."""
    count: int


def as_sent(text: str) -> str:
    """The text in GSM characters where that loses nothing and is no dearer, otherwise untouched."""
    plain = plain_gsm(text)
    return plain if is_gsm(plain) and segments(plain).count <= segments(text).count else text


def plain_gsm(text: str) -> str:
    """Typographic characters replaced by those of GSM that say the same; others stay."""
    return "".join(map(_plain, unicodedata.normalize("NFC", text).translate(_REPLACED)))


def is_gsm(text: str) -> bool:
    return GSM.issuperset(text)


def segments(text: str) -> Segments:
    """How many segments are billed for a text as it is, by its characters."""
    if is_gsm(text):
        sizes = [2 if char in EXTENSION else 1 for char in text]
        return Segments("GSM-7", sum(sizes), _count(sizes, alone=160, in_series=153))
    sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return Segments("UCS-2", sum(sizes), _count(sizes, alone=70, in_series=67))


def _plain(char: str) -> str:
    if char in GSM or unicodedata.decomposition(char).partition(" ")[0] not in _LOSES_NOTHING:
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if is_gsm(plain) else char


def _count(sizes: list[int], alone: int, in_series: int) -> int:
    if sum(sizes) <= alone:
        return min(1, len(sizes))
    count, room = 1, in_series
    for size in sizes:
        if size > room:
            count, room = count + 1, in_series
        room -= size
    return count
