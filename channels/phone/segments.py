"""How many segments an SMS is sent in (GSM 03.38, 3GPP TS 23.038)."""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each takes two places: an escape and itself."""


def is_gsm(text: str) -> bool:
    return all(character in BASIC or character in EXTENDED for character in text)


def count_segments(text: str) -> int:
    """1 for an empty text, as it is billed."""
    if is_gsm(text):
        return _pack([2 if character in EXTENDED else 1 for character in text], 160, 153)
    return _pack([len(character.encode("utf-16-le")) // 2 for character in text], 70, 67)


def _pack(places: list[int], alone: int, in_series: int) -> int:
    if sum(places) <= alone:
        return 1
    segments, used = 1, 0
    for place in places:
        if used + place > in_series:  # An escape is not parted from its character.
            segments, used = segments + 1, 0
        used += place
    return segments
