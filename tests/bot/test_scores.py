"""Answers on a scale, as people write them: each is read, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.payloads import give_score
from bot.scores import (
    is_surely_score,
    is_tried,
    read_answer,
    read_beside,
    read_correction,
    read_score,
    reads_as_comment,
    reason_of,
)
from tests.conftest import ROOT

WRITTEN = yaml.safe_load(Path(__file__).with_name("scores.yml").read_text("utf-8"))
SCALES = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10)}
EASE = ("very difficult", "difficult", "somewhat difficult", "neither", "somewhat easy", "easy", "very easy")


def cases() -> Iterator[tuple[str, int, str]]:
    for kind in SCALES:
        yield from ((kind, score, text) for score, texts in WRITTEN[kind].items() for text in texts)


@pytest.mark.parametrize(("kind", "score", "text"), cases())
def test_an_answer_is_read(kind: str, score: int, text: str) -> None:
    assert score == read_score(text, *SCALES[kind])


@pytest.mark.parametrize("text", WRITTEN["none"])
def test_what_is_no_answer_is_none(text: str) -> None:
    assert read_score(text, 1, 7) is None


def test_there_are_more_than_two_hundred_written_answers_and_most_are_in_words() -> None:
    answers = [text for _, _, text in cases()]

    assert len(answers) > 200
    assert len([text for text in answers if any(sign.isalpha() for sign in text)]) > 150


def questions() -> Iterator[str]:
    """What customers ask: what the bot learns from and is measured with, and the titles of the demo's articles."""
    for path in (*(ROOT / "bot" / "data" / "nlu").glob("*.yml"), ROOT / "tests" / "bot" / "holdout.yml"):
        for intent in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            if intent["intent"] in {"question", "wants_person", "start_over", "is_it_a_bot", "greet"}:
                yield from (line.removeprefix("- ") for line in intent["examples"].splitlines())
    for path in sorted((ROOT / "knowledge" / "demo").glob("*/*/*.md")):
        yield from _titles_and_questions(path.read_text("utf-8"))


def _titles_and_questions(article: str) -> Iterator[str]:
    for line in article.splitlines():
        if line.startswith(("title:", "# ", "## ")) or line.endswith("?"):
            yield line.removeprefix("title:").lstrip("# -").strip()


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_no_new_question_is_ever_taken_for_a_score(scale: tuple[int, int]) -> None:
    asked = list(questions())
    shortened = [question.rstrip("?.! ") for question in asked]

    assert len(asked) > 500
    assert [] == [text for text in (*asked, *shortened) if read_score(text, *scale) is not None]


@pytest.mark.parametrize("text", ["5 {}", "{} 5", "very easy {}", "{} einfach", "7, {}", "2 because {}", "{}, 6"])
def test_a_question_beside_a_score_is_a_question(text: str) -> None:
    beside = ("where is my parcel", "wo ist mein Paket", "can I return it", "what does it cost", "kann ich umtauschen")

    assert [] == [one for one in beside if read_score(text.format(one), 1, 7) is not None]


def test_a_pressed_button_gives_its_score() -> None:
    assert 3 == read_score(give_score("s1", 3), 1, 7)
    assert read_score(give_score("s1", 9), 1, 7) is None


@pytest.mark.parametrize(("score", "label"), list(enumerate(EASE, start=1)))
def test_the_words_of_the_scale_give_their_score(score: int, label: str) -> None:
    for text in (label, label.upper(), f"{score} · {label}", f"{score} {label}", f"{label}.", f" {label} "):
        assert score == read_score(text, 1, 7, labels=EASE)


def test_words_of_a_companys_own_scale_are_read() -> None:
    assert 2 == read_score("Half a loaf", 1, 3, labels=("Crumbs", "Half a loaf", "The whole bakery"))


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("no, 2", 2),
        ("sorry, I meant 6", 6),
        ("nein, 3", 3),
        ("Quatsch, ich meinte 7", 7),
        ("oops, 1", 1),
        ("nope, very easy", 7),
        ("doch eher schwierig", 3),
        ("👎", 2),
        ("no, easy", 6),
        ("ok", None),
        ("super", None),
        ("👍", None),
        ("passt", None),
        ("no", None),
        ("no, where is my parcel", None),
        ("sorry?", None),
    ],
)
def test_an_answer_can_be_taken_back(text: str, score: int | None) -> None:
    assert score == read_correction(text, 1, 7)


