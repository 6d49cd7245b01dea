"""Shows a customer who goes on in another channel that what they asked came with them."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answering import Events
from knowledge.answering import as_markdown

QUOTED = 60
"""Characters of the last question that are repeated."""


class ActionContinue(Action):
    def name(self) -> str:
        return "action_continue"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        question = shorten(tracker.get_slot("last_question") or "", QUOTED, placeholder="…")
        if question.strip("…"):
            dispatcher.utter_message(response="utter_continue_with", question=as_markdown(question))
        else:
            dispatcher.utter_message(response="utter_continue")
        return []
