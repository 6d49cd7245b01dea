"""Chooses the words for an answer of knowledge, for the dialogue and for search alone alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.payloads import choose
from knowledge.answers import Answer, Source

OTHERS = 3
"""How many other articles are kept to be offered when an answer didn't help."""

LONGEST_QUESTION = 500


@dataclass(frozen=True)
class Words:
    """A response of the domain, what is put into it, and the slots that change with it."""

    response: str
    text: str = ""
    buttons: tuple[dict[str, str], ...] = ()
    sources: tuple[Source, ...] = ()
    slots: dict[str, Any] = field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        """As arguments of rasa_sdk's `utter_message`."""
        custom = {"sources": [asdict(source) for source in self.sources]} if self.sources else {}
        # A text given here stands in for the response's own, unread: braces in an article are no variables.
        return {
            "response": self.response,
            "text": self.text or None,
            "buttons": list(self.buttons),
            "json_message": custom,
        }


def words_for(answer: Answer) -> Words | None:
    """None if knowledge knows nothing: what is said then depends on the dialogue."""
    if answer.kind == "unknown" or not answer.sources:
        return None
    asked = {"last_question": answer.question[:LONGEST_QUESTION], "other_articles": _others(answer)}
    articles = {"last_articles": [source.id for source in answer.sources]}
    if answer.kind == "choice":
        buttons = tuple(article_button(source.id, source.title) for source in answer.sources)
        return Words("utter_choose", buttons=buttons, slots=asked | articles | {"asked": "choice"})
    return Words("utter_answer", answer.text, sources=answer.sources, slots=asked | articles | {"asked": "helped"})


def article_button(article_id: str, title: str) -> dict[str, str]:
    return {"title": title, "payload": choose(article_id)}


def _others(answer: Answer) -> list[dict[str, str]]:
    shown = {source.id for source in answer.sources}
    titles = {hit.article_id: hit.title for hit in reversed(answer.hits) if hit.article_id not in shown}
    best_first = dict.fromkeys(hit.article_id for hit in answer.hits if hit.article_id in titles)
    return [{"id": article_id, "title": titles[article_id]} for article_id in list(best_first)[:OTHERS]]
