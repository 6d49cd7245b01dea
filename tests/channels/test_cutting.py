"""Where a text is cut that is too long for a channel."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.cutting import in_parts, numbered, to_length


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    assert "Send it back within 30 days. …" == to_length("Send it back within 30 days. We pay the postage.", 40)


def test_where_that_would_leave_little_it_is_cut_at_a_word() -> None:
    assert "Yes. You can send it back within…" == to_length("Yes. You can send it back within thirty days, free.", 36)


def test_an_abbreviation_is_no_end_of_a_sentence() -> None:
    assert "Bücher, z. B. Romane…" == to_length("Bücher, z. B. Romane und Bände", 22)


def test_a_long_word_is_cut_between_letters() -> None:
    assert "Donaudampf…" == to_length("Donaudampfschifffahrt", 11)
    assert "👨‍👩‍👧…" == to_length("👨‍👩‍👧👨‍👩‍👧", 7)


@given(st.text(max_size=200), st.integers(1, 120))
def test_what_is_cut_fits_and_is_the_beginning(text: str, length: int) -> None:
    cut = to_length(text, length)

    assert len(cut) <= length
    assert text.startswith(cut.removesuffix("…").rstrip())


@given(st.text(alphabet="ab .\n", max_size=300), st.integers(1, 50))
def test_parts_fit_and_leave_out_nothing_but_white_space(text: str, length: int) -> None:
    parts = list(in_parts(text, length))

    assert all(0 < len(part) <= length for part in parts)
    assert "".join(text.split()) == "".join("".join(parts).split())


def test_parts_are_apart_where_paragraphs_end() -> None:
    assert ["One.\n\nTwo.", "Three. Four."] == list(in_parts("One.\n\nTwo.\n\nThree. Four.", 14))


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=60), min_size=1, max_size=12), st.integers(0, 400))
def test_every_option_keeps_its_line(titles: list[str], room: int) -> None:
    lines = numbered(titles, lambda all_lines: len(all_lines) <= room).split("\n")

    assert [str(number) for number in range(1, len(titles) + 1)] == [line.split(" ")[0] for line in lines]


def test_titles_are_cut_no_more_than_it_takes() -> None:
    titles = ["Return", "A very long title that nobody wants to read to its end"]

    assert "1 Return\n2 A very long title that…" == numbered(titles, lambda lines: len(lines) <= 36)
