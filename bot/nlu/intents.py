"""Tells the small intents (a greeting, a yes, a wish for a person) from questions: logistic regression."""

from __future__ import annotations

from dataclasses import dataclass
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
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.nlu.spelling import spelled

FILE = "small_intents.npz"
RANKED = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What was learned: a row for each intent."""

    intents: tuple[str, ...]
    bias: Floats
    meaning: Floats
    """Of the sentence vector, once `center` is taken away."""
    spelling: Floats
    center: Floats

    @classmethod
    def learn(cls, texts: list[str], vectors: Floats, intents: list[str], strength: float) -> Weights:
        # The vectors of one model lie in a narrow cone; what tells them apart is what is left without its axis. That
        # is brought to the length of the spelling, so that both count.
        center = vectors.mean(axis=0)
        meaning = vectors - center
        scale = 1 / np.linalg.norm(meaning, axis=1).mean()
        features = hstack([csr_matrix(meaning * scale), spelled(texts)]).tocsr()
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000, random_state=1)
        model.fit(features, intents)
        of_meaning, of_spelling = np.split(model.coef_, [vectors.shape[1]], axis=1)
        return cls(tuple(model.classes_), model.intercept_, of_meaning * scale, of_spelling, center)

    def rank(self, text: str, vector: Floats) -> list[dict[str, Any]]:
        """Intents with their probabilities, the most probable first."""
        row = spelled([text])
        scores = self.meaning @ (vector - self.center) + self.spelling[:, row.indices] @ row.data + self.bias
        odds = np.exp(scores - scores.max())
        ranked = sorted(zip(self.intents, odds / odds.sum(), strict=True), key=lambda pair: -pair[1])
        return [{"name": name, "confidence": float(confidence)} for name, confidence in ranked]


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
        with model_storage.read_from(resource) as folder, np.load(folder / FILE) as kept:
            weights = Weights(
                tuple(str(name) for name in kept["intents"]),
                kept["bias"],
                kept["meaning"],
                kept["spelling"].astype(np.float64),
                kept["center"],
            )
        return cls(config, model_storage, resource, weights)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._weights = Weights.learn(
            [example.get(TEXT) for example in examples],
            np.vstack([_vector(example) for example in examples]),
            [example.get(INTENT) for example in examples],
            self._config["strength"],
        )
        with self._storage.write_to(self._resource) as folder:
            kept = vars(self._weights) | {"spelling": self._weights.spelling.astype(np.float32)}
            np.savez(folder / FILE, **kept)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if self._weights is None:
            raise RuntimeError("The small intents are not trained.")
        for message in messages:
            ranking = self._weights.rank(message.get(TEXT) or "", _vector(message))
            message.set(INTENT, self._decide(ranking), add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        return messages

    def _decide(self, ranking: list[dict[str, Any]]) -> dict[str, Any]:
        if ranking[0]["confidence"] >= self._config["threshold"]:
            return ranking[0]
        return next(entry for entry in ranking if entry["name"] == self._config["everything_else"])


def _vector(message: Message) -> Floats:
    _sequence, sentence = message.get_dense_features(TEXT)
    return np.asarray(sentence.features[0], dtype=np.float64)
