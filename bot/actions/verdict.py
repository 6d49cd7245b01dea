"""Takes the customer's verdict on an answer: it helped, or it did not and something else is offered."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answering import Events, fail, hand_over, slots
from bot.runtime import current_turn
from bot.words import Words, article_button

NOT_HELPED_BEFORE_A_PERSON = 2


class ActionHelped(Action):
    def name(self) -> str:
        return "action_helped"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(response="utter_helped")
        return slots(asked="more", failures=0, not_helped=0, other_articles=None)


class ActionDidNotHelp(Action):
    def name(self) -> str:
        return "action_did_not_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if not tracker.get_slot("last_question"):
            dispatcher.utter_message(response="utter_ask_question")
            return []
        not_helped = (tracker.get_slot("not_helped") or 0) + 1
        if current_turn().people and not_helped >= NOT_HELPED_BEFORE_A_PERSON:
            return hand_over(dispatcher, "did_not_help")
        said = fail(dispatcher, tracker, _offer(tracker.get_slot("other_articles") or []))
        return [*said, *slots(not_helped=min(not_helped, NOT_HELPED_BEFORE_A_PERSON))]


def _offer(others: list[dict[str, str]]) -> Words:
    """What else was found for the last question, if there is anything."""
    if not others:
        return Words("utter_sorry_rephrase")
    buttons = tuple(article_button(other["id"], other["title"]) for other in others)
    return Words("utter_other_articles", buttons=buttons, slots={"asked": "choice", "other_articles": None})
