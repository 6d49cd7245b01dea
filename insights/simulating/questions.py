"""What invented customers ask: the articles' own example questions, badly typed, and some that no article answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

UNANSWERABLE = {
    "en": (
        "Do you sell gift wrap in dark green?",
        "Can I rent one of your kettles for a wedding?",
        "Which of your shops has a parking space for a coach?",
        "do you deliver to the international space station",
        "Is there a discount for brass bands?",
        "can my parrot sit on the toaster",
    ),
    "de": (
        "Haben Sie auch dunkelgrünes Geschenkpapier?",
        "Kann ich einen Wasserkocher für eine Hochzeit mieten?",
        "Welcher Laden hat einen Parkplatz für Reisebusse?",
        "liefern sie auch auf die hallig hooge mit der fähre",
        "Gibt es Rabatt für Blaskapellen?",
        "darf mein papagei auf dem toaster sitzen",
    ),
}
ANGRY = {
    "en": ("This is the third time I ask, it is ridiculous!", "I am really angry now, nothing works."),
    "de": ("Ich frage jetzt zum dritten Mal, das ist eine Frechheit!", "Ich bin wirklich sauer, nichts geht."),
}
TYPOS = 0.3
"""The share of questions with a slip of the finger in them."""


UNKNOWN = 0.13
"""The share of matters that no article knows."""


@dataclass(frozen=True)
class Question:
    text: str
    article_id: str | None
    """The article that answers it; None: none does."""
    ease: float = 0.0
    """How much easier than others such a matter is, in points of a score."""


class Questions:
    def __init__(
        self, by_article: Mapping[str, Mapping[str, Sequence[str]]], topics: Mapping[str, str], chance: Random
    ) -> None:
        """`by_article`: by language and article, its example questions or else its title; `topics`: by article."""
        self._by_article = by_article
        # Some topics are hard on everybody.
        ease = {topic: chance.gauss(0, 0.45) for topic in sorted(set(topics.values()))}
        self._ease = {article_id: ease[topic] for article_id, topic in topics.items()}
        # Some matters come up much more often than others (Zipf's law).
        self._weights = {
            locale: [1 / (1 + place) ** 0.8 for place in range(len(articles))]
            for locale, articles in by_article.items()
        }

    def first(self, chance: Random, locale: str) -> Question:
        """What somebody comes with."""
        articles = self._by_article.get(locale) or {}
        if not articles or chance.random() < UNKNOWN:
            return Question(chance.choice(UNANSWERABLE[locale]), None)
        [article_id] = chance.choices(list(articles), self._weights[locale])
        return self.again(chance, locale, Question("", article_id, self._ease.get(article_id, 0.0)))

    def again(self, chance: Random, locale: str, before: Question) -> Question:
        """The same matter in other words."""
        if before.article_id is None:
            return Question(_typed(chance, chance.choice(UNANSWERABLE[locale])), None)
        text = chance.choice(list(self._by_article[locale][before.article_id]))
        return Question(_typed(chance, text), before.article_id, before.ease)


def _typed(chance: Random, text: str) -> str:
    """As somebody types it on a phone: in small letters, with two letters that changed places."""
    if chance.random() < 0.4:
        text = text.lower().rstrip("?.!")
    if chance.random() < TYPOS and len(text) > 12:
        place = chance.randrange(3, len(text) - 3)
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text
