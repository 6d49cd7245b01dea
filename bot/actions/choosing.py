"""Shows the article a customer chose among those that were offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answering import Events, hand_over, say, slots
from bot.handing_over import is_for_people
from bot.options import Buttons, described_button
from bot.payloads import CHOOSE, read_payload
from bot.runtime import current_turn
from bot.words import words_for


class ActionChoose(Action):
    def name(self) -> str:
        return "action_choose"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        offered = tracker.get_slot("offered") or []
        option = _pressed(tracker) or _described(tracker, _articles(offered))
        if option:
            return _show(dispatcher, tracker, option)
        if tracker.get_slot("asked") != "choice":
            dispatcher.utter_message(response="utter_ask_question")
            return []
        dispatcher.utter_message(response="utter_choose_one", buttons=_articles(offered))
        return []


def _pressed(tracker: Tracker) -> str | None:
    return next(tracker.get_latest_entity_values("option"), None)


def _described(tracker: Tracker, offered: Buttons) -> str | None:
    payload = described_button(tracker.latest_message.get("text") or "", offered)
    pressed = read_payload(payload) if payload else None
    return pressed.option if pressed else None


def _articles(offered: Buttons) -> Buttons:
    return [button for button in offered if button["payload"].startswith(CHOOSE)]


def _show(dispatcher: CollectingDispatcher, tracker: Tracker, article_id: str) -> Events:
    turn = current_turn()
    turn.answer = turn.knowledge.article(article_id, tracker.get_slot("language"))
    if is_for_people(turn.answer, turn.people, turn.people_only):
        return hand_over(dispatcher, "people_only")
    words = words_for(turn.answer) if turn.answer else None
    if words is None:
        dispatcher.utter_message(response="utter_gone")
        return slots(asked=None)
    # What was asked stays what was asked: the title of the chosen article is no question.
    kept = {name: value for name, value in words.slots.items() if name not in ("last_question", "other_articles")}
    others = [other for other in tracker.get_slot("other_articles") or [] if other["id"] != article_id]
    return say(dispatcher, replace(words, slots=kept | {"other_articles": others}))
