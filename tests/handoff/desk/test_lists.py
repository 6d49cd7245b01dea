"""Lists: who stands in which, in which order, for whom; and that each page follows on the one before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from channels.conversation import Conversation
from handoff.acting import claim, resolve
from handoff.desk.filters import Filter
from handoff.desk.lists import PAGE, changes, counts, page_of
from handoff.marking import set_priority, snooze, tag
from handoff.noting import note, see_mentions
from staff.people import User
from tests.cast import MONDAY
from tests.handoff.desk_scene import Scene, in_team, says

NOON = MONDAY + timedelta(hours=3)
ANY = Filter()


def names(scene: Scene, user: User, name: str, asked: Filter = ANY, **more: str) -> list[str]:
    with scene.database.reading() as session:
        return [row.text for row in page_of(session, user, name, asked, NOON, **more).rows]


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_who_waits_stands_by_urgency_then_by_how_long(scene: Scene) -> None:
    for at, who in enumerate(("anna", "ben", "cleo")):
        last = says(scene.database, who, f"A person please, says {who}", MONDAY + minutes(at))
    with scene.database.transaction() as session:
        set_priority(session, scene.mira, last, 3, NOON)

    expected = ["A person please, says cleo", "A person please, says anna", "A person please, says ben"]
    assert expected == names(scene, scene.mira, "waiting")


def test_mine_begins_with_whom_an_answer_is_owed_longest(scene: Scene) -> None:
    ids = [says(scene.database, who, f"Person for {who}", MONDAY + minutes(at)) for at, who in enumerate("abc")]
    with scene.database.transaction() as session:
        for one in ids:
            claim(session, scene.mira, one, NOON)
        session.execute(update(Conversation).filter_by(id=ids[0]).values(owed_since=None))

    assert ["Person for b", "Person for c", "Person for a"] == names(scene, scene.mira, "mine")
    assert [] == names(scene, scene.ben, "mine")


def test_what_is_put_aside_waits_in_its_own_list(scene: Scene) -> None:
    one = says(scene.database, "anna", "Person please", MONDAY)
    with scene.database.transaction() as session:
        claim(session, scene.mira, one, NOON)
        snooze(session, scene.mira, one, NOON + minutes(60), NOON)

    assert [] == names(scene, scene.mira, "mine")
    assert ["Person please"] == names(scene, scene.mira, "snoozed")
    with scene.database.reading() as session:
        assert (0, 1) == tuple(counts(session, scene.mira, NOON)[name] for name in ("mine", "snoozed"))
        assert (1, 0) == tuple(counts(session, scene.mira, NOON + minutes(61))[name] for name in ("mine", "snoozed"))


def test_closed_ones_stand_with_the_last_first(scene: Scene) -> None:
    for at, who in enumerate(("anna", "ben")):
        one = says(scene.database, who, f"Person for {who}", MONDAY + minutes(at))
        with scene.database.transaction() as session:
            resolve(session, scene.mira, one, "solved", NOON + minutes(at))

    assert ["Person for ben", "Person for anna"] == names(scene, scene.mira, "closed")
    assert [] == names(scene, scene.mira, "all")


def test_mentions_are_counted_until_they_are_seen(scene: Scene) -> None:
    one = says(scene.database, "anna", "Person please", MONDAY)
    with scene.database.transaction() as session:
        note(session, scene.ben, one, "@Mira Vogt do you know this?", NOON)
    with scene.database.reading() as session:
        assert 1 == counts(session, scene.mira, NOON)["mentions"]

    with scene.database.transaction() as session:
        see_mentions(session, scene.mira, one, NOON)
    with scene.database.reading() as session:
        assert 0 == counts(session, scene.mira, NOON)["mentions"]
    assert ["Person please"] == names(scene, scene.mira, "mentions")
    assert [] == names(scene, scene.ben, "mentions")


def test_what_is_still_the_bots_is_nobodys_work(scene: Scene) -> None:
    says(scene.database, "anna", "How long do I have to return something?", MONDAY)

    assert [] == names(scene, scene.sam, "all")
    assert ["How long do I have to return something?"] == names(scene, scene.sam, "bot")
    assert [] == names(scene, scene.mira, "bot")


def test_a_list_is_narrowed_by_all_that_is_asked_for(scene: Scene) -> None:
    german = says(scene.database, "anna", "Einen Menschen bitte", MONDAY, locale="de")
    texted = says(scene.database, "+4915112345678", "Person by text", MONDAY, channel="sms")
    with scene.database.transaction() as session:
        tag(session, scene.mira, german, "Lieferung", NOON)
        set_priority(session, scene.mira, texted, 2, NOON)
        late = update(Conversation).filter_by(id=texted).values(reply_due_at=NOON - minutes(1), resolve_due_at=None)
        session.execute(late)
        soon = update(Conversation).filter_by(id=german).values(reply_due_at=NOON + minutes(9), resolve_due_at=None)
        session.execute(soon)

    only_german = (Filter(locale="de"), Filter(channel="web"), Filter(tag="lieferung"), Filter(sla="soon"))
    for asked in (*only_german, Filter(priority="1"), Filter(locale="de", channel="web", reason="asked")):
        assert ["Einen Menschen bitte"] == names(scene, scene.mira, "all", asked), asked
    for asked in (Filter(channel="sms"), Filter(priority="2"), Filter(sla="late")):
        assert ["Person by text"] == names(scene, scene.mira, "all", asked), asked
    assert [] == names(scene, scene.mira, "all", Filter(tag="lieferung", channel="sms"))
    assert 2 == len(names(scene, scene.mira, "all", Filter(agent="nobody")))


def test_pages_follow_on_each_other_without_a_gap(scene: Scene) -> None:
    for at in range(PAGE + 15):
        says(scene.database, f"v{at}", f"Person {at:02}", MONDAY + minutes(at % 7))
    with scene.database.reading() as session:
        for name in ("waiting", "all"):
            first = page_of(session, scene.mira, name, Filter(), NOON)
            second = page_of(session, scene.mira, name, Filter(), NOON, after=first.next)
            ids = [row.id for page in (first, second) for row in page.rows]
            assert (PAGE, 15, "") == (len(first.rows), len(second.rows), second.next)
            assert len(ids) == len(set(ids))


def test_an_address_that_was_tampered_with_is_the_first_page(scene: Scene) -> None:
    says(scene.database, "anna", "Person please", MONDAY)

    for after in ("x", "1,2", "a,b,c", "99999999999999999999999,1,x", "1,2,3,4,5"):
        assert ["Person please"] == names(scene, scene.mira, "waiting", after=after), after


def test_a_page_is_told_what_came_and_what_went(scene: Scene) -> None:
    here = says(scene.database, "anna", "Person please", MONDAY)
    gone = says(scene.database, "ben", "Person too", MONDAY)
    with scene.database.transaction() as session:
        claim(session, scene.ben, gone, NOON)
    with scene.database.reading() as session:
        found = changes(session, scene.mira, "waiting", Filter(), NOON, [here, gone, "nothing"])

    assert {here: "Person please", gone: None, "nothing": None} == {one: row and row.text for one, row in found.items()}


def test_another_teams_conversations_stand_in_no_list(scene: Scene) -> None:
    one = in_team(scene, says(scene.database, "anna", "Person for Returns", MONDAY), "Returns")
    with scene.database.transaction() as session:
        note(session, scene.sam, one, "@Mira Vogt look", NOON)

    for name in ("waiting", "all", "mentions", "snoozed", "closed", "bot"):
        assert [] == names(scene, scene.mira, name), name
    with scene.database.reading() as session:
        assert {0} == set(counts(session, scene.mira, NOON).values())
        assert {one: None} == changes(session, scene.mira, "all", Filter(), NOON, [one])
    assert ["Person for Returns"] == names(scene, scene.carla, "waiting") == names(scene, scene.sam, "waiting")
    assert [] == names(scene, scene.mira, "all", Filter(team="Returns"))
