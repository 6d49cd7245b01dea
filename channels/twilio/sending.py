"""Sends one message through Twilio, and never twice: after an unknown outcome it looks before it sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from channels.outbox import UNSYNCHRONIZED, Delivery, Outgoing, Sent, TransportError
from channels.twilio.api import Accepted, Twilio
from channels.twilio.errors import sentence
from channels.twilio.status import LOST
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

    def send(self, outgoing: Outgoing, fields: dict[str, Any], shown: str, *, is_last: bool = True) -> Sent:
        """Sends `fields` (of Twilio's SDK); `shown` stands in the body that Twilio will tell of it.

        `is_last`: no other part of the same message follows. Raises TransportError.
        """
        taken = self.taken(outgoing, shown)
        return taken or self._sent(outgoing, self._twilio.send(fields | self._envelope(outgoing, is_last)))

    def send_parts(self, outgoing: Outgoing, bodies: Sequence[str]) -> Sent:
        """Sends a text in parts, one after the other, none of them twice. Raises TransportError."""
        *first, last = bodies
        for body in first[len(outgoing.parts) :]:
            part = self.send(outgoing, {"body": body}, body, is_last=False)
            outgoing = replace(outgoing, parts=(*outgoing.parts, part.provider_id), unknown_since=None)
            self._remember(outgoing)
        return self.send(outgoing, {"body": last}, last)

    def _remember(self, outgoing: Outgoing) -> None:
        gone = {"parts": list(outgoing.parts), "unknown_since": None}
        with self._database.transaction() as session:
            query = update(Delivery).where(Delivery.id == outgoing.delivery_id).values(gone)
            session.execute(query, execution_options=UNSYNCHRONIZED)

    def taken(self, outgoing: Outgoing, shown: str) -> Sent | None:
        """The message of an earlier attempt, if nobody knew what became of that and Twilio has it.

        Raises TransportError if it has, and it did not arrive.
        """
        found = self._earlier(outgoing, shown, outgoing.unknown_since) if outgoing.unknown_since else None
        if found and found.status in LOST:
            raise TransportError(sentence(found.error_code), permanent=True, code=found.error_code)
        return self._sent(outgoing, found) if found else None

    def _to(self, outgoing: Outgoing) -> str:
        return f"{self._prefix}{outgoing.address}"

    def _envelope(self, outgoing: Outgoing, is_last: bool) -> dict[str, Any]:
        sender = self._senders.one_for(outgoing.sender)
        if "from_" in sender:
            sender = {"from_": f"{self._prefix}{sender['from_']}"}
        # The delivery's number comes back with each status: it is known even if the answer to this request is lost. Of
        # several parts, the last one stands for all.
        callback = f"{self._callback_url}?delivery={outgoing.delivery_id}" if is_last else self._callback_url
        return {"to": self._to(outgoing), "status_callback": callback, **sender}

    def _sent(self, outgoing: Outgoing, accepted: Accepted) -> Sent:
        # A Messaging Service tells neither the number it will take nor, at once, the number of segments.
        sender = (accepted.sender or outgoing.sender or "").removeprefix(self._prefix)
        return Sent(accepted.sid, accepted.status, sender, accepted.segments)

    def _earlier(self, outgoing: Outgoing, shown: str, since: datetime) -> Accepted | None:
        found = [
            one
            for one in self._twilio.sent_to(self._to(outgoing))
            if one.created_at >= since - CLOCKS and shown.strip() in one.body
        ]
        known = self._known(outgoing, [one.sid for one in found])
        # The oldest: if the same words were said twice, the first of them belongs to the first delivery.
        return next((one for one in reversed(found) if one.sid not in known), None)

    def _known(self, outgoing: Outgoing, sids: Sequence[str]) -> set[str]:
        """Those of which we know what they are."""
        with self._database.reading() as session:
            query = select(Delivery.provider_id, Delivery.replaced_id).where(
                Delivery.provider_id.in_(sids) | Delivery.replaced_id.in_(sids)
            )
            whole = {str(sid) for row in session.execute(query) for sid in row} if sids else set()
            in_parts = select(Delivery.parts).where(
                Delivery.channel == outgoing.message.channel,
                Delivery.address == outgoing.address,
                Delivery.parts.isnot(None),
            )
            return whole.union(
                *(parts or () for parts in session.scalars(in_parts.order_by(Delivery.id.desc()).limit(50)))
            )
