"""One question on the command line: answered from the articles as the bot would, and shown with its reasons."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.loading import load_embedding, open_knowledge
from app.settings import Settings
from db import Database
from knowledge.answers import QuestionContext

HITS_SHOWN = 8


def answer_once(settings: Settings, database: Database, question: str, locale: str) -> dict[str, Any]:
    """kind, text, articles (id, title, url …), confidence, hits with scores, and what was searched for."""
    knowledge = open_knowledge(settings, database, load_embedding(settings))
    spoken = locale or _language_of(question) or settings.default_locale
    found = asdict(knowledge.answer(question, spoken, QuestionContext()))
    database.close()
    return {
        "kind": found["kind"],
        "text": found["text"],
        "articles": found["sources"],
        "confidence": round(found["confidence"], 4),
        "locale": found["locale"],
        "question": found["question"],
        "hits": found["hits"],
    }


def show(answer: dict[str, Any]) -> None:
    out = Console(highlight=False)
    out.print(f"[bold]{answer['kind']}[/] [dim]confidence {answer['confidence']:.2f}, {answer['locale']}[/]")
    out.print(escape(answer["text"]) or "[dim](nothing is said)[/]")
    for article in answer["articles"]:
        out.print(f"  → {escape(article['title'])} [dim]{article['url']}[/]")
    table = Table("score", "cosine", "BM25", "article", "passage", box=None, header_style="dim")
    for hit in answer["hits"][:HITS_SHOWN]:
        scores = (f"{hit[name]:.3f}" for name in ("score", "dense", "lexical"))
        passage = " › ".join([*hit["heading_path"], hit["text"]]).replace("\n", " ")
        table.add_row(*scores, escape(f"{hit['article_id']} ({hit['locale']})"), escape(passage[:70]))
    out.print(table)


def _language_of(question: str) -> str | None:
    from knowledge.language import detector

    detected = detector().detect(question)
    return detected.language if detected.is_sure else None
