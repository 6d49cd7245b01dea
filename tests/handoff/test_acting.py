"""What people at the desk do with a conversation, and what the customer hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.reply import Reply, Said, TurnContext
from channels.conversation import BOT, CLOSED, QUEUE, Conversation, agent
from channels.customer import Address, Customer
from channels.outbox import Delivery
from db import Database
from handoff import acting, marking
from handoff.finding import Meanwhile, NotYours, Refused, Taken
from handoff.handoffs import Handoff
from handoff.notes import Mention
from handoff.noting import note
from handoff.replying import Writing, reply
from handoff.transitions import NotPossible
from handoff.turn import take_turn, waiting_conversations
from staff.people import User
from tests.cast import MONDAY, anna, echo, says
from tests.handoff.at_work import conversation, events, hire, thread, waits

LATER = MONDAY + timedelta(minutes=5)


def answer(database: Database, user: User, one: str, text: str = "Hello, I am Mira.", **options: bool) -> None:
    with database.transaction() as session:
        seen = conversation(database, one).last_seq
        reply(session, user, one, Writing(text, "web", seen_seq=seen), LATER, **options)


def test_whoever_asks_for_a_person_waits_and_is_told_how_it_goes_on(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)

    assert (QUEUE, MONDAY, MONDAY) == tuple(
        getattr(conversation(database, one), name) for name in ("owner", "queued_at", "owed_since")
    )
    [(_, asked), (author, said)] = thread(database, one)
    assert ("A person, please", BOT) == (asked, author)
    assert said.startswith("A colleague takes over. ")
    assert len(said) > len("A colleague takes over. ")


def test_where_nobody_works_the_bot_hands_nobody_over(database: Database) -> None:
    one = waits(database)

    assert BOT == conversation(database, one).owner
    assert ("bot", "A colleague takes over.") == thread(database, one)[-1]


def test_what_is_taken_belongs_to_whoever_took_it(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, LATER)

    assert (agent(mira.id), mira.id, None) == tuple(
        getattr(conversation(database, one), name) for name in ("owner", "agent_id", "queued_at")
    )
    with database.reading() as session:
        assert [(LATER, mira.id)] == [(each.claimed_at, each.claimed_by) for each in session.scalars(select(Handoff))]


def test_the_second_one_who_takes_it_is_told_who_was_quicker(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, LATER)
    with pytest.raises(Taken, match="Mira Kern"), database.transaction() as session:
        acting.claim(session, jonas, one, LATER)

    with database.transaction() as session:
        acting.claim(session, jonas, one, LATER, take_over=True)
    assert agent(jonas.id) == conversation(database, one).owner


def test_a_reply_takes_the_conversation_and_is_delivered_where_the_customer_is(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)

    now = conversation(database, one)
    assert (agent(mira.id), None) == (now.owner, now.owed_since)
    assert ("agent", "Hello, I am Mira.") == thread(database, one)[-1]
    with database.reading() as session:
        assert ("web", "anna") == session.execute(
            select(Delivery.channel, Delivery.address).order_by(Delivery.id.desc())
        ).first()
        assert [LATER] == list(session.scalars(select(Handoff.replied_at)))


def test_a_reply_in_the_middle_of_the_bots_turn_silences_the_bot(database: Database) -> None:
    susanne = hire(database, "Susanne Ott", "supervisor")
    received = says(database, anna("Hello"))

    def overtaken(state: str | None, text: str, context: TurnContext) -> Reply:
        answer(database, susanne, received.conversation_id, "I'll do that.")
        return echo(state, text, context)

    assert not take_turn(database, overtaken, received.conversation_id, MONDAY)
    assert ["customer", "agent"] == [author for author, _ in thread(database, received.conversation_id)]
    assert [] == waiting_conversations(database, LATER)


def test_nobody_answers_over_what_the_customer_wrote_meanwhile(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    seen = conversation(database, one).last_seq
    said = says(database, anna("I found it myself"))
    with pytest.raises(Meanwhile) as meanwhile, database.transaction() as session:
        reply(session, mira, one, Writing("Have you looked …", "web", seen_seq=seen), LATER)

    assert said.seq == meanwhile.value.newest_seq
    assert "agent" not in [author for author, _ in thread(database, one)]
    answer(database, mira, one, "Good!", anyway=True)
    assert ("agent", "Good!") == thread(database, one)[-1]


def test_a_reply_that_is_sent_twice_goes_once(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    writing = Writing("Hello", "web", seen_seq=9, key="12-34")
    for _ in range(2):
        with database.transaction() as session:
            said = reply(session, mira, one, writing, LATER)
            assert "Hello" == said.text

    assert 1 == [author for author, _ in thread(database, one)].count("agent")
    with database.reading() as session:
        assert 2 == len(list(session.scalars(select(Delivery.id))))


@pytest.mark.parametrize(("text", "reason"), [("", "empty"), ("  \n", "empty"), ("x" * 4001, "too_long")])
def test_a_reply_that_says_nothing_or_too_much_changes_nothing(database: Database, text: str, reason: str) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with pytest.raises(Refused, match=reason):
        answer(database, mira, one, text)

    assert QUEUE == conversation(database, one).owner


def test_nothing_is_sent_to_who_wants_no_messages(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        session.execute(update(Address).values(stopped_at=MONDAY))
    with pytest.raises(Refused, match="stopped"):
        answer(database, mira, one)


def test_an_agent_cant_answer_at_somebody_elses_address(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    says(database, anna("hello", "x"))
    with database.transaction() as session:
        customer = Customer(created_at=MONDAY)
        session.add(customer)
        session.flush()
        session.add(Address(id="bens", customer_id=customer.id, channel="web", value="ben"))
    with pytest.raises(Refused, match="no_address"), database.transaction() as session:
        reply(session, mira, one, Writing("Hello", "web", seen_seq=99, address_id="bens"), LATER)


def test_an_agent_cant_touch_another_teams_conversation(database: Database) -> None:
    hire(database, "Mira Kern")
    stranger = hire(database, "Tom Falk", team="Returns")
    one = waits(database)
    verbs = [
        lambda session: acting.claim(session, stranger, one, LATER),
        lambda session: acting.resolve(session, stranger, one, "solved", LATER),
        lambda session: acting.transfer(session, stranger, one, LATER, to_user=stranger.id),
        lambda session: acting.give_back(session, stranger, one, LATER),
        lambda session: acting.release(session, stranger, one, LATER),
        lambda session: acting.reopen(session, stranger, one, LATER),
        lambda session: marking.snooze(session, stranger, one, LATER + timedelta(hours=1), LATER),
        lambda session: marking.wake(session, stranger, one, LATER),
        lambda session: marking.tag(session, stranger, one, "mine", LATER),
        lambda session: marking.untag(session, stranger, one, "mine", LATER),
        lambda session: marking.set_priority(session, stranger, one, 3, LATER),
        lambda session: marking.block(session, stranger, one, LATER),
        lambda session: marking.unblock(session, stranger, one, LATER),
        lambda session: note(session, stranger, one, "hello", LATER),
        lambda session: reply(session, stranger, one, Writing("Hello", "web", seen_seq=99), LATER),
    ]
    before = (conversation(database, one).owner, events(database, one))
    for verb in verbs:
        with pytest.raises(NotYours), database.transaction() as session:
            verb(session)

    assert before == (conversation(database, one).owner, events(database, one))


def test_what_is_given_to_another_team_is_that_teams_and_no_longer_ours(database: Database) -> None:
    mira, tom = hire(database, "Mira Kern"), hire(database, "Tom Falk", team="Returns")
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, LATER)
        [returns] = session.scalars(select(Handoff.team_id).where(Handoff.team_id != tom.id))
    with database.transaction() as session:
        from staff.teams import Team

        team = session.scalars(select(Team).filter_by(name="Returns")).one()
        acting.transfer(session, mira, one, LATER, to_team=team.id)

    assert returns != conversation(database, one).team_id
    with pytest.raises(NotYours), database.transaction() as session:
        acting.claim(session, mira, one, LATER)
    with database.transaction() as session:
        acting.claim(session, tom, one, LATER)


def test_what_is_given_to_a_colleague_is_theirs(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    editor = hire(database, "Edda Lang", "editor")
    one = waits(database)
    with pytest.raises(Refused, match="no_such_colleague"), database.transaction() as session:
        acting.transfer(session, mira, one, LATER, to_user=editor.id)
    with database.transaction() as session:
        acting.transfer(session, mira, one, LATER, to_user=jonas.id)

    assert agent(jonas.id) == conversation(database, one).owner


def test_the_bot_answers_what_was_asked_since_when_it_gets_a_conversation_back(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)
    says(database, anna("And how long is delivery?"), LATER + timedelta(minutes=1))
    take_turn(database, echo, one, LATER + timedelta(minutes=1))
    with database.transaction() as session:
        acting.give_back(session, mira, one, LATER + timedelta(minutes=2))
    take_turn(database, echo, one, LATER + timedelta(minutes=2))

    assert BOT == conversation(database, one).owner
    assert "And how long is delivery?" in thread(database, one)[-1][1]
    assert "A person, please" not in thread(database, one)[-1][1]


def test_a_call_for_a_person_that_nobody_heard_is_not_asked_of_the_bot_again(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        acting.give_back(session, mira, one, LATER)

    assert [] == waiting_conversations(database, LATER)
    assert ("bot", "You are talking with the assistant again. What would you like to know?") == thread(database, one)[
        -1
    ]


def test_what_is_resolved_is_over_and_the_next_message_begins_a_new_one_with_the_bot(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", LATER)

    closed = conversation(database, one)
    assert (CLOSED, "solved", LATER) == (closed.owner, closed.close_reason, closed.closed_at)
    next_one = says(database, anna("One more thing"), LATER + timedelta(hours=1)).conversation_id
    assert (BOT, one) == (conversation(database, next_one).owner, conversation(database, next_one).previous_id)


def test_nobody_closes_over_what_the_customer_wrote_meanwhile(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    seen = conversation(database, one).last_seq
    says(database, anna("Wait!"))
    with pytest.raises(Meanwhile), database.transaction() as session:
        acting.resolve(session, mira, one, "solved", LATER, seen_seq=seen)
    with pytest.raises(Refused), database.transaction() as session:
        acting.resolve(session, mira, one, "because", LATER)

    assert QUEUE == conversation(database, one).owner


def test_what_is_opened_again_waits_in_the_queue_if_its_agent_is_gone(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", LATER)
    with database.transaction() as session:
        acting.reopen(session, mira, one, LATER + timedelta(hours=1))

    assert (QUEUE, None) == (conversation(database, one).owner, conversation(database, one).closed_at)


def test_what_is_opened_again_goes_to_its_agent_if_they_are_there(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", LATER)
    with database.transaction() as session:
        acting.reopen(session, mira, one, LATER + timedelta(minutes=1))

    assert agent(mira.id) == conversation(database, one).owner


def test_what_was_owed_when_it_was_closed_is_owed_when_it_is_opened_again(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)
    says(database, anna("One more thing"), LATER + timedelta(minutes=1))
    for verb in (
        lambda session: acting.resolve(session, mira, one, "solved", LATER + timedelta(minutes=2)),
        lambda session: acting.reopen(session, mira, one, LATER + timedelta(minutes=3)),
    ):
        with database.transaction() as session:
            verb(session)

    assert LATER + timedelta(minutes=1) == conversation(database, one).owed_since


def test_who_sends_over_the_customer_takes_nothing_from_a_colleague(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    one = waits(database)
    answer(database, mira, one)
    with pytest.raises(Taken, match="Mira Kern"):
        answer(database, jonas, one, anyway=True)
    answer(database, jonas, one, "I go on here.", anyway=True, take_over=True)

    assert agent(jonas.id) == conversation(database, one).owner


def test_what_the_customer_has_gone_on_from_is_not_opened_again(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", LATER)
    says(database, anna("Hello again"), LATER)
    with pytest.raises(Refused, match="newer_open"), database.transaction() as session:
        acting.reopen(session, mira, one, LATER)


def test_what_was_put_aside_is_there_again_when_the_customer_writes(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answer(database, mira, one)
    with database.transaction() as session:
        marking.snooze(session, mira, one, LATER + timedelta(days=1), LATER)
    assert conversation(database, one).snoozed_until is not None
    says(database, anna("Any news?"), LATER)
    take_turn(database, echo, one, LATER)

    assert (None, LATER) == (conversation(database, one).snoozed_until, conversation(database, one).owed_since)


@pytest.mark.parametrize("until", [LATER, LATER - timedelta(days=1), LATER + timedelta(days=400)])
def test_nothing_is_put_aside_until_yesterday_or_for_ever(database: Database, until: object) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with pytest.raises(Refused, match="snooze_when"), database.transaction() as session:
        marking.snooze(session, mira, one, until, LATER)  # type: ignore[arg-type]


def test_tags_are_kept_in_one_form_and_once(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        assert "late-parcel" == marking.tag(session, mira, one, " Late parcel! ", LATER)
        assert "late-parcel" == marking.tag(session, mira, one, "late-parcel", LATER)
        with pytest.raises(Refused, match="no_tag"):
            marking.tag(session, mira, one, "!?", LATER)
    with database.transaction() as session:
        marking.untag(session, mira, one, "late-parcel", LATER)
        marking.untag(session, mira, one, "late-parcel", LATER)

    assert ["tagged", "untagged"] == [kind for kind in events(database, one) if "tagged" in kind]


def test_who_is_blocked_is_kept_and_not_answered(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        marking.block(session, mira, one, LATER)
        acting.resolve(session, mira, one, "spam", LATER)
    said = says(database, anna("BUY NOW"), LATER)

    assert [] == waiting_conversations(database, LATER)
    assert [("customer", "BUY NOW")] == thread(database, said.conversation_id)
    with database.transaction() as session:
        marking.unblock(session, mira, one, LATER)
    says(database, anna("Sorry, a real question"), LATER)
    assert [said.conversation_id] == waiting_conversations(database, LATER)


def test_a_note_is_no_message_and_tells_whom_it_names(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    hire(database, "Edda Lang", "editor")
    one = waits(database)
    before = thread(database, one)
    with database.transaction() as session:
        note(session, mira, one, "@jonas can you look? Not @edda, nor @mira kern. mail@jonas.example", LATER)

    assert before == thread(database, one)
    with database.reading() as session:
        assert [jonas.id] == list(session.scalars(select(Mention.user_id)))


def test_a_step_that_does_not_follow_is_refused(database: Database) -> None:
    susanne = hire(database, "Susanne Ott", "supervisor")
    one = says(database, anna("Hello")).conversation_id
    for verb in (acting.give_back, acting.release, acting.reopen):
        with pytest.raises(NotPossible), database.transaction() as session:
            verb(session, susanne, one, LATER)

    assert BOT == conversation(database, one).owner


def test_what_the_bot_was_about_to_answer_is_owed_by_whoever_takes_it(database: Database) -> None:
    susanne = hire(database, "Susanne Ott", "supervisor")
    one = says(database, anna("Hello")).conversation_id
    with database.transaction() as session:
        acting.claim(session, susanne, one, LATER)
    take_turn(database, echo, one, LATER)

    assert (agent(susanne.id), MONDAY) == (conversation(database, one).owner, conversation(database, one).owed_since)
    assert [("customer", "Hello")] == thread(database, one)


def test_a_second_question_in_a_burst_after_the_call_for_a_person_is_that_persons(database: Database) -> None:
    hire(database, "Mira Kern")
    one = says(database, anna("Hello")).conversation_id
    take_turn(database, echo, one, MONDAY)
    says(database, anna("/helped"))
    says(database, anna("and my parcel?"))

    def calls(state: str | None, text: str, context: TurnContext) -> Reply:
        return Reply((Said("A colleague takes over."),), "{}", "en", "asked", 1.0, wants_person="asked")

    take_turn(database, calls, one, MONDAY)
    take_turn(database, calls, one, MONDAY)
    said = [text for _, text in thread(database, one)]
    assert 1 == sum(text.startswith("A colleague takes over.") for text in said)
    with database.reading() as session:
        assert 1 == len(list(session.scalars(select(Handoff))))
    found = conversation(database, one)
    assert isinstance(found, Conversation)
    assert (QUEUE, None) == (found.owner, found.waiting_since)