@pytest.mark.parametrize("text", WRITTEN["unsure"])
def test_what_is_meant_as_an_answer_and_cant_be_read_is_a_try(text: str) -> None:
    assert is_tried(text)
    assert read_score(text, 1, 7) is None


@pytest.mark.parametrize("text", WRITTEN["sure_of_none"])
def test_a_question_or_a_number_of_something_else_is_no_try(text: str) -> None:
    assert not is_tried(text)


@pytest.mark.parametrize(("text", "score", "matter"), WRITTEN["beside"])
def test_a_score_and_the_matter_beside_it_are_both_read(text: str, score: int, matter: str) -> None:
    beside = read_beside(text, 1, 7)

    assert beside is not None
    assert (score, matter) == (beside.score, beside.matter)


@pytest.mark.parametrize("text", WRITTEN["nothing_beside"])
def test_a_reason_a_list_or_a_courtesy_is_no_matter_beside_a_score(text: str) -> None:
    assert read_beside(text, 1, 7) is None


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_no_new_question_is_taken_for_a_score_with_a_matter_or_for_a_try(scale: tuple[int, int]) -> None:
    asked = [one for question in questions() for one in (question, question.rstrip("?.! "))]

    assert [] == [text for text in asked if read_beside(text, *scale) is not None or is_tried(text)]
    assert [] == [text for text in asked if read_answer(text, *scale) is not None]
    assert [] == [text for text in asked if read_answer(text, *scale, given=scale[0]) is not None]


@pytest.mark.parametrize(("text", "score"), [("no, 6", 6), ("nein, sehr schwierig", 1), ("super", 7), ("sorry, 5", 5)])
def test_the_first_answer_may_begin_with_a_no(text: str, score: int) -> None:
    assert score == read_answer(text, 1, 7)


@pytest.mark.parametrize("text", ["no", "wrong order", "no, where is my parcel", "nein, falsche Bestellung"])
def test_a_no_with_anything_else_is_no_answer(text: str) -> None:
    assert read_answer(text, 1, 7) is None


@pytest.mark.parametrize(
    "text",
    [
        "nobody called me back",
        "I had to call three times",
        "Die erste Antwort war falsch",
        "was a nightmare from start to end",
        "weil ich alles zweimal sagen musste",
        "too many forms",
        "the bot",
    ],
)
def test_what_made_it_hard_is_a_comment(text: str) -> None:
    assert reads_as_comment(text)


@pytest.mark.parametrize(
    "text",
    [
        "where is my parcel",
        "how do I return a kettle?",
        "was kostet der Versand",
        "I need an invoice",
        "ich brauche eine Rechnung",
        "nothing worked. can you cancel my order",
        "please send me the invoice",
        "👎",
        "/helped",
        "",
    ],
)
def test_a_question_or_a_wish_is_no_comment(text: str) -> None:
    assert not reads_as_comment(text)


def test_a_reason_beside_a_score_is_kept() -> None:
    assert "2, nobody called me back" == reason_of("2, nobody called me back", 1, 7)
    assert "" == reason_of("2 please", 1, 7)
    assert "" == reason_of("2, it leaks", 1, 7)


@pytest.mark.parametrize("text", ["took ages", "hat ewig gedauert", "it took too long", "zu langsam"])
def test_how_long_it_took_is_a_low_answer_and_its_reason(text: str) -> None:
    assert 3 == read_score(text, 1, 7)
    assert text == reason_of(text, 1, 7)


@pytest.mark.parametrize("text", ["sehr umständlich", "kind of hard"])
def test_a_verdict_alone_has_no_reason(text: str) -> None:
    assert "" == reason_of(text, 1, 7)


@pytest.mark.parametrize("text", WRITTEN["sure"])
def test_what_says_more_than_a_number_is_surely_a_score(text: str) -> None:
    assert is_surely_score(text, 1, 7)


@pytest.mark.parametrize("text", WRITTEN["not_sure"])
def test_a_mere_number_word_or_thumb_may_be_something_else(text: str) -> None:
    assert not is_surely_score(text, 1, 7)


@given(st.text(max_size=300))
def test_anything_at_all_can_be_read(text: str) -> None:
    score = read_score(text, 1, 7)

    assert score is None or 1 <= score <= 7
    read_correction(text, 1, 7)
    read_beside(text, 1, 7)
    is_tried(text), reads_as_comment(text), is_surely_score(text, 1, 7)
