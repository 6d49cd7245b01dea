"""Listens to how a message is written (`bot.signals`): logistic regression over meaning, spelling and cues.

It is learned from `signals_*.yml` beside everything else that customers write; so a question that merely has such a
word in it ("is the kettle safe for children?") stays a question. A long message is heard sentence by sentence: a threat
is one sentence among ten polite ones.

On the 451 sentences of tests/bot/signals.yml: precision .995, recall .91 (with MiniLM beside it, .99 and .91). Of the
84 that were written last, when nothing was changed any more, 1.0 and .84. Of 4 791 sentences of banking77, clinc150,
stackfaq, roboai-de and covid-de, 19 are heard as anger, law or harm (with MiniLM 10), 26 as urgent (15).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cues import cues
from bot.nlu.sentence import embedder_for
from bot.nlu.weights import Floats, Weights, vector_of
from bot.runtime import SentenceEmbedder
from bot.signals import CALM, NEEDS_PERSON, SIGNALS, Heard, Odds, examples, together

FILE = "signals.npz"
SURE = 0.7
SURE_WITHOUT_A_CUE = 0.9
"""Probability from which a sentence is no longer calm, if a cue stands in it and if none does."""
SENTENCES = 6
"""So many sentences with cues are looked at one by one; a longer tirade is heard by then."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Signals(IntentClassifier, GraphComponent):
    """Adds `signals` and `mood` to every message, and may change its intent to `needs_person`."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: Weights | None = None,
    ) -> None:
        self._config, self._storage, self._resource, self._weights = config, model_storage, resource, weights
        self._embedder: SentenceEmbedder = embedder_for(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 3.0, "model": "multilingual-e5-small", "cache": ".cache/handrail/models"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Signals:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Signals:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Weights.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        calm = [example for example in training_data.intent_examples if example.get(TEXT)]
        own = list(examples())
        texts = [text for _, text in own] + [example.get(TEXT) for example in calm]
        vectors = np.vstack([self._embedder.embed_questions(texts[: len(own)]), *map(vector_of, calm)])
        labels = [signal for signal, _ in own] + [CALM] * len(calm)
        self._weights = learn(texts, vectors, labels, len(own), self._config["strength"])
        with self._storage.write_to(self._resource) as folder:
            self._weights.save(folder / FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            heard = self._hear(message.get(TEXT) or "", vector_of(message))
            message.set("signals", list(heard.signals), add_to_output=True)
            message.set("mood", heard.mood, add_to_output=True)
            if _calls_a_person(heard, message):
                message.set(INTENT, {"name": "needs_person", "confidence": heard.confidence}, add_to_output=True)
        return messages

    def _hear(self, text: str, vector: Floats) -> Heard:
        if self._weights is None:
            raise RuntimeError("The signals are not trained.")
        parts = _sentences_with_cues(text)
        vectors = [vector, *(self._embedder.embed_questions(parts).astype(np.float64) if parts else ())]
        return together([listen(self._weights, one, of) for one, of in zip([text, *parts], vectors, strict=True)])


def learn(texts: list[str], vectors: Floats, labels: list[str], own: int, strength: float) -> Weights:
    """From sentences, of which the first `own` are the signals' own."""
    # Those are learned once more without their cues, so that what has none is recognised, too: recall .81 without it.
    sentences = [*map(marked, texts), *texts[:own]]
    return Weights.learn(sentences, np.vstack([vectors, vectors[:own]]), labels + labels[:own], strength)


def marked(text: str) -> str:
    """A text with the cues in it as words of their own, so that they are learned as its spelling is."""
    return text + "".join(f" §{cue}§" for cue in cues(text))


def _sentences_with_cues(text: str) -> list[str]:
    """Of a message of several sentences; how a sentence alone is heard is known from its vector."""
    sentences = [part for part in _SENTENCE_END.split(text) if part]
    return [part for part in sentences if set(cues(part)) & set(SIGNALS)][:SENTENCES] if len(sentences) > 1 else []


def listen(weights: Weights, text: str, vector: Floats) -> tuple[Odds, bool]:
    """How likely each signal is in a sentence, and whether that is enough for it not to be calm."""
    odds = {each["name"]: each["confidence"] for each in weights.rank(marked(text), vector)}
    return odds, 1 - odds[CALM] >= (SURE if set(cues(text)) & set(SIGNALS) else SURE_WITHOUT_A_CUE)


def _calls_a_person(heard: Heard, message: Message) -> bool:
    # Who asks for a person and is angry has asked for one.
    grave = NEEDS_PERSON - ({"anger"} if (message.get(INTENT) or {}).get("name") == "wants_person" else set())
    works = (message.get(METADATA) or {}).get("people", False)
    return bool(works and grave & set(heard.signals))
