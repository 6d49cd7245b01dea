"""Segments as carriers count them."""

from __future__ import annotations

import pytest

from channels.phone.segments import count_segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 153, 3),  # The escape and its character stay together.
        ("Grüße, ß und ä" * 11, 1),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("“" * 70, 1),
        ("“" * 71, 2),
        ("“" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_message_is_sent_in_so_many_segments(text: str, segments: int) -> None:
    assert segments == count_segments(text)
