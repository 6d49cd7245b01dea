"""What became of a message on its way to the customer, in words for an agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from channels.outbox import Delivery
from channels.twilio.errors import SENTENCES, sentence

Kind = Literal["sending", "retrying", "sent", "delivered", "read", "failed"]

_GERMAN = dict(SENTENCES.values())
"""From the sentence that is kept to the German one."""


@dataclass(frozen=True)
class State:
    kind: Kind
    at: datetime | None = None
    reason: str = ""
    segments: int = 0


def state_of(delivery: Delivery | None, locale: str) -> State | None:
    """None for what the customer said: it has no delivery."""
    if delivery is None:
        return None
    if delivery.state == "failed":
        return State("failed", delivery.sent_at, reason_of(delivery, locale))
    if delivery.state == "pending":
        is_first = not delivery.attempts or not delivery.error
        return State("sending") if is_first else State("retrying", delivery.due_at, reason_of(delivery, locale))
    return State(_arrived(delivery.status), delivery.sent_at, segments=delivery.segments or 0)


def reason_of(delivery: Delivery, locale: str) -> str:
    if delivery.error_code in SENTENCES:
        return sentence(delivery.error_code, locale)
    error = delivery.error or ""
    return _GERMAN.get(error, error) if locale == "de" else error


def _arrived(status: str | None) -> Kind:
    if status == "read":
        return "read"
    return "delivered" if status == "delivered" else "sent"
