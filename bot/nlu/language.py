"""Adds to every message in which language it is written."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.language import Detected, detector


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Adds `detected` to every message, and an entity `language` (which fills the slot) when it is sure."""

    def __init__(self) -> None:
        self._detector = detector()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            so_far = (message.get(METADATA) or {}).get("language")
            detected = self._detector.detect(message.get(TEXT) or "", so_far)
            described = {"language": detected.language, "confidence": detected.confidence, "is_sure": detected.is_sure}
            message.set("detected", described, add_to_output=True)
            if detected.is_sure:
                message.set(ENTITIES, [*message.get(ENTITIES, []), _entity(message, detected)], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _entity(message: Message, detected: Detected) -> dict[str, Any]:
    return {
        "entity": "language",
        "value": detected.language,
        "start": 0,
        "end": len(message.get(TEXT)),
        "confidence_entity": detected.confidence,
        "extractor": LanguageDetector.__name__,
    }
