"""Takes the customer's verdict on an answer: it helped, or it did not and something else is offered."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answering import Events, fail, slots
from bot.words import Words, article_button


class ActionHelped(Action):
    def name(self) -> str:
        return "action_helped"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(response="utter_helped")
        return slots(asked="more", failures=0, other_articles=None)


class ActionDidNotHelp(Action):
    def name(self) -> str:
        return "action_did_not_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if not tracker.get_slot("last_question"):
            dispatcher.utter_message(response="utter_ask_question")
            return []
        others = tracker.get_slot("other_articles") or []
        if not others:
            return fail(dispatcher, tracker, Words("utter_sorry_rephrase"))
        buttons = tuple(article_button(other["id"], other["title"]) for other in others)
        offer = Words("utter_other_articles", buttons=buttons, slots={"asked": "choice", "other_articles": None})
        return fail(dispatcher, tracker, offer)
