"""The pages of follow-ups work without any script, and show nothing to those whom it does not concern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.settings import Settings
from app.wiring import wire_web
from channels.conversation import CLOSED, agent
from db import Database, utc_now
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.pages.words import _ALL
from insights.follow_ups.tending import tend_follow_ups
from staff.people import User
from tests.cast import MONDAY
from tests.handoff.at_work import conversation
from tests.handoff.desk_scene import Scene, attached, helpful, open_scene, says
from tests.insights.scores import ended, follow_up, followed
from tests.staff import client_of, csrf_token, edda


@pytest.fixture
def scene(database: Database) -> Scene:
    return open_scene(database, MONDAY)


@pytest.fixture
def app(database: Database, scene: Scene) -> Iterator[Flask]:
    served = wire_web(Settings(company="Fennimor"), database, helpful)
    # What happens here has a clock of its own, and takes its own turns.
    served.workers.stop()
    yield served.app
    served.stop()


@pytest.fixture
def one(database: Database, scene: Scene) -> str:
    """The id of the follow-up of Anna, whose talk with the bot has ended."""
    talked = says(database, "anna", "How long can I return it?", MONDAY)
    return followed(database, ended(database, talked, MONDAY), MONDAY, comment="I had to ask <b>three</b> times")


def page(client: FlaskClient, path: str = "") -> str:
    return client.get(f"/desk/follow-ups{path}").text


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    """The status, and where it leads or what is said."""
    data = {**form, "csrf_token": csrf_token(client, "/staff/account")}
    answer = client.post(f"/desk/follow-ups/{path}", data=data)
    return answer.status_code, answer.headers.get("Location") or answer.text


def test_what_is_open_stands_in_the_list_with_its_number_beside_the_desks_own(
    app: Flask, database: Database, scene: Scene, one: str
) -> None:
    mira = client_of(app, database, scene.mira)
    assert f'href="/desk/follow-ups/{one}?view=open"' in page(mira)
    assert "I had to ask &lt;b&gt;three&lt;/b&gt; times" in page(mira)
    for path in ("/desk/waiting", "/desk/follow-ups"):
        assert re.search(r'data-count="follow-ups"[^>]*>1<', mira.get(path).text)
    assert 1 == mira.get("/desk/api/lists/mine").json["counts"]["follow-ups"]  # type: ignore[index]


def test_a_follow_up_shows_the_score_what_made_it_hard_and_what_was_talked_about(
    app: Flask, database: Database, scene: Scene, one: str
) -> None:
    shown = page(client_of(app, database, scene.mira), f"/{one}")
    for text in ("How easy it was: 2 of 7", "I had to ask &lt;b&gt;three&lt;/b&gt; times", "How long can I return it?"):
        assert text in shown
    assert "Nobody has it yet" in shown


def test_what_the_customer_sent_is_shown_to_whoever_looks_after_the_score_and_to_nobody_else(
    app: Flask, database: Database, scene: Scene, one: str
) -> None:
    file = attached(scene, follow_up(database, one).conversation_id, b"%PDF-1.7", "application/pdf")
    mira, carla = client_of(app, database, scene.mira), client_of(app, database, scene.carla)
    assert f'href="/desk/attachments/{file}"' in page(mira, f"/{one}")
    assert b"%PDF-1.7" == mira.get(f"/desk/attachments/{file}").data
    assert 404 == carla.get(f"/desk/attachments/{file}").status_code


def test_an_agent_of_another_team_cant_see_or_close_it(app: Flask, database: Database, scene: Scene, one: str) -> None:
    carla = client_of(app, database, scene.carla)
    assert one not in page(carla)
    assert 404 == carla.get(f"/desk/follow-ups/{one}").status_code
    for verb in ("take", "reach", "give", "close"):
        status, said = post(carla, f"{one}/{verb}", cause="rude")
        assert 404 == status
        assert "three" not in said
    assert (None, None) == (follow_up(database, one).user_id, follow_up(database, one).closed_at)


def test_supervisors_see_all_and_editors_none(app: Flask, database: Database, scene: Scene, one: str) -> None:
    assert one in page(client_of(app, database, scene.sam))
    assert 403 == client_of(app, database, edda(database)).get("/desk/follow-ups").status_code
    assert 302 == app.test_client().get("/desk/follow-ups").status_code


def test_an_agent_reaches_out_and_closes_it(app: Flask, database: Database, scene: Scene, one: str) -> None:
    mira = client_of(app, database, scene.mira)
    about = follow_up(database, one).conversation_id
    assert (303, f"/desk/mine/{about}") == post(mira, f"{one}/reach")
    assert agent(scene.mira.id) == conversation(database, about).owner
    assert f'href="/desk/follow-ups/{one}"' in mira.get(f"/desk/mine/{about}").text

    refused, said = post(mira, f"{one}/close", note="Kept all the same")
    assert (422, True, True) == (refused, "Choose the cause." in said, "Kept all the same" in said)
    closed, _ = post(
        mira, f"{one}/close", cause="wrong_answer", note="Told her.", asks_again="yes", ends="yes", seen_seq="9"
    )
    assert (303, "wrong_answer", CLOSED) == (
        closed,
        follow_up(database, one).cause,
        conversation(database, about).owner,
    )
    shown = page(mira, f"/{one}?view=closed")
    assert "Closed by Mira Vogt" in shown
    assert "Told her." in shown
    assert f"/{one}?" not in page(mira)
    again, said = post(mira, f"{one}/close", cause="rude")
    assert (409, True) == (again, "This follow-up is closed." in said)


def test_two_agents_cant_take_it_at_once(app: Flask, database: Database, scene: Scene, one: str) -> None:
    mira, ben = client_of(app, database, scene.mira), client_of(app, database, scene.ben)
    assert 303 == post(mira, f"{one}/take")[0]
    status, said = post(ben, f"{one}/take")
    assert (409, True) == (status, "Mira Vogt was faster and has it now." in said)
    assert 303 == post(ben, f"{one}/take", take_over="yes")[0]
    assert scene.ben.id == follow_up(database, one).user_id


def test_what_is_given_to_another_team_is_out_of_sight(app: Flask, database: Database, scene: Scene, one: str) -> None:
    mira = client_of(app, database, scene.mira)
    assert (303, "/desk/follow-ups?done=given") == post(mira, f"{one}/give", to=f"user:{scene.carla.id}")
    assert one in page(client_of(app, database, scene.carla))
    assert 422 == post(client_of(app, database, scene.carla), f"{one}/give", to="team:none")[0]


def test_what_calls_for_somebody_is_counted_by_itself(app: Flask, database: Database, scene: Scene, one: str) -> None:
    def late(user: User) -> int:
        counts = client_of(app, database, user).get("/desk/api/lists/mine").json["counts"]  # type: ignore[index]
        return int(counts["follow-ups_late"])

    reminded = follow_up(database, one).remind_at
    assert reminded
    tend_follow_ups(database, reminded)
    assert (1, 0) == (late(scene.mira), late(scene.sam))
    tend_follow_ups(database, reminded + timedelta(days=9))
    assert (1, 1, 0) == (late(scene.mira), late(scene.sam), late(scene.carla))


def test_every_page_of_staff_says_what_waits_for_whom(app: Flask, database: Database, scene: Scene, one: str) -> None:
    def bar(user: User, path: str = "/staff/account") -> str:
        found = re.search(r'<a class="bar-call" href="/desk/follow-ups" title="([^"]+)"', page_of(user, path))
        return found[1] if found else ""

    def page_of(user: User, path: str) -> str:
        return client_of(app, database, user).get(path).text

    # What is due is counted by the clock, and this Monday is long past.
    with database.transaction() as session:
        session.get(FollowUp, one).due_at = utc_now() + timedelta(hours=5)  # type: ignore[union-attr]
    assert ("1 follow-up", "1 follow-up") == (bar(scene.mira), bar(scene.sam, "/insights/now"))
    assert ("", "") == (bar(scene.carla), bar(edda(database)))
    with database.transaction() as session:
        session.get(FollowUp, one).reminded_at = utc_now()  # type: ignore[union-attr]
    assert ("1 follow-up, 1 due soon", "1 follow-up") == (bar(scene.mira), bar(scene.sam))
    with database.transaction() as session:
        session.get(FollowUp, one).due_at = utc_now() - timedelta(hours=5)  # type: ignore[union-attr]
        session.get(User, scene.sam.id).locale = "de"  # type: ignore[union-attr]
    assert ("1 follow-up, 1 overdue", "1 zum Nachfassen, 1 überfällig") == (bar(scene.mira), bar(scene.sam))
    assert 1 == client_of(app, database, scene.mira).get("/desk/api/lists/mine").json["counts"]["follow-ups_overdue"]  # type: ignore[index]
    # The desk has it in its own list of lists.
    assert "" == bar(scene.mira, "/desk/waiting")
    assert ">1 overdue<" in page_of(scene.mira, "/desk/waiting")


@pytest.mark.parametrize("path", ["?view=nonsense", "?page=-1", "?page=99999999999999999999", "/nonsense"])
def test_an_address_that_leads_nowhere_says_so(
    app: Flask, sqlite_database: Database, scene: Scene, path: str, database: Database
) -> None:
    assert 404 == client_of(app, database, scene.mira).get(f"/desk/follow-ups{path}").status_code


def test_both_languages_say_the_same() -> None:
    english, german = _ALL["en"], _ALL["de"]
    assert {part: list(words) for part, words in english.items()} == {
        part: list(words) for part, words in german.items()
    }
    places = re.compile(r"\{\w+\}")
    for part, words in english.items():
        for key, text in words.items():
            assert set(places.findall(str(text))) == set(places.findall(str(german[part][key]))), key


def test_a_page_in_german_has_no_english_words(app: Flask, database: Database, scene: Scene, one: str) -> None:
    with database.transaction() as session:
        session.get(User, scene.mira.id).locale = "de"  # type: ignore[union-attr]
    shown = page(client_of(app, database, scene.mira), f"/{one}")
    for text in ("Wie einfach es war: 2 von 7", "Noch niemand kümmert sich", "Was war die Ursache?"):
        assert text in shown
    assert "follow-up</" not in shown.lower()


@pytest.mark.parametrize(
    ("locale", "waits", "given_up"),
    [
        (
            "en",
            "As soon as the conversation has ended",
            "Not any more: 14 days after this was closed the conversation had not ended.",
        ),
        (
            "de",
            "Sobald das Gespräch zu Ende ist",
            "Nicht mehr: 14 Tage nach dem Abschluss war das Gespräch noch nicht zu Ende.",
        ),
    ],
)
def test_who_is_not_asked_again_because_the_conversation_went_on_for_weeks_is_said(
    app: Flask, database: Database, scene: Scene, one: str, locale: str, waits: str, given_up: str
) -> None:
    desk = client_of(app, database, scene.mira)

    def shown(days: int) -> str:
        with database.transaction() as session:
            session.get(User, scene.mira.id).locale = locale  # type: ignore[union-attr]
            found = session.get(FollowUp, one)
            assert found
            found.closed_at, found.closed_by, found.cause = utc_now() - timedelta(days=days), scene.mira.id, "policy"
        return page(desk, f"/{one}?view=closed")

    assert (True, False) == (waits in (before := shown(13)), given_up in before)
    assert (False, True) == (waits in (after := shown(14)), given_up in after)
