"""Answers a question from the help articles, or says that it can't."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.handing_over import handing_over, is_for_people
from bot.runtime import Turn, current_turn
from bot.words import Words, words_for
from knowledge.answers import QuestionContext

FAILURES_BEFORE_A_PERSON = 2

Events = list[dict[str, Any]]


class ActionAnswer(Action):
    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = current_turn()
        question = tracker.latest_message.get("text") or ""
        turn.answer = turn.knowledge.answer(question, tracker.get_slot("language"), _context(tracker, turn))
        if is_for_people(turn.answer, turn.people, turn.people_only):
            return hand_over(dispatcher, "people_only")
        if turn.people and "urgency" in signals(tracker) and turn.answer.kind != "answer":
            return hand_over(dispatcher, "urgency")
        words = words_for(turn.answer)
        if words is None:
            return fail(dispatcher, tracker, Words("utter_rephrase"))
        return say(dispatcher, words)


def say(dispatcher: CollectingDispatcher, words: Words) -> Events:
    dispatcher.utter_message(**words.message())
    return slots(**words.slots)


def fail(dispatcher: CollectingDispatcher, tracker: Tracker, first: Words) -> Events:
    """The bot could not help: `first` is said the first time; the second time a person is offered."""
    failures = min((tracker.get_slot("failures") or 0) + 1, FAILURES_BEFORE_A_PERSON)
    if failures < FAILURES_BEFORE_A_PERSON:
        return [*say(dispatcher, first), *slots(failures=failures, asked=first.slots.get("asked"))]
    turn = current_turn()
    if not (turn.people or turn.contact):
        dispatcher.utter_message(response="utter_no_answer")
        return slots(failures=failures, asked=None)
    dispatcher.utter_message(response="utter_offer_person")
    return slots(failures=failures, asked="person")


def hand_over(dispatcher: CollectingDispatcher, reason: str) -> Events:
    current_turn().wants_person = reason
    return say(dispatcher, handing_over(reason))


def signals(tracker: Tracker) -> list[str]:
    """What is heard in how the latest message is written, the gravest first (`bot.nlu.signals`)."""
    return list(tracker.latest_message.get("signals") or ())


def slots(**values: Any) -> Events:
    return [SlotSet(name, value) for name, value in values.items()]


def _context(tracker: Tracker, turn: Turn) -> QuestionContext:
    return QuestionContext(
        previous_question=tracker.get_slot("last_question") or "",
        previous_articles=tuple(tracker.get_slot("last_articles") or ()),
        reading=turn.reading,
    )
