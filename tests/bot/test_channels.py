"""What the bot says by SMS and in WhatsApp, and to a customer who changes the channel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.state import last_matter
from knowledge.answers import Answer, QuestionContext
from tests.bot.bookshop import ARTICLES, Bookshop
from tests.bot.conftest import DEADLINE, Speak, Talk, payloads, text_of, titles

RETURNS, REFUNDS = ARTICLES["returns"][1], ARTICLES["refunds"][1]


def test_an_answer_by_sms_has_no_buttons(talk: Speak) -> None:
    for question in ("can I return a book", "wie lange dauert die Lieferung"):
        assert [] == payloads(talk("sms").say(question))


def test_a_number_after_an_answer_by_sms_presses_no_button_of_an_older_message(talk: Speak) -> None:
    anna = talk("sms")
    anna.say("what about my money")
    assert REFUNDS == text_of(anna.say("2"))

    for number in ("2", "the second one"):
        assert "What would you like to know?" == text_of(anna.say(number))


def test_a_number_after_words_of_regret_presses_no_button_of_an_older_message(talk: Speak) -> None:
    anna = talk("sms")
    anna.say("what about my money")
    anna.say("/none_of_these")

    assert REFUNDS not in text_of(anna.say("2"))


def test_a_person_is_offered_by_sms_without_a_button_and_accepted_with_a_yes(talk: Speak) -> None:
    anna = talk("sms")
    anna.say("do you sell maps")
    offer = anna.say("do you sell globes")

    assert [] == payloads(offer)
    assert "failures" == anna.say("yes").wants_person


@pytest.mark.parametrize("channel", ["web", "sms", "whatsapp"])
@pytest.mark.parametrize(
    "typed",
    ["2", "2.", "2)", "#2", "Nr. 2", "option 2", "the second", "the second one please", "die zweite", "zwei"],
)
def test_a_typed_choice_is_the_pressed_one(talk: Speak, channel: str, typed: str) -> None:
    for question in ("what about my money", "was ist mit meinem Geld"):
        pressing, typing = talk(channel), talk(channel)
        button = payloads(pressing.say(question))[1]
        typing.say(question)

        assert REFUNDS == text_of(pressing.say(button)) == text_of(typing.say(typed))


@pytest.mark.parametrize("typed", ["3", "the third one", "die dritte", "None of these", "option 3"])
def test_a_typed_option_may_be_none_of_the_articles(talk: Speak, typed: str) -> None:
    anna = talk("sms")
    anna.say("what about my money")

    assert "none_of_these" == anna.say(typed).intent


@pytest.mark.parametrize("typed", ["2", "the second one", "die zweite", "nr. 2", "This didn't help"])
def test_a_typed_verdict_is_the_pressed_one(talk: Speak, typed: str) -> None:
    anna = talk("whatsapp")
    anna.say("can I return a book")

    assert "did_not_help" == anna.say(typed).intent


@pytest.mark.parametrize("typed", ["1", "the first", "option 1", "talk to a person"])
def test_an_offered_person_may_be_typed(talk: Speak, typed: str) -> None:
    anna = talk("whatsapp")
    anna.say("do you sell maps")
    anna.say("do you sell globes")

    assert "failures" == anna.say(typed).wants_person


def test_a_choice_offered_in_one_channel_is_made_in_another(talk: Speak) -> None:
    anna = talk()
    anna.say("what about my money")

    assert REFUNDS == text_of(anna.say("2", channel="sms"))


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(("locale", "about"), [("en", "What is it about?"), ("de", "Worum geht es?")])
def test_a_picture_without_words_is_kept_and_asked_about(talk: Speak, channel: str, locale: str, about: str) -> None:
    reply = talk(channel, locale).say("/sends_attachment")

    assert ("sends_attachment", None, None) == (reply.intent, reply.degraded, reply.wants_person)
    assert text_of(reply).endswith(about)


def test_a_picture_between_choice_and_number_changes_nothing(talk: Speak) -> None:
    anna = talk("whatsapp")
    anna.say("what about my money")
    anna.say("/sends_attachment")

    assert REFUNDS == text_of(anna.say("2"))


def test_the_first_answer_in_another_channel_says_once_that_the_customer_is_known(talk: Speak) -> None:
    anna = talk()
    anna.say("what about my money")
    [said] = anna.say("can I return a book", channel="whatsapp", elsewhere="web").said

    assert f"I know what you wrote in the web chat.\n\n{RETURNS}" == said.text
    assert "I know what you wrote in the web chat." == said.opening
    assert RETURNS == text_of(anna.say("can I return a book"))


@pytest.mark.parametrize(
    ("elsewhere", "locale", "known"),
    [
        ("web", "en", "in the web chat."),
        ("sms", "en", "by SMS."),
        ("whatsapp", "en", "in WhatsApp."),
        ("web", "de", "im Webchat geschrieben haben."),
        ("sms", "de", "per SMS geschrieben haben."),
        ("whatsapp", "de", "in WhatsApp geschrieben haben."),
    ],
)
def test_where_the_customer_wrote_is_named_in_their_language(
    talk: Speak, elsewhere: str, locale: str, known: str
) -> None:
    [said] = talk("sms", locale).say("hi", elsewhere=elsewhere).said

    assert said.opening.endswith(known)
    assert said.text.startswith(said.opening)


def test_an_unknown_channel_is_not_named(talk: Speak) -> None:
    [said] = talk("sms").say("hi", elsewhere="pigeon").said

    assert "" == said.opening


class Broken(Bookshop):
    """Answers every second time, so that search alone is asked after the dialogue failed."""

    def answer(self, question: str, locale: str, context: QuestionContext) -> Answer:
        if len(self.asked) % 2 == 0:
            self.asked.append((question, locale, context))
            raise RuntimeError("The index is being read.")
        return super().answer(question, locale, context)


def test_search_alone_says_that_the_customer_is_known_too(model: Path) -> None:
    engine = Engine(model, Broken(), lanes=1, deadline=DEADLINE)
    anna = Talk(engine, "sms")
    reply = anna.say("can I return a book", elsewhere="web")
    engine.close()

    assert "failed" == reply.degraded
    assert f"I know what you wrote in the web chat.\n\n{RETURNS}" == text_of(reply)


def test_search_alone_by_sms_takes_the_place_of_what_was_offered(model: Path, talk: Speak) -> None:
    anna = talk("sms")
    anna.say("what about my money")
    engine = Engine(model, Broken(), lanes=1, deadline=DEADLINE)
    ben = Talk(engine, "sms")
    ben.state = anna.state
    assert "failed" == ben.say("can I return a book").degraded
    engine.close()
    anna.state = ben.state

    assert "What would you like to know?" == text_of(anna.say("2"))


def test_a_follow_up_in_a_new_conversation_knows_the_last_matter(talk: Speak, bookshop: Bookshop) -> None:
    anna = talk()
    anna.say("can I return a book")
    anna.state = last_matter(anna.state)
    anna.say("and to Austria?", channel="sms")

    _, _, context = bookshop.asked[-1]
    assert ("can I return a book", ("returns",)) == (context.previous_question, context.previous_articles)


def test_a_new_conversation_begins_in_the_language_of_the_last(talk: Speak) -> None:
    anna = talk()
    anna.say("wie lange dauert die Lieferung")
    anna.state = last_matter(anna.state)

    assert "Guten Tag" in text_of(anna.say("hi"))


def test_nothing_that_was_open_goes_over_to_a_new_conversation(talk: Speak) -> None:
    anna = talk()
    anna.say("do you sell maps")
    anna.say("what about my money")
    kept = json.loads(str(last_matter(anna.state)))
    assert ({"last_question", "last_articles"}, []) == (set(kept["slots"]), kept["events"])
    anna.state = last_matter(anna.state)

    assert "What would you like to know?" in text_of(anna.say("2"))
    assert "other words" in text_of(anna.say("do you sell globes"))
    assert [] == titles(anna.say("hi"))


@pytest.mark.parametrize("kept", [None, "", "rubbish", "[]", "{}", '{"model": 7}', '{"v":1,"model":"m","slots":{}}'])
def test_of_nothing_nothing_is_left(kept: str | None) -> None:
    assert last_matter(kept) is None


def test_of_an_earlier_version_the_language_is_left() -> None:
    assert '{"v":1,"model":"m","language":"de","slots":{},"events":[]}' == last_matter(
        '{"v":0,"model":"m","language":"de","slots":{"last_question":"x"}}'
    )
