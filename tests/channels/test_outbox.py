"""The outbox: sent once, tried again, given up with a reason."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.delivering import CLAIM, JITTER, deliver_due
from channels.outbox import RETRY_AFTER, Delivery, Outgoing, TransportError
from db import Database
from handoff.turn import take_turn
from tests.cast import MONDAY, anna, echo, says


def an_answer(database: Database) -> None:
    take_turn(database, echo, says(database, anna("Hello")).conversation_id, MONDAY)


def only_delivery(database: Database) -> Delivery:
    with database.reading() as session:
        return session.scalars(select(Delivery)).one()


def failing(error: Exception) -> Callable[[Outgoing], None]:
    def send(outgoing: Outgoing) -> None:
        raise error

    return send


def test_a_message_is_sent_to_its_address_once(database: Database) -> None:
    an_answer(database)
    sent: list[tuple[str, str]] = []
    web = {"web": lambda outgoing: sent.append((outgoing.address, outgoing.message.text))}

    assert [deliver_due(database, web, MONDAY), deliver_due(database, web, MONDAY)] == [1, 0]
    assert sent == [("anna", "1: Hello")]
    assert "sent" == only_delivery(database).state


def test_deliverers_at_one_moment_send_once(database: Database) -> None:
    an_answer(database)
    sent: list[str] = []
    web = {"web": lambda outgoing: sent.append(outgoing.message.text)}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: deliver_due(database, web, MONDAY), range(8)))

    assert sent == ["1: Hello"]


def test_a_temporary_failure_is_tried_again_later_each_time(database: Database) -> None:
    an_answer(database)
    broken = {"web": failing(TransportError("The line is busy."))}
    now = MONDAY
    for wait in RETRY_AFTER:
        assert 1 == deliver_due(database, broken, now)
        assert 0 == deliver_due(database, broken, now + timedelta(seconds=wait - 1))
        now += timedelta(seconds=wait * (1 + JITTER))
    assert "pending" == only_delivery(database).state
    deliver_due(database, broken, now)

    delivery = only_delivery(database)
    assert (delivery.state, delivery.error) == ("failed", "The line is busy.")


def test_a_permanent_failure_is_given_up_at_once_with_its_reason(database: Database) -> None:
    an_answer(database)
    deliver_due(database, {"web": failing(TransportError("No such number.", permanent=True))}, MONDAY)

    delivery = only_delivery(database)
    assert (delivery.state, delivery.error, delivery.attempts) == ("failed", "No such number.", 1)


def test_a_delivery_whose_deliverer_died_is_sent_by_the_next_one(database: Database) -> None:
    an_answer(database)
    sent: list[str] = []

    def die(outgoing: Outgoing) -> None:
        raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        deliver_due(database, {"web": die}, MONDAY)
    web = {"web": lambda outgoing: sent.append(outgoing.message.text)}
    assert 0 == deliver_due(database, web, MONDAY)
    assert 1 == deliver_due(database, web, MONDAY + CLAIM)
    assert sent == ["1: Hello"]


def test_what_another_process_has_claimed_meanwhile_is_not_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_answer(database)
    take_turn(database, echo, says(database, anna("And?", "2")).conversation_id, MONDAY)
    monkeypatch.setattr("channels.delivering.SURE_SECONDS", 0)
    sent: list[str] = []
    by_another = {"web": lambda outgoing: sent.append(f"again {outgoing.message.text}")}

    def slowly(outgoing: Outgoing) -> None:
        sent.append(outgoing.message.text)
        deliver_due(database, by_another, MONDAY + CLAIM)

    deliver_due(database, {"web": slowly}, MONDAY)

    assert sent == ["1: Hello", "again 1: Hello", "again 2: And?"]


def test_a_channel_without_a_transport_waits(database: Database) -> None:
    an_answer(database)

    assert 0 == deliver_due(database, {"sms": failing(TransportError("never called"))}, MONDAY)
    assert "pending" == only_delivery(database).state
