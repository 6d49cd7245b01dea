"""Two customers made one and parted again: every row is back, and what came since goes with whom it came from."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, QUEUE, Conversation, Event, Message, customer_messages_after
from channels.customer import Address, Customer, customer_of, phone_address
from channels.linking.merging import IdentitiesDisagree, Merge, latest_seen, merge
from channels.linking.parting import CannotUndo, undo
from channels.outbox import Delivery
from db import Database
from tests.channels.linking.people import (
    ANNA,
    MALLORY,
    OTHER_PHONE,
    PHONE,
    Who,
    address,
    are_one,
    everything_of,
    later,
    owner,
    says,
    sees,
)


def join(database: Database, kept: Who, gone: Who, minutes: float = 10) -> str:
    with database.transaction() as session:
        customers = [customer_of(session, address(session, who)) for who in (kept, gone)]
        return merge(session, customers[0], customers[1], "shown", later(minutes)).id


def part(database: Database, merge_id: str, minutes: float = 20) -> None:
    with database.transaction() as session:
        undo(session, session.get(Merge, merge_id), later(minutes))  # type: ignore[arg-type]


def talk(database: Database, who: Who, text: str, minutes: float, **more: Any) -> str:
    with database.transaction() as session:
        return says(session, who, text, later(minutes), **more).id


def texts(database: Database, conversation_id: str) -> list[str]:
    with database.reading() as session:
        return [one.text for one in everything_of(session, conversation_id) if one.author != BOT]


def conversation(database: Database, conversation_id: str) -> Conversation:
    with database.reading() as session:
        found = session.get(Conversation, conversation_id)
        assert found is not None
        return found


def test_the_one_who_is_kept_goes_on_and_the_others_matter_is_closed(database: Database) -> None:
    web, phone = talk(database, ANNA, "in the web", 0), talk(database, PHONE, "on the phone", 1)
    join(database, ANNA, PHONE)

    assert conversation(database, web).closed_at is None
    closed = conversation(database, phone)
    assert (later(10), "merged") == (closed.closed_at, closed.close_reason)
    assert web == talk(database, PHONE, "and here", 11)


def test_language_and_name_are_taken_over_where_none_was_known_and_given_back(database: Database) -> None:
    with database.transaction() as session:
        customer_of(session, address(session, ANNA)).locale = "de"
        phone = customer_of(session, address(session, PHONE))
        phone.locale, phone.name = "en", "Anna"
    merged = join(database, ANNA, PHONE)
    with database.reading() as session:
        customer = customer_of(session, address(session, ANNA))
        assert ("de", "Anna") == (customer.locale, customer.name)

    part(database, merged)
    with database.reading() as session:
        customer = customer_of(session, address(session, ANNA))
        assert ("de", None) == (customer.locale, customer.name)


def test_what_came_from_the_phone_since_goes_back_with_its_replies(database: Database) -> None:
    web, phone = talk(database, ANNA, "in the web", 0), talk(database, PHONE, "on the phone", 1)
    merged = join(database, ANNA, PHONE)
    talk(database, PHONE, "secret", 11, answer="Secret answer.")
    talk(database, ANNA, "web again", 12)
    talk(database, PHONE, "another secret", 13, answer=None)
    part(database, merged)

    assert ["in the web", "web again"] == texts(database, web)
    assert ["on the phone", "secret", "another secret"] == texts(database, phone)
    parted, gone_on = conversation(database, phone), conversation(database, web)
    assert (None, later(13), 4) == (parted.closed_at, parted.waiting_since, parted.answered_seq)
    assert (None, None) == (gone_on.closed_at, gone_on.waiting_since)
    assert_sound(database)


def test_a_reply_in_the_making_cant_land_in_the_other_ones_chat(database: Database) -> None:
    web = talk(database, ANNA, "in the web", 0)
    merged = join(database, ANNA, PHONE)
    talk(database, PHONE, "secret", 11, answer=None)
    with database.transaction() as session:
        claimed = session.get(Conversation, web)
        assert claimed is not None
        claimed.claimed_by, claimed.claimed_until, claimed.bot_state = "a turn", later(30), "knows the secret"
    part(database, merged)

    left = conversation(database, web)
    assert (None, None, None) == (left.claimed_by, left.waiting_since, left.bot_state)
    assert_sound(database)


def test_a_conversation_only_the_phone_had_since_goes_back_whole(database: Database) -> None:
    merged = join(database, ANNA, PHONE)
    since = talk(database, PHONE, "secret", 11)
    part(database, merged)

    with database.reading() as session:
        assert owner(session, PHONE) == session.get(Conversation, since).customer_id  # type: ignore[union-attr]
    assert [] == sees(database, ANNA)


def test_the_timeline_goes_back_with_its_messages(database: Database) -> None:
    web, phone = talk(database, ANNA, "in the web", 0), talk(database, PHONE, "on the phone", 1)
    merged = join(database, ANNA, PHONE)
    talk(database, PHONE, "secret", 11)
    with database.transaction() as session:
        asked = session.scalars(select(Message).filter_by(text="secret")).one()
        session.add(Event(conversation_id=web, message_id=asked.id, kind="turn", at=later(11)))
    part(database, merged)

    with database.reading() as session:
        assert [phone] == [one.conversation_id for one in session.scalars(select(Event))]


def test_another_channel_of_the_same_number_goes_back_too(database: Database) -> None:
    merged = join(database, ANNA, PHONE)
    with database.transaction() as session:
        phone_address(session, "sms", PHONE[1], later(11))
    assert are_one(database, ANNA, ("sms", PHONE[1]))
    part(database, merged)

    assert are_one(database, PHONE, ("sms", PHONE[1]))
    assert not are_one(database, ANNA, PHONE)


def test_an_agents_conversation_is_not_given_to_the_bot(database: Database) -> None:
    phone = talk(database, PHONE, "a person please", 0)
    with database.transaction() as session:
        session.get(Conversation, phone).owner = QUEUE  # type: ignore[union-attr]
    talk(database, ANNA, "in the web", 1)
    merged = join(database, ANNA, PHONE)
    talk(database, PHONE, "hello?", 11, answer=None)
    part(database, merged)

    # Its turn is to be taken note of for whoever comes: `handoff.turn` asks no bot.
    assert (QUEUE, later(11)) == (conversation(database, phone).owner, conversation(database, phone).waiting_since)


def test_what_was_undone_cant_be_undone_again(database: Database) -> None:
    merged = join(database, ANNA, PHONE)
    part(database, merged)

    with pytest.raises(CannotUndo, match="already"):
        part(database, merged)


def test_in_a_row_of_joinings_an_earlier_one_of_the_same_customer_can_be_undone(database: Database) -> None:
    first = join(database, ANNA, PHONE, 10)
    second = join(database, ANNA, OTHER_PHONE, 11)
    talk(database, PHONE, "one", 12)
    talk(database, OTHER_PHONE, "other", 13)
    part(database, first)

    assert are_one(database, ANNA, OTHER_PHONE)
    assert not are_one(database, ANNA, PHONE)
    assert ["other", "So it is."] == sees(database, ANNA)
    part(database, second, 21)
    assert not are_one(database, ANNA, OTHER_PHONE)
    assert_sound(database)


def test_in_a_row_of_joinings_one_whose_customer_is_gone_must_wait(database: Database) -> None:
    first = join(database, ANNA, PHONE, 10)
    second = join(database, MALLORY, ANNA, 11)
    with pytest.raises(CannotUndo, match="first"):
        part(database, first)
    assert are_one(database, ANNA, PHONE, MALLORY)

    part(database, second)
    part(database, first)
    assert not are_one(database, ANNA, PHONE)


def test_what_was_hidden_stays_hidden_after_the_next_joining(database: Database) -> None:
    talk(database, PHONE, "secret", 0)
    join(database, ANNA, PHONE, 10)
    with database.transaction() as session:
        both = [customer_of(session, address(session, who)) for who in (MALLORY, ANNA)]
        merge(session, both[0], both[1], "site", later(11))

    assert [] == sees(database, MALLORY)
    assert [] == sees(database, ANNA)
    assert ["secret", "So it is."] == sees(database, PHONE)


def test_two_people_whom_the_site_knows_are_never_made_one(database: Database) -> None:
    with database.transaction() as session:
        for who in (ANNA, PHONE):
            customer_id = address(session, who).customer_id
            session.add(Address(customer_id=customer_id, channel="site", value=who[1], verified=True))

    with pytest.raises(IdentitiesDisagree):
        join(database, ANNA, PHONE)
    assert not are_one(database, ANNA, PHONE)


def test_two_phones_do_not_disagree(database: Database) -> None:
    join(database, ANNA, PHONE)
    join(database, ANNA, OTHER_PHONE, 11)

    assert are_one(database, ANNA, PHONE, OTHER_PHONE)


# Any history of two customers with two addresses each, joined and parted.

_names = count()
WEB_A, SMS_A, WEB_B, SMS_B = range(4)
SPOKEN = st.tuples(st.integers(0, 3), st.booleans())
"""Who says something, and whether it is answered."""
STEPS = st.lists(st.one_of(SPOKEN, st.just("close")), max_size=8)


def cast(session: Session) -> list[Who]:
    """Two customers, A and B, each with a browser and a phone."""
    number = next(_names)
    people = [("web", f"a{number}"), ("sms", f"+1{number}"), ("web", f"b{number}"), ("sms", f"+2{number}")]
    for web, sms in ((people[0], people[1]), (people[2], people[3])):
        first = address(session, web)
        session.add(Address(customer_id=first.customer_id, channel=sms[0], value=sms[1]))
    session.flush()
    return people


def play(session: Session, people: list[Who], steps: list[Any], begin: int) -> None:
    for minute, step in enumerate(steps, begin):
        if step == "close":
            _close(session, people, later(minute))
        else:
            speaker, is_answered = step
            says(
                session, people[speaker], f"{people[speaker]} {minute}", later(minute), "Yes." if is_answered else None
            )


def _close(session: Session, people: list[Who], now: datetime) -> None:
    owners = {owner(session, who) for who in people}
    still_open = select(Conversation).where(Conversation.customer_id.in_(owners), Conversation.closed_at.is_(None))
    for one in session.scalars(still_open):
        one.closed_at, one.close_reason = now, "silence"
    session.flush()


def rows(session: Session, people: list[Who]) -> dict[str, dict[str, Any]]:
    """Every row of these people, as it is in the database."""
    session.flush()
    session.expire_all()
    owners = {owner(session, who) for who in people}
    conversations = session.scalars(select(Conversation).where(Conversation.customer_id.in_(owners))).all()
    messages = select(Message).where(Message.conversation_id.in_([one.id for one in conversations]))
    found = [
        *session.scalars(select(Customer).where(Customer.id.in_(owners))),
        *session.scalars(select(Address).where(Address.customer_id.in_(owners))),
        *conversations,
        *session.scalars(messages),
        *session.scalars(select(Delivery).where(Delivery.message_id.in_(messages.with_only_columns(Message.id)))),
    ]
    return {f"{type(row).__name__} {row.id}": _columns(row) for row in found}


def _columns(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(before=STEPS)
def test_joining_and_parting_brings_every_row_back(sqlite_database: Database, before: list[Any]) -> None:
    with sqlite_database.transaction() as session:
        people = cast(session)
        play(session, people, before, 0)
        as_it_was = rows(session, people)
        kept, gone = (customer_of(session, address(session, people[who])) for who in (WEB_A, WEB_B))
        merged = merge(session, kept, gone, "shown", later(100))
        undo(session, merged, later(101))

        assert as_it_was == rows(session, people)


@MANY
@given(before=STEPS, since=STEPS)
def test_what_everybody_said_is_with_them_after_parting(
    sqlite_database: Database, before: list[Any], since: list[Any]
) -> None:
    with sqlite_database.transaction() as session:
        people = cast(session)
        play(session, people, before, 0)
        kept, gone = (customer_of(session, address(session, people[who])) for who in (WEB_A, WEB_B))
        merged = merge(session, kept, gone, "shown", later(100))
        play(session, people, since, 200)
        undo(session, merged, later(300))
        session.flush()

        said = [step for step in before + since if step != "close"]
        for speaker, who in enumerate(people):
            own = [one.text for one in _said_by(session, who)]
            assert sum(step[0] == speaker for step in said) == len(own)
            assert {owner(session, who)} >= {_owner_of(session, one) for one in _said_by(session, who)}
        assert kept.id == owner(session, people[WEB_A]) == owner(session, people[SMS_A])
        assert gone.id == owner(session, people[WEB_B]) == owner(session, people[SMS_B])
        sound(session, [kept.id, gone.id])


def _said_by(session: Session, who: Who) -> list[Message]:
    query = select(Message).join(Address, Address.id == Message.address_id).where(Message.author == "customer")
    return list(session.scalars(query.where(Address.channel == who[0], Address.value == who[1])).all())


def _owner_of(session: Session, message: Message) -> str:
    return session.get(Conversation, message.conversation_id).customer_id  # type: ignore[union-attr]


def assert_sound(database: Database) -> None:
    with database.reading() as session:
        sound(session, [customer.id for customer in session.scalars(select(Customer))])


def sound(session: Session, customers: list[str], *, in_time: bool = True) -> None:
    """What is true of every conversation, whatever happened; `in_time`: and nothing happened at one moment."""
    for customer in customers:
        conversations = session.scalars(select(Conversation).filter_by(customer_id=customer)).all()
        assert sum(one.closed_at is None for one in conversations) <= 1
        for one in conversations:
            messages = everything_of(session, one.id)
            numbers = [message.seq for message in messages]
            assert numbers == sorted(set(numbers))
            assert one.last_seq >= max(numbers, default=0)
            moments = [message.created_at for message in messages]
            assert not in_time or moments == sorted(moments)
            waiting = customer_messages_after(session, one.id, one.answered_seq)
            assert (one.waiting_since is not None) == bool(waiting), "somebody waits for ever, or nobody does"


def test_the_latest_conversation_of_nobody_is_none(database: Database) -> None:
    with database.reading() as session:
        assert latest_seen(session, "web", "nobody") is None
