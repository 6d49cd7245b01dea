"""All rows of the tables that figures come from, as plain dictionaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from db import Base, Database

Row = dict[str, Any]
TABLES = (
    "conversation", "message", "event", "handoff", "survey", "follow_up", "calendar", "team", "team_member",
    "staff_user", "presence", "article_translation", "article_revision", "article_read", "article_feedback",
    "help_search", "delivery",
)  # fmt: skip


class Rows:
    def __init__(self, database: Database) -> None:
        self.of: dict[str, list[Row]] = {}
        with database.reading() as session:
            for name in TABLES:
                table = Base.metadata.tables[name]
                self.of[name] = [dict(row) for row in session.execute(select(table)).mappings()]
        self.said = by(self.of["message"], "conversation_id")
        self.events = by(self.of["event"], "conversation_id")
        self.handoffs = by(self.of["handoff"], "conversation_id")
        self.surveys = by(self.of["survey"], "conversation_id")
        self.follow_ups = by(self.of["follow_up"], "conversation_id")
        self.of_customer = by(self.of["conversation"], "customer_id")
        for messages in self.said.values():
            messages.sort(key=lambda one: one["seq"])
        for events in (*self.events.values(), *self.handoffs.values()):
            events.sort(key=lambda one: one["id"])


def by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
