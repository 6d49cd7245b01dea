"""Hands over to a person; where nobody works, says how one can be reached, and never pretends that somebody can."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answering import Events, hand_over, signals, slots
from bot.runtime import current_turn


class ActionPerson(Action):
    def name(self) -> str:
        return "action_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = current_turn()
        turn.wants_person = _reason(tracker)
        if turn.people:
            return hand_over(dispatcher, turn.wants_person)
        if turn.contact:
            dispatcher.utter_message(response="utter_person", contact=turn.contact)
        else:
            dispatcher.utter_message(response="utter_nobody")
        return slots(asked=None)


def _reason(tracker: Tracker) -> str:
    if tracker.latest_message["intent"]["name"] == "needs_person":
        return next(iter(signals(tracker)), "asked")
    return "failures" if tracker.get_slot("asked") == "person" else "asked"


class ActionNoPerson(Action):
    def name(self) -> str:
        return "action_no_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(response="utter_no_person")
        return slots(asked=None, failures=0)
