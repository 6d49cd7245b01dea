"""What the bot says, turn by turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.engine import Engine
from knowledge.answers import QuestionContext
from tests.bot.bookshop import ARTICLES, Bookshop
from tests.bot.conftest import CONTACT, DEADLINE, Speak, Talk, payloads, text_of, titles


def test_a_question_gets_what_the_article_says_with_its_source_and_two_buttons(talk: Speak) -> None:
    reply = talk().say("can I return a book")

    [said] = reply.said
    assert ARTICLES["returns"][1] == said.text
    assert ["returns"] == [source.id for source in said.sources]
    assert [("This helped", "/helped"), ("This didn't help", "/did_not_help")] == [
        (button.title, button.payload) for button in said.buttons
    ]
    assert reply.answer is not None
    assert ("question", "en", None, None) == (reply.intent, reply.locale, reply.wants_person, reply.degraded)


def test_braces_in_an_article_are_no_variables(talk: Speak) -> None:
    assert ARTICLES["delivery"][1] == text_of(talk().say("how long does delivery take"))


def test_a_german_question_is_answered_in_german(talk: Speak, bookshop: Bookshop) -> None:
    reply = talk().say("wie lange dauert die Lieferung")

    assert "de" == reply.locale == bookshop.asked[-1][1]
    assert ["Das hat geholfen", "Das hat nicht geholfen"] == titles(reply)


def test_one_word_of_another_language_does_not_change_the_language(talk: Speak) -> None:
    anna = talk()
    anna.say("wie lange dauert die Lieferung")

    assert "Das freut mich. Haben Sie noch eine Frage?" == text_of(anna.say("thanks"))


def test_a_short_first_message_is_answered_in_the_language_of_the_page(talk: Speak) -> None:
    assert "Guten Tag" in text_of(talk(locale="de-AT").say("hi"))
    assert "Hello" in text_of(talk(locale="en").say("hi"))
    assert "Hello" in text_of(talk(locale="fr").say("hi"))


def test_the_language_changes_with_the_customer(talk: Speak) -> None:
    anna = talk(locale="de")

    assert "en" == anna.say("can I return a book").locale


def test_each_channel_has_its_words(talk: Speak) -> None:
    assert "Just write your question" in text_of(talk("web").say("hello there"))
    assert "Just write your question" not in text_of(talk("sms").say("hello there"))


def test_the_next_question_comes_with_what_was_said_before(talk: Speak, bookshop: Bookshop) -> None:
    anna = talk()
    anna.say("can I return a book")
    anna.say("and without the receipt?")

    _, _, context = bookshop.asked[-1]
    assert ("can I return a book", ("returns",)) == (context.previous_question, context.previous_articles)


def test_a_choice_has_a_button_for_each_article_and_one_for_none(talk: Speak) -> None:
    reply = talk().say("what about my money")

    assert ["Return a book", "When your refund arrives", "None of these"] == titles(reply)


@pytest.mark.parametrize("choice", ["2", "2.", "the second one", "die zweite", "When your refund arrives", "second"])
def test_an_article_is_chosen_by_number_ordinal_or_title(talk: Speak, choice: str) -> None:
    anna = talk()
    anna.say("what about my money")

    assert ARTICLES["refunds"][1] == text_of(anna.say(choice))


def test_an_article_is_chosen_by_its_button_in_both_languages(talk: Speak) -> None:
    for question in ("what about my money", "was ist mit meinem Geld"):
        anna = talk()
        button = payloads(anna.say(question))[1]
        assert ARTICLES["refunds"][1] == text_of(anna.say(button))


def test_a_yes_to_a_choice_asks_which(talk: Speak) -> None:
    anna = talk()
    anna.say("what about my money")
    reply = anna.say("yes")

    assert "Which one do you mean?" == text_of(reply)
    assert ["Return a book", "When your refund arrives", "None of these"] == titles(reply)


def test_an_article_that_is_gone_is_said_to_be_gone(talk: Speak) -> None:
    assert "isn't there any more" in text_of(talk().say('/chooses_option{"option": "withdrawn"}'))


@pytest.mark.parametrize("verdict", ["/helped", "yes", "thanks", "1", "this helped", "ja"])
def test_an_answer_that_helped_is_asked_no_more_about(talk: Speak, verdict: str) -> None:
    anna = talk()
    anna.say("can I return a book")

    assert "Good to hear. Is there anything else?" == text_of(anna.say(verdict))
    assert "Goodbye, and thank you for writing to us." == text_of(anna.say("no"))


@pytest.mark.parametrize(
    "text", ["Thanks, that helped!", "thank you, that works", "Danke, das hilft!", "Super, hat geklappt, danke"]
)
def test_thanks_with_that_it_helped_are_a_verdict_once_and_no_question(
    talk: Speak, bookshop: Bookshop, text: str
) -> None:
    anna = talk(locale="en")
    anna.say("can I return a book")
    asked = len(bookshop.asked)
    helped, again = anna.say(text), anna.say(text)

    assert ("helped", "Good to hear. Is there anything else?") == (helped.verdict, text_of(helped))
    assert ("thanks", None, "You're welcome.") == (again.intent, again.verdict, text_of(again))
    assert asked == len(bookshop.asked)


@pytest.mark.parametrize(
    "text", ["Danke, das hilft mir aber nicht, wo ist mein Paket?", "thanks, and how do I return it?"]
)
def test_thanks_with_a_question_are_a_question(talk: Speak, bookshop: Bookshop, text: str) -> None:
    anna = talk()
    anna.say("can I return a book")
    reply = anna.say(text)

    assert ("question", None, text) == (reply.intent, reply.verdict, bookshop.asked[-1][0])


def test_that_it_helped_is_thanks_where_nothing_was_said_before(talk: Speak) -> None:
    reply = talk(locale="de").say("Danke, das hilft!")

    assert ("thanks", None, "Gern geschehen.") == (reply.intent, reply.verdict, text_of(reply))


@pytest.mark.parametrize("verdict", ["/did_not_help", "no", "2", "that didn't help", "nein"])
def test_after_an_answer_that_did_not_help_comes_what_else_was_found(talk: Speak, verdict: str) -> None:
    anna = talk()
    anna.say("can I return a book")

    assert ["When your refund arrives", "Delivery times", "None of these"] == titles(anna.say(verdict))


def test_two_failures_offer_a_person(talk: Speak) -> None:
    anna = talk()
    assert "other words" in text_of(anna.say("do you sell maps"))
    offer = anna.say("do you sell globes")
    assert ["/wants_person"] == payloads(offer)
    assert offer.wants_person is None

    accepted = anna.say("yes please")

    assert "failures" == accepted.wants_person
    assert CONTACT in text_of(accepted)


def test_an_offered_person_can_be_declined(talk: Speak) -> None:
    anna = talk()
    anna.say("do you sell maps")
    anna.say("do you sell globes")

    assert "All right" in text_of(anna.say("no thanks"))


def test_an_answer_that_helped_makes_the_failures_before_it_forgotten(talk: Speak) -> None:
    anna = talk()
    anna.say("do you sell maps")
    anna.say("can I return a book")
    anna.say("/helped")

    assert "other words" in text_of(anna.say("do you sell globes"))


@pytest.mark.parametrize("wish", ["can I speak to someone", "Mitarbeiter bitte", "/wants_person"])
def test_who_wants_a_person_learns_how_to_reach_one(talk: Speak, wish: str) -> None:
    reply = talk().say(wish)

    assert "asked" == reply.wants_person
    assert CONTACT in text_of(reply)


def test_where_nobody_can_take_over_the_bot_says_so(engine: Engine, model: Path, bookshop: Bookshop) -> None:
    alone = Engine(model, bookshop, contact="", lanes=1, deadline=DEADLINE)
    anna = Talk(alone)

    assert "Nobody can take over in this chat" in text_of(anna.say("can I speak to someone"))
    anna.say("do you sell maps")
    assert "nobody can take over in this chat" in text_of(anna.say("do you sell globes"))
    alone.close()


def test_the_bot_does_not_pretend_to_be_a_person(talk: Speak) -> None:
    assert "I'm a bot" in text_of(talk().say("are you a real person?"))
    assert "Ich bin ein Bot" in text_of(talk().say("bist du ein Mensch?"))


def test_starting_over_forgets_all_but_the_language(talk: Speak, bookshop: Bookshop) -> None:
    anna = talk()
    anna.say("was ist mit meinem Geld")
    assert "von vorne" in text_of(anna.say("von vorne bitte"))

    anna.say("wie lange dauert die Lieferung")

    _, locale, context = bookshop.asked[-1]
    assert ("de", "", ()) == (locale, context.previous_question, context.previous_articles)


def test_a_greeting_before_a_question_is_a_question(talk: Speak) -> None:
    assert "question" == talk().say("hi, where is my parcel").intent


def test_the_trace_tells_what_was_understood_and_done(talk: Speak) -> None:
    trace = talk().say("can I return a book").trace

    assert "question" == trace["intents"][0]["name"]
    assert 3 == len(trace["intents"])
    assert ["action_answer", "action_listen"] == trace["actions"]
    assert "en" == trace["language"]["language"]
    assert ["returns"] == trace["slots"]["last_articles"]


def test_conversations_at_the_same_time_do_not_mix(engine: Engine) -> None:
    def chat(number: int) -> tuple[str, str]:
        anna = Talk(engine)
        question, article = [("can I return a book", "returns"), ("how long does delivery take", "delivery")][
            number % 2
        ]
        answer = text_of(anna.say(question))
        others = titles(anna.say("/did_not_help"))
        return (answer, article) if ARTICLES[article][0] not in others else ("mixed", article)

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(chat, range(40)))

    assert all(ARTICLES[article][1] == answer for answer, article in results)


def test_an_answer_is_said_outside_of_any_conversation_as_in_one(engine: Engine, bookshop: Bookshop) -> None:
    for question in ("can I return a book", "what about my money", "do you sell globes"):
        answer = bookshop.answer(question, "en", QuestionContext())
        [in_talk] = Talk(engine).say(question).said
        assert in_talk == engine.said(answer, "web")


def test_what_a_customer_says_to_an_answer_is_its_verdict(talk: Speak) -> None:
    anna = talk()
    assert anna.say("How do I return a book?").verdict is None
    assert "helped" == anna.say("Thanks, that helped").verdict
    anna.say("How do I return a book?")
    assert "did_not_help" == anna.say("/did_not_help").verdict
    assert anna.say("Hello").verdict is None
