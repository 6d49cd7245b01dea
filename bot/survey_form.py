"""Rasa's own form action for the question at the end, its validation and its questions run in process.

It is Rasa's; it is imported by `dialogue` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.surveys import FORM


class SurveyForm(FormAction):
    def __init__(self, actions: Mapping[str, Action]) -> None:
        super().__init__(FORM, None)
        self._actions = actions

    async def activate(self, *_: Any, **__: Any) -> list[Event]:
        # Nothing that was said before the question is an answer to it.
        return []

    async def validate(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        # Rasa's own gives up where nothing was understood. What comes here was found to be an answer, or nearly one:
        # it is asked once more.
        found = self._get_slot_extractions(tracker, domain)
        return await self.validate_slots(found, tracker, domain, output_channel, nlg)

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        with_candidates = self._temporary_tracker(tracker, [SlotSet(*one) for one in slot_candidates.items()], domain)
        events: list[Event] = await self._actions[f"validate_{FORM}"].run(output_channel, nlg, with_candidates, domain)
        return events

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        events: list[Event] = await self._actions[f"action_ask_{slot_name}"].run(output_channel, nlg, tracker, domain)
        return events
