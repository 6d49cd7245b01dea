"""What is found, and that it is found the same way however it came into the index."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.index import Snapshot
from knowledge.index.dense import EXACT_ROWS, Coded, Exact
from knowledge.index.records import ArticleView, Loaded, PassageRecord, Vectors
from knowledge.index.tokens import tokens

DIMENSIONS = 64
SENTENCES = [
    "Return the parcel within 30 days",
    "The display shows E05 when the battery is empty",
    "Assemble the bench FN-204518 with two people",
    "Our app needs IDE 2.0 or newer",
    "Delivery to Norway takes a week",
    "You can pay by card or invoice",
]
SAETZE = [
    "Rückgabe innerhalb von 30 Tagen",
    "Die Lieferung nach Norwegen dauert eine Woche",
    "Größe der Gartenbank in der Straße",
]
QUESTIONS = ["parcel", "E05 battery", "the bench with two people", "Lieferung der Gartenbank", "card"]


def loaded(locale: str, number: int, sentences: list[str]) -> Loaded:
    """An article of these sentences, with vectors that are its own."""
    article_id = f"a{number:03d}"
    passages = [PassageRecord(article_id, locale, "body", (), text, at) for at, text in enumerate(sentences)]
    view = ArticleView(article_id, locale, sentences[0], "", "", "faq", (), (), number)
    return Loaded((view,), tuple(passages), unit_vectors(len(sentences), seed=number))


def unit_vectors(count: int, dimensions: int = DIMENSIONS, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimensions), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def together(*articles: Loaded) -> Loaded:
    return Loaded(
        tuple(view for article in articles for view in article.articles),
        tuple(passage for article in articles for passage in article.passages),
        np.concatenate([article.vectors for article in articles] or [unit_vectors(0)]),
    )


ENGLISH = [loaded("en", number, SENTENCES[number % 6 :] + SENTENCES[: number % 4]) for number in range(20)]
GERMAN = [loaded("de", number, SAETZE[number % 3 :] + SAETZE[: number % 2]) for number in range(100, 110)]
ALL = Snapshot.of(1, together(*GERMAN, *ENGLISH))


def piece_by_piece() -> Snapshot:
    """The same articles: some from the start, some added, some changed, some gone and some come back."""
    stale = loaded("en", 3, ["An older text about the parcel", "with the bench"])
    extra = loaded("en", 99, ["The parcel and the bench and the card"])
    snapshot = Snapshot.of(1, together(*GERMAN[:4], *ENGLISH[:3], stale, *ENGLISH[4:12], extra))
    snapshot = snapshot.changed(2, [view.articles[0].key for view in ENGLISH[12:]], together(*ENGLISH[12:]))
    snapshot = snapshot.changed(3, [("a003", "en")], ENGLISH[3])
    snapshot = snapshot.changed(4, [("a099", "en"), ("a001", "en"), ("a013", "en")], together())
    snapshot = snapshot.changed(5, [("a001", "en"), ("a013", "en")], together(ENGLISH[1], ENGLISH[13]))
    return snapshot.changed(6, [view.articles[0].key for view in GERMAN[4:]], together(*GERMAN[4:]))


PIECES = piece_by_piece()


def scored(snapshot: Snapshot, found: tuple[np.ndarray, np.ndarray]) -> list[tuple[float, str, str, str]]:
    rows, scores = found
    passages = [snapshot.passages[row] for row in rows]
    return sorted(
        (round(float(score), 4), p.article_id, p.locale, p.text) for score, p in zip(scores, passages, strict=True)
    )


@pytest.mark.parametrize("locale", [None, "en", "de"])
@pytest.mark.parametrize("snapshot", [PIECES, PIECES.merged(), PIECES.merged().merged()], ids=["pieces", "one", "two"])
def test_scores_are_the_same_whether_an_article_was_there_or_came_later(snapshot: Snapshot, locale: str | None) -> None:
    assert set(ALL.articles) == set(snapshot.articles)
    for number, question in enumerate(QUESTIONS):
        vector = unit_vectors(1, seed=1_000 + number)[0]
        assert scored(ALL, ALL.lexical(question, 999, locale)) == scored(
            snapshot, snapshot.lexical(question, 999, locale)
        )
        assert scored(ALL, ALL.dense(vector, 999, locale)) == scored(snapshot, snapshot.dense(vector, 999, locale))


@pytest.mark.parametrize("snapshot", [ALL, PIECES, PIECES.merged()], ids=["all", "pieces", "merged"])
def test_rows_passages_and_vectors_belong_together(snapshot: Snapshot) -> None:
    for article in [*ENGLISH, *GERMAN]:
        key = article.articles[0].key
        rows = snapshot.rows_of(*key)
        assert article.passages == tuple(snapshot.passages[row] for row in rows)
        np.testing.assert_array_equal(article.vectors, snapshot.vectors(rows))
        assert article.articles[0] == snapshot.articles[key]
    rows, products = snapshot.dense(unit_vectors(1, seed=7)[0], 5)
    np.testing.assert_allclose(products, snapshot.cosines(unit_vectors(1, seed=7)[0], rows), atol=1e-6)


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    for rows, scores in (ALL.lexical("the bench", 4), ALL.dense(unit_vectors(1)[0], 4)):
        assert (4, np.int64, np.float32) == (len(rows), rows.dtype, scores.dtype)
        assert list(scores) == sorted(scores, reverse=True)


def test_bm25_is_the_formula_in_the_books() -> None:
    snapshot = Snapshot.of(1, together(loaded("en", 1, ["red red lamp", "blue lamp", "green bench chair table"])))
    [row], [score] = snapshot.lexical("red", 5)
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert pytest.approx(idf * 2 * 2.5 / (2 + 1.5 * (0.25 + 0.75 * 3 / 3)), abs=1e-6) == score
    assert ("red red lamp", pytest.approx(idf)) == (snapshot.passages[row].text, snapshot.weights("red", "en")["red"])
    assert (2, 0, 0) == tuple(snapshot.frequency(term, "en") for term in ("lamps", "unheard", ""))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("fn-204518", SENTENCES[2]),
        ("FN 204518", SENTENCES[2]),
        ("What is E05?", SENTENCES[1]),
        ("ide 2.0", SENTENCES[3]),
        ("rueckgabe", SAETZE[0]),
        ("Gartenbänke", SAETZE[2]),
        ("strasse groesse", SAETZE[2]),
        ("Zahlung", None),
        ("", None),
        ("!?", None),
    ],
)
def test_exact_terms_and_spellings_are_found(question: str, text: str | None) -> None:
    rows, _ = ALL.lexical(question, 1)
    assert [] == rows.tolist() if text is None else ALL.passages[rows[0]].text == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Where is my parcle?", "Where is my parcel?"),
        ("delivry to Norwya", "Delivery to Norway"),
        ("How do I pya by card", "How do I pya by card"),
        ("the bench FN-204519", "the bench FN-204519"),
        ("a zebra", "a zebra"),
        ("", ""),
    ],
)
def test_a_misspelt_word_is_known_by_the_nearest_one_of_the_articles(typed: str, meant: str) -> None:
    assert (meant, meant) == (ALL.spelled(typed, "en"), PIECES.spelled(typed, "en"))


def test_a_word_that_is_spelled_right_is_not_read_as_another() -> None:
    assert "Where is my parcle?" == ALL.spelled("Where is my parcle?", "en", lambda word: word == "parcle")


def test_a_word_is_not_read_as_one_that_is_gone() -> None:
    gone = ALL.changed(2, [view.articles[0].key for view in ENGLISH], together())
    assert "parcle" == gone.spelled("parcle", "en") == ALL.spelled("parcle", "fr")


def test_a_question_is_read_in_each_passages_own_language() -> None:
    assert tokens("Lieferungen", "de") == tokens("Lieferung", "de") != tokens("Lieferungen", "en")
    assert {"de"} == {ALL.passages[row].locale for row in ALL.lexical("Lieferungen", 99)[0]}


def test_nothing_is_found_where_nothing_is() -> None:
    empty = Snapshot.of(0, together())
    for rows, scores in (empty.dense(unit_vectors(1)[0], 5), empty.lexical("bench", 5), ALL.lexical("bench", 5, "fr")):
        assert (0, 0) == (len(rows), len(scores))
    assert (range(0), 0.0) == (empty.rows_of("a", "en"), empty.weights("bench", "en")["bench"])


def test_many_vectors_are_found_as_by_comparing_all() -> None:
    vectors, questions = unit_vectors(EXACT_ROWS + 1_000, 128), unit_vectors(40, 128, seed=1)
    exact, coded = Exact(vectors), Coded(vectors)
    found = 0
    for question in questions:
        expected, cosines = exact.search(question, 50)
        rows, products = coded.search(question, 50)
        found += len(set(expected) & set(rows))
        np.testing.assert_allclose(products[0], cosines[0], atol=1e-6)
    assert found >= 0.98 * 50 * len(questions)


def test_what_remains_is_found_though_all_that_is_nearest_is_gone() -> None:
    count, vectors = EXACT_ROWS + 1_000, unit_vectors(EXACT_ROWS + 1_000, 384)
    views = [ArticleView(f"{number:05d}", "en", "", "", "", "faq", (), (), number) for number in range(count)]
    passages = [PassageRecord(view.id, "en", "title", (), "word", 0) for view in views]
    snapshot = Snapshot.of(1, Loaded(tuple(views), tuple(passages), vectors))
    order, products = Exact(vectors).search(vectors[0], 3_000)
    none = Loaded((), (), vectors[:0])
    snapshot = snapshot.changed(2, [views[row].key for row in order[:2_900]], none)
    rows, cosines = snapshot.dense(vectors[0], 50)
    assert 50 == len(set(rows) - set(order[:2_900]))
    np.testing.assert_allclose(products[2_900:2_950], cosines, atol=0.01)


def test_words_are_said_where_they_stand_wherever_the_article_lies() -> None:
    words = list(PIECES.weights("Does the parcel need a bench?", "en"))
    keys = [(view.id, view.locale) for entry in ENGLISH for view in entry.articles]
    asked, places = np.divmod(np.arange(len(words) * len(keys)), len(keys))
    starts, sizes, _ = PIECES.layout([PIECES.place(key) for key in keys])
    said = PIECES.said(words, "en", asked, starts[places], starts[places] + sizes[places])

    expected = [
        [word in {w for row in PIECES.rows_of(*key) for w in PIECES.passages[row].words()} for key in keys]
        for word in words
    ]
    assert expected == said.reshape(len(words), len(keys)).tolist()
    assert not PIECES.said(["parcel"], "fr", np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.int64)).any()
