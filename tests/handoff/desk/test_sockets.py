"""The desk's live wire: for whoever is signed in and works at the desk, and with nothing of other teams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from db import utc_now
from handoff.desk.live import EVERYTHING, News, conversation_room, team_room, user_room
from handoff.desk.opened import find_visible
from staff.people import User
from staff.teams import TeamMember
from tests.cast import MONDAY
from tests.handoff.desk_scene import Scene, in_team, says
from tests.staff import session_cookie

DESK = "/desk"


def connect(app: Flask, scene: Scene, user: User | None) -> Any:
    headers = {"Cookie": "=".join(session_cookie(app, scene.database, user))} if user else {}
    return app.extensions["socketio"].test_client(app, namespace=DESK, headers=headers)


def heard(client: Any, event: str) -> list[Any]:
    return [one["args"][0] for one in client.get_received(DESK) if one["name"] == event]


@pytest.fixture
def waiting(scene: Scene) -> str:
    return says(scene.database, "anna", "A person please", utc_now() - timedelta(minutes=5))


def test_a_stranger_and_an_editor_cant_connect(app: Flask, scene: Scene) -> None:
    with scene.database.transaction() as session:
        session.get(User, scene.ben.id).role = "editor"  # type: ignore[union-attr]

    assert not connect(app, scene, None).is_connected(DESK)
    assert not connect(app, scene, scene.ben).is_connected(DESK)
    assert connect(app, scene, scene.mira).is_connected(DESK)


def test_colleagues_hear_who_looks_and_writes(app: Flask, scene: Scene, waiting: str) -> None:
    mira, ben = connect(app, scene, scene.mira), connect(app, scene, scene.ben)
    for one in (mira, ben):
        one.emit("look", {"id": waiting}, namespace=DESK)
    ben.emit("present", {"id": waiting, "doing": "note"}, namespace=DESK)

    assert [("Ben Okafor", "note")] == [(one["name"], one["doing"]) for one in heard(mira, "present")]
    assert [] == heard(ben, "present")


def test_another_teams_conversation_cant_be_watched(app: Flask, scene: Scene, waiting: str) -> None:
    in_team(scene, waiting, "Returns")
    mira, carla = connect(app, scene, scene.mira), connect(app, scene, scene.carla)
    carla.emit("look", {"id": waiting}, namespace=DESK)

    assert {"ok": False} == mira.emit("look", {"id": waiting}, namespace=DESK, callback=True)
    mira.emit("present", {"id": waiting, "doing": "reply"}, namespace=DESK)
    carla.emit("present", {"id": waiting, "doing": "reply"}, namespace=DESK)
    assert [] == heard(mira, "present") == heard(carla, "present")


def test_whoever_may_not_see_it_any_more_neither_stands_beside_it_nor_hears_of_it(
    app: Flask, scene: Scene, waiting: str
) -> None:
    mira, sam = connect(app, scene, scene.mira), connect(app, scene, scene.sam)
    for one in (mira, sam):
        one.emit("look", {"id": waiting}, namespace=DESK)
    in_team(scene, waiting, "Returns")
    sam.get_received(DESK)
    mira.emit("present", {"id": waiting, "doing": "reply"}, namespace=DESK)
    mira.get_received(DESK)
    sam.emit("present", {"id": waiting, "doing": "note"}, namespace=DESK)

    assert [("Mira Vogt", "gone")] == [(one["name"], one["doing"]) for one in heard(sam, "present")]
    assert [] == heard(mira, "present")


def test_whoever_left_a_team_hears_no_more_of_it_and_of_their_new_one(app: Flask, scene: Scene, waiting: str) -> None:
    carla = connect(app, scene, scene.carla)
    with scene.database.transaction() as session:
        support, returns = (
            session.scalars(select(TeamMember.team_id).filter_by(user_id=one.id)).one()
            for one in (scene.mira, scene.carla)
        )
        session.execute(update(TeamMember).where(TeamMember.user_id == scene.carla.id).values(team_id=support))
    carla.emit("here", namespace=DESK)
    for team in (support, returns):
        app.extensions["socketio"].emit("news", {"ids": [team]}, to=team_room(team), namespace=DESK)

    assert [{"ids": [support]}] == heard(carla, "news")


@pytest.mark.parametrize("data", [None, 5, "x", [], {}, {"id": 5}, {"id": "x" * 999}, {"id": None, "doing": {}}])
def test_what_makes_no_sense_is_passed_over(app: Flask, scene: Scene, data: Any) -> None:
    mira = connect(app, scene, scene.mira)
    for event in ("look", "leave", "present", "here"):
        mira.emit(event, data, namespace=DESK)

    assert mira.is_connected(DESK)


def test_whoever_signed_out_hears_nothing_more(app: Flask, scene: Scene, waiting: str) -> None:
    mira = connect(app, scene, scene.mira)
    with scene.database.transaction() as session:
        session.get(User, scene.mira.id).is_active = False  # type: ignore[union-attr]
    mira.emit("look", {"id": waiting}, namespace=DESK)

    assert not mira.is_connected(DESK)


def test_news_goes_to_those_who_may_see_it_and_to_all_when_it_moves(scene: Scene) -> None:
    one = says(scene.database, "anna", "A person please", MONDAY)
    sent: list[tuple[str, list[str]]] = []
    news = News(scene.database, lambda event, body, rooms: sent.extend((room, body["ids"]) for room in rooms))
    news.send([one])
    assert [("desk", [one])] == sent  # Who had it before is not known yet.
    sent.clear()
    news.send([one, "nothing"])
    with scene.database.reading() as session:
        team = str(find_visible(session, scene.sam, one).team_id)
    assert {EVERYTHING, conversation_room(one), team_room(team)} == {room for room, _ in sent}
    assert user_room(scene.mira.id) not in dict(sent)
    sent.clear()
    in_team(scene, one, "Returns")
    news.send([one])
    assert [("desk", [one])] == sent
