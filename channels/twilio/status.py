"""What became of a message: Twilio's reports, which come late, twice and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.consent import record_consent
from channels.conversation import Message
from channels.customer import find_address
from channels.outbox import RETRY_AFTER, Delivery
from channels.twilio.errors import OPTED_OUT, PASSING, WINDOW_CLOSED, sentence
from db import Database

STEPS = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "read": 5,
    "undelivered": 6,
    "failed": 6,
    "canceled": 6,
}
"""How far each is along the way; a report of an earlier step than the known one changes nothing."""
ARRIVED = ("delivered", "read")
LOST = ("undelivered", "failed", "canceled")


@dataclass(frozen=True)
class Report:
    sid: str
    status: str
    code: int | None = None
    delivery_id: int | None = None
    """As we gave it along with the message."""


def take_report(database: Database, report: Report, now: datetime) -> bool:
    """Keeps what is new in a report; whether anything was."""
    if report.status not in STEPS:
        return False
    # What a power cut takes back is no message, and the next report tells it again.
    with database.transaction(durable=False) as session:
        delivery = _find(session, report)
        if delivery is None or not _is_further(delivery.status, report.status):
            return False
        _keep(session, delivery, report, now)
        return True


def conversation_of_report(database: Database, report: Report) -> str | None:
    """The conversation whose message a report is of."""
    query = select(Message.conversation_id).join(Delivery, Delivery.message_id == Message.id)
    with database.reading() as session:
        found: str | None = session.scalars(query.where(Delivery.provider_id == report.sid)).first()
    return found


def _find(session: Session, report: Report) -> Delivery | None:
    query = select(Delivery).with_for_update()
    known: Delivery | None = session.scalars(query.filter_by(provider_id=report.sid)).one_or_none()
    if known or report.delivery_id is None:
        return known
    # It came before the answer to our request, or that answer was lost.
    delivery: Delivery | None = session.scalars(query.filter_by(id=report.delivery_id)).one_or_none()
    if delivery is None or delivery.provider_id or delivery.state == "failed" or delivery.replaced_id == report.sid:
        return None
    return delivery


def _is_further(known: str | None, reported: str) -> bool:
    if known in LOST or (known in ARRIVED and reported in LOST):
        return False
    return STEPS[reported] > STEPS.get(known or "", 0)


def _keep(session: Session, delivery: Delivery, report: Report, now: datetime) -> None:
    delivery.provider_id, delivery.status, delivery.error_code = report.sid, report.status, report.code
    delivery.claimed_by, delivery.unknown_since = None, None
    delivery.sent_at = delivery.sent_at or now
    delivery.state = "failed" if report.status in LOST else "sent"
    if delivery.state == "sent":
        delivery.error = None
        return
    delivery.error = sentence(report.code)
    if report.code == WINDOW_CLOSED:
        _try_otherwise(session, delivery, now)
    elif report.code in PASSING and delivery.attempts <= len(RETRY_AFTER):
        _send_again(delivery, now + timedelta(seconds=RETRY_AFTER[delivery.attempts - 1]))
    elif report.code == OPTED_OUT:
        opted_out(session, delivery.channel, delivery.address, now)


def _try_otherwise(session: Session, delivery: Delivery, now: datetime) -> None:
    """The window closed while the message was on its way: it is sent again, as what may be sent now."""
    address = find_address(session, delivery.channel, delivery.address)
    if address is None or address.heard_at is None:
        return  # That was known, and a template was tried.
    address.heard_at = None
    delivery.attempts = 0
    _send_again(delivery, now)


def _send_again(delivery: Delivery, due_at: datetime) -> None:
    delivery.replaced_id, delivery.provider_id, delivery.status = delivery.provider_id, None, None
    delivery.state, delivery.due_at, delivery.sent_at = "pending", due_at, None


def opted_out(session: Session, channel: str, value: str, now: datetime) -> None:
    """The provider knows that they want no messages; from now on we do, too."""
    address = find_address(session, channel, value)
    if address and address.stopped_at is None:
        record_consent(session, address, "stopped", "provider", str(OPTED_OUT), now)
