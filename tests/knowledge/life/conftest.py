"""Who writes and who looks: two editors, a supervisor, an agent; and a draft of a shop's article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from db import Database
from knowledge.article_text import ArticleText
from knowledge.drafts import ArticleDraft, draft_of, fields_of, find_draft, save_draft
from knowledge.library import Knowledge
from knowledge.life.going_live import Gate, Rules
from staff.people import User
from tests.cast import MONDAY
from tests.knowledge.shop import article
from tests.staff import edda, employ_editor, mira, susanne

KEY = ("return-an-item", "en")


def nothing_broken(_knowledge: Knowledge, _texts: Any) -> list[Any]:
    return []


def rules(gate: Gate = nothing_broken, *, must_be_reviewed: bool = False) -> Rules:
    return Rules(gate, must_be_reviewed)


@dataclass
class Room:
    """The database, and who works on it."""

    knowledge: Knowledge
    edda: User
    """Who writes."""
    emil: User
    """Another editor."""
    susanne: User
    """A supervisor."""
    mira: User
    """An agent, who may read only."""

    @property
    def database(self) -> Database:
        return self.knowledge.database

    def write(self, user: User, **changes: Any) -> ArticleDraft:
        return self.write_text(user, article(**changes))

    def write_text(self, user: User, text: ArticleText) -> ArticleDraft:
        with self.database.transaction() as session:
            return save_draft(session, text.id, text.locale, fields_of(text), now=MONDAY, user_id=user.id)

    def do(self, verb: Callable[..., Any], user: User, *args: Any, key: tuple[str, str] = KEY, **given: Any) -> Any:
        """A verb in a transaction of its own, at nine on Monday."""
        now = given.pop("now", MONDAY)
        with self.database.transaction() as session:
            return verb(session, *key, user, now, *args, **given)

    @property
    def draft(self) -> ArticleDraft:
        with self.database.reading() as session:
            return draft_of(session, *KEY)

    @property
    def has_draft(self) -> bool:
        with self.database.reading() as session:
            return find_draft(session, *KEY) is not None


@pytest.fixture
def room(knowledge: Knowledge) -> Room:
    database = knowledge.database
    return Room(knowledge, edda(database), employ_editor(database, "Emil Roth"), susanne(database), mira(database))
