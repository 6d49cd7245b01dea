"""Who may be written to: WhatsApp's 24 hours, who opted out of SMS, and what looks like a loop."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from channels.phone.clock import Clock
from channels.phone.keywords import Keyword, keyword_in
from channels.phone.messages import Message
from channels.phone.rules import Account

WINDOW = timedelta(hours=24)
LOOP_TIME = timedelta(seconds=30)


class Standing:
    """Addresses are those of a channel, `+…` or `whatsapp:+…`. The caller holds the lock."""

    def __init__(self, account: Account, clock: Clock, loop_guard: int) -> None:
        self.loop_guard = loop_guard
        self._account = account
        self._clock = clock
        self._heard: dict[tuple[str, str], datetime] = {}
        self._opted_out: set[tuple[str, str]] = set()
        self._lately: dict[tuple[str, str], deque[datetime]] = {}

    def hear(self, message: Message) -> Keyword | None:
        """A customer's message: it opens the 24 hours; the keyword that was obeyed, if it is one."""
        self._heard[message.customer, message.business] = message.created_at
        if message.channel == "whatsapp":  # There, the product must obey.
            return None
        consent = self._consent(message.customer, message.business)
        keyword = keyword_in(message.body, consent in self._opted_out)
        if keyword == "STOP":
            self._opted_out.add(consent)
        elif keyword == "START":
            self._opted_out.discard(consent)
        return keyword

    def closes_at(self, customer: str, number: str) -> datetime | None:
        """When free text is over; None if the customer never wrote."""
        heard = self._heard.get((customer, number))
        return heard + WINDOW if heard else None

    def is_open(self, customer: str, number: str) -> bool:
        """Whether the customer wrote in the last 24 hours."""
        closes_at = self.closes_at(customer, number)
        return closes_at is not None and self._clock.now() < closes_at

    def is_opted_out(self, customer: str, number: str) -> bool:
        return self._consent(customer, number) in self._opted_out

    def is_loop(self, message: Message) -> bool:
        """Whether it is one too many in 30 seconds."""
        if message.channel == "whatsapp":
            return False
        lately = self._lately.setdefault((message.business, message.customer), deque(maxlen=self.loop_guard))
        is_loop = len(lately) == self.loop_guard and message.created_at - lately[0] < LOOP_TIME
        if not is_loop:
            lately.append(message.created_at)
        return is_loop

    def _consent(self, customer: str, number: str) -> tuple[str, str]:
        """Who opted out from whom: of a Messaging Service, all its numbers."""
        return customer, self._account.service_sid if self._account.serves(number) else number
