"""A help centre kept in git is checked before it is merged: `handrail check` on a folder, without a database."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.app.command_line import Handrail, start_handrail
from tests.app.test_cli import ARTICLE
from tests.conftest import ROOT

THIEF = """---
id: open-on-sundays
locale: en
title: When are you open on Sundays?
short_answer: Never.
category: contact
questions: [when are you open]
---
Never on Sundays.
"""
PARCELS = """---
id: track-parcel
locale: en
title: Where your parcel is
short_answer: The link in our mail shows where your parcel is.
category: delivery
questions: [where is my parcel]
---
Follow the link.
"""
QUESTIONS = """must_answer:
  - When are you open?
  - Wann haben Sie geöffnet?
must_not_answer:
  - Where is my parcel?
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles, one with what it must and must not answer."""
    place = tmp_path / "help"
    place.mkdir()
    (place / "parcels.md").write_text(PARCELS)
    asked = ARTICLE.replace("category: contact\n", f"category: contact\n{QUESTIONS}")
    (place / "opening-hours.md").write_text(asked)
    return place


@pytest.fixture
def cache(tmp_path: Path) -> str:
    """A cache folder with the prepared models and nothing else."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "models").symlink_to(ROOT / ".cache" / "handrail" / "models")
    return str(tmp_path / "cache")


def test_a_folder_that_is_well_is_said_to_be(folder: Path, cache: str) -> None:
    outcome = start_handrail("check", str(folder), CACHE_DIR=cache, DATABASE_URL="sqlite:////nowhere/at-all.db")

    assert (0, "") == (outcome.returncode, outcome.stdout)
    assert "2 articles, 3 questions, 0 not taken, 0 broken" in outcome.stderr


def test_a_question_that_another_file_takes_away_is_reported_with_what_was_answered(
    handrail: Handrail, folder: Path, cache: str
) -> None:
    (folder / "sundays.md").write_text(THIEF)
    outcome = handrail("check", str(folder), "--json", CACHE_DIR=cache)

    assert 1 == outcome.returncode
    report = json.loads(outcome.stdout)
    assert (3, 3, []) == (report["articles"], report["questions"], report["bad"])
    broken = report["broken"][0]
    assert ("opening-hours.md", "opening-hours", "en") == (broken["where"], broken["id"], broken["locale"])
    assert ("answer", "When are you open?") == (broken["must"], broken["question"])
    assert "open-on-sundays" in [one["id"] for one in broken["answered"]["articles"]]
    assert 0 <= broken["answered"]["confidence"] <= 1

    in_words = handrail("check", str(folder), CACHE_DIR=cache)
    assert "opening-hours.md: must answer “When are you open?”" in in_words.stdout


def test_every_bad_file_is_reported_and_the_others_are_asked_all_the_same(
    handrail: Handrail, folder: Path, cache: str
) -> None:
    (folder / "torn.md").write_text("---\nid: torn\n")
    (folder / "empty.md").write_text("")
    (folder / "again.md").write_text(ARTICLE)
    shutil.copy(folder / "opening-hours.md", folder / "opening-hours-2.md")
    outcome = handrail("check", str(folder), "--json", CACHE_DIR=cache)

    report = json.loads(outcome.stdout)
    assert 1 == outcome.returncode
    bad = ["empty.md", "opening-hours-2.md", "opening-hours.md", "torn.md"]
    assert bad == sorted(one["where"] for one in report["bad"])
    assert 2 == report["articles"]


@pytest.mark.parametrize("place", ["nowhere", "empty", "file.txt"])
def test_what_is_no_help_centre_cant_be_checked(handrail: Handrail, tmp_path: Path, cache: str, place: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("Hello")
    outcome = handrail("check", str(tmp_path / place), CACHE_DIR=cache)

    assert (2, "") == (outcome.returncode, outcome.stdout)
    assert "✗" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_internal_articles_are_asked_among_themselves(handrail: Handrail, folder: Path, cache: str) -> None:
    (folder / "sundays.md").write_text(THIEF.replace("locale: en\n", "locale: en\ninternal: true\n"))
    outcome = handrail("check", str(folder), CACHE_DIR=cache)

    assert 0 == outcome.returncode, outcome.stdout
