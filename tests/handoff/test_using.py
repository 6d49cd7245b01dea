"""How often an article answered and helped is counted with the turn, once for each answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.reply import Reply, Said, TurnContext, Verdict
from db import Database
from handoff.turn import take_turn
from knowledge.answers import Answer, Source
from knowledge.articles import ArticleUse
from tests.cast import MONDAY, anna, ben, says

RETURNS = Source("return-an-item", "en", "Return an item", "Within 30 days.", "/help/en/articles/return-an-item")
BENCH = Source("bench", "de", "Die Bank", "Zu zweit.", "/help/de/articles/bench")
SAYS: dict[str, tuple[Source | None, Verdict | None]] = {
    "returns?": (RETURNS, None),
    "bench?": (BENCH, None),
    "yes": (None, "helped"),
    "no": (None, "did_not_help"),
}


def helper(_state: str | None, text: str, _context: TurnContext) -> Reply:
    """A bot that knows two articles, offers both to what it does not understand, and hears yes and no."""
    source, verdict = SAYS.get(text, (None, None))
    kind = "answer" if source else "choice"
    sources = (source,) if source else (RETURNS, BENCH)
    answer = None if verdict else Answer(kind, "Said.", sources, 0.9, (), text, "en")  # type: ignore[arg-type]
    return Reply((Said("Said.", sources=sources),), "1", "en", "question", 1.0, answer, verdict)


def ask(database: Database, *texts: str) -> None:
    for text in texts:
        take_turn(database, helper, says(database, anna(text)).conversation_id, MONDAY)


def counted(database: Database) -> dict[str, tuple[int, int, int]]:
    with database.reading() as session:
        return {
            one.article_id: (one.answered, one.helped, one.not_helped) for one in session.scalars(select(ArticleUse))
        }


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["returns?"], {"return-an-item": (1, 0, 0)}),
        (["returns?", "yes"], {"return-an-item": (1, 1, 0)}),
        (["returns?", "no"], {"return-an-item": (1, 0, 1)}),
        (["returns?", "bench?", "yes"], {"return-an-item": (1, 0, 0), "bench": (1, 1, 0)}),
        (["returns?", "returns?"], {"return-an-item": (2, 0, 0)}),
        # Who presses twice, or says no to what was offered next, has said it of that answer once.
        (["returns?", "yes", "yes"], {"return-an-item": (1, 1, 0)}),
        (["returns?", "no", "no"], {"return-an-item": (1, 0, 1)}),
        (["yes"], {}),
        # A choice says no article.
        (["something else"], {}),
    ],
)
def test_each_answer_is_counted_and_judged_once(
    database: Database, texts: list[str], expected: dict[str, tuple[int, int, int]]
) -> None:
    ask(database, *texts)
    assert expected == counted(database)


def test_uses_are_counted_by_day_and_language(database: Database) -> None:
    ask(database, "returns?", "bench?")
    tomorrow = MONDAY + timedelta(days=1)
    take_turn(database, helper, says(database, ben("returns?"), tomorrow).conversation_id, tomorrow)
    with database.reading() as session:
        found = {(one.article_id, one.locale, one.day, one.answered) for one in session.scalars(select(ArticleUse))}
    assert found == {
        ("return-an-item", "en", MONDAY.date(), 1),
        ("bench", "de", MONDAY.date(), 1),
        ("return-an-item", "en", tomorrow.date(), 1),
    }


def test_a_turn_that_is_lost_counts_nothing(database: Database) -> None:
    conversation_id = says(database, anna("returns?")).conversation_id

    def interrupted(state: str | None, text: str, context: TurnContext) -> Reply:
        later = MONDAY + timedelta(minutes=5)
        take_turn(database, helper, conversation_id, later)  # Another worker, which believed this one dead.
        return helper(state, text, context)

    take_turn(database, interrupted, conversation_id, MONDAY)
    assert {"return-an-item": (1, 0, 0)} == counted(database)
