"""Tells the small intents (a greeting, a yes, a wish for a person) from questions: logistic regression on vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

FILE = "small_intents.npz"
RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SmallIntents(IntentClassifier, GraphComponent):
    """A small intent must be surer than `threshold`; everything else is `everything_else`.

    A question swallowed by a small intent is the worst error: the customer gets pleasantries for an answer.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._weights: NDArray[np.float64] = np.zeros((0, 0))
        self._bias: NDArray[np.float64] = np.zeros(0)
        self._center: NDArray[np.float64] = np.zeros(0)
        self._intents: list[str] = []

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"everything_else": "question", "threshold": 0.6, "strength": 30.0}

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
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / FILE) as kept:
            component._weights, component._bias, component._center = kept["weights"], kept["bias"], kept["center"]
            component._intents = [str(name) for name in kept["intents"]]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        vectors = np.vstack([_vector(example) for example in examples])
        # The vectors of one model lie in a narrow cone; what tells them apart is what is left without its axis.
        self._center = vectors.mean(axis=0)
        model = LogisticRegression(C=self._config["strength"], class_weight="balanced", max_iter=1000, random_state=1)
        model.fit(vectors - self._center, [example.get(INTENT) for example in examples])
        self._weights, self._bias, self._intents = model.coef_, model.intercept_, list(model.classes_)
        with self._storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                weights=self._weights,
                bias=self._bias,
                center=self._center,
                intents=np.array(self._intents),
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._rank(_vector(message))
            message.set(INTENT, self._decide(ranking), add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        return messages

    def _rank(self, vector: NDArray[np.float64]) -> list[dict[str, Any]]:
        scores = self._weights @ (vector - self._center) + self._bias
        odds = np.exp(scores - scores.max())
        ranked = sorted(zip(self._intents, odds / odds.sum(), strict=True), key=lambda pair: -pair[1])
        return [{"name": name, "confidence": float(confidence)} for name, confidence in ranked]

    def _decide(self, ranking: list[dict[str, Any]]) -> dict[str, Any]:
        if ranking[0]["confidence"] >= self._config["threshold"]:
            return ranking[0]
        return next(entry for entry in ranking if entry["name"] == self._config["everything_else"])


def _vector(message: Message) -> NDArray[np.float64]:
    _sequence, sentence = message.get_dense_features(TEXT)
    return np.asarray(sentence.features[0], dtype=np.float64)
