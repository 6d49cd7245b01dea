"""Who plays in the tests: customers, and a bot that says what it was asked."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import count

from bot.reply import Button, Reply, Said, TurnContext
from channels.inbound import Inbound, Received, receive
from db import Database

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)
"""When the tests begin; time is passed, never waited for."""

_ids = count(1)


def anna(text: str, message_id: str | None = None) -> Inbound:
    """Anna, who asks in web chat."""
    return Inbound("web", "anna", text, message_id or f"m{next(_ids)}", locale="en")


def ben(text: str, message_id: str | None = None) -> Inbound:
    """Ben, who must see nothing of Anna's."""
    return Inbound("web", "ben", text, message_id or f"m{next(_ids)}", locale="de")


def says(database: Database, inbound: Inbound, now: datetime = MONDAY) -> Received:
    return receive(database, inbound, now)


def echo(state: str | None, text: str, context: TurnContext) -> Reply:
    """A bot whose answers show what it was given; its state counts its turns."""
    turn = int(state or 0) + 1
    said = Said(f"{turn}: {text}", buttons=(Button("Yes, it helped", "/helped"),))
    return Reply(said=(said,), state=str(turn), locale=context.locale or "en", intent="question", intent_confidence=1.0)
