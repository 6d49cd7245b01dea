"""Vectors of texts that are tried but not live: what is stored is read, the last of the others are kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

from db import Database
from knowledge.embedding import Embedder
from knowledge.vectors import Vectors, question_hash, stored_vectors

REMEMBERED = 4_000
"""Texts: 12 MB, those of some hundred drafts."""

Embed = Callable[[Sequence[str]], Vectors]


class Tried:
    """Nothing is written to the database. Safe to share between threads."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def passages(self, texts: Mapping[str, str]) -> dict[str, Vectors]:
        """By content hash, the vectors of what is embedded under it."""
        return self._vectors(texts, self._embedder.embed_passages)

    def questions(self, questions: Iterable[str]) -> dict[str, Vectors]:
        """By question, its vector."""
        hashes = {question_hash(question): question for question in questions}
        found = self._vectors(hashes, self._embedder.embed_questions)
        return {question: found[content_hash] for content_hash, question in hashes.items()}

    def _vectors(self, texts: Mapping[str, str], embed: Embed) -> dict[str, Vectors]:
        found = self._remembered(texts)
        found |= stored_vectors(self._database, self._embedder.name, texts.keys() - found.keys())
        missing = {key: text for key, text in texts.items() if key not in found}
        new = dict(zip(missing, embed(list(missing.values())), strict=True)) if missing else {}
        self._keep(new)
        return found | new

    def _remembered(self, texts: Mapping[str, str]) -> dict[str, Vectors]:
        with self._lock:
            found = {key: self._kept[key] for key in texts if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        return found

    def _keep(self, new: Mapping[str, Vectors]) -> None:
        with self._lock:
            self._kept |= new
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
