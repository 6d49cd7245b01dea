"""Import and export in the browser's eyes, without a script: brought, looked at, run, reported; and who may not."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from sqlalchemy import func, select

from app.editing import open_editor
from app.importing import broken_questions
from app.settings import Settings
from app.wiring import wire_web
from knowledge.drafts import find_draft
from knowledge.editor.bringing.words import FORMATS, OUTCOMES, STAGES, WORDS
from knowledge.help.centre import HelpCentre
from knowledge.imports.jobs import ImportJob
from knowledge.imports.working import work_on_imports
from knowledge.library import Knowledge
from staff.audit import AuditEntry
from tests.cast import echo
from tests.knowledge.shop import article
from tests.knowledge.sources.packing import packed
from tests.knowledge.test_imports import body_of, edited, imported, lines, markdown
from tests.staff import client_of, csrf_token, edda, mira, susanne

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)


def roof(knowledge: Knowledge, settings: Settings) -> Iterator[Flask]:
    served = wire_web(settings, knowledge.database, echo)
    open_editor(served.app, settings, knowledge, HelpCentre(knowledge, MemoryStorage()))
    yield served.app
    served.stop()


@pytest.fixture
def app(sqlite_knowledge: Knowledge) -> Iterator[Flask]:
    yield from roof(sqlite_knowledge, Settings(company="Fennimor", import_mb=1))


@pytest.fixture
def client(app: Flask, sqlite_knowledge: Knowledge) -> FlaskClient:
    """Edda's browser."""
    return client_of(app, sqlite_knowledge.database, edda(sqlite_knowledge.database))


def bring(client: FlaskClient, content: bytes = b"", name: str = "articles.zip", **form: Any) -> Any:
    file = {"file": (io.BytesIO(content), name)} if content else {}
    data = {"csrf_token": csrf_token(client, "/staff/account"), **file, **form}
    return client.post("/editor/import", data=data, content_type="multipart/form-data")


def send(client: FlaskClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"csrf_token": csrf_token(client, "/staff/account"), **form})


def work(knowledge: Knowledge) -> None:
    while work_on_imports(knowledge, NOW, warn=broken_questions):
        pass


