"""The question at the end, asked and answered in the dialogue."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot import incoming
from bot.engine import Engine
from bot.payloads import give_score, read_payload
from bot.reply import Reply, TurnContext
from bot.state import DialogueState
from bot.surveys import SurveyQuestion, SurveyWords
from tests.bot.conftest import Speak, payloads, text_of, titles

EASE = ("very difficult", "difficult", "somewhat difficult", "neither", "somewhat easy", "easy", "very easy")
LEICHT = ("sehr schwierig", "schwierig", "eher schwierig", "weder noch", "eher einfach", "einfach", "sehr einfach")
EFFORT = SurveyQuestion(
    "s1",
    "ces",
    1,
    7,
    3,
    {
        "en": SurveyWords("How easy was it to get help today?", EASE),
        "de": SurveyWords("Wie einfach war es heute, Hilfe zu bekommen?", LEICHT),
    },
)
COMMENT = replace(EFFORT, awaiting="comment", score=2)
COMMENTED = replace(COMMENT, is_commented=True)


def context(channel: str = "web", asked: SurveyQuestion = EFFORT, *, people: bool = True) -> TurnContext:
    return TurnContext("c1", channel, survey=asked, people=people)


def answered(engine: Engine, text: str, asked: SurveyQuestion = EFFORT, channel: str = "web") -> Reply:
    """What comes of an answer; of a comment, after the score before it."""
    state = engine.ask(None, context(channel)).state
    if asked.awaiting == "comment":
        state = engine.reply(state, "2", context(channel)).state
    return engine.reply(state, text, context(channel, asked))


def test_in_the_web_the_question_has_a_labelled_button_for_every_step(engine: Engine) -> None:
    reply = engine.ask(None, context())

    assert "How easy was it to get help today?" == text_of(reply)
    assert "7 · very easy" == titles(reply)[-1]
    assert [give_score("s1", score) for score in range(1, 8)] == payloads(reply)
    assert ["survey_form"] == [action for action in reply.trace["actions"] if action != "action_listen"]
    assert reply.degraded is None


def test_in_whatsapp_it_has_a_list_and_by_sms_it_asks_for_a_number(engine: Engine) -> None:
    assert 7 == len(payloads(engine.ask(None, context("whatsapp"))))
    assert max(map(len, titles(engine.ask(None, context("whatsapp"))))) <= 24
    by_sms = engine.ask(None, context("sms"))
    assert [] == payloads(by_sms)
    assert text_of(by_sms).endswith("Please answer with a number from 1 (very difficult) to 7 (very easy).")


def test_it_is_asked_in_the_customers_language(engine: Engine, talk: Speak) -> None:
    anna = talk()
    anna.say("Kann ich ein Buch zurückgeben?")

    assert "Wie einfach war es heute, Hilfe zu bekommen?" == text_of(engine.ask(anna.state, context()))


def test_a_scale_of_eleven_steps_is_answered_with_a_number_in_whatsapp(engine: Engine) -> None:
    asked = replace(EFFORT, kind="nps", lowest=0, highest=10, words={"en": SurveyWords("How likely?", ("no", "yes"))})

    in_whatsapp = engine.ask(None, context("whatsapp", asked))
    assert [] == payloads(in_whatsapp)
    assert "How likely? Please answer with a number from 0 (no) to 10 (yes)." == text_of(in_whatsapp)
    assert ["0 · no", "1"] == titles(engine.ask(None, context("web", asked)))[:2]


@pytest.mark.parametrize("text", ["6", "six", "sehr einfach", "6/7", "👍", "easy, thanks", give_score("s1", 6)])
def test_an_answer_is_heard_and_thanked_for(engine: Engine, text: str) -> None:
    reply = answered(engine, text)

    assert reply.survey is not None
    assert reply.survey.score in (6, 7)
    assert text_of(reply) in ("Thank you for your answer.", "Danke für Ihre Antwort.")
    assert "action_thank_for_score" in reply.trace["actions"]
    assert (None, None) == (reply.degraded, reply.wants_person)


def test_a_low_score_is_asked_what_made_it_hard_and_offered_a_person(engine: Engine) -> None:
    reply = answered(engine, "2")

    assert (2, None) == (reply.survey and reply.survey.score, reply.survey and reply.survey.comment)
    assert "Thank you. What made it hard?" == text_of(reply)
    assert ["/wants_person"] == payloads(reply)


def test_by_sms_the_person_is_offered_in_words(engine: Engine) -> None:
    reply = answered(engine, "1", channel="sms")

    assert text_of(reply).endswith("What made it hard? Or write PERSON to talk to somebody now.")
    assert [] == payloads(reply)


def test_nobody_is_offered_where_nobody_works(engine: Engine) -> None:
    state = engine.ask(None, context(people=False)).state

    assert [] == payloads(engine.reply(state, "1", context(people=False)))


def test_what_made_it_hard_is_heard(engine: Engine) -> None:
    reply = answered(engine, "I had to explain everything three times", COMMENT)

    assert reply.survey is not None
    assert "I had to explain everything three times" == reply.survey.comment
    assert "Somebody here reads this" in text_of(reply)


@pytest.mark.parametrize(
    ("text", "score"), [("2, nobody called me back", 2), ("took ages", 3), ("Das hat ewig gedauert", 3)]
)
def test_who_says_at_once_what_made_it_hard_is_not_asked(engine: Engine, text: str, score: int) -> None:
    reply = answered(engine, text)

    assert reply.survey is not None
    assert (score, text) == (reply.survey.score, reply.survey.comment)
    assert text_of(reply).startswith(("Thank you. Somebody here reads this", "Danke. Das liest hier ein Mensch"))
    assert ["/wants_person"] == payloads(reply)


def test_after_the_reason_a_person_is_still_offered_in_either_language_and_by_sms(engine: Engine) -> None:
    reply = answered(engine, "sehr schwierig, ich hab nix gefunden")

    assert (1, ["/wants_person"]) == (reply.survey and reply.survey.score, payloads(reply))
    assert ["/wants_person"] == payloads(answered(engine, "I had to explain everything three times", COMMENT))
    assert text_of(answered(engine, "2, nobody called me back", channel="sms")).endswith(
        "Or write PERSON to talk to somebody now."
    )


@pytest.mark.parametrize("text", ["yes", "ja", "yes please", "gerne", "Ja, bitte!"])
@pytest.mark.parametrize("asked", [COMMENT, COMMENTED], ids=["asked why", "told why"])
def test_a_yes_takes_the_offer(engine: Engine, text: str, asked: SurveyQuestion) -> None:
    reply = answered(engine, text, asked)

    assert ("asked", None) == (reply.wants_person, reply.survey)


def test_where_nobody_works_a_yes_is_no_reason(engine: Engine) -> None:
    state = engine.ask(None, context(people=False)).state
    state = engine.reply(state, "2", context(people=False)).state
    reply = engine.reply(state, "yes", context(asked=COMMENT, people=False))

    assert (None, None) == (reply.wants_person, reply.survey)
    assert "What made it hard?" in text_of(reply)


def test_where_nobody_works_a_yes_after_the_reason_is_thanked_for(engine: Engine) -> None:
    reply = engine.reply(None, "yes please", context(asked=COMMENTED, people=False))

    assert (None, None) == (reply.wants_person, reply.survey)
    assert "Thank you for your answer." == text_of(reply)


def test_more_of_what_made_it_hard_is_added_and_the_offer_stands(engine: Engine) -> None:
    reply = answered(engine, "and the page was slow as well", COMMENTED)

    assert "and the page was slow as well" == (reply.survey and reply.survey.comment)
    assert ("Thank you, I've added that.", ["/wants_person"]) == (text_of(reply), payloads(reply))


@pytest.mark.parametrize("asked", [EFFORT, COMMENT, COMMENTED], ids=["asked", "asked why", "told why"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I don't want to answer", "That's fine."),
        ("stop asking me", "That's fine."),
        ("skip", "That's fine."),
        ("no", "That's fine."),
        ("keine Lust", "Das ist in Ordnung."),
        ("kein Kommentar", "Das ist in Ordnung."),
        ("nicht jetzt", "Das ist in Ordnung."),
        ("egal", "Das ist in Ordnung."),
        ("später", "Das ist in Ordnung."),
    ],
)
def test_a_refusal_is_fine_and_nothing_else(engine: Engine, text: str, said: str, asked: SurveyQuestion) -> None:
    reply = answered(engine, text, asked)

    assert reply.survey is not None
    assert (True, None, None) == (reply.survey.is_refused, reply.survey.score, reply.survey.comment)
    assert text_of(reply) in (said, "That's fine.")
    assert (None, None, None) == (reply.answer, reply.verdict, reply.wants_person)


@pytest.mark.parametrize("text", ["hard to say", "Note 1", "-1", "1+", "keine Ahnung", "too bad"])
def test_what_cant_be_read_is_asked_for_once_more(engine: Engine, text: str) -> None:
    reply = answered(engine, text)

    assert reply.survey is None
    assert "1 (very difficult) to 7 (very easy)" in text_of(reply) or "1 (sehr schwierig) bis 7" in text_of(reply)


def test_beside_a_high_score_the_matter_is_answered(engine: Engine) -> None:
    reply = engine.reply(None, "can I return a book", TurnContext("c1", "web", people=True, scored="high"))

    assert text_of(reply).startswith("Thank you for your answer.\n\n")
    assert reply.answer is not None
    assert "/wants_person" not in payloads(reply)


def test_beside_a_low_one_a_person_is_offered_with_the_answer(engine: Engine) -> None:
    by_sms = engine.reply(None, "can I return a book", TurnContext("c1", "sms", people=True, scored="low"))
    reply = engine.reply(None, "can I return a book", TurnContext("c1", "web", people=True, scored="low"))

    assert "I'm sorry about that" in reply.said[0].opening
    assert "/wants_person" in payloads(reply)
    assert text_of(by_sms).endswith("Or write PERSON to talk to somebody now.")
    assert "asked" == engine.reply(None, "call me", TurnContext("c1", "web", people=True, scored="low")).wants_person


@pytest.mark.parametrize("text", ["/wants_person", "I want to talk to a person", "PERSON", "Mensch"])
def test_who_would_rather_talk_to_a_person_is_passed_on(engine: Engine, text: str) -> None:
    reply = answered(engine, text, COMMENT)

    assert "asked" == reply.wants_person
    assert reply.survey is None


def test_an_angry_comment_is_a_comment(engine: Engine) -> None:
    reply = answered(engine, "This is outrageous, you are the worst company in the world!", COMMENT)

    assert reply.survey is not None
    assert reply.survey.comment


def test_an_answer_can_be_changed(engine: Engine) -> None:
    reply = answered(engine, "no, 6", replace(EFFORT, score=7))

    assert 6 == (reply.survey and reply.survey.score)
    assert "Thank you, I have changed your answer." == text_of(reply)


def test_the_same_answer_again_is_no_change(engine: Engine) -> None:
    assert "Thank you for your answer." == text_of(answered(engine, give_score("s1", 7), replace(EFFORT, score=7)))


def test_a_score_instead_of_a_comment_changes_it(engine: Engine) -> None:
    reply = answered(engine, "sorry, I meant 6", COMMENT)

    assert 6 == (reply.survey and reply.survey.score)


@pytest.mark.parametrize("text", ["11", "0", "5-6", give_score("s1", 9)])
def test_a_number_that_is_no_step_is_asked_for_once_more(engine: Engine, text: str) -> None:
    reply = answered(engine, text)

    assert reply.survey is None
    assert text_of(reply).endswith("Please write a number from 1 (very difficult) to 7 (very easy).")


def test_without_the_survey_the_form_waits_for_nothing(engine: Engine) -> None:
    state = engine.ask(None, context()).state
    reply = engine.reply(state, "Can I return a book?", TurnContext("c1", "web"))

    assert reply.answer is not None
    assert "survey_form" not in reply.trace["actions"]


def test_the_form_and_what_it_waits_for_are_kept_in_the_state(engine: Engine) -> None:
    events = json.loads(engine.ask(None, context()).state)["events"]

    assert ["loop", "survey_form"] in events
    assert ["requested", "survey_score"] in events


def test_a_state_that_was_lost_does_not_lose_the_answer(engine: Engine) -> None:
    reply = engine.reply(None, "2", context())

    assert 2 == (reply.survey and reply.survey.score)


def test_a_new_form_takes_the_place_of_the_one_before() -> None:
    state = DialogueState().in_form("survey_form", "survey_score").in_form("survey_form", "survey_comment")

    assert (("loop", "survey_form"), ("requested", "survey_comment")) == state.events
    assert () == state.in_form("", "").events


@pytest.mark.parametrize(
    "text", ["/conversation_ended", "/survey_form", '/score{"survey":"s1"}', "/score[7]", "/score{"]
)
def test_nobody_can_type_what_begins_the_question(engine: Engine, text: str) -> None:
    assert read_payload(text) is None
    assert incoming.read(text, DialogueState()).pressed is None
    reply = engine.reply(None, text, TurnContext("c1", "web"))

    assert "survey_form" not in reply.trace["actions"]


def test_the_customer_says_that_this_was_all(engine: Engine, talk: Speak) -> None:
    anna = talk()
    assert not anna.say("Can I return a book?").ends
    assert not anna.say("/helped").ends
    assert talk().say("bye").ends


@pytest.mark.parametrize("text", ["no, that was all", "nein, das war alles", "no", "that's it, thanks", "nein danke"])
def test_this_was_all_in_many_words(talk: Speak, text: str) -> None:
    anna = talk()
    anna.say("Can I return a book?")
    anna.say("/helped")

    assert anna.say(text).ends


ENDS = yaml.safe_load(Path(__file__).with_name("endings.yml").read_text("utf-8"))


@pytest.mark.parametrize("text", [*ENDS["ends"], *ENDS["ends_then"]])
def test_an_ordinary_end_after_an_answer_is_one(talk: Speak, text: str) -> None:
    anna = talk()
    anna.say("can I return a book")
    reply = anna.say(text)

    assert (True, None, None) == (reply.ends, reply.verdict, reply.answer)
    anna = talk()
    anna.say("can I return a book")
    anna.say("/helped")
    assert anna.say(text).ends


@pytest.mark.parametrize("text", ["no", "nope", "nö", "nein", "nee"])
def test_a_bare_no_after_an_answer_means_that_it_did_not_help(talk: Speak, text: str) -> None:
    anna = talk()
    anna.say("can I return a book")

    assert "did_not_help" == anna.say(text).verdict


@pytest.mark.parametrize("text", ["got it, thank you so much!", "Got it, thank you!", "verstanden, vielen Dank"])
def test_who_got_it_was_helped(talk: Speak, text: str) -> None:
    anna = talk()
    anna.say("can I return a book")

    assert "helped" == anna.say(text).verdict


@pytest.mark.parametrize("text", ["no thanks", "nein danke"])
def test_a_polite_no_to_the_offer_of_a_person_declines_it(talk: Speak, text: str) -> None:
    anna = talk(people=True)
    anna.say("What is the airspeed of an unladen swallow?")
    assert "/wants_person" in payloads(anna.say("And how tall is the Eiffel tower?"))
    reply = anna.say(text)

    assert (None, False) == (reply.wants_person, reply.ends)


def test_an_end_is_one_while_rasa_is_broken(
    engine: Engine, talk: Speak, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the dialogue is broken")

    anna = talk(people=True)
    anna.say("can I return a book")
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(engine._dialogue, "turn", broken)
    reply = anna.say("danke das wars")

    assert ("failed", True, None) == (reply.degraded, reply.ends, reply.wants_person)


def test_when_rasa_fails_the_question_is_asked_and_its_answer_heard_all_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the dialogue is broken")

    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(engine._dialogue, "turn", broken)
    asked = engine.ask(None, context())
    reply = engine.reply(asked.state, "2", context())

    assert "How easy was it to get help today?" == text_of(asked)
    assert ("failed", 2) == (reply.degraded, reply.survey and reply.survey.score)
