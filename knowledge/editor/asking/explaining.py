"""An answer with its reasons, in the words of whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answering import CHOICE_FROM
from knowledge.answers import PEOPLE_ONLY, Answer, Hit
from knowledge.article_text import ArticleText
from knowledge.checking.asking import ask_and_explain, asked_in
from knowledge.editor.asking.entered import Question
from knowledge.editor.asking.words import WORDS
from knowledge.editor.preview.forms import Forms, InEveryForm
from knowledge.library import Knowledge

LONGEST_EXCERPT = 280
"""Characters of a passage that are shown."""


@dataclass(frozen=True)
class Reason:
    """Why a passage was found."""

    hit: Hit
    is_draft: bool
    """Whether it stands in the text that is being written."""
    excerpt: str
    why: str


@dataclass(frozen=True)
class Explained:
    answer: Answer
    forms: Forms
    """What is said in every channel."""
    asked: str
    """The question as it was written."""
    reasons: tuple[Reason, ...]
    verdict: str
    """What the confidence means, in a sentence."""
    answered_from: float
    for_staff: bool
    for_people: bool
    """Whether the bot hands over instead of saying it."""

    is_this: bool
    """Whether it is this article that answers."""

    @property
    def is_read_otherwise(self) -> bool:
        """Whether something else was searched for than what was written."""
        return self.answer.question != self.asked


def explain(knowledge: Knowledge, text: ArticleText, asked: Question, forms: InEveryForm, locale: str) -> Explained:
    """What would be said with this text live; `locale`: of who reads the reasons."""
    heard_in = asked_in(asked.text, text.locale)
    found = ask_and_explain(knowledge, [text], asked.text, heard_in, asked.context, staff=text.internal)
    answer = found.answer
    return Explained(
        answer=answer,
        forms=forms(answer),
        asked=asked.text,
        reasons=tuple(
            Reason(
                hit, (hit.article_id, hit.locale) == (text.id, text.locale), _excerpt(hit.text), why(hit, words, locale)
            )
            for hit, words in zip(answer.hits, found.words, strict=True)
        ),
        verdict=_verdict(answer, knowledge.answered_from, locale),
        answered_from=knowledge.answered_from,
        for_staff=text.internal,
        for_people=PEOPLE_ONLY in answer.tags,
        is_this=[text.id] == [source.id for source in answer.sources],
    )


def why(hit: Hit, words: Sequence[str], locale: str) -> str:
    """Such as: Found by meaning and by the words “return”, “label”."""
    own = WORDS[locale]
    if words:
        return own["by_both"].format(words=", ".join(own["quoted"].format(word=word) for word in words))
    return own["by_common_words"] if hit.lexical > 0 else own["by_meaning"]


def _verdict(answer: Answer, answered_from: float, locale: str) -> str:
    values = {"confidence": answer.confidence, "limit": answered_from, "choice": min(CHOICE_FROM, answered_from)}
    return WORDS[locale][f"verdict_{answer.kind}"].format(**values)


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_EXCERPT else f"{line[:LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"
