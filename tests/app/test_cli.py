"""The command line as the person who installs Handrail uses it."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from tests.app.command_line import Handrail, start_handrail

ARTICLE = """---
id: opening-hours
locale: en
title: When we are open
short_answer: Monday to Friday, 8 to 18.
category: contact
questions: [when are you open]
---
We are open from Monday to Friday.
"""


@pytest.fixture
def demo_url(demo_template: Path, tmp_path: Path) -> str:
    shutil.copy(demo_template, tmp_path / "handrail.db")
    return f"sqlite:///{tmp_path / 'handrail.db'}"


def test_ask_tells_what_would_be_said_and_why(demo_url: str) -> None:
    outcome = start_handrail("ask", "Wie lange habe ich Zeit, etwas zurückzugeben?", "--json", DATABASE_URL=demo_url)

    answer = json.loads(outcome.stdout)
    assert ("answer", "de") == (answer["kind"], answer["locale"])
    assert "30 Tage" in answer["text"]
    assert ("return-window", "/help/de/articles/return-window") == (
        answer["articles"][0]["id"],
        answer["articles"][0]["url"],
    )
    assert 0.5 < answer["confidence"] <= 1
    assert {"article_id", "score", "dense", "lexical", "text"} <= set(answer["hits"][0])


def test_ask_shows_its_reasons_to_a_person(handrail: Handrail, demo_url: str) -> None:
    outcome = handrail("ask", "what does E05 mean", DATABASE_URL=demo_url)

    assert 0 == outcome.returncode
    assert "/help/en/articles/error-e05-pump" in outcome.stdout


@pytest.mark.parametrize(
    "question",
    ["", " ", "\x01", "🦊", pytest.param("x" * 100_000, id="100 kB"), "'; DROP TABLE article; --"],
)
def test_ask_takes_any_question(handrail: Handrail, demo_url: str, question: str) -> None:
    outcome = handrail("ask", question, "--json", DATABASE_URL=demo_url)

    assert "unknown" == json.loads(outcome.stdout)["kind"]


def test_import_takes_the_good_and_reports_the_bad(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.md").write_text(ARTICLE)
    (folder / "broken[red].md").write_text("---\ntitle: [\n---\n")
    outcome = start_handrail("import", str(folder), DATABASE_URL=f"sqlite:///{tmp_path / 'handrail.db'}")

    assert 1 == outcome.returncode
    assert "1 published, 0 unchanged, 1 not taken" in outcome.stderr
    assert "broken[red].md" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_export_and_import_again_change_nothing(handrail: Handrail, demo_url: str, tmp_path: Path) -> None:
    assert 0 == start_handrail("export", str(tmp_path / "out"), DATABASE_URL=demo_url).returncode
    outcome = handrail("import", str(tmp_path / "out"), DATABASE_URL=demo_url)

    assert "0 published, 110 unchanged, 0 not taken" in outcome.stderr


def test_the_doctor_finds_a_healthy_installation_healthy(demo_url: str) -> None:
    outcome = start_handrail("doctor", DATABASE_URL=demo_url)

    assert 0 == outcome.returncode, outcome.stderr
    assert "110 live" in outcome.stderr


def test_the_doctor_says_what_to_mend(handrail: Handrail, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = handrail("doctor", DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}", PORT=str(taken.getsockname()[1]))

    assert 1 == outcome.returncode
    assert "handrail migrate" in outcome.stderr
    assert "can't be listened on" in outcome.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"DATABASE_URL": "handrail"}, "DATABASE_URL is not a database address"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/handrail"}, "DATABASE_URL can't be opened"),
        ({"HOST": "192.0.2.1"}, "HOST 192.0.2.1 is no address of this machine"),
        ({"EMBEDDING_MODEL": "/tmp"}, "holds no sentence-transformers model"),
        ({"EMBEDDING_MODEL": "no-such-model"}, "no-such-model"),
    ],
)
def test_a_setting_that_cant_be_used_stops_the_start_with_a_sentence(
    handrail: Handrail, settings: dict[str, str], sentence: str
) -> None:
    outcome = handrail("serve", **settings)

    assert outcome.returncode != 0
    assert sentence in " ".join(outcome.stderr.split())
    assert "Traceback" not in outcome.stderr


def test_a_port_in_use_stops_the_start_with_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = start_handrail("serve", PORT=str(taken.getsockname()[1]))

    assert 2 == outcome.returncode
    assert "Choose another port" in outcome.stderr


def test_a_locale_nobody_speaks_is_refused_with_a_sentence(handrail: Handrail, demo_url: str) -> None:
    outcome = handrail("ask", "hello", "--locale", "xx", DATABASE_URL=demo_url)

    assert 2 == outcome.returncode
    assert "en or de" in outcome.stderr