def test_an_import_is_brought_looked_at_run_and_reported(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    files = {"a.md": markdown("a", title="=1+1"), "bad.md": "x"}
    answer = bring(client, packed(files))
    assert 303 == answer.status_code
    page = client.get(answer.location)
    assert "Being read" in page.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text

    work(sqlite_knowledge)
    page = client.get(answer.location).text
    assert "Import one article" in page
    assert "There is no front matter" in page
    assert "http-equiv" not in page
    compared = client.get(f"{answer.location}/items/0").text
    assert "It is not here yet." in compared
    assert "<ins>Pack it well.</ins>" in compared

    assert 303 == send(client, f"{answer.location}/run").status_code
    work(sqlite_knowledge)
    assert "Imported" in client.get(answer.location).text
    assert "Pack it well." == body_of(sqlite_knowledge.database, "a")
    report = client.get(f"{answer.location}/report.csv")
    assert "text/csv; charset=utf-8" == report.content_type
    rows = list(csv.reader(io.StringIO(report.data.decode("utf-8-sig"))))
    assert ["a.md", "a", "en", "'=1+1", "new", ""] == rows[1]
    assert ["bad.md", "", "", "", "not taken"] == rows[2][:5]
    assert 404 == client.get(f"{answer.location}/items/0").status_code
    with sqlite_knowledge.database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert ["import_begun", "import_run"] == actions[-2:]


def test_what_would_change_is_shown_word_by_word(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    sqlite_knowledge.publish(article(id="a", title="Return an item", body="Pack it well."))
    location = bring(client, packed({"a.md": markdown("a", "Pack it very well.")})).location
    work(sqlite_knowledge)
    assert "<ins>very </ins>" in client.get(f"{location}/items/0").text


def test_what_was_changed_here_is_named_before_and_after(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    user = susanne(sqlite_knowledge.database)
    edited(sqlite_knowledge, user, article(id="a", body="Hers."))
    location = bring(client, packed({"a.md": markdown("a")})).location
    work(sqlite_knowledge)
    said = "It was changed here, too: what the import brings is a draft beside it."
    assert said in client.get(f"{location}?outcome=kept").text
    send(client, f"{location}/run")
    work(sqlite_knowledge)
    assert said in client.get(location).text
    assert "Hers." == body_of(sqlite_knowledge.database, "a")


def test_a_long_report_has_pages(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    many = "\n".join(["{}"] * 250).encode()
    location = bring(client, many, "many.jsonl").location
    work(sqlite_knowledge)
    found = [len(re.findall("many.jsonl:", client.get(f"{location}?page={page}").text)) for page in (1, 3, 99)]
    assert [100, 50, 50] == found
    assert "None of them." in client.get(f"{location}?outcome=new").text


def test_a_cancelled_import_says_so(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    location = bring(client, packed({"a.md": markdown("a")})).location
    assert 303 == send(client, f"{location}/cancel").status_code
    work(sqlite_knowledge)
    assert "Cancelled" in client.get(location).text
    refused = send(client, f"{location}/run")
    assert (409, True) == (refused.status_code, "This import can&#39;t be run now." in refused.text)


@pytest.mark.parametrize(
    ("content", "form", "said"),
    [
        (b"", {}, "Choose a file that is not empty"),
        (b"x", {"addresses": "https://a.example/"}, "Choose either a file or addresses"),
        (b"x", {"format": "pdf"}, "There is no such language or format."),
    ],
)
def test_what_cant_be_brought_is_said_and_changes_nothing(
    client: FlaskClient, sqlite_knowledge: Knowledge, content: bytes, form: dict[str, str], said: str
) -> None:
    answer = bring(client, content, **form)
    assert (422, True) == (answer.status_code, said in answer.text)
    with sqlite_knowledge.database.reading() as session:
        assert 0 == session.scalar(select(func.count()).select_from(ImportJob))


def too_much(client: FlaskClient) -> Any:
    return client.post("/editor/import", data=b"x" * 2_000_000, content_type="multipart/form-data; boundary=x")


def test_a_file_that_is_too_large_cant_be_brought(client: FlaskClient) -> None:
    answer = too_much(client)
    assert (413, True) == (answer.status_code, "The file is too large; at most 1 MB can be imported." in answer.text)


def test_an_import_cant_reach_into_the_own_network(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    urls = "http://127.0.0.1/admin\nhttp://localhost:8000/\nhttp://169.254.169.254/latest"
    location = bring(client, addresses=urls).location
    work(sqlite_knowledge)
    page = client.get(location).text
    assert 3 == page.count("is not an address of the public web")
    assert "nothing new or changed" in page


def test_an_import_that_breaks_a_must_answer_question_warns(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    taken = article(id="a", title="Tea", body="Tea is hot.", questions=[], must_answer=["How do I drive to Mars?"])
    sqlite_knowledge.publish(taken)
    location = bring(client, packed({"b.md": markdown("b")})).location
    work(sqlite_knowledge)
    send(client, f"{location}/run")
    work(sqlite_knowledge)
    assert "“Tea” must answer “How do I drive to Mars?”, and the bot doesn&#39;t say it." in client.get(location).text


def test_where_articles_are_reviewed_an_editors_import_leaves_drafts(sqlite_knowledge: Knowledge) -> None:
    database = sqlite_knowledge.database
    strict = roof(sqlite_knowledge, Settings(company="Fennimor", article_review="required"))
    app = next(strict)
    for user, is_live in ((edda(database), False), (susanne(database), True)):
        client = client_of(app, database, user)
        location = bring(client, packed({"a.md": markdown("a", f"{user.name}.")})).location
        work(sqlite_knowledge)
        send(client, f"{location}/run")
        work(sqlite_knowledge)
        assert is_live == (body_of(database, "a") is not None)
    with database.reading() as session:
        assert find_draft(session, "a", "en") is None
    next(strict, None)


def test_articles_are_downloaded_as_an_archive(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    imported(sqlite_knowledge, susanne(sqlite_knowledge.database), lines({"id": "a", "locale": "en", "title": "A"}))
    first, second = client.get("/editor/export"), client.get("/editor/export?drafts=yes")
    assert ("application/zip", 'attachment; filename="articles.zip"') == (
        first.content_type,
        first.headers["Content-Disposition"],
    )
    assert first.data == second.data
    with zipfile.ZipFile(io.BytesIO(first.data)) as archive:
        assert ["en/general/a.md"] == archive.namelist()


def test_nobody_but_an_editor_can_import_or_export(app: Flask, sqlite_knowledge: Knowledge) -> None:
    client = client_of(app, sqlite_knowledge.database, mira(sqlite_knowledge.database))
    for answer in (bring(client, packed({"a.md": markdown("a")})), client.get("/editor/export"), bring(client, b"x")):
        assert 403 == answer.status_code
    assert (403, 403) == (too_much(client).status_code, too_much(app.test_client()).status_code)
    with sqlite_knowledge.database.reading() as session:
        assert 0 == session.scalar(select(func.count()).select_from(ImportJob))


@pytest.mark.parametrize("table", [WORDS, STAGES, OUTCOMES, FORMATS])
def test_every_word_is_there_in_both_languages(table: dict[str, dict[str, str]]) -> None:
    assert table["en"].keys() == table["de"].keys()
