"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "insights", "handoff", "bot", "channels", "knowledge", "staff", "db")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "versions" not in path.parts]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_in_one_sentence_what_it_is_for(path: Path) -> None:
    assert path.read_text().startswith('"""')


def test_only_the_settings_read_the_environment() -> None:
    reads = re.compile(r"os\.getenv|os\.environ(?!\.setdefault|\.update|\[\w|\[\"[A-Z_]+\"\] =)")
    readers = [str(path.relative_to(ROOT)) for path in SOURCES if reads.search(path.read_text())]

    # The command line hands the environment to the settings; bot/quiet.py puts back what a library must not see.
    assert ["app/cli.py", "app/rasa_actions.py", "bot/quiet.py"] == readers


def test_pages_load_nothing_from_elsewhere() -> None:
    pages = [path for room in ROOMS for path in (ROOT / room).rglob("*.html")]
    scripts = [path for room in ROOMS for path in (ROOT / room).rglob("*.js") if "vendor" not in path.parts]
    fetches = re.compile(r"""(src|href|url|fetch|import)\s*[=(]\s*["'`]?https?://""")

    assert [] == [path.name for path in pages + scripts if fetches.search(path.read_text())]


def test_no_page_shows_a_method_where_it_means_a_word() -> None:
    """Jinja takes `words.clear` for the method of the dict: such a word is named otherwise, or `words["clear"]`."""
    methods = "|".join(name for name in dir(dict) if not name.startswith("_"))
    meant = re.compile(rf"\b(\w*words|\w*names)\.({methods})\b(?!\()")
    pages = [path for room in ROOMS for path in (ROOT / room).rglob("*.html")]

    assert [] == [f"{path.name}: {found[0]}" for path in pages for found in meant.finditer(path.read_text())]
