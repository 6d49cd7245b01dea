"""Tells the small intents (a greeting, a yes, a wish for a person) from questions: logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.weights import Weights, vector_of

FILE = "small_intents.npz"
RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SmallIntents(IntentClassifier, GraphComponent):
    """A small intent must be surer than `threshold`; everything else is `everything_else`.

    A question swallowed by a small intent is the worst error: the customer gets pleasantries for an answer.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: Weights | None = None,
    ) -> None:
        self._config, self._storage, self._resource, self._weights = config, model_storage, resource, weights

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"everything_else": "question", "threshold": 0.6, "strength": 10.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SmallIntents:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SmallIntents:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Weights.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._weights = Weights.learn(
            [example.get(TEXT) for example in examples],
            np.vstack([vector_of(example) for example in examples]),
            [example.get(INTENT) for example in examples],
            self._config["strength"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._weights.save(folder / FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if self._weights is None:
            raise RuntimeError("The small intents are not trained.")
        for message in messages:
            ranking = self._weights.rank(message.get(TEXT) or "", vector_of(message))
            message.set(INTENT, self._decide(ranking), add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        return messages

    def _decide(self, ranking: list[dict[str, Any]]) -> dict[str, Any]:
        if ranking[0]["confidence"] >= self._config["threshold"]:
            return ranking[0]
        return next(entry for entry in ranking if entry["name"] == self._config["everything_else"])
