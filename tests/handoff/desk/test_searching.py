"""Search over everything said: half-typed words, accents, names and numbers; and nothing that is not one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from channels.conversation import Message
from channels.customer import Customer
from handoff.desk.filters import Filter, clauses
from handoff.desk.searching import search, snippet, words_of
from handoff.noting import note
from staff.people import User
from tests.cast import MONDAY
from tests.handoff.desk_scene import Scene, in_team, named, says

LATER = MONDAY + timedelta(hours=1)


def found(scene: Scene, user: User, query: str) -> list[str]:
    with scene.database.reading() as session:
        return [one.conversation_id for one in search(session, user, query)]


@pytest.fixture
def parcel(scene: Scene) -> str:
    return says(scene.database, "anna", "Ein Mensch? Die Rückgabegebühr für FN-204518 ist falsch. Menschen!", MONDAY)


@pytest.mark.parametrize(
    "query", ["Rückgabegebühr", "rückga", "ruckgabe", "RÜCKGABE falsch", "fn-2045", "204518", "FN 204518", "gebühr fn"]
)
def test_a_word_is_found_however_it_is_written(scene: Scene, parcel: str, query: str) -> None:
    expected = [] if query.startswith("gebühr") else [parcel]
    assert expected == found(scene, scene.mira, query)


def test_words_must_stand_at_one_place(scene: Scene, parcel: str) -> None:
    assert [] == found(scene, scene.mira, "Rückgabe Österreich")


@pytest.mark.parametrize(
    "query", ["", " ", "a", '"', "*", "' OR 1=1 --", "NEAR(", "text:", "& | !", ":*", "\\", "x" * 200]
)
def test_what_is_no_word_finds_nothing_and_breaks_nothing(scene: Scene, parcel: str, query: str) -> None:
    assert [] == found(scene, scene.mira, query)


def test_a_note_is_found_and_the_newest_place_stands_first(scene: Scene, parcel: str) -> None:
    other = says(scene.database, "ben", "Person please, the frother is broken", MONDAY)
    with scene.database.transaction() as session:
        note(session, scene.ben, parcel, "Frother of the same batch", LATER)

    assert [parcel, other] == found(scene, scene.mira, "frother")


@pytest.mark.parametrize(
    "query", ["+49 1511 2345678", "0151 12345678", "01511 234", "15112345678", "Keller", "jonas kel"]
)
def test_a_customer_is_found_by_name_and_number(scene: Scene, query: str) -> None:
    one = says(scene.database, "+4915112345678", "Person please", MONDAY, channel="sms")
    named(scene.database, one, "Jonas Keller")

    assert [one] == found(scene, scene.mira, query)


def test_what_was_changed_or_erased_is_found_no_more(scene: Scene, parcel: str) -> None:
    named(scene.database, parcel, "Anna Berger")
    with scene.database.transaction() as session:
        session.execute(update(Message).filter_by(conversation_id=parcel, seq=1).values(text="erased"))
        session.execute(update(Customer).values(name=None))

    assert ([], [], [parcel]) == tuple(found(scene, scene.mira, query) for query in ("rückgabe", "berger", "erased"))


def test_a_deleted_message_is_found_no_more(scene: Scene, parcel: str) -> None:
    other = says(scene.database, "anna", "ganz besonders", LATER)
    assert [other] == found(scene, scene.mira, "besonders")
    with scene.database.transaction() as session:
        session.execute(delete(Message).filter_by(text="ganz besonders"))

    assert [] == found(scene, scene.mira, "besonders")


def test_another_teams_conversation_cant_be_found(scene: Scene, parcel: str) -> None:
    named(scene.database, parcel, "Anna Berger")
    in_team(scene, parcel, "Returns")

    assert [] == found(scene, scene.mira, "rückgabe") == found(scene, scene.mira, "berger")
    assert [parcel] == found(scene, scene.carla, "rückgabe") == found(scene, scene.sam, "berger")


def test_what_is_found_can_be_narrowed(scene: Scene, parcel: str) -> None:
    with scene.database.reading() as session:
        assert [] == search(session, scene.mira, "rückgabe", clauses(Filter(channel="sms"), LATER))
        assert 1 == len(search(session, scene.mira, "rückgabe", clauses(Filter(channel="web"), LATER)))


def test_the_hit_is_marked_and_the_text_around_it_shown() -> None:
    said = "word " * 40 + "and then the **Rückgabe** of it all, and more " + "word " * 40
    pieces = list(snippet(said, ["ruckga"]))

    assert ["Rückgabe"] == [piece.text for piece in pieces if piece.is_marked]
    assert "… " == pieces[0].text
    assert "".join(piece.text for piece in pieces).endswith(" …")
    assert sum(len(piece.text) for piece in pieces) < 200


def test_a_number_in_groups_is_one_word() -> None:
    assert ["4915112345678"] == words_of("+49 151 12345678")
    assert ["15112345678"] == words_of("0151 / 1234 5678")
    assert ["fn", "204518"] == words_of("FN-204518")
