"""What a question costs before anything is searched: its vector."""

from __future__ import annotations

import time

from app.loading import load_embedding
from tests.benchmarks.faq import read_faq
from tests.benchmarks.help_text import invented_questions
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, Unmeasured, ms, p50, p95

QUESTIONS = 300
WARM_UP = 20


def rows(place: Place) -> list[Row]:
    return [measure(place, QUESTIONS)]


def measure(place: Place, count: int) -> Row:
    texts = _questions(place, WARM_UP + count)
    embedder = load_embedding(place.settings)
    for text in texts[:WARM_UP]:
        embedder.embed_question(text)
    seconds = []
    for text in texts[WARM_UP:]:
        started = time.perf_counter()
        embedder.embed_question(text)
        seconds.append(time.perf_counter() - started)
    words = sum(len(text.split()) for text in texts) / len(texts)
    note = f"p95 {ms(p95(seconds))}; {len(seconds)} questions of {words:.0f} words; {place.settings.embedding_model}"
    return Row("Embedded question, p50", p50(seconds) * 1000, "ms", limit=8, note=note)


def _questions(place: Place, count: int) -> list[str]:
    try:
        return list(read_faq(place.data).questions[:count])
    except Unmeasured:
        return invented_questions(count)
