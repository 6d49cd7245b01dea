"""Fact 9: single words that end, begin again or ask for help, and sentences that do not."""

from __future__ import annotations

import pytest

from channels.keywords import OptWord, answered_by_carrier, confirmation, opt_word
from channels.sms.gsm import segments


@pytest.mark.parametrize(
    ("word", "texts"),
    [
        (
            "stop",
            "STOP stop Stop. “stop” STOPALL unsubscribe Cancel END quit revoke OptOut STOPP Abmelden! ABBESTELLEN",
        ),
        ("start", "START unstop"),
        ("help", "HELP info Hilfe hilfe?"),
    ],
)
def test_single_words_are_understood_in_both_languages(word: OptWord, texts: str) -> None:
    for text in texts.split():
        assert word == opt_word(f" {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "stop sending me the wrong size",
        "Wie kann ich abbestellen?",
        "help me return a book",
        "kündigen",
        "beenden",
        "anmelden",
        "don't stop",
        "yes",
        "Ja",
        "",
        "...",
    ],
)
def test_what_may_be_a_question_or_an_answer_is_none(text: str) -> None:
    assert opt_word(text) is None


@pytest.mark.parametrize("text", ["YES", "ja!", "Anmelden", "start"])
def test_a_yes_brings_back_whoever_has_opted_out(text: str) -> None:
    assert "start" == opt_word(text, opted_out=True)


def test_the_carrier_answers_its_own_words_by_sms_only() -> None:
    assert answered_by_carrier(" stop ", "sms")
    assert answered_by_carrier("HELP", "sms")
    assert not answered_by_carrier("stop", "whatsapp")
    assert not answered_by_carrier("STOPP", "sms")
    assert not answered_by_carrier("Stop!", "sms")


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("word", ["stop", "start", "help"])
@pytest.mark.parametrize("company", ["Fennimor", "The Fennimor “Fine Coffee & Kettle” Company of Lower Saxony " * 3])
def test_each_confirmation_is_one_sms_and_names_the_company(word: OptWord, locale: str, company: str) -> None:
    said = confirmation(word, locale, company)

    assert ("GSM-7", 1) == (segments(said).encoding, segments(said).count)
    assert "Fennimor" in said
    assert "START" in said or "STOP" in said
