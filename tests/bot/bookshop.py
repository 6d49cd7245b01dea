"""A bookshop's help centre, as the bot sees one: a few articles and the questions they answer, word for word."""

from __future__ import annotations

from knowledge.answers import PEOPLE_ONLY, Answer, Hit, QuestionContext, Source

ARTICLES = {
    "returns": ("Return a book", "Send it back within 30 days. [Print a label](/label) first."),
    "refunds": ("When your refund arrives", "Refunds take five days."),
    "delivery": ("Delivery times", "We deliver within two days, {name} or not."),
    "data": ("Have your data deleted", "We delete it within a month."),
}
FOR_PEOPLE = {"data"}
CATEGORIES = {"returns": "money", "refunds": "money", "delivery": "parcels", "data": "account"}
HURRIED = "This is urgent, please answer right now. Can I return a book?"
ANSWERED = {
    HURRIED: ("returns",),
    "can I return a book": ("returns",),
    "how long does delivery take": ("delivery",),
    "wie lange dauert die Lieferung": ("delivery",),
    "what about my money": ("returns", "refunds"),
    "was ist mit meinem Geld": ("returns", "refunds"),
    "can you delete my data": ("data",),
    "what becomes of my data": ("data", "delivery"),
    "what about my things": ("delivery", "data"),
}


class Bookshop:
    """Remembers what it was asked, and by whom nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, QuestionContext]] = []

    def answer(self, question: str, locale: str, context: QuestionContext) -> Answer:
        self.asked.append((question, locale, context))
        found = ANSWERED.get(question, ())
        if not found:
            return Answer("unknown", "", (), 0.1, (), question, locale)
        if len(found) > 1:
            return Answer(
                "choice", "", _sources(found, locale), 0.5, _hits(locale), question, locale, *_marks(found[0])
            )
        said = ARTICLES[found[0]][1]
        return Answer("answer", said, _sources(found, locale), 0.9, _hits(locale), question, locale, *_marks(found[0]))

    def article(self, article_id: str, locale: str) -> Answer | None:
        if article_id not in ARTICLES:
            return None
        title, text = ARTICLES[article_id]
        sources = _sources((article_id,), locale)
        return Answer("answer", text, sources, 1.0, (), title, locale, *_marks(article_id))


def _marks(article_id: str) -> tuple[str, tuple[str, ...]]:
    """Category and tags."""
    return CATEGORIES[article_id], (PEOPLE_ONLY,) if article_id in FOR_PEOPLE else ()


def _sources(ids: tuple[str, ...], locale: str) -> tuple[Source, ...]:
    return tuple(
        Source(each, locale, ARTICLES[each][0], ARTICLES[each][1], f"/help/{locale}/articles/{each}") for each in ids
    )


def _hits(locale: str) -> tuple[Hit, ...]:
    known = [(each, *said) for each, said in ARTICLES.items() if each not in FOR_PEOPLE]
    return tuple(Hit(each, locale, title, (), text, 1.0, 0.9, 3.0) for each, title, text in known)
