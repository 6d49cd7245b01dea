"""Embeds questions and passages with one model, or with several side by side."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from knowledge.embedding.encoder import Encoder, Kind, Vectors
from knowledge.embedding.text import cleaned

Progress = Callable[[int, int], None]  # texts embedded so far, texts in all

REMEMBERED = 512  # questions: what is understood and what is searched for is one sentence, asked for twice
CORES = os.cpu_count() or 1


class Embedder:
    """Vectors of unit norm (float32), comparable by their dot product. May be used by several threads at once.

    `name` belongs beside every stored vector: vectors of two names mustn't be compared.
    Several models' vectors stand side by side, each of norm 1/√n; `parts` are their columns, so that a search can
    weigh them against each other in the question's vector.
    """

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        self.name = "+".join(encoder.name for encoder in encoders)
        self.dimensions = sum(encoder.dimensions for encoder in encoders)
        self.parts = _columns([encoder.dimensions for encoder in encoders])
        self._encoders = tuple(encoders)
        self._begun = lru_cache(REMEMBERED)(self._begin)
        # Several models are asked at once, each on a core; the threads are made when the first question comes.
        self._threads = ThreadPoolExecutor(CORES, "question")
        self._ahead: deque[tuple[Future[Vectors], ...]] = deque(maxlen=CORES)

    def expect(self, text: str) -> None:
        """Begins to embed a question that will be asked for in a moment, if there is a core to spare."""
        busy = sum(not future.done() for futures in tuple(self._ahead) for future in futures)
        if busy < CORES:
            self._ahead.append(self._begun(cleaned(text)))

    def embed_question(self, text: str) -> Vectors:
        """The vector (dimensions,) of what a customer asks; remembered for a while."""
        clean = cleaned(text)
        try:
            parts = [future.result() for future in self._begun(clean)]
        except Exception:
            # What went wrong once is not remembered for the next time.
            self._begun.cache_clear()
            parts = [_one(encoder, clean) for encoder in self._encoders]
        vector: Vectors = np.concatenate(parts) / np.sqrt(len(parts), dtype=np.float32)
        return vector

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """The vectors (texts x dimensions) of many questions, as one trains or measures with."""
        return self._embed(texts, "question")

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors (texts x dimensions) of what is to be found."""
        return self._embed(texts, "passage", progress)

    def knows(self, word: str) -> bool:
        """Whether it is a word that a model has met often, as it is written or in small letters."""
        return any(encoder.knows(form) for encoder in self._encoders for form in {word, word.lower()})

    def _begin(self, clean: str) -> tuple[Future[Vectors], ...]:
        return tuple(self._threads.submit(_one, encoder, clean) for encoder in self._encoders)

    def _embed(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        clean = [cleaned(text) for text in texts]
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for turn, (encoder, part) in enumerate(zip(self._encoders, self.parts, strict=True)):
            row = 0
            for batch in encoder.embed(clean, kind):
                vectors[row : row + len(batch), part] = batch
                row += len(batch)
                if progress:
                    progress((turn * len(texts) + row) // len(self._encoders), len(texts))
        vectors /= np.sqrt(len(self._encoders), dtype=np.float32)
        return vectors


def _one(encoder: Encoder, clean: str) -> Vectors:
    vector: Vectors = next(iter(encoder.embed([clean], "question")))[0]
    return vector


def _columns(dimensions: Sequence[int]) -> tuple[slice, ...]:
    ends = np.cumsum(dimensions).tolist()
    return tuple(slice(end - width, end) for end, width in zip(ends, dimensions, strict=True))
