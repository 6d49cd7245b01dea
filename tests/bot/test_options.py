"""Which button is meant by somebody who types."""

from __future__ import annotations

import pytest

from bot.options import described_button, typed_button

OFFERED = [{"title": title, "payload": f"/{title.lower()[0]}"} for title in ("Apples", "Bread & butter", "Cherries")]


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("1", "/a"),
        (" 3. ", "/c"),
        ("#2", "/b"),
        ("bread & Butter", "/b"),
        ("cherries!", "/c"),
        ("0", None),
        ("4", None),
        ("99999999999999999999", None),
        ("1 2", None),
        ("apples and cherries", None),
        ("", None),
    ],
)
def test_a_number_or_a_title_is_its_button(typed: str, payload: str | None) -> None:
    assert payload == typed_button(typed, OFFERED)


@pytest.mark.parametrize(
    ("phrase", "payload"),
    [
        ("the first one", "/a"),
        ("the second one, please", "/b"),
        ("number three", "/c"),
        ("die zweite", "/b"),
        ("das dritte bitte", "/c"),
        ("Nummer eins", "/a"),
        ("the last one", "/c"),
        ("die mittlere", "/b"),
        ("the fifth", None),
        ("hello", None),
    ],
)
def test_a_phrase_is_the_button_it_describes(phrase: str, payload: str | None) -> None:
    assert payload == described_button(phrase, OFFERED)


def test_where_nothing_was_offered_nothing_is_meant() -> None:
    assert typed_button("1", []) is None
    assert described_button("the last one", []) is None
