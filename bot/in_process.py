"""Runs a custom action of the bot where it is: no second server, no JSON of the whole conversation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core import events as rasa_events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.runtime import current_turn


class InProcess(RemoteAction):
    def __init__(self, action: Action) -> None:
        super().__init__(action.name(), None)
        self._action = action

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: TemplatedNaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[rasa_events.Event]:
        dispatcher = CollectingDispatcher()
        try:
            returned = await self._action.run(dispatcher, _sdk_tracker(tracker), {})
        except Exception as failure:
            current_turn().failure = failure
            raise
        said = await self._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
        return [*said, *_events(returned or [])]


def _events(returned: list[dict[str, Any]]) -> Iterable[rasa_events.Event]:
    for event in returned:
        if event["event"] == "slot":
            # Rasa would look for the class among all its events each time.
            yield SlotSet(event["name"], event["value"])
        else:
            yield from rasa_events.deserialise_events([event])


def _sdk_tracker(tracker: DialogueStateTracker) -> Tracker:
    # Our actions look at slots and the latest message; the events would be serialised for nobody.
    return Tracker(
        tracker.sender_id,
        tracker.current_slot_values(),
        tracker._latest_message_data(),
        [],
        False,
        None,
        {},
        tracker.latest_action_name,
    )
