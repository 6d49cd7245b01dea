"""Ends, refusals, withdrawals and a yes, as people write them: each is known, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.endings import has_helped, is_end, is_refusal, is_thanks, is_withdrawn, is_yes
from tests.bot.test_scores import questions

WRITTEN = yaml.safe_load(Path(__file__).with_name("endings.yml").read_text("utf-8"))


@pytest.mark.parametrize("text", WRITTEN["ends"])
def test_an_end_is_one_whatever_was_asked(text: str) -> None:
    assert is_end(text, is_asked=False)
    assert is_end(text, is_asked=True)


@pytest.mark.parametrize("text", WRITTEN["ends_then"])
def test_a_polite_no_ends_where_it_was_asked_whether_there_is_more(text: str) -> None:
    assert is_end(text, is_asked=True)
    assert not is_end(text, is_asked=False)


@pytest.mark.parametrize("text", WRITTEN["no_end"])
def test_a_bare_no_or_more_words_are_no_end(text: str) -> None:
    assert not is_end(text, is_asked=True)


@pytest.mark.parametrize("text", WRITTEN["helped"])
def test_who_says_that_it_has_helped_asks_nothing_and_ends_nothing(text: str) -> None:
    assert has_helped(text)
    assert not is_end(text, is_asked=True)
    assert not is_refusal(text)
    assert not is_withdrawn(text)


@pytest.mark.parametrize("text", WRITTEN["not_helped"])
def test_what_did_not_help_or_asks_for_more_is_no_success(text: str) -> None:
    assert not has_helped(text)


@pytest.mark.parametrize("text", WRITTEN["thanked"])
def test_thanks_and_wishes_are_known(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", WRITTEN["not_thanked"])
def test_a_greeting_a_no_or_more_words_are_no_thanks(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize("text", WRITTEN["withdrawn"])
def test_who_waits_says_that_nobody_is_needed_any_more(text: str) -> None:
    assert is_withdrawn(text)


@pytest.mark.parametrize("text", WRITTEN["stays"])
def test_who_says_thanks_or_more_goes_on_waiting(text: str) -> None:
    assert not is_withdrawn(text)


@pytest.mark.parametrize("text", WRITTEN["refusals"])
def test_a_refusal_is_known(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize("text", WRITTEN["no_refusals"])
def test_an_answer_or_a_wish_is_no_refusal(text: str) -> None:
    assert not is_refusal(text)


@pytest.mark.parametrize("text", WRITTEN["accepted"])
def test_an_offer_is_taken(text: str) -> None:
    assert is_yes(text)


@pytest.mark.parametrize("text", WRITTEN["not_accepted"])
def test_an_offer_is_not_taken_by_what_says_more(text: str) -> None:
    assert not is_yes(text)


def test_no_question_is_taken_for_an_end_a_refusal_or_a_yes() -> None:
    asked = [one for question in questions() for one in (question, question.rstrip("?.! "))]

    assert len(asked) > 1000
    taken = [one for one in asked if is_end(one, is_asked=True) or is_withdrawn(one) or is_refusal(one) or is_yes(one)]
    assert [] == taken
    thanked = [one for question in asked for one in (question, f"Thanks, {question}", f"{question}, danke")]
    assert [] == [one for one in thanked if has_helped(one)]
    # "Thanks, hi team" only greets.
    assert [] == [one for one in thanked if len(one.split()) > 3 and is_thanks(one)]


@given(st.text(max_size=300))
def test_anything_at_all_can_be_read(text: str) -> None:
    assert is_end(text, is_asked=True) in (True, False)
    assert has_helped(text) in (True, False)
    assert is_thanks(text) in (True, False)
    assert is_refusal(text) in (True, False)
    assert is_withdrawn(text) in (True, False)
    assert is_yes(text) in (True, False)
