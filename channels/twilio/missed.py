"""Fetches what Twilio took for us while nobody answered its calls: it gives up on a webhook within a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from channels.customer import Address
from channels.inbound import Inbound, Received
from channels.names import PHONE
from channels.twilio.api import Taken, Twilio
from channels.twilio.reading import read_inbound
from db import Database

LONGEST = timedelta(hours=24)
"""An answer that comes later than this helps nobody."""
OVERLAP = timedelta(minutes=10)
"""A message that was on its way when the last one came may be older than that one."""

log = structlog.get_logger(__name__)


def receive_missed(
    database: Database,
    twilio: Twilio,
    numbers: Iterable[str | None],
    receive: Callable[[Inbound, datetime], Received],
    now: datetime,
) -> list[Received]:
    """Takes what came to our numbers since we last heard of anybody and was not told to us, oldest first.

    Raises TransportError; what was taken before stays so.
    """
    since = _heard_until(database, now)
    if since is None:
        return []  # Nobody has ever written to this installation: what lies at Twilio was for another one.
    found = [one for number in numbers for one in twilio.taken_for(number, since)]
    received = [receive(_inbound(one), now) for one in sorted(found, key=lambda one: one.at)]
    missed = [one for one in received if one.is_new]
    if missed:
        log.warning("missed_messages_fetched", count=len(missed))
    return missed


def _heard_until(database: Database, now: datetime) -> datetime | None:
    with database.reading() as session:
        last = session.scalar(select(func.max(Address.heard_at)).where(Address.channel.in_(PHONE)))
    return last and max(last - OVERLAP, now - LONGEST)


def _inbound(taken: Taken) -> Inbound:
    # Which button was pressed is not listed; what stood on it is, and that can be typed as well.
    media = {"NumMedia": str(len(taken.media))}
    for number, (url, kind) in enumerate(taken.media):
        media |= {f"MediaUrl{number}": url, f"MediaContentType{number}": kind}
    return read_inbound({"MessageSid": taken.sid, "From": taken.sender, "To": taken.to, "Body": taken.body, **media})
