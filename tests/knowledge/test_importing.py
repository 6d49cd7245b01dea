"""Taking in a help centre from files: what is good goes in, what is bad is named, and nothing is done twice."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from db import Database
from knowledge.article_text import ArticleError
from knowledge.articles import Passage, Revision, Translation
from knowledge.embedding import Embedder
from knowledge.importing import FILE_BYTES, Report, import_articles
from knowledge.library import Knowledge
from tests.conftest import MODELS
from tests.knowledge.dying import dies
from tests.knowledge.shop import BENCH, RETURNS, found

GOOD = """---
id: return-an-item
locale: en
title: Return an item
short_answer: You can send an item back within 30 days.
category: returns
tags: [returns]
questions:
  - How do I send something back?
---
Pack it well.
"""

IMPORTER = """
import sys
from pathlib import Path
from db import Database
from knowledge import importing
from knowledge.embedding import load_embedder
from knowledge.library import Knowledge
from tests.knowledge.dying import dies_with
importing.ARTICLES_PER_COMMIT = 5
importing.publish = dies_with(13, importing.publish)
knowledge = Knowledge(Database(sys.argv[1]), load_embedder("all-MiniLM-L6-v2", Path(sys.argv[2])))
importing.import_articles(knowledge, Path(sys.argv[3]))
"""


def test_a_folder_is_imported_and_found(knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path / "en" / "returns" / "return-an-item.md", GOOD)
    assert Report(published=1) == import_articles(knowledge, tmp_path)
    assert ["return-an-item"] == found(knowledge.snapshot, "something back")


def test_importing_again_changes_nothing_but_what_changed(knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path / "a.md", GOOD)
    write(tmp_path / "b.md", GOOD.replace("return-an-item", "other"))
    import_articles(knowledge, tmp_path)
    version = knowledge.snapshot.version
    assert Report(unchanged=2) == import_articles(knowledge, tmp_path)
    assert version == knowledge.snapshot.version
    write(tmp_path / "b.md", GOOD.replace("return-an-item", "other").replace("30", "60"))
    assert Report(published=1, unchanged=1) == import_articles(knowledge, tmp_path)
    assert 3 == count(knowledge.database, Revision)


def test_progress_is_told_of_how_many(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path / "a.md", GOOD)
    write(tmp_path / "b.md", "nonsense")
    told: list[tuple[int, int]] = []
    import_articles(sqlite_knowledge, tmp_path, lambda done, of: told.append((done, of)))
    assert [(2, 2)] == told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Just text.", "There is no front matter: the file must begin with a line ---, YAML, and a line ---."),
        (b"", "There is no front matter: the file must begin with a line ---, YAML, and a line ---."),
        (b"---\nid: a\n", "The front matter is not closed by a line ---."),
        (b"---\nid: [a\n---\n", None),
        (b"---\nwhen: 2024-99-99\n---\n", "The front matter is not YAML: month must be in 1..12."),
        (b"---\nx: !!python/object/apply:os.system [id]\n---\n", None),
        (b"---\n" + b"[" * 20_000 + b"\n---\n", None),
        (b"---\n- a\n---\n", "The front matter must be keys with values, such as id: return-an-item."),
        (GOOD.replace("category: returns\n", "").encode(), "The category is missing."),
        (GOOD.replace("id: return-an-item", "id: 5").encode(), "The id must be text; put it in quotes."),
        (GOOD.replace("[returns]", "returns").encode(), "The tags must be a list of texts; put each in quotes."),
        (GOOD.replace("tags", "labels").encode(), None),
        (GOOD.encode("utf-16"), "It is not UTF-8 text."),
        (GOOD.replace("well", "böse").encode("latin-1"), "It is not UTF-8 text."),
        (b"\x89PNG\r\n\x1a\n\x00", "It is not UTF-8 text."),
        (GOOD.encode() + b"\x00", "The body contains a control character (U+0000)."),
        (b"x" * 10_000_000, "It is larger than 1000 kB."),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_the_rest_is_imported(
    sqlite_knowledge: Knowledge, tmp_path: Path, content: bytes, reason: str | None
) -> None:
    write(tmp_path / "good.md", GOOD)
    (tmp_path / "bad.md").write_bytes(content)
    report = import_articles(sqlite_knowledge, tmp_path)
    [problem] = report.problems
    assert (1, "bad.md") == (report.published, problem.where)
    assert problem.reason.endswith(".")
    assert reason in (None, problem.reason)


def test_an_id_that_is_used_twice_is_taken_from_the_first_file(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path / "a.md", GOOD)
    write(tmp_path / "b.md", GOOD)
    [problem] = import_articles(sqlite_knowledge, tmp_path).problems
    assert ("b.md", "The id 'return-an-item' is already used for en by a.md.") == (problem.where, problem.reason)


def test_a_link_cant_bring_in_a_file_from_outside_the_folder(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path / "secret.md", GOOD)
    write(tmp_path / "in" / "bad.md", "")
    (tmp_path / "in" / "bad.md").unlink()
    (tmp_path / "in" / "bad.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "in" / "round.md").symlink_to("round.md")
    os.mkfifo(tmp_path / "in" / "pipe.md")
    report = import_articles(sqlite_knowledge, tmp_path / "in")
    assert (0, ["bad.md", "pipe.md", "round.md"]) == (report.published, [p.where for p in report.problems])
    assert "The file is a link that leads out of the folder." == report.problems[0].reason


@pytest.mark.parametrize("name", ["nothing", "nothing.jsonl", "file.txt"])
def test_a_source_that_isnt_there_is_said(sqlite_knowledge: Knowledge, tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(ArticleError, match=r"neither a folder nor a \.jsonl file|can't be read: No such file"):
        import_articles(sqlite_knowledge, tmp_path / name)


def test_json_lines_of_other_help_centres_are_taken(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    lines = [
        {"id": "About/Why us?.md", "title": "Why us?", "body": "First. Second.", "locale": "en", "questions": ["Why?"]},
        {"id": "empty", "title": "Only a title", "body": "", "locale": "en", "questions": []},
    ]
    source = write_lines(tmp_path, [*lines, {"id": "bad"}, [1]], "{", "9" * FILE_BYTES + "99")
    report = import_articles(sqlite_knowledge, source)
    articles = sqlite_knowledge.snapshot.articles
    assert ["First. Second.", "Only a title"] == [view.short_answer for view in articles.values()]
    assert "/help/en/articles/About/Why%20us%3F.md" == articles["About/Why us?.md", "en"].url
    assert [
        ("articles.jsonl:3", "The locale is missing."),
        ("articles.jsonl:4", "The line is not a JSON object."),
        ("articles.jsonl:5", "The line is not JSON."),
        ("articles.jsonl:6", "It is larger than 1000 kB."),
    ] == [(problem.where, problem.reason) for problem in report.problems]


def test_a_missing_short_answer_is_made_of_the_first_sentences(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    body = "# Sending back\n\n" + "Pack it well and tape it. " * 20
    source = write_lines(tmp_path, [{"id": "a", "title": "A", "body": body, "locale": "en"}])
    import_articles(sqlite_knowledge, source)
    [view] = sqlite_knowledge.snapshot.articles.values()
    assert " ".join(["Pack it well and tape it."] * 12) == view.short_answer


def test_an_import_that_was_killed_goes_on_and_ends_as_if_it_hadnt_been(
    sqlite_database: Database, embedder: Embedder, tmp_path: Path
) -> None:
    kinds = [RETURNS, BENCH] * 30
    source = write_lines(tmp_path, [{**kind, "id": f"a{number}"} for number, kind in enumerate(kinds)])
    dies(IMPORTER, str(sqlite_database.engine.url), str(MODELS), str(source))
    assert 10 == count(sqlite_database, Translation)
    report = import_articles(Knowledge(sqlite_database, embedder), source)
    assert 60 == report.published + report.unchanged
    assert (60, 60, 30 * 5 + 30 * 3) == tuple(count(sqlite_database, t) for t in (Translation, Revision, Passage))


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def write_lines(folder: Path, objects: list[Any], *lines: str) -> Path:
    path = folder / "articles.jsonl"
    write(path, "\n".join([*map(json.dumps, objects), *lines]) + "\n")
    return path


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        rows: int = session.scalars(select(func.count()).select_from(table)).one()
    return rows
