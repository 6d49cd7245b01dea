"""A logistic regression over what a sentence means and how it is spelled: a row of weights for each label."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.nlu.spelling import spelled

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What was learned: a row for each label."""

    labels: tuple[str, ...]
    bias: Floats
    meaning: Floats
    """Of the sentence vector, once `center` is taken away."""
    spelling: Floats
    center: Floats

    @classmethod
    def learn(cls, texts: list[str], vectors: Floats, labels: list[str], strength: float) -> Weights:
        # The vectors of one model lie in a narrow cone; what tells them apart is what is left without its axis. That
        # is brought to the length of the spelling, so that both count.
        center = vectors.mean(axis=0)
        meaning = vectors - center
        scale = 1 / np.linalg.norm(meaning, axis=1).mean()
        features = hstack([csr_matrix(meaning * scale), spelled(texts)]).tocsr()
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000, random_state=1)
        model.fit(features, labels)
        of_meaning, of_spelling = np.split(model.coef_, [vectors.shape[1]], axis=1)
        return cls(tuple(model.classes_), model.intercept_, of_meaning * scale, of_spelling, center)

    @classmethod
    def load(cls, path: Path) -> Weights:
        with np.load(path) as kept:
            return cls(
                tuple(str(name) for name in kept["labels"]),
                kept["bias"],
                kept["meaning"],
                kept["spelling"].astype(np.float64),
                kept["center"],
            )

    def save(self, path: Path) -> None:
        np.savez(path, **(vars(self) | {"spelling": self.spelling.astype(np.float32)}))

    def rank(self, text: str, vector: Floats) -> list[dict[str, Any]]:
        """Labels with their probabilities, the most probable first."""
        row = spelled([text])
        scores = self.meaning @ (vector - self.center) + self.spelling[:, row.indices] @ row.data + self.bias
        odds = np.exp(scores - scores.max())
        ranked = sorted(zip(self.labels, odds / odds.sum(), strict=True), key=lambda pair: -pair[1])
        return [{"name": name, "confidence": float(confidence)} for name, confidence in ranked]


def vector_of(message: Message) -> Floats:
    """The sentence vector of a message that the pipeline has given one."""
    _sequence, sentence = message.get_dense_features(TEXT)
    return np.asarray(sentence.features[0], dtype=np.float64)
