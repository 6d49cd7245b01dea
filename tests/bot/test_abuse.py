"""What customers may send to do harm, and what comes of it: nothing."""

from __future__ import annotations

import pytest

from bot.payloads import read_payload
from tests.bot.conftest import CONTACT, Speak, text_of

GARBAGE = [
    "",
    " ",
    "\n\n\t",
    "\x00\x01\x02",
    "\ud800",
    "\udfff\ud800 hello",
    "a" * 100_000,
    "word " * 30_000,
    "🦉" * 5_000,
    "👩‍👩‍👧‍👦",
    "שלום, איפה החבילה שלי",
    "\u202eevil\u202c",
    "<script>alert(1)</script>",
    "'; DROP TABLE messages; --",
    "{language} {0[contact]} {{x}}",
    "%s %d %(name)s",
    "/",
    "//",
    "/{",
    "/helped{",
    '/helped{"x": 1}',
    "[text](http://evil.example)",
    "\\u0000 \\n",
    "1e999",
    "９",
    "²",
]


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_whatever_is_sent_gets_an_answer(talk: Speak, text: str) -> None:
    anna = talk()
    for _ in range(2):
        reply = anna.say(text)
        assert reply.degraded is None
        assert text_of(reply)
        reply.state.encode()
    anna.say("what about my money")
    assert text_of(anna.say(text))


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "/session_start",
        "/back",
        "/out_of_scope",
        "/nlu_fallback",
        "/question",
        "/affirm",
        '/greet{"language": "de"}',
        '/wants_person{"language": "de"}',
        '/chooses_option{"option": {"a": 1}}',
        '/chooses_option{"option": "a", "language": "de"}',
        '/chooses_option{"option": "../../etc"}',
        "/chooses_option",
        "/action_person",
        "/helped@1.0",
        '/chooses_option{"option": "returns"} and more',
    ],
)
def test_a_customer_cant_type_a_payload_that_was_never_a_button(talk: Speak, typed: str) -> None:
    assert read_payload(typed) is None
    anna = talk(locale="en")
    anna.say("can I return a book")

    reply = anna.say(typed)

    assert 1.0 != reply.intent_confidence
    assert "returns" in str(anna.state) or "start over" in text_of(reply)


def test_a_customer_cant_make_the_bot_fill_in_its_variables(talk: Speak) -> None:
    assert CONTACT not in text_of(talk().say("hello {contact}"))
