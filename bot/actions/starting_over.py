"""Forgets what was said, except the language it was said in."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answering import Events, slots


class ActionStartOver(Action):
    def name(self) -> str:
        return "action_start_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(response="utter_started_over")
        return slots(
            asked=None,
            offered=None,
            last_question=None,
            last_articles=None,
            other_articles=None,
            failures=None,
            not_helped=None,
        )
