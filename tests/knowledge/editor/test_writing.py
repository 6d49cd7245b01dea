"""Writing: ids made from titles, two versions put together, and what a script may not send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from app.editing import open_editor
from app.settings import Settings
from app.wiring import wire_web
from db import Database
from knowledge.article_text import ArticleError
from knowledge.drafts import FIELDS, draft_of, find_draft, save_draft
from knowledge.editor.writing.beginning import begin_article, begin_translation
from knowledge.editor.writing.merging import chosen_fields, what_differs
from knowledge.editor.writing.naming import free_id, id_of
from knowledge.editor.writing.visits import HERE, LATELY, colleagues, visit
from knowledge.embedding import Embedder
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.people import User
from tests.cast import MONDAY, echo
from tests.knowledge.shop import article
from tests.staff import client_of, csrf_token, edda, susanne

KEY = ("return-an-item", "en")
DRAFT = "/editor/api/drafts/en/return-an-item"


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Return an item", "return-an-item"),
        ("Größe & Maße: welche Bank?", "groesse-masse-welche-bank"),
        ("Crème brûlée, où?", "creme-brulee-ou"),
        ("  …  ", "article"),
        ("Вернуть", "article"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("x" * 300, "x" * 60),
    ],
)
def test_an_id_is_made_of_letters_that_stand_in_an_address(title: str, made: str) -> None:
    assert made == id_of(title)


def test_an_id_is_made_that_nobody_has(database: Database) -> None:
    author = edda(database)
    with database.transaction() as session:
        for expected in ("return", "return-2", "return-3"):
            assert expected == free_id(session, "Return!")
            begin_article(session, "Return!", "en", "", author.id, MONDAY)


def test_a_translation_begins_with_the_others_category_and_tags(knowledge: Knowledge) -> None:
    knowledge.publish(article())
    author = edda(knowledge.database)
    with knowledge.database.transaction() as session:
        begin_translation(session, "return-an-item", "de", author.id, MONDAY)
        draft = draft_of(session, "return-an-item", "de")
        assert ("", "returns", ["returns", "parcel"]) == (draft.title, draft.category, draft.tags)
        with pytest.raises(ArticleError, match="in this language already"):
            begin_translation(session, "return-an-item", "de", author.id, MONDAY)
        with pytest.raises(ArticleError, match="The title is missing"):
            begin_article(session, " ", "en", "", author.id, MONDAY)


def test_what_differs_is_chosen_field_by_field() -> None:
    theirs = dict.fromkeys(FIELDS, "") | {"title": "Theirs", "tags": ["a"], "internal": False, "body": "Same"}
    found = what_differs(theirs, {"title": "Mine", "tags": ["a", "b"], "internal": True, "body": "Same"})
    assert ["title", "tags", "internal"] == [one.name for one in found]
    form = {
        "choice-title": "theirs", "theirs-title": "Theirs", "mine-title": "Mine",
        "choice-tags": "by_hand", "by_hand-tags": "a\r\n c \r\n",
        "choice-internal": "mine", "mine-internal": "yes",
    }  # fmt: skip
    assert {"title": "Theirs", "tags": ["a", "c"], "internal": True} == chosen_fields(form)


def test_who_is_here_and_who_saved_lately_is_known_for_a_while(database: Database) -> None:
    author, other = edda(database), susanne(database)
    with database.transaction() as session:
        save_draft(session, *KEY, {"title": "Hers"}, now=MONDAY, user_id=other.id)
        visit(session, *KEY, other.id, MONDAY)
        visit(session, *KEY, author.id, MONDAY)
        [seen] = colleagues(session, *KEY, author.id, MONDAY)
        assert ("Susanne Kalb", True, MONDAY) == (seen.name, seen.is_here, seen.saved_at)
        [saved] = colleagues(session, *KEY, author.id, MONDAY + HERE)
        assert (False, MONDAY) == (saved.is_here, saved.saved_at)
        assert [] == colleagues(session, *KEY, author.id, MONDAY + LATELY + timedelta(seconds=1))


@pytest.fixture
def author(sqlite_database: Database) -> User:
    return edda(sqlite_database)


@pytest.fixture
def roof(sqlite_database: Database, embedder: Embedder) -> Iterator[Flask]:
    settings = Settings(company="Fennimor")
    served = wire_web(settings, sqlite_database, echo)
    knowledge = Knowledge(sqlite_database, embedder)
    knowledge.publish(article())
    open_editor(served.app, settings, knowledge, HelpCentre(knowledge, MemoryStorage()))
    yield served.app
    served.stop()


def put(roof: Flask, author: User, sent: Any, path: str = DRAFT) -> Any:
    client = client_of(roof, roof.extensions["handrail_gate"].database, author)
    token = csrf_token(client, "/staff/account")
    return client.put(path, json=sent, headers={"X-CSRFToken": token, "Accept": "application/json"})


def test_what_a_script_sends_is_kept_and_who_saw_less_is_told_what_stands_there(roof: Flask, author: User) -> None:
    seen = {"revision_id": 1, "version": 0}
    kept = put(roof, author, {"fields": {"short_answer": ""}, "seen": seen}).json
    assert ({"revision_id": 1, "version": 1}, "The short answer is missing.") == (kept["seen"], kept["problem"])
    late = put(roof, author, {"fields": {"title": "Late"}, "seen": seen})
    assert (409, "Edda Storm", "") == (late.status_code, late.json["by"], late.json["theirs"]["short_answer"])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (None, 400),
        ([], 400),
        ({"fields": [], "seen": {}}, 400),
        ({"fields": {}, "seen": {"revision_id": "1", "version": 0}}, 400),
        ({"fields": {}, "seen": {"revision_id": 1, "version": None}}, 400),
        ({"fields": {"saved_by": "me"}, "seen": {"revision_id": 1, "version": 0}}, 422),
        ({"fields": {"title": 7}, "seen": {"revision_id": 1, "version": 0}}, 422),
        ({"fields": {"tags": "one"}, "seen": {"revision_id": 1, "version": 0}}, 422),
    ],
)
def test_a_script_cant_send_what_is_no_draft(roof: Flask, author: User, sent: Any, status: int) -> None:
    answer = put(roof, author, sent)
    assert status == answer.status_code
    assert answer.json["error"]
    with roof.extensions["handrail_gate"].database.reading() as session:
        assert find_draft(session, *KEY) is None


def test_nobody_can_make_articles_by_saving_what_is_not_there(roof: Flask, author: User) -> None:
    sent = {"fields": {"title": "Mine"}, "seen": {"revision_id": None, "version": 0}}
    for path in ("/editor/api/drafts/en/nowhere", "/editor/api/drafts/fr/return-an-item"):
        assert 404 == put(roof, author, sent, path).status_code


def test_what_is_written_cant_run_on_the_page(roof: Flask, author: User) -> None:
    evil = "</script><script>alert(1)</script>"
    put(roof, author, {"fields": {"title": evil, "body": evil}, "seen": {"revision_id": 1, "version": 0}})
    client = client_of(roof, roof.extensions["handrail_gate"].database, author)
    assert evil not in client.get("/editor/articles/en/return-an-item").text
    assert evil not in client.get("/editor/").text
