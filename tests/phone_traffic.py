"""Many phones that write at once while things go wrong, and what must be true of it afterwards."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import func, select

from channels.conversation import CUSTOMER, Conversation, Event, Message
from channels.outbox import Delivery
from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator
from db import Database
from tests.answered import turns_without_reply, unanswered_messages
from tests.phone import SMS_NUMBER, WHATSAPP_NUMBER

QUESTIONS = ["Where is my parcel?", "Wie lange kann ich zurückgeben?", "hello", "E05", "and to Austria?", "asdf", "2"]
FAULTS = {
    "duplicate": 0.10,
    "reorder": 0.10,
    "timeout_after_accepting": 0.05,
    "rate_limited": 0.05,
    "server_error": 0.05,
}


@dataclass(frozen=True)
class Traffic:
    phones: int
    messages_each: int
    kills: int
    seed: int = 20261123

    @property
    def messages(self) -> int:
        return self.phones * self.messages_each


@dataclass(frozen=True)
class Outcome:
    """What became of the traffic; the lists name what should not be."""

    stored: int
    lost: Sequence[str]
    unanswered: Sequence[str]
    without_reply: Sequence[str]
    """Messages that had their turn, and nothing was said in it."""
    answered_twice: Sequence[str]
    replies: int
    not_arrived: Sequence[str]
    arrived_twice: Sequence[str]
    out_of_order: Sequence[str]

    @property
    def faults(self) -> int:
        unsaid = (self.lost, self.unanswered, self.without_reply, self.not_arrived)
        return sum(map(len, (*unsaid, self.answered_twice, self.arrived_twice, self.out_of_order)))


def phones_of(simulator: TwilioSimulator, traffic: Traffic) -> list[Phone]:
    return [simulator.phone(f"+49171{3_000_000 + number}", f"Customer {number}") for number in range(traffic.phones)]


def write(
    simulator: TwilioSimulator, database: Database, traffic: Traffic, kill_and_start: Callable[[], None]
) -> Outcome:
    """Half of the phones write by SMS, half by WhatsApp, while the product is killed now and then."""
    dice = random.Random(traffic.seed)
    phones = phones_of(simulator, traffic)
    simulator.faults.set(**FAULTS)
    with ThreadPoolExecutor(min(traffic.phones, 100)) as pool:
        writing = [pool.submit(_write, phone, number, traffic) for number, phone in enumerate(phones)]
        for kill in range(traffic.kills):
            _wait_until(lambda kill=kill: _stored(database) >= traffic.messages * (kill + 1) / (traffic.kills + 2))
            time.sleep(dice.uniform(0, 0.5))
            kill_and_start()
        for one in writing:
            one.result()
    _wait_until(lambda: _stored(database) >= traffic.messages and _is_quiet(database), 600)
    simulator.settle(60)
    return outcome(simulator, database, phones)


def _write(phone: Phone, number: int, traffic: Traffic) -> None:
    pace = random.Random(traffic.seed + number)
    to, channel = (SMS_NUMBER, "sms") if number % 2 else (WHATSAPP_NUMBER, "whatsapp")
    for count in range(traffic.messages_each):
        phone.send(to, QUESTIONS[(number + count) % len(QUESTIONS)], channel)  # type: ignore[arg-type]
        time.sleep(pace.uniform(0.5, 6.0))


def outcome(simulator: TwilioSimulator, database: Database, phones: Sequence[Phone]) -> Outcome:
    with database.reading() as session:
        customer = {str(one.provider_id).split(":", 1)[1]: one for one in session.scalars(_said_by(CUSTOMER))}
        turns = Counter(session.scalars(select(Event.message_id).filter_by(kind="turn")))
        waiting = list(session.scalars(select(Conversation.id).where(Conversation.waiting_since.isnot(None))))
        unanswered, without_reply = unanswered_messages(session), turns_without_reply(session)
        replied = session.execute(
            select(Delivery.provider_id, Delivery.address, Message.conversation_id)
            .join(Message, Message.id == Delivery.message_id)
            .order_by(Message.conversation_id, Message.seq)
        ).all()
    sent = [one.sid for phone in phones for one in phone.messages if one.is_inbound]
    arrived = Counter(one.sid for phone in phones for one in phone.messages if not one.is_inbound)
    expected: dict[str, list[str]] = {}
    for sid, address, _ in replied:
        expected.setdefault(address, []).append(str(sid))
    return Outcome(
        stored=len(customer),
        lost=[sid for sid in sent if sid not in customer],
        unanswered=[*waiting, *unanswered],
        without_reply=without_reply,
        answered_twice=[str(message) for message, count in turns.items() if count > 1],
        replies=len(replied),
        not_arrived=[str(sid) for sid, *_ in replied if sid not in arrived],
        arrived_twice=_too_many(arrived, [str(sid) for sid, *_ in replied]),
        out_of_order=[phone.address for phone in phones if _order(phone) != expected.get(phone.address, [])],
    )


def _said_by(author: str) -> object:
    return select(Message).filter_by(author=author)


def _too_many(arrived: Counter[str], sent: Sequence[str]) -> list[str]:
    """What lies on a phone twice, or without our knowing of it: a second copy of something."""
    known = set(sent)
    return [sid for sid, count in arrived.items() if count > 1 or sid not in known]


def _order(phone: Phone) -> list[str]:
    return [one.sid for one in phone.messages if not one.is_inbound]


def _stored(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Message).filter_by(author=CUSTOMER)))


def _is_quiet(database: Database) -> bool:
    with database.reading() as session:
        waits = session.scalars(select(Conversation.id).where(Conversation.waiting_since.isnot(None)).limit(1)).first()
        sends = session.scalars(select(Delivery.id).filter_by(state="pending").limit(1)).first()
        return waits is None and sends is None


def _wait_until(happened: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError("It took too long.")
        time.sleep(0.2)
