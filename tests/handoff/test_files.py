"""Files that agents send: what they are decides, and only who was given the address reads them."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import update

from channels.attachments import Attachment
from db import Database
from handoff.files import BYTES, FileAddresses, safe_name
from handoff.files.views import make_blueprint
from handoff.finding import Refused
from handoff.replying import Writing, reply
from tests.cast import MONDAY
from tests.handoff.at_work import hire, waits

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
ADDRESSES = FileAddresses("a secret")


def sent(database: Database, name: str = "label.png", content: bytes = PNG) -> str:
    """The path of a file that Mira has sent to Anna."""
    mira = hire(database, "Mira Kern")
    one = waits(database)
    file = ADDRESSES.take(name, content)
    with database.transaction() as session:
        reply(session, mira, one, Writing("", "web", seen_seq=99, files=[file]), MONDAY)
    return file.url


def client(database: Database):  # type: ignore[no-untyped-def]
    app = Flask("files")
    app.register_blueprint(make_blueprint(database, ADDRESSES))
    return app.test_client()


def test_the_customer_gets_what_was_sent(database: Database) -> None:
    response = client(database).get(sent(database))

    assert (200, PNG, "image/png") == (response.status_code, response.data, response.mimetype)
    assert "inline; filename=label.png" == response.headers["Content-Disposition"]
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_what_is_no_picture_is_downloaded(database: Database) -> None:
    response = client(database).get(sent(database, "terms.pdf", b"%PDF-1.4 ..."))

    assert "attachment; filename=terms.pdf" == response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "change", [lambda path: path[:-1], lambda path: path + "x", lambda path: "/files/1", str.upper]
)
def test_a_file_cant_be_reached_by_guessing(database: Database, change: object) -> None:
    path = sent(database)

    assert 404 == client(database).get(change(path)).status_code  # type: ignore[operator]


def test_what_a_customer_sent_cant_be_reached_by_an_agents_address(database: Database) -> None:
    path = sent(database)
    with database.transaction() as session:
        from channels.conversation import Message

        session.execute(update(Message).values(author="customer"))
        assert 1 == session.execute(update(Attachment).values(url="")).rowcount

    assert 404 == client(database).get(path).status_code


def macro() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/vbaProject.bin", "x")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file_kind"),
        (b"<html><script>alert(1)</script>", "file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        (b"MZ\x90\x00", "file_kind"),
        (b"x" * (BYTES + 1), "file_size"),
        (macro(), "file_kind"),
    ],
)
def test_what_could_run_or_is_too_large_cant_be_sent(content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        ADDRESSES.take("label.png", content)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("label.png", "label.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ('a"\r\nSet-Cookie: x.pdf', "a_Set-Cookie_ x.pdf"),
        ("Größe (2).pdf", "Größe (2).pdf"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_a_name_is_one_that_no_system_trips_over(name: str, safe: str) -> None:
    assert safe == safe_name(name)
