"""Who gets what waits, and what becomes of what somebody left behind."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.conversation import QUEUE, Conversation, agent
from channels.inbound import Inbound, receive
from db import Database
from handoff import acting, routing
from handoff.handoffs import Handoff
from handoff.presence import OFF_AFTER, choose_presence, is_online
from handoff.routing import Candidate, Need, choose, place, release_left, route_waiting, within_reach
from handoff.topics import TopicRule
from handoff.turn import take_turn
from knowledge.articles import Article, Revision, Translation
from staff.people import User
from staff.teams import Team, TeamMember
from tests.cast import MONDAY, anna, echo, says
from tests.handoff.at_work import answers, comes, conversation, events, hire, person_wanted, thread, waits
from tests.insights.told import Told

EARLY, LATE = MONDAY, MONDAY + timedelta(hours=1)
WEB = Need("en", "web")
TEXT = {"title": "Warranty", "short_answer": "", "body": "", "questions": [], "tags": [], "created_at": MONDAY}


def candidate(name: str, *, free: int = 1, given: object = EARLY, **known: frozenset[str]) -> Candidate:
    return Candidate(name, free={"web": free}, assigned_at=given, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("candidates", "need", "chosen"),
    [
        ([], WEB, None),
        ([candidate("mira", free=0)], WEB, None),
        ([candidate("mira", free=-1)], WEB, None),
        ([candidate("mira")], Need("en", "sms"), None),
        ([candidate("mira")], WEB, "mira"),
        ([candidate("mira", given=LATE), candidate("jonas")], WEB, "jonas"),
        ([candidate("mira", free=1), candidate("jonas", free=3)], WEB, "jonas"),
        ([candidate("mira", languages=frozenset({"de"}))], WEB, None),
        ([candidate("mira", languages=frozenset({"de", "en"}))], WEB, "mira"),
        ([candidate("mira")], Need("en", "web", skill="repairs"), None),
        ([candidate("mira", skills=frozenset({"repairs"}), given=LATE), candidate("jonas")],
         Need("en", "web", skill="repairs"), "mira"),
        ([candidate("mira", given=LATE), candidate("jonas")], Need("en", "web", agent_id="mira"), "mira"),
        ([candidate("mira", free=0), candidate("jonas")], Need("en", "web", agent_id="mira"), "jonas"),
        ([candidate("jonas")], Need("en", "web", agent_id="mira"), "jonas"),
    ],
)  # fmt: skip
def test_it_goes_to_whoever_fits_and_was_given_nothing_for_longest(
    candidates: list[Candidate], need: Need, chosen: str | None
) -> None:
    assert chosen == choose(candidates, need)


def member(*skills: str, languages: tuple[str, ...] = ()) -> User:
    return User(skills=list(skills), languages=list(languages))


@pytest.mark.parametrize(
    ("members", "locale", "skill"),
    [
        ([member("repairs"), member()], "en", "repairs"),
        ([member(), member("returns")], "en", None),
        ([member("repairs", languages=("de",))], None, "repairs"),
        ([member("repairs", languages=("de",)), member(languages=("en",))], "en", None),
        ([], None, None),
    ],
)
def test_what_nobody_in_the_team_has_is_asked_of_nobody(
    members: list[User], locale: str | None, skill: str | None
) -> None:
    assert Need(locale, "web", skill) == within_reach(Need("en", "web", "repairs"), members)


def assigning(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Team).values(assigns=True))


def test_what_waits_goes_to_an_agent_who_is_there(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    assigning(database)
    one = waits(database)
    assert [] == route_waiting(database, MONDAY)
    comes(database, mira)

    assert [one] == route_waiting(database, MONDAY)
    assert (agent(mira.id), None) == (conversation(database, one).owner, conversation(database, one).queued_at)
    assert "assigned" == events(database, one)[-1]
    assert [] == route_waiting(database, MONDAY)


def test_in_a_team_that_picks_for_itself_nothing_is_given(database: Database) -> None:
    comes(database, hire(database, "Mira Kern"))
    one = waits(database)

    assert [] == route_waiting(database, MONDAY)
    assert QUEUE == conversation(database, one).owner


def test_what_is_urgent_goes_first_then_what_came_first(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    assigning(database)
    ones = []
    for number, who in enumerate(("anna", "ben", "carla")):
        now = MONDAY + timedelta(minutes=number)
        said = receive(database, Inbound("web", who, "a person", f"r{number}", locale="en"), now)
        take_turn(database, person_wanted, said.conversation_id, now)
        ones.append(said.conversation_id)
    with database.transaction() as session:
        session.execute(update(Conversation).where(Conversation.id == ones[2]).values(priority=3))
        session.execute(update(User).values(capacity={"web": 2}))
    comes(database, mira, MONDAY + timedelta(minutes=5))

    assert [ones[2], ones[0]] == route_waiting(database, MONDAY + timedelta(minutes=5))


def test_a_customer_goes_to_whom_they_know(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    one = waits(database)
    answers(database, mira, one, MONDAY)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", MONDAY)
    assigning(database)
    for user in (jonas, mira):
        comes(database, user, LATE)
    again = waits(database, "Mira, please", LATE)
    route_waiting(database, LATE)

    assert one != again
    assert agent(mira.id) == conversation(database, again).owner


def test_nobody_who_waits_waits_behind_somebody_who_left(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    comes(database, mira)
    one = waits(database)
    answers(database, mira, one, MONDAY)
    gone = MONDAY + OFF_AFTER + timedelta(minutes=1)
    # Nothing is owed: it stays hers.
    assert [] == release_left(database, gone)
    says(database, anna("Are you still there?"), gone)
    take_turn(database, echo, one, gone)

    assert [one] == release_left(database, gone)
    assert "Mira Kern is not there any more. Nobody is at their desk right now." in thread(database, one)[-1][1]
    assert (QUEUE, mira.id) == (conversation(database, one).owner, conversation(database, one).agent_id)
    assert [] == release_left(database, gone)


def test_what_somebody_takes_who_has_said_to_be_off_is_not_taken_from_them(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    with database.transaction() as session:
        choose_presence(session, mira.id, "off", MONDAY)
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, MONDAY)

    assert [] == release_left(database, MONDAY)
    assert agent(mira.id) == conversation(database, one).owner


def test_nothing_waits_behind_somebody_who_works_here_no_more(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    comes(database, mira)
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, MONDAY)
        session.execute(update(User).values(is_active=False))

    assert [one] == release_left(database, MONDAY)


def test_eight_who_give_at_once_give_nothing_twice_and_nobody_too_much(database: Database) -> None:
    people = [hire(database, f"Agent {number}") for number in range(5)]
    assigning(database)
    for user in people:
        comes(database, user)
    for number in range(24):
        said = receive(database, Inbound("web", f"w{number}", "a person", f"r{number}", locale="en"), MONDAY)
        take_turn(database, person_wanted, said.conversation_id, MONDAY)
    together = Barrier(8)

    def give(_: int) -> list[str]:
        together.wait()
        return route_waiting(database, MONDAY)

    with ThreadPoolExecutor(8) as pool:
        given = [one for ones in pool.map(give, range(8)) for one in ones]

    # Five with room for four each.
    assert 20 == len(given) == len(set(given))
    with database.reading() as session:
        owners = Counter(session.scalars(select(Conversation.owner)))
        assert {QUEUE: 4, **{agent(user.id): 4 for user in people}} == dict(owners)
        assert 20 == len(list(session.scalars(select(Handoff.id).where(Handoff.claimed_at.isnot(None)))))


def test_a_topic_has_its_team_and_what_one_must_know(database: Database) -> None:
    hire(database, "Tom Falk", team="Repairs")
    with database.transaction() as session:
        publish(session, "warranty-terms", "warranty")
        repairs = session.scalars(select(Team).filter_by(name="Repairs")).one()
        session.add(TopicRule(topic="warranty", team_id=repairs.id, skill="machines"))
    with database.reading() as session:
        assert ("warranty", repairs.id, "machines") == place(session, ["gone", "warranty-terms"], "de")
        topic, team_id, skill = place(session, ["gone"], "en")
        assert (None, None) == (topic, skill)
        assert team_id != repairs.id


def test_who_asks_for_a_person_comes_to_the_team_of_what_was_asked_before(database: Database) -> None:
    hire(database, "Tom Falk", team="Repairs")
    with database.transaction() as session:
        publish(session, "return-window", "returns")
        repairs = session.scalars(select(Team).filter_by(name="Repairs")).one()
        session.add(TopicRule(topic="returns", team_id=repairs.id))
    told = Told(database)
    for minutes, text in enumerate(("Can I return it?", "Bicycles?", "A person, please")):
        told.says("anna", text, MONDAY + timedelta(minutes=minutes))
    told.says("ben", "A person, please", MONDAY)

    with database.reading() as session:
        given = session.execute(select(Handoff.topic, Handoff.team_id == repairs.id).order_by(Handoff.id)).all()
    assert [("returns", True), (None, False)] == given


def test_whoever_works_here_no_more_is_not_online(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    comes(database, mira)
    with database.transaction() as session:
        assert is_online(session, mira.id, MONDAY)
        session.execute(update(User).values(is_active=False))
    with database.reading() as session:
        assert not is_online(session, mira.id, MONDAY)
        assert 1 == len(list(session.scalars(select(TeamMember))))


def publish(session: Session, article_id: str, category: str) -> None:
    session.add(Article(id=article_id, created_at=MONDAY))
    session.flush()
    live = Revision(article_id=article_id, locale="en", number=1, category_then=category, **TEXT)
    session.add(live)
    session.flush()
    session.add(Translation(article_id=article_id, locale="en", live_revision_id=live.id))


def needing(database: Database, skill: str) -> str:
    """Somebody waits for a person who knows this."""
    one = waits(database)
    with database.transaction() as session:
        session.execute(update(Handoff).values(skill=skill))
    return one


def test_nobody_waits_for_what_nobody_in_the_team_knows(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    assigning(database)
    comes(database, mira)
    one = needing(database, "repairs")

    assert [one] == route_waiting(database, MONDAY)


def test_who_knows_it_and_is_not_there_is_waited_for(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    assigning(database)
    comes(database, mira)
    with database.transaction() as session:
        session.execute(update(User).where(User.id == jonas.id).values(skills=["repairs"]))
    one = needing(database, "repairs")

    assert [] == route_waiting(database, MONDAY)
    comes(database, jonas)
    assert [one] == route_waiting(database, MONDAY)
    assert agent(jonas.id) == conversation(database, one).owner


def test_many_who_wait_for_somebody_who_is_away_hold_nobody_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "MOST", 2)
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    assigning(database)
    comes(database, mira)
    with database.transaction() as session:
        session.execute(update(User).where(User.id == jonas.id).values(skills=["repairs"]))
    ones = []
    for number, who in enumerate(("anna", "ben", "carla", "dora")):
        now = MONDAY + timedelta(seconds=number)
        said = receive(database, Inbound("web", who, "a person", f"r{number}", locale="en"), now)
        take_turn(database, person_wanted, said.conversation_id, now)
        ones.append(said.conversation_id)
    with database.transaction() as session:
        for_jonas = Handoff.conversation_id.in_(ones[:3])
        session.execute(update(Handoff).where(for_jonas).values(skill="repairs"))

    assert [ones[3]] == route_waiting(database, MONDAY + timedelta(seconds=9))


def test_who_was_helped_long_ago_goes_to_whoever_has_waited_longest(database: Database) -> None:
    mira, jonas = hire(database, "Mira Kern"), hire(database, "Jonas Weber")
    one = waits(database)
    answers(database, mira, one, MONDAY)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", MONDAY)
    assigning(database)
    much_later = MONDAY + timedelta(days=15)
    again = waits(database, "A person, please!", much_later)

    assert conversation(database, again).agent_id is None
    comes(database, jonas, much_later)
    assert [again] == route_waiting(database, much_later)


def test_in_a_team_that_picks_for_itself_it_is_known_who_helped_them_before(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    comes(database, mira, LATE)
    one = waits(database)
    answers(database, mira, one, MONDAY)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", MONDAY)
    again = waits(database, "Mira, please", LATE)

    assert [] == route_waiting(database, LATE)
    assert (QUEUE, mira.id) == (conversation(database, again).owner, conversation(database, again).agent_id)
