"""Sends what waits in the outbox: claimed, sent, tried again or given up with a reason."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, aliased

from channels.conversation import Message
from channels.customer import Address
from channels.outbox import (
    RETRY_AFTER,
    STOPPED,
    UNSYNCHRONIZED,
    Delivery,
    Outgoing,
    Redirected,
    Transport,
    TransportError,
)
from channels.pacing import TWO_MACHINES, count_more, held_until, is_endless
from db import Database

CLAIM = timedelta(seconds=30)
SURE_SECONDS = 5
"""How long after a claim nobody else can have taken what was claimed: far less than `CLAIM`."""
JITTER = 0.25
"""Share by which a wait may be longer, so that what failed together is not tried again together."""
BROKEN = "It could not be sent because of an error on our side."
"""What the error says stays in the log: it may repeat what people wrote."""

log = structlog.get_logger(__name__)

# Made once: it is asked every second, and after every turn.
_IS_DUE = (
    Delivery.state == "pending",
    Delivery.due_at <= bindparam("now"),
    Delivery.channel.in_(bindparam("channels", expanding=True)),
)
_FIRST_DUE = select(Delivery.id).where(*_IS_DUE).limit(1)
_DUE = (
    select(Delivery, Message, Address)
    .join(Message, Message.id == Delivery.message_id)
    .outerjoin(Address, (Address.channel == Delivery.channel) & (Address.value == Delivery.address))
    .where(*_IS_DUE)
    .order_by(Delivery.id)
    .limit(bindparam("most"))
    .with_for_update(of=Delivery, skip_locked=True)
)


@dataclass(frozen=True)
class Manner:
    """How the rows of some channels are taken."""

    in_order: bool = False
    """One message to an address at a time, none while an earlier one waits to be tried again."""
    segments_per_second: float = 0.0
    """What a number of ours may send; 0: whatever comes."""
    claim: timedelta = CLAIM
    """How long an attempt may take before another deliverer believes the first one dead."""


def deliver_due(
    database: Database,
    transports: dict[str, Transport],
    now: datetime,
    limit: int = 50,
    manner: Manner = Manner(),
) -> int:
    """Sends what is due, oldest first, and returns how many were looked at."""
    claim, claimed_at = str(uuid4()), monotonic()
    due = _claim(database, claim, list(transports), now, limit, manner)
    for delivery, outgoing in filter(None, due):
        # The ones before it may have taken so long that another process has claimed this one meanwhile.
        if monotonic() - claimed_at < SURE_SECONDS or _is_claimed(database, delivery.id, claim):
            _attempt(database, transports[delivery.channel], delivery, outgoing, now, manner)
    return len(due)


def _claim(
    database: Database, claim: str, channels: list[str], now: datetime, limit: int, manner: Manner
) -> list[tuple[Delivery, Outgoing] | None]:
    """What is due; None for what was put off or given up instead of being claimed."""
    is_due = {"now": now, "channels": channels}
    with database.reading() as session:
        # A look costs no write lock; most looks find nothing.
        if session.scalars(_FIRST_DUE, is_due).first() is None:
            return []
    due = _DUE.where(_is_first()) if manner.in_order else _DUE
    with database.transaction() as session:
        rows = session.execute(due, is_due | {"most": limit})
        return [_claimed(session, claim, now, manner, *row) for row in rows]


def _wait(
    session: Session, delivery: Delivery, address: Address | None, now: datetime, manner: Manner
) -> datetime | None:
    if not manner.in_order:
        return None
    return held_until(session, delivery, address, now, manner.segments_per_second)


def _is_first() -> Any:
    earlier = aliased(Delivery)
    return ~(
        select(earlier.id)
        .where(
            earlier.state == "pending",
            earlier.channel == Delivery.channel,
            earlier.address == Delivery.address,
            earlier.id < Delivery.id,
        )
        .exists()
    )


def _claimed(
    session: Session,
    claim: str,
    now: datetime,
    manner: Manner,
    delivery: Delivery,
    message: Message,
    address: Address | None,
) -> tuple[Delivery, Outgoing] | None:
    if address and address.stopped_at and not delivery.confirms_stop:
        delivery.state, delivery.error, delivery.claimed_by = "failed", STOPPED, None
        return None
    if manner.in_order and is_endless(session, delivery, now):
        delivery.state, delivery.error, delivery.claimed_by = "failed", TWO_MACHINES, None
        return None
    waits_until = _wait(session, delivery, address, now, manner)
    if waits_until:
        delivery.due_at = waits_until
        return None
    if delivery.claimed_by and delivery.unknown_since is None:
        # Whoever claimed it before died, perhaps after the provider had taken it.
        delivery.unknown_since = delivery.due_at - manner.claim
    delivery.due_at, delivery.claimed_by = now + manner.claim, claim
    delivery.attempts += 1
    return delivery, Outgoing(
        message=message,
        address=delivery.address,
        delivery_id=delivery.id,
        sender=address.sender if address else None,
        heard_at=address.heard_at if address else None,
        unknown_since=delivery.unknown_since,
        now=now,
        parts=tuple(delivery.parts or ()),
    )


def _is_claimed(database: Database, delivery_id: int, claim: str) -> bool:
    with database.reading() as session:
        delivery = session.get(Delivery, delivery_id)
        return delivery is not None and delivery.claimed_by == claim


def _attempt(
    database: Database, transport: Transport, delivery: Delivery, outgoing: Outgoing, now: datetime, manner: Manner
) -> None:
    outcome = _send(transport, delivery, outgoing, now)
    mine = update(Delivery).where(Delivery.id == delivery.id, Delivery.claimed_by == delivery.claimed_by)
    with database.transaction() as session:
        written: Any = session.execute(mine.values(outcome), execution_options=UNSYNCHRONIZED)
        if not written.rowcount and outcome.get("provider_id"):
            # The provider's report was quicker, and knew less.
            known = update(Delivery).where(Delivery.provider_id == outcome["provider_id"])
            more_known = {"sender": outcome["sender"], "segments": outcome["segments"]}
            session.execute(known.values(more_known), execution_options=UNSYNCHRONIZED)
        more = outcome.get("segments", 1) - 1
        if manner.segments_per_second and more > 0:
            count_more(session, str(delivery.sender), more, manner.segments_per_second, now)


def _send(transport: Transport, delivery: Delivery, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    try:
        sent = transport(outgoing)
    except Redirected as to:
        return {
            "state": "pending",
            "channel": to.address.channel,
            "address": to.address.value,
            "error": str(to),
            "attempts": 0,
            "due_at": now,
            "claimed_by": None,
            "unknown_since": None,
        }
    except TransportError as error:
        return _failed(delivery, error, now)
    except Exception as error:
        # What went wrong on our side may have done so after the provider had taken it.
        log.exception("delivery_broke", delivery=delivery.id)
        return _failed(delivery, TransportError(f"{BROKEN} ({type(error).__name__})", unknown=True), now)
    outcome = {"state": "sent", "error": None, "claimed_by": None, "sent_at": now, "unknown_since": None}
    return outcome | (vars(sent) if sent else {})


def _failed(delivery: Delivery, error: TransportError, now: datetime) -> dict[str, Any]:
    outcome: dict[str, Any] = {"error": str(error), "error_code": error.code, "claimed_by": None}
    if error.permanent or delivery.attempts > len(RETRY_AFTER):
        return outcome | {"state": "failed"}
    wait = max(RETRY_AFTER[delivery.attempts - 1], error.retry_after or 0)
    if error.unknown:
        outcome["unknown_since"] = delivery.unknown_since or now
    longer = 1 + random.random() * JITTER  # noqa: S311  nobody gains from guessing it
    return outcome | {"state": "pending", "due_at": now + timedelta(seconds=wait * longer)}
