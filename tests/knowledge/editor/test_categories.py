"""The pages of categories, by whoever may open them, and the addresses that customers kept."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db import Database
from handoff.topics import TopicRule, people_only_topics
from knowledge.categories import Category, CategoryText, store_categories, stored_categories
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from tests.browser.editing import open_house
from tests.knowledge.shop import BENCH, RETURNS_DE, article
from tests.staff import EVERYBODY, client_of, csrf_token, edda

RETURNED = Category("returns", "undo-2", {"en": CategoryText("Returns"), "de": CategoryText("Rückgabe")})
PRODUCTS = Category("products", "box", {"en": CategoryText("Products")})
FORM = {"icon": "gift", "key": "gifts", "name-en": "Gifts", "name-de": "Geschenke", "description-en": "For friends."}


@pytest.fixture
def knowledge(sqlite_database: Database, embedder: Embedder) -> Knowledge:
    knowledge = Knowledge(sqlite_database, embedder)
    with sqlite_database.transaction() as session:
        store_categories(session, [RETURNED, PRODUCTS])
    knowledge.publish(article(), article(RETURNS_DE), article(BENCH))
    return knowledge


@pytest.fixture
def roof(knowledge: Knowledge) -> Flask:
    return open_house(knowledge, 8080)


@pytest.fixture
def client(roof: Flask, knowledge: Knowledge) -> FlaskClient:
    return client_of(roof, knowledge.database, edda(knowledge.database))


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    return client.post(path, data=form | {"csrf_token": csrf_token(client, "/editor/new")})


def stored(knowledge: Knowledge) -> list[Category]:
    with knowledge.database.reading() as session:
        return stored_categories(session)


def test_the_list_says_what_there_is(client: FlaskClient) -> None:
    page = client.get("/editor/categories").text
    assert "Rückgabe · returns" in page
    assert "No name in German · products" in page
    assert '<a href="/editor/?category=returns">1 article</a>' in page
    assert "Move Products up" in page


def test_a_category_is_added_changed_moved_and_deleted(client: FlaskClient, knowledge: Knowledge) -> None:
    assert 303 == send(client, "/editor/new-category", **FORM).status_code
    assert (
        Category("gifts", "gift", {"en": CategoryText("Gifts", "For friends."), "de": CategoryText("Geschenke")})
        == (stored(knowledge)[-1])
    )
    send(client, "/editor/categories/gifts", **FORM | {"name-en": "Presents", "key": "presents"})
    send(client, "/editor/categories/presents/up")
    assert ["returns", "presents", "products"] == [one.key for one in stored(knowledge)]
    send(client, "/editor/categories/presents/delete")
    assert ["returns", "products"] == [one.key for one in stored(knowledge)]
    assert 404 == client.get("/editor/categories/presents").status_code


def test_what_is_wrong_is_said_in_the_form_as_it_was_filled_in(client: FlaskClient, knowledge: Knowledge) -> None:
    page = send(client, "/editor/new-category", **FORM | {"key": "Gifts!"})
    assert 422 == page.status_code
    assert "The address must be of small letters" in page.text
    assert 'value="Geschenke"' in page.text
    assert [RETURNED, PRODUCTS] == stored(knowledge)


def test_an_old_address_of_a_category_leads_to_the_new_one_for_good(client: FlaskClient, roof: Flask) -> None:
    for before, after in (("returns", "back"), ("back", "send-back")):
        send(client, f"/editor/categories/{before}", **FORM | {"key": after})
    customer = roof.test_client()
    for path in ("returns", "back"):
        answer = customer.get(f"/help/de/categories/{path}?page=2")
        assert (301, "/help/de/categories/send-back?page=2") == (answer.status_code, answer.location)
        assert "no-cache" == answer.headers["Cache-Control"]
    assert "Return an item" in customer.get("/help/en/categories/send-back").text
    assert 404 == customer.get("/help/en/categories/elsewhere").status_code
    assert "send-back" in customer.get("/sitemap.xml").text


def test_a_merged_category_leads_to_the_one_that_took_it_in(client: FlaskClient, roof: Flask) -> None:
    assert 422 == send(client, "/editor/categories/returns/merge", into="").status_code
    assert 303 == send(client, "/editor/categories/returns/merge", into="products").status_code
    answer = roof.test_client().get("/help/en/categories/returns")
    assert (301, "/help/en/categories/products") == (answer.status_code, answer.location)


def test_what_only_people_answer_stays_so_when_its_category_is_moved(client: FlaskClient, knowledge: Knowledge) -> None:
    with knowledge.database.transaction() as session:
        session.add(TopicRule(topic="returns", people_only=True))
    send(client, "/editor/categories/returns", **FORM | {"key": "send-back"})
    with knowledge.database.reading() as session:
        assert {"returns", "send-back"} == people_only_topics(session)
        assert ["send-back"] == [rule.topic for rule in session.query(TopicRule)]
    refused = send(client, "/editor/categories/send-back/merge", into="products")
    assert "In one of the two, only people answer." in refused.text
    assert ["send-back", "products"] == [one.key for one in stored(knowledge)]


def test_an_order_that_nobody_can_understand_changes_nothing(client: FlaskClient, knowledge: Knowledge) -> None:
    token = {"X-CSRFToken": csrf_token(client, "/editor/new")}
    for sent in ({"a": 1}, [1, 2], ["nothing"], "returns", None):
        assert 204 == client.post("/editor/api/categories/order", json=sent, headers=token).status_code
        assert [RETURNED, PRODUCTS] == stored(knowledge)
    client.post("/editor/api/categories/order", json=["products", "returns"], headers=token)
    assert [PRODUCTS, RETURNED] == stored(knowledge)


@pytest.mark.parametrize("role", EVERYBODY)
def test_whoever_edits_may_arrange_categories_and_agents_may_not(roof: Flask, knowledge: Knowledge, role: str) -> None:
    visitor = client_of(roof, knowledge.database, EVERYBODY[role](knowledge.database))  # type: ignore[index]
    expected = 403 if role == "agent" else 200
    assert {expected} == {
        visitor.get(path).status_code
        for path in ("/editor/categories", "/editor/new-category", "/editor/categories/returns")
    }


def test_a_name_cant_carry_a_script_into_a_page(client: FlaskClient, roof: Flask) -> None:
    send(client, "/editor/categories/products", **FORM | {"name-en": "<script>x</script>", "key": "products"})
    for page in (client.get("/editor/categories"), client.get("/editor/categories/products")):
        assert "<script>x" not in page.text
