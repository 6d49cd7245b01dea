"""Agents find and read what is for staff alone, and not a word of it gets into a reply by itself."""

from __future__ import annotations

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from db import Database
from handoff.desk.suggesting import articles_of
from knowledge.embedding import Embedder
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from tests.browser.editing import open_house
from tests.knowledge.shop import BENCH, article
from tests.staff import EVERYBODY, client_of, mira

GOODWILL = {
    "id": "goodwill/returns",
    "title": "Goodwill for late returns",
    "short_answer": "Up to 60 days, an agent may take an item back.",
    "body": "Ask [the bench](article:bench-fn-204518), see [](article:goodwill/limits) and [that](article:nothing).",
    "questions": ["May I take something back after 30 days?"],
    "internal": True,
}


@pytest.fixture
def knowledge(sqlite_database: Database, embedder: Embedder) -> Knowledge:
    knowledge = Knowledge(sqlite_database, embedder)
    limits = article(id="goodwill/limits", title="Limits of goodwill", internal=True)
    knowledge.publish(article(), article(BENCH), article(**GOODWILL), limits)
    return knowledge


@pytest.fixture
def roof(knowledge: Knowledge) -> Flask:
    return open_house(knowledge, 8080)


def test_what_is_for_staff_alone_is_found_beside_the_rest_and_has_no_text(knowledge: Knowledge) -> None:
    find = articles_of(HelpCentre(knowledge, MemoryStorage()))
    for words in ("May I take something back after 30 days?", "goodwill"):
        found = {one.title: one for one in find(words, "en", 5)}
        internal = found["Goodwill for late returns"]
        assert ("", True, "/desk/articles/en/goodwill/returns") == (internal.text, internal.internal, internal.url)
    public = next(one for one in find("How do I send something back?", "en", 5) if not one.internal)
    assert "/help/en/articles/return-an-item" in public.text


def test_neither_kind_keeps_the_other_from_being_found(knowledge: Knowledge) -> None:
    find = articles_of(HelpCentre(knowledge, MemoryStorage()))
    kinds = [one.internal for one in find("How do I send something back?", "en", 2)]
    assert {True, False} == set(kinds)


def test_what_becomes_public_is_inserted_and_what_becomes_internal_is_not(knowledge: Knowledge) -> None:
    find = articles_of(HelpCentre(knowledge, MemoryStorage()))
    knowledge.publish(article(**GOODWILL | {"internal": False}), article(internal=True))
    knowledge.refresh()
    found = {one.title: one for one in find("How do I send something back?", "en", 5)}
    assert found["Goodwill for late returns"].text
    assert "" == found["Return an item"].text


@pytest.mark.parametrize("role", EVERYBODY)
def test_everybody_who_works_here_reads_it_with_a_warning(roof: Flask, knowledge: Knowledge, role: str) -> None:
    visitor = client_of(roof, knowledge.database, EVERYBODY[role](knowledge.database))  # type: ignore[index]
    page = visitor.get("/desk/articles/de/goodwill/returns").text
    assert "Customers can&#39;t read this. Do not send them any of it." in page
    assert '<a href="/help/en/articles/bench-fn-204518"' in page
    assert '<a href="/desk/articles/en/goodwill/limits" rel="noopener noreferrer">Limits of goodwill</a>' in page
    assert 404 == visitor.get("/desk/articles/en/nothing").status_code


def test_a_public_article_is_read_there_without_a_warning(roof: Flask, knowledge: Knowledge) -> None:
    page = client_of(roof, knowledge.database, mira(knowledge.database)).get("/desk/articles/en/return-an-item").text
    assert "As customers see it" in page
    assert "Do not send" not in page


def test_a_customer_cant_open_the_page(roof: Flask) -> None:
    answer = roof.test_client().get("/desk/articles/en/goodwill/returns")
    assert 302 == answer.status_code
    assert "/staff/sign-in" in answer.location
