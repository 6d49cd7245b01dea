"""Fact 8: what an SMS holds, and in which alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.gsm import ALPHABET, EXTENSION, GSM, Segments, as_sent, plain_gsm, segments


def test_the_alphabet_is_whole() -> None:
    # 128 septets, of which one is the escape to the extension table.
    assert (127, 10) == (len(ALPHABET), len(EXTENSION))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 0)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        # 152 characters leave room for one septet: a "€" goes to the next segment as a whole.
        ("a" * 152 + "€" + "a" * 151, Segments("GSM-7", 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),
        ("ä" * 160, Segments("GSM-7", 160, 1)),
        ("ç" * 70, Segments("UCS-2", 70, 1)),
        ("ç" * 71, Segments("UCS-2", 71, 2)),
        ("ç" * 134, Segments("UCS-2", 134, 2)),
        ("ç" * 135, Segments("UCS-2", 135, 3)),
        ("😀" * 35, Segments("UCS-2", 70, 1)),
        # 33 pairs fill 66 of 67 units; the next pair is not split.
        ("😀" * 66, Segments("UCS-2", 132, 2)),
        ("😀" * 67, Segments("UCS-2", 134, 3)),
        ("a" * 69 + "ç", Segments("UCS-2", 70, 1)),
    ],
)
def test_segments_are_counted_as_they_are_billed(text: str, expected: Segments) -> None:
    assert expected == segments(text)


@pytest.mark.parametrize(
    ("typographic", "plain"),
    [
        ("“Don’t” – „so“ — «da»…", '"Don\'t" - "so" - "da"...'),
        ("10\u00a0kg\u202f•\u2009x\u00ad\u200by", "10 kg - xy"),
        ("ﬁne ＦＵＬＬ №\u2011１", "fine FULL No-1"),
        ("2 × 3 → 6 ≤ 7 © ™", "2 x 3 -> 6 <= 7 (C) (TM)"),
        ("Größe Ä Ö Ü ß ẞ 5 €", "Größe Ä Ö Ü ß SS 5 €"),
        ("u\u0308ber", "über"),
    ],
)
def test_typographic_characters_become_plain_ones(typographic: str, plain: str) -> None:
    assert plain == plain_gsm(typographic) == as_sent(typographic)


@pytest.mark.parametrize("text", ["10² m", "½", "93 °C", "façade", "你好", "Łódź", "👍", "μ"])
def test_nothing_is_replaced_that_says_something(text: str) -> None:
    assert text == plain_gsm(text)


def test_what_can_only_be_said_in_ucs_2_keeps_its_typography() -> None:
    assert "“你好” …" == as_sent("“你好” …")


@given(st.text())
def test_what_is_sent_is_never_dearer_than_the_text(text: str) -> None:
    assert segments(as_sent(text)).count <= segments(text).count
    assert as_sent(as_sent(text)) == as_sent(text)


def test_three_dots_are_not_worth_a_second_segment() -> None:
    assert 70 * "…" == as_sent(70 * "…")


@given(st.text(alphabet=sorted(GSM)))
def test_the_alphabet_itself_is_never_touched(text: str) -> None:
    assert text == as_sent(text)


@given(st.text(alphabet=st.sampled_from("aä€^ç😀"), max_size=400))
def test_every_segment_holds_its_units_and_no_more(text: str) -> None:
    found = segments(text)
    alone, in_series = (160, 153) if found.encoding == "GSM-7" else (70, 67)
    septets, code_units = sum(1 + (char in EXTENSION) for char in text), len(text.encode("utf-16-le")) // 2

    assert found.units == (septets if found.encoding == "GSM-7" else code_units)
    if found.count > 1:
        # At most one unit of a segment stays empty.
        assert max(alone, (found.count - 1) * (in_series - 1)) < found.units <= found.count * in_series
