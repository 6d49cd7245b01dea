"""One turn of the Rasa dialogue: from a message and the state before it to what is said and the state after it.

This module and what it imports are Rasa's; it is imported inside `quiet.importing_rasa()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, action_for_name_or_text
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core import events as rasa_events
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import ACTIONS
from bot.graph import StraightGraph
from bot.in_process import InProcess
from bot.incoming import Incoming
from bot.languages import Languages
from bot.payloads import Pressed
from bot.runtime import current_turn
from bot.state import DialogueState, Event, last_turns
from bot.survey_form import SurveyForm
from bot.words import Words

SLOTS_OF_THE_SURVEY = {"survey_score", "survey_comment"}
"""What the survey itself knows."""
NO_SLOTS_OF_THE_STATE = {"language", "asked", "session_started_metadata", "requested_slot", *SLOTS_OF_THE_SURVEY}


@dataclass(frozen=True)
class Understood:
    """What the pipeline made of a message."""

    intent: str
    confidence: float
    ranking: list[dict[str, Any]]
    detected: dict[str, Any] | None
    signals: tuple[str, ...] = ()
    mood: str = "calm"


@dataclass
class Outcome:
    said: list[dict[str, Any]]
    """Messages as Rasa sends them: text, buttons, custom."""
    state: DialogueState
    locale: str
    understood: Understood
    changed: dict[str, Any] = field(default_factory=dict)
    """Slots that are not what they were."""


class Collected(OutputChannel):
    """Keeps what is said, under the name of the customer's channel, by which responses are chosen."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


class Dialogue(MessageProcessor):
    """Rasa's own processor on a tracker that is handed in, with the graph run straight and actions run in process."""

    def __init__(self, model: Path) -> None:
        nothing = Domain.empty()
        super().__init__(
            model, InMemoryTrackerStore(nothing), InMemoryLockStore(), TemplatedNaturalLanguageGenerator({})
        )
        self.nlg.responses = self.domain.responses
        self.graph_runner: StraightGraph = StraightGraph(self.graph_runner)
        self._actions: dict[str, Action] = {made().name(): InProcess(made()) for made in ACTIONS}
        form = SurveyForm(self._actions)
        self._actions[form.name()] = form

    async def turn(self, state: DialogueState, incoming: Incoming, languages: Languages, channel: str) -> Outcome:
        tracker = self._tracker(state, languages.spoken)
        before = tracker.current_slot_values()
        output = Collected(channel)
        message = UserMessage(
            incoming.text,
            output,
            tracker.sender_id,
            parse_data=_parsed(incoming.text, incoming.pressed) if incoming.pressed else None,
            input_channel=channel,
            metadata={"language": languages.so_far, "people": current_turn().people},
        )
        await self._handle_message_with_tracker(message, tracker)
        self._take_language(tracker)
        await self._run_prediction_loop(output, tracker)
        failure = current_turn().failure
        if failure is not None:
            raise failure
        if not output.messages:
            raise RuntimeError(f"The dialogue has nothing to say to {tracker.latest_message.intent_name}.")
        after = tracker.current_slot_values()
        return Outcome(
            said=output.messages,
            state=self._state(tracker),
            locale=after["language"],
            understood=_understood(tracker.latest_message),
            changed={name: value for name, value in after.items() if value != before.get(name)},
        )

    def say(self, words: Words, locale: str, channel: str) -> dict[str, Any]:
        """A message in the words of the domain, without a dialogue."""
        said = self.nlg.generate_from_slots(words.response, {"language": locale}, channel) or {}
        given = words.message()
        buttons = [*said.get("buttons", []), *given["buttons"]]
        return {"text": given["text"] or said.get("text", ""), "buttons": buttons, "custom": given["json_message"]}

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """As Rasa's own, with our actions in process and every action made once."""
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        current_turn().actions.append(name)
        if len(current_turn().actions) > self.max_number_of_predictions:
            raise RuntimeError(f"The dialogue takes no end: {', '.join(current_turn().actions)}.")
        if name not in self._actions:
            self._actions[name] = action_for_name_or_text(name, self.domain, None)
        return self._actions[name], prediction

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: intents and entities come from the domain that was trained. Rasa makes a domain to find that out."""

    def _take_language(self, tracker: DialogueStateTracker) -> None:
        # Rasa's action_extract_slots would do this and no more: no other slot of our domain is filled by a message.
        for entity in tracker.latest_message.entities:
            if entity["entity"] == "language" and entity["value"] != tracker.get_slot("language"):
                tracker.update(SlotSet("language", entity["value"]), self.domain)

    def _tracker(self, state: DialogueState, locale: str) -> DialogueStateTracker:
        tracker = DialogueStateTracker("customer", self.domain.slots)
        known = {slot.name for slot in self.domain.slots} - NO_SLOTS_OF_THE_STATE
        slots = {name: value for name, value in state.slots.items() if name in known}
        for name, value in (slots | {"language": locale}).items():
            tracker.update(SlotSet(name, value))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        for event in self._replayed(state):
            tracker.update(event, self.domain)
        survey = current_turn().survey
        if survey and survey.awaiting == "comment":
            tracker.update(SlotSet("survey_score", survey.score))
        return tracker

    def _replayed(self, state: DialogueState) -> Iterable[rasa_events.Event]:
        intents, actions = set(self.domain.intents), set(self.domain.action_names_or_texts)
        for kind, name in state.events:
            if kind == "user" and name in intents:
                yield UserUttered(intent={"name": name})
            elif kind == "action" and name in actions:
                yield ActionExecuted(name)
            elif kind == "asked":
                yield SlotSet("asked", name or None)
            elif kind == "loop" and (name in actions or not name):
                yield ActiveLoop(name or None)
            elif kind == "requested":
                yield SlotSet(REQUESTED_SLOT, name or None)

    def _state(self, tracker: DialogueStateTracker) -> DialogueState:
        slots = tracker.current_slot_values()
        return DialogueState(
            language=slots["language"],
            slots={name: slots[name] for name in slots.keys() - NO_SLOTS_OF_THE_STATE if slots[name] is not None},
            events=last_turns(_kept_events(tracker)),
        )


def _kept_events(tracker: DialogueStateTracker) -> Iterable[Event]:
    began = next(position for position, event in enumerate(tracker.events) if isinstance(event, ActionExecuted))
    for event in list(tracker.events)[began + 1 :]:
        if isinstance(event, UserUttered):
            yield "user", event.intent_name or ""
        elif isinstance(event, ActionExecuted):
            yield "action", event.action_name or ""
        elif isinstance(event, SlotSet) and event.key == "asked":
            yield "asked", event.value or ""
        elif isinstance(event, ActiveLoop):
            yield "loop", event.name or ""
        elif isinstance(event, SlotSet) and event.key == REQUESTED_SLOT:
            yield "requested", event.value or ""


def _parsed(text: str, pressed: Pressed) -> dict[str, Any]:
    intent = {"name": pressed.intent, "confidence": 1.0}
    entities = [{"entity": "option", "value": pressed.option}] if pressed.option else []
    return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}


def _understood(message: UserUttered) -> Understood:
    return Understood(
        intent=message.intent["name"],
        confidence=message.intent["confidence"],
        ranking=message.parse_data.get("intent_ranking", [])[:3],
        detected=message.parse_data.get("detected"),
        signals=tuple(message.parse_data.get("signals", ())),
        mood=message.parse_data.get("mood", "calm"),
    )
