"""The benchmarks at a size that takes seconds: that they measure is tested, how fast it was is not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import Settings
from tests.benchmarks import embedding, help_pages, importing, insights, start, turns, widget_size
from tests.benchmarks.__main__ import main
from tests.benchmarks.faq import read_faq
from tests.benchmarks.help_text import invented_articles, invented_faq, invented_questions
from tests.benchmarks.place import Place, make_place
from tests.benchmarks.rows import Row, Unmeasured, p95
from tests.benchmarks.turns import OURS, Plan
from tests.postgres import find_binaries


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A machine without the public sets."""
    with make_place(Settings(), tmp_path) as place:
        yield place


def test_a_row_says_whether_its_limit_is_kept() -> None:
    assert Row("slow", 1.31, limit=1.3).is_kept is False
    assert Row("fast", 1.3, limit=1.3).is_kept is True
    assert Row("fast enough", 0.8, limit=0.8, at_least=True).is_kept is True
    assert Row("too slow", 0.79, limit=0.8, at_least=True).is_kept is False
    assert Row("not measured", None, limit=1).is_kept is None


def test_the_slowest_of_twenty_is_above_the_95th_percentile() -> None:
    assert 19 < p95([float(number) for number in range(1, 21)]) < 20


def test_late_turns_are_timed_around_the_two_hundredth() -> None:
    seen: Counter[str] = Counter()
    late = []
    for sender, kind in Plan().steps():
        seen[sender] += 1
        if kind == "late":
            late.append(seen[sender])
    assert [195, 205] == [min(late), max(late)]
    assert 200 == sum(late) / len(late)
    assert seen.total() == Plan().questions


def test_fresh_and_early_turns_are_those_of_new_conversations() -> None:
    seen: Counter[str] = Counter()
    numbers: dict[str, set[int]] = {"fresh": set(), "early": set()}
    for sender, kind in Plan(rounds=3).steps():
        seen[sender] += 1
        if kind in numbers:
            numbers[kind].add(seen[sender])
    assert {"fresh": {1}, "early": {5}} == numbers


def test_without_the_public_sets_a_sentence_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Unmeasured, match=r"banking77 is not in .*--data"):
        read_faq(tmp_path)


def test_questions_of_the_faq_are_none_of_its_examples(tmp_path: Path) -> None:
    folder = tmp_path / "banking77"
    folder.mkdir()
    lines = [json.dumps({"text": f"Where is card {number}?", "intent": "Card_lost?"}) for number in range(12)]
    (folder / "train.jsonl").write_text("\n".join(lines))
    (folder / "test.jsonl").write_text("\n".join([lines[0], lines[11], lines[11]]))
    faq = read_faq(tmp_path)
    assert ["card_lost"] == [topic.id for topic in faq.topics]
    assert 10 == len(faq.topics[0].examples)
    assert ("Where is card 11?",) == faq.questions


def test_what_is_invented_is_the_same_every_time_and_enough() -> None:
    assert invented_articles(3, seed=1) == invented_articles(3, seed=1)
    assert invented_articles(3, seed=1) != invented_articles(3, seed=2)
    assert 300 == len(set(invented_questions(300)))
    faq = invented_faq()
    assert {10} == {len(topic.examples) for topic in faq.topics}
    assert len(faq.questions) >= Plan().questions


def test_a_question_is_embedded_and_articles_are_imported(place: Place) -> None:
    for row in (embedding.measure(place, 3), importing.measure(place, rounds=1, articles=2)):
        assert row.figure is not None
        assert row.figure > 0


def test_turns_are_taken_over_rest_with_a_server_of_its_own(place: Place) -> None:
    plan = Plan(conversations=1, rounds=2, early=2, late=4)
    faq = invented_faq()
    timed = turns.measure(place, replace(faq, topics=faq.topics[:5]), plan)[OURS]
    assert [2, 2, 2] == [len(timed.fresh), len(timed.early), len(timed.late)]
    assert timed.turns == plan.questions


def test_what_breaks_is_told_and_the_rest_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(start, "training_rows", lambda _place: 1 / 0)
    monkeypatch.setattr(start, "cold_start_rows", lambda _place: [Row("Cold start", 3.0, "s", limit=15)])
    assert 1 == main(["--only", "training", "--only", "start", "--json", "--data", str(tmp_path)])
    printed = capsys.readouterr()
    assert ["Cold start"] == [row["name"] for row in json.loads(printed.out)["rows"]]
    assert "training could not be measured" in printed.err


def test_the_widget_is_as_small_as_promised(place: Place) -> None:
    script, whole = widget_size.rows(place)
    assert script.is_kept
    assert whole.is_kept
    assert whole.figure
    assert whole.figure > 15  # the Socket.IO client is counted


def test_a_help_page_is_as_light_as_promised_and_its_time_is_taken(place: Place) -> None:
    assert all(row.is_kept for row in help_pages.weights(place))
    timed = help_pages.measure(place, articles=20, read=5)
    assert timed.figure
    assert timed.figure > 0


def test_every_page_of_figures_is_timed_on_both_databases(place: Place) -> None:
    if find_binaries() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    measured = insights.rows(place, count=300)
    assert 4 == len(measured)
    assert all(row.figure and row.figure < insights.FOREVER for row in measured)
