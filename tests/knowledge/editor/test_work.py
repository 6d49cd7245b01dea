"""The work list and the table of translations, by whoever may open them and whatever their addresses say."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import Database
from knowledge.articles import Translation
from knowledge.drafts import draft_of, save_draft
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from tests.browser.editing import open_house
from tests.knowledge.shop import BENCH, article
from tests.staff import EVERYBODY, client_of, edda

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)


@pytest.fixture
def knowledge(sqlite_database: Database, embedder: Embedder) -> Knowledge:
    knowledge = Knowledge(sqlite_database, embedder)
    knowledge.publish(article(), article(BENCH))
    return knowledge


@pytest.fixture
def roof(knowledge: Knowledge) -> Flask:
    return open_house(knowledge, 8080)


@pytest.fixture
def client(roof: Flask, knowledge: Knowledge) -> FlaskClient:
    user = edda(knowledge.database)
    with knowledge.database.transaction() as session:
        session.get(Translation, ("return-an-item", "en")).owner_id = user.id
    return client_of(roof, knowledge.database, user)


def test_each_item_says_why_and_leads_to_where_it_is_mended(client: FlaskClient, knowledge: Knowledge) -> None:
    with knowledge.database.transaction() as session:
        save_draft(session, "bench-fn-204518", "en", {"title": "Benches"}, now=NOW).stage = "submitted"
        draft = draft_of(session, "bench-fn-204518", "en")
        draft.stopped = {"reason": "must_be_approved", "values": {}, "at": NOW.isoformat()}
    page = client.get("/editor/work").text
    assert "Submitted for review and last changed on 25 November 2026." in page
    assert "It should have gone live by itself and did not:" in page
    assert 'href="/editor/articles/en/bench-fn-204518"' in page
    assert '<input type="hidden" name="of" value="return-an-item">' in page


def test_the_address_of_the_list_narrows_it(client: FlaskClient) -> None:
    assert "Looked after by Edda Storm" in client.get("/editor/work?whose=mine").text
    mine = client.get("/editor/work?whose=mine").text
    assert "Return an item" in mine
    assert "Assemble the bench" not in mine
    assert "There is nothing to do here." in client.get("/editor/work?locale=en").text
    assert "There is nothing to do here." in client.get("/editor/work?kind=unused").text


@pytest.mark.parametrize("path", ["work", "translations"])
@pytest.mark.parametrize("said", ["kind=x", "locale=fr", "page=-1", "page=99999999999", "page=x", "whose=me&kind=%00"])
def test_an_address_that_somebody_mistyped_shows_a_list(client: FlaskClient, path: str, said: str) -> None:
    page = client.get(f"/editor/{path}?{said}")
    assert 200 == page.status_code
    assert "Return an item" in page.text


def test_the_table_is_narrowed_to_what_a_language_lacks(client: FlaskClient, knowledge: Knowledge) -> None:
    with knowledge.database.transaction() as session:
        save_draft(session, "bench-fn-204518", "de", {"title": "Bank"})
    page = client.get("/editor/translations?kind=missing&locale=de").text
    assert "Write it: Return an item (German)" in page
    assert "Assemble the bench" not in page


@pytest.mark.parametrize("role", EVERYBODY)
def test_agents_cant_open_them(roof: Flask, knowledge: Knowledge, role: str) -> None:
    visitor = client_of(roof, knowledge.database, EVERYBODY[role](knowledge.database))  # type: ignore[index]
    expected = 403 if role == "agent" else 200
    assert {expected} == {visitor.get(f"/editor/{path}").status_code for path in ("work", "translations")}


def test_what_readers_and_authors_wrote_cant_run_in_the_list(client: FlaskClient, knowledge: Knowledge) -> None:
    knowledge.publish(article(title="<script>x</script>"))
    assert "<script>x" not in client.get("/editor/work").text + client.get("/editor/translations").text
