"""Which button is meant by somebody who types."""

from __future__ import annotations

import pytest

from bot.options import described_button, may_be_chosen, typed_button

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
        ("2)", "/b"),
        ("Nr. 2", "/b"),
        ("no 2", "/b"),
        ("No. 3 please", "/c"),
        ("option 2", "/b"),
        ("option one", "/a"),
        ("two", "/b"),
        ("the second", "/b"),
        ("the second one please", "/b"),
        ("I'll take the third one", "/c"),
        ("die zweite", "/b"),
        ("Ich nehme die zweite, bitte", "/b"),
        ("die letzte", "/c"),
        ("bread and", None),
        ("no one", None),
        ("I want one", None),
        ("the second or the third", None),
        ("how long does the second take", None),
        ("2 books", None),
        ("1" * 5000, None),
    ],
)
def test_a_number_or_a_title_is_its_button(typed: str, payload: str | None) -> None:
    assert payload == typed_button(typed, OFFERED)


def test_up_to_ten_options_are_meant_by_their_numbers_in_both_languages() -> None:
    offered = [{"title": f"Option {letter}", "payload": f"/{letter}"} for letter in "abcdefghij"]
    english = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    german = ["erste", "zweite", "dritte", "vierte", "fünfte", "sechste", "siebte", "achte", "neunte", "zehnte"]

    for said in (map(str, range(1, 11)), (f"the {word} one" for word in english), (f"die {word}" for word in german)):
        assert [button["payload"] for button in offered] == [typed_button(each, offered) for each in said]


def test_as_much_of_a_title_as_a_channel_shows_is_its_button() -> None:
    offered = [
        {"title": title, "payload": f"/{at}"} for at, title in enumerate(("Return a book from abroad", "Refunds"))
    ]

    assert "/0" == typed_button("Return a book…", offered)
    assert typed_button("Return", offered) is None
    assert typed_button("Return a book", [*offered, {"title": "Return a book here", "payload": "/2"}]) is None


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


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "the third",
        "die letzte",
        "cherries",
        "cherrie please",
        "bread",
        "neither",
        "keins davon",
        "weder noch",
        "👍",
    ],
)
def test_a_place_a_word_of_a_title_or_none_may_be_meant_for_the_choice(text: str) -> None:
    assert may_be_chosen(text, OFFERED)


@pytest.mark.parametrize("text", ["6", "sehr umständlich", "very hard", "chart", "breakfast"])
def test_what_is_near_nothing_that_is_offered_is_not(text: str) -> None:
    assert not may_be_chosen(text, OFFERED)


def test_no_title_is_meant_by_a_word_that_is_passed_over() -> None:
    offered = [{"title": "My lid is very tight", "payload": "/lid"}]

    assert may_be_chosen("very hard", offered)
    assert not may_be_chosen("very hard", offered, frozenset({"very"}))
