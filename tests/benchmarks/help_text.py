"""Help articles that nobody wrote: sentences put together by chance, the same ones on every machine."""

from __future__ import annotations

from random import Random

from knowledge.article_text import ArticleText, checked
from tests.benchmarks.faq import EXAMPLES, Faq, Topic

VERBS = ["return", "exchange", "repair", "cancel", "register", "charge", "clean", "update", "insure", "track"]
THINGS = ["order", "invoice", "battery", "helmet", "subscription", "parcel", "voucher", "display", "charger", "saddle"]
PLACES = ["the customer account", "the order page", "a partner shop", "the app", "the parcel shop"]
TIMES = ["two working days", "fourteen days", "the first month", "the warranty period", "one billing period"]
REASONS = ["it was damaged", "the address was wrong", "a part is missing", "the payment failed", "you moved abroad"]
SENTENCES = (
    "You can {verb} your {thing} in {place} within {time}.",
    "If {reason}, tell us the number of your {thing}, and we will {verb} it at no cost.",
    "Before you {verb} a {thing}, have a look at {place}: the state of your {other} is shown there.",
    "We need {time} to {verb} the {thing}; you will find a note in {place} as soon as it is done.",
    "A {thing} that came together with a {other} is treated like the {other}, even when {reason}.",
    "Keep the number {number} of the {thing} at hand when you write to us because {reason}.",
)
QUESTIONS = (
    "How can I {verb} my {thing} when {reason}?",
    "Where do I {verb} the {thing} with number {number}?",
    "How long does it take to {verb} a {thing} bought with a {other}?",
    "Can I {verb} my {thing} in {place} after {time}?",
)


def invented_articles(count: int, seed: int = 0) -> list[ArticleText]:
    """Articles of some nine passages, four of them sections of some eighty words; other seeds, other texts."""
    chance = Random(seed)
    return [_article(f"invented-{seed}-{number}", chance) for number in range(count)]


def invented_questions(count: int, seed: int = 0) -> list[str]:
    chance = Random(seed)
    return list(dict.fromkeys(_filled(chance.choice(QUESTIONS), chance) for _ in range(2 * count)))[:count]


def invented_faq(seed: int = 77) -> Faq:
    """As many topics as banking77 has, for a machine without it."""
    chance = Random(seed)
    return Faq(tuple(_topic(number, chance) for number in range(77)), tuple(invented_questions(3000, seed + 1)))


def _article(id: str, chance: Random) -> ArticleText:
    sections = [f"## {_filled('{verb} the {thing}', chance).capitalize()}\n\n{_text(6, chance)}" for _ in range(4)]
    return checked(
        id=id,
        locale="en",
        title=_filled("{verb} a {thing} or a {other} ({number})", chance).capitalize(),
        short_answer=_text(2, chance),
        body="\n\n".join(sections),
        category="invented",
        questions=[_filled(question, chance) for question in QUESTIONS[:3]],
    )


def _topic(number: int, chance: Random) -> Topic:
    examples = {_filled(chance.choice(QUESTIONS), chance) for _ in range(3 * EXAMPLES)}
    title = _filled("{verb} a {thing} with number {number}", chance).capitalize()
    return Topic(f"topic-{number}", title, _text(2, chance), tuple(sorted(examples)[:EXAMPLES]))


def _text(sentences: int, chance: Random) -> str:
    return " ".join(_filled(chance.choice(SENTENCES), chance) for _ in range(sentences))


def _filled(sentence: str, chance: Random) -> str:
    thing, other = chance.sample(THINGS, 2)
    return sentence.format(
        verb=chance.choice(VERBS),
        thing=thing,
        other=other,
        place=chance.choice(PLACES),
        time=chance.choice(TIMES),
        reason=chance.choice(REASONS),
        number=chance.randrange(10**5, 10**6),
    )
