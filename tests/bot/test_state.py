"""The state between two messages: small, and harmless whatever is in it."""

from __future__ import annotations

import json

import pytest

from bot.reply import Reply
from tests.bot.conftest import Speak, Talk, text_of

ROUND = ("hi", "can I return a book", "/did_not_help", "2", "what about my money", "thanks", "do you sell maps")


def test_the_state_of_turn_200_is_as_small_as_that_of_turn_5(talk: Speak) -> None:
    anna = talk()
    sizes = [len(anna.say(ROUND[turn % len(ROUND)]).state) for turn in range(200)]

    assert max(sizes) == max(sizes[:50])
    assert max(sizes) < 1500


def test_the_state_holds_no_more_of_what_was_said_than_the_last_question(talk: Speak) -> None:
    anna = talk()
    anna.say("my password is swordfish, can you help?")
    anna.say("can I return a book")

    assert "swordfish" not in str(anna.state)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "rubbish",
        "[]",
        "null",
        "{}",
        '{"v": 1}',
        "[" * 100_000,
        '{"v":1,"model":"MODEL","language":"de","slots":[],"events":{}}',
        '{"v":1,"model":"MODEL","language":"de","slots":{"failures":"many","offered":7},"events":[["user"]]}',
        '{"v":1,"model":"MODEL","language":"xx","slots":{"failures":"many"},"events":[["user","nobody"],["asked","x"]]}',
        '{"v":1,"model":"MODEL","slots":{"offered":[{"title":1,"payload":"/x"}]},"events":[["asked","choice"]]}',
        '{"v":1,"model":"MODEL","slots":{"offered":7,"asked":[]},"events":[["asked","choice"],["action","action_fly"]]}',
    ],
)
def test_a_state_that_nobody_wrote_is_a_fresh_start(talk: Speak, kept: str) -> None:
    anna = talk()
    model = json.loads(anna.say("hi").state)["model"]
    anna.state = kept.replace("MODEL", model)

    assert_answered(anna.say("1"))
    anna.state = kept.replace("MODEL", model)
    assert_answered(anna.say("can I return a book"))


def assert_answered(reply: Reply) -> None:
    assert text_of(reply)


def test_after_a_new_training_the_language_is_still_known(talk: Speak) -> None:
    anna: Talk = talk()
    anna.say("wie lange dauert die Lieferung")
    anna.state = json.dumps(json.loads(str(anna.state)) | {"model": "earlier.tar.gz"})

    assert "Guten Tag" in text_of(anna.say("hi"))
