"""Sends one message through Twilio, and never twice: after an unknown outcome it looks before it sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from channels.outbox import Delivery, Outgoing, Sent
from channels.twilio.api import Accepted, Twilio
from db import Database

CLOCKS = timedelta(seconds=60)
"""How far Twilio's clock may be from ours."""


@dataclass(frozen=True)
class Senders:
    """What may stand as the sender on one channel."""

    numbers: tuple[str, ...]
    messaging_service: str = ""

    def one_for(self, preferred: str | None) -> dict[str, str]:
        """The number that the customer knows, or else the messaging service, or the first number."""
        if preferred in self.numbers or (preferred and self.messaging_service):
            return {"from_": preferred}
        if self.messaging_service:
            return {"messaging_service_sid": self.messaging_service}
        return {"from_": self.numbers[0]}


class Sending:
    def __init__(
        self, database: Database, twilio: Twilio, senders: Senders, callback_url: str, prefix: str = ""
    ) -> None:
        """`prefix` stands before every number on this channel, such as `whatsapp:`."""
        self._database = database
        self._twilio = twilio
        self._senders = senders
        self._callback_url = callback_url
        self._prefix = prefix

    def send(self, outgoing: Outgoing, fields: dict[str, Any], shown: str) -> Sent:
        """Sends `fields` (of Twilio's SDK); `shown` is the body that Twilio will tell of it. Raises TransportError."""
        to = f"{self._prefix}{outgoing.address}"
        taken = self._taken(outgoing, to, shown) if outgoing.unknown_since else None
        return _sent(taken or self._twilio.send(fields | self._envelope(outgoing, to)), self._prefix)

    def _envelope(self, outgoing: Outgoing, to: str) -> dict[str, Any]:
        sender = self._senders.one_for(outgoing.sender)
        if "from_" in sender:
            sender = {"from_": f"{self._prefix}{sender['from_']}"}
        # The delivery's number comes back with each status: it is known even if the answer to this request is lost.
        return {"to": to, "status_callback": f"{self._callback_url}?delivery={outgoing.delivery_id}", **sender}

    def _taken(self, outgoing: Outgoing, to: str, shown: str) -> Accepted | None:
        """The message of an earlier attempt, if Twilio has it."""
        since = outgoing.unknown_since
        found = [
            one
            for one in self._twilio.sent_to(to)
            if since is not None and one.created_at >= since - CLOCKS and one.body.strip() == shown.strip()
        ]
        known = self._known([one.sid for one in found])
        # The oldest: if the same words were said twice, the first of them belongs to the first delivery.
        return next((one for one in reversed(found) if one.sid not in known), None)

    def _known(self, sids: Sequence[str]) -> set[str]:
        with self._database.reading() as session:
            query = select(Delivery.provider_id).where(Delivery.provider_id.in_(sids))
            return {str(sid) for sid in session.scalars(query)} if sids else set()


def _sent(accepted: Accepted, prefix: str) -> Sent:
    sender = (accepted.sender or "").removeprefix(prefix)
    return Sent(accepted.sid, accepted.status, sender, accepted.segments)
