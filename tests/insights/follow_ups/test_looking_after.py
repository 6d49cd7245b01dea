"""A low score is somebody's work until it is closed: who takes it, how they reach the customer, how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select

from channels.conversation import BOT, CLOSED, Conversation, Event, agent
from channels.customer import Address
from db import Database
from handoff.acting import resolve
from handoff.finding import Meanwhile, NotYours, Refused, Taken
from handoff.replying import Writing, reply
from insights.follow_ups.assigning import give, take
from insights.follow_ups.closing import Closing, close
from insights.follow_ups.follow_up import CAUSES, FollowUp
from insights.follow_ups.listing import counts_of
from insights.follow_ups.opening import open_follow_up
from insights.follow_ups.reaching import reach_out
from insights.follow_ups.refused import NotDone
from insights.follow_ups.seeing import is_followed_up
from insights.follow_ups.settings import FollowUpSettings, keep_follow_up_settings
from insights.surveys.survey import Survey
from staff.people import User
from staff.teams import Team, default_team
from tests.cast import anna, says
from tests.handoff.at_work import conversation, events, hire, waits
from tests.handoff.people import works_in_leipzig
from tests.insights.scores import LATER, do, follow_up, followed, scored, talked


def opened_for(database: Database, survey_id: str) -> FollowUp | None:
    with database.transaction() as session:
        return open_follow_up(session, session.scalars(select(Survey).filter_by(id=survey_id)).one(), LATER)


@pytest.mark.parametrize(
    ("kind", "score", "is_low"),
    [("ces", 3, True), ("ces", 4, False), ("csat", 2, True), ("csat", 3, False), ("nps", 6, True), ("nps", 7, False)],
)
def test_a_score_at_or_under_the_limit_opens_a_follow_up(
    sqlite_database: Database, kind: Any, score: int, *, is_low: bool
) -> None:
    survey_id = scored(sqlite_database, talked(sqlite_database), score, LATER, kind=kind)
    assert is_low == (opened_for(sqlite_database, survey_id) is not None)


def test_a_score_answered_twice_opens_one_follow_up(database: Database) -> None:
    one = talked(database)
    opened = followed(database, one, LATER)
    with database.transaction() as session:
        survey = session.scalars(select(Survey)).one()
        assert opened == open_follow_up(session, survey, LATER + timedelta(hours=1)).id  # type: ignore[union-attr]
        assert 1 == session.scalar(select(func.count(FollowUp.id)))
    assert 1 == events(database, one).count("follow_up_opened")


def corrected(database: Database, score: int) -> FollowUp | None:
    """What there is of the one survey, when its score becomes another."""
    with database.transaction() as session:
        survey = session.scalars(select(Survey)).one()
        survey.score = score
        return open_follow_up(session, survey, LATER)


def test_a_score_that_was_a_slip_is_followed_up_by_nobody(database: Database) -> None:
    one = talked(database)
    followed(database, one, LATER)
    assert corrected(database, 7) is None
    with database.reading() as session:
        assert 0 == session.scalar(select(func.count(FollowUp.id)))
    assert "follow_up_withdrawn" in events(database, one)
    assert corrected(database, 1) is not None


def test_what_somebody_looks_after_is_not_taken_from_them(database: Database) -> None:
    opened = followed(database, talked(database), LATER)
    do(database, take, hire(database, "Mira Kern"), opened, LATER)
    kept = corrected(database, 7)
    assert kept
    assert opened == kept.id


def test_a_score_of_no_conversation_can_be_followed_up_by_nobody(sqlite_database: Database) -> None:
    survey_id = scored(sqlite_database, None, 1, LATER)
    assert opened_for(sqlite_database, survey_id) is None


def test_what_the_bot_alone_has_talked_about_is_for_the_default_team(database: Database) -> None:
    opened = follow_up(database, followed(database, talked(database), LATER))
    with database.reading() as session:
        assert default_team(session).id == opened.team_id
    assert opened.user_id is None


def test_it_is_for_the_team_whose_matter_it_was(database: Database) -> None:
    carla = hire(database, "Carla Ruiz", team="Returns")
    one = waits(database)
    with database.transaction() as session:
        team = session.scalars(select(Team).filter_by(name="Returns")).one().id
        session.get(Conversation, one).team_id = team  # type: ignore[union-attr]
    with database.transaction() as session:
        resolve(session, carla, one, "solved", LATER)
    assert team == follow_up(database, followed(database, one, LATER)).team_id


def test_the_deadline_counts_the_hours_in_which_somebody_is_there(database: Database) -> None:
    works_in_leipzig(database)
    with database.transaction() as session:
        keep_follow_up_settings(session, FollowUpSettings(hours=4, reminder_hours=1))
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=timezone.utc)  # 16 o'clock there: two hours are left of the day.
    opened = follow_up(database, followed(database, talked(database), friday))

    assert datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc) == opened.due_at
    assert datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc) == opened.remind_at


def test_whoever_takes_it_has_it_and_a_colleague_must_mean_to_take_it_over(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    opened = followed(database, talked(database), LATER)
    do(database, take, mira, opened, LATER)
    do(database, take, mira, opened, LATER)

    with pytest.raises(Taken, match="Mira Kern"):
        do(database, take, jonas, opened, LATER)
    assert mira.id == follow_up(database, opened).user_id
    do(database, take, jonas, opened, LATER, take_over=True)
    assert jonas.id == follow_up(database, opened).user_id
    assert 2 == events(database, follow_up(database, opened).conversation_id).count("follow_up_taken")


def test_what_somebody_had_who_works_here_no_more_is_anybodys(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    opened = followed(database, talked(database), LATER)
    do(database, take, mira, opened, LATER)
    with database.transaction() as session:
        assert 0 == counts_of(session, jonas, LATER)["follow-ups"]
        session.get(User, mira.id).is_active = False  # type: ignore[union-attr]
        session.flush()
        assert 1 == counts_of(session, jonas, LATER)["follow-ups"]
    do(database, take, jonas, opened, LATER)
    assert jonas.id == follow_up(database, opened).user_id


def test_an_agent_of_another_team_cant_do_anything_with_it(database: Database) -> None:
    carla = hire(database, "Carla Ruiz", team="Returns")
    opened = followed(database, talked(database), LATER)
    for verb, args in ((take, (LATER,)), (reach_out, (LATER,)), (close, (Closing("policy"), LATER))):
        with pytest.raises(NotYours):
            do(database, verb, carla, opened, *args)
    assert follow_up(database, opened).user_id is None


def test_a_supervisor_gives_it_to_a_colleague_and_a_colleague_to_another_team(database: Database) -> None:
    mira, carla = hire(database, "Mira Kern"), hire(database, "Carla Ruiz", team="Returns")
    sam = hire(database, "Sam Lindqvist", "supervisor", team=None)
    opened = followed(database, talked(database), LATER)
    with database.reading() as session:
        returns = session.scalars(select(Team.id).filter_by(name="Returns")).one()
    do(database, give, sam, opened, LATER, to_user=mira.id)
    assert mira.id == follow_up(database, opened).user_id
    do(database, give, mira, opened, LATER, to_team=returns)
    assert (None, returns) == (follow_up(database, opened).user_id, follow_up(database, opened).team_id)
    do(database, take, carla, opened, LATER)

    with pytest.raises(NotYours):
        do(database, take, mira, opened, LATER)
    with pytest.raises(Refused):
        do(database, give, sam, opened, LATER, to_user="nobody")


def test_it_cant_be_given_to_an_editor(database: Database) -> None:
    sam = hire(database, "Sam Lindqvist", "supervisor", team=None)
    edda = hire(database, "Edda Storm", "editor", team=None)
    opened = followed(database, talked(database), LATER)
    with pytest.raises(Refused):
        do(database, give, sam, opened, LATER, to_user=edda.id)


def test_reaching_out_opens_the_conversation_again_for_whoever_does(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = talked(database)
    opened = followed(database, one, LATER)

    assert one == do(database, reach_out, mira, opened, LATER)
    after = conversation(database, one)
    assert (agent(mira.id), None, mira.id) == (after.owner, after.closed_at, follow_up(database, opened).user_id)
    assert after.team_id == follow_up(database, opened).team_id
    assert follow_up(database, opened).reached_at is None


def test_a_customer_who_has_begun_another_conversation_is_reached_there(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    opened = followed(database, talked(database), LATER)
    newer = says(database, anna("Something else"), LATER).conversation_id
    assert BOT == conversation(database, newer).owner

    assert newer == do(database, reach_out, mira, opened, LATER)
    assert agent(mira.id) == conversation(database, newer).owner
    assert newer == follow_up(database, opened).reached_in
    assert CLOSED == conversation(database, follow_up(database, opened).conversation_id).owner
    with database.reading() as session:
        assert is_followed_up(session, newer)


def test_a_customer_whom_a_colleague_talks_with_is_left_to_them_unless_one_takes_over(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    opened = followed(database, talked(database), LATER)
    newer = waits(database, now=LATER)
    with database.transaction() as session:
        reply(session, jonas, newer, Writing("Hello.", "web", seen_seq=99), LATER)

    with pytest.raises(NotDone, match="talking"):
        do(database, reach_out, mira, opened, LATER)
    assert (None, None) == (follow_up(database, opened).user_id, follow_up(database, opened).reached_in)
    do(database, reach_out, mira, opened, LATER, take_over=True)
    assert agent(mira.id) == conversation(database, newer).owner


def test_a_conversation_of_another_team_cant_be_taken_by_way_of_a_follow_up(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    hire(database, "Carla Ruiz", team="Returns")
    opened = followed(database, talked(database), LATER)
    newer = waits(database, now=LATER)
    with database.transaction() as session:
        team_id = session.scalars(select(Team.id).filter_by(name="Returns")).one()
        session.get(Conversation, newer).team_id = team_id  # type: ignore[union-attr]

    with pytest.raises(NotDone) as refused:
        do(database, reach_out, mira, opened, LATER, take_over=True)
    assert ("elsewhere", {"team": "Returns"}) == (refused.value.reason, refused.value.values)


def test_it_is_closed_for_good_with_a_cause(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    one = talked(database)
    opened = followed(database, one, LATER)
    do(database, reach_out, mira, opened, LATER)
    write(database, mira, one, LATER + timedelta(minutes=5))
    end = LATER + timedelta(minutes=9)
    do(database, close, mira, opened, Closing("had_to_repeat", " Asked three times. ", ends_conversation=True), end)

    after = follow_up(database, opened)
    assert ("had_to_repeat", "Asked three times.", end, mira.id) == (
        after.cause,
        after.note,
        after.closed_at,
        after.closed_by,
    )
    assert (LATER + timedelta(minutes=5), one, True) == (after.reached_at, after.reached_in, after.asks_again)
    assert CLOSED == conversation(database, one).owner
    for verb, args in ((take, (end,)), (reach_out, (end,)), (close, (Closing("rude"), end))):
        with pytest.raises(NotDone, match="closed"):
            do(database, verb, jonas, opened, *args)
    assert CLOSED == conversation(database, one).owner
    assert "had_to_repeat" == follow_up(database, opened).cause


def write(database: Database, user: User, one: str, now: datetime) -> None:
    with database.transaction() as session:
        address = session.scalars(select(Address).filter_by(value="anna")).one()
        writing = Writing("What was hard?", "web", seen_seq=99, address_id=address.id)
        reply(session, user, one, writing, now)


def test_a_conversation_in_which_the_customer_wrote_meanwhile_does_not_end_with_it(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = talked(database)
    opened = followed(database, one, LATER)
    do(database, reach_out, mira, opened, LATER)
    says(database, anna("And another thing"), LATER)
    with pytest.raises(Meanwhile):
        do(database, close, mira, opened, Closing("policy", ends_conversation=True, seen_seq=1), LATER)
    assert follow_up(database, opened).closed_at is None
    assert agent(mira.id) == conversation(database, one).owner


@pytest.mark.parametrize("closing", [Closing(""), Closing("nonsense"), Closing("rude", "x" * 2001)])
def test_it_cant_be_closed_without_a_cause_or_with_a_novel(sqlite_database: Database, closing: Closing) -> None:
    mira = hire(sqlite_database, "Mira Kern")
    opened = followed(sqlite_database, talked(sqlite_database), LATER)
    with pytest.raises(NotDone):
        do(sqlite_database, close, mira, opened, closing, LATER)
    assert follow_up(sqlite_database, opened).closed_at is None


def test_every_step_can_be_read_in_the_conversation(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    one = talked(database)
    opened = followed(database, one, LATER)
    do(database, take, mira, opened, LATER)
    do(database, give, mira, opened, LATER, to_user=jonas.id)
    do(database, reach_out, jonas, opened, LATER)
    do(database, close, jonas, opened, Closing(CAUSES[0]), LATER)

    steps = [kind for kind in events(database, one) if kind.startswith("follow_up_")]
    assert ["opened", "taken", "given", "reaches", "closed"] == [kind.removeprefix("follow_up_") for kind in steps]
    with database.reading() as session:
        closed = session.scalars(select(Event).filter_by(conversation_id=one, kind="follow_up_closed")).one()
    assert {"follow_up_id": opened, "by": jonas.id, "cause": CAUSES[0]}.items() <= closed.details.items()
