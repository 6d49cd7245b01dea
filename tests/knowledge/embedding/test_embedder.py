"""What an embedder promises to search and understanding."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.embedding import Embedder, configure_threads

MEANING_THE_SAME = [
    ("How do I reset my password?", "I forgot my login credentials"),
    ("Wie setze ich mein Passwort zurück?", "Ich habe meine Zugangsdaten vergessen"),
    ("Where is my parcel?", "Tracking your delivery"),
    ("Wo ist mein Paket?", "So verfolgen Sie, wo Ihr Paket gerade ist"),
]
HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "control characters": "\x00\x01\x1b[31mred\x7f",
    "lone surrogate": "what \ud800 is this \udfff",
    "emoji": "🙂👩‍👩‍👧‍👦🇩🇪",
    "right to left": "\u202eاین چیست؟",
    "special tokens": "</s><s><pad>[CLS][SEP]<unk><mask>",
    "one long word": "a" * 100_000,
    "expands when normalised": "\ufdfa" * 100_000,
    "long": "How do I return a pair of shoes? " * 3_000,
}


def test_a_question_finds_the_passage_that_means_the_same(both: Embedder) -> None:
    questions = both.embed_questions([question for question, _ in MEANING_THE_SAME])
    passages = both.embed_passages([passage for _, passage in MEANING_THE_SAME])
    assert [0, 1, 2, 3] == (questions @ passages.T).argmax(axis=1).tolist()


def test_a_german_question_finds_an_english_passage(e5: Embedder) -> None:
    question = e5.embed_question("Wie kann ich meine Bestellung stornieren?")
    cancel, clean = e5.embed_passages(["Cancelling an order you placed", "Cleaning the filter of the machine"])
    assert question @ cancel > question @ clean


def test_vectors_have_unit_norm(both: Embedder) -> None:
    vectors = np.vstack([both.embed_question("Hello"), both.embed_passages(["Opening hours", "Öffnungszeiten"])])
    assert np.float32 == vectors.dtype
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_two_models_stand_side_by_side_with_equal_weight(both: Embedder, e5: Embedder, minilm: Embedder) -> None:
    text = "Can I pay by invoice?"
    left, right = both.parts
    vector = both.embed_question(text)
    assert (768, (slice(0, 384), slice(384, 768))) == (both.dimensions, both.parts)
    np.testing.assert_allclose(vector[left] * np.sqrt(2), e5.embed_question(text), atol=1e-6)
    np.testing.assert_allclose(vector[right] * np.sqrt(2), minilm.embed_question(text), atol=1e-6)


def test_the_name_tells_model_precision_and_preparation(both: Embedder) -> None:
    first, second = both.name.split("+")
    assert ["multilingual-e5-small", "int8"] == first.split("/")[:2]
    assert ["all-MiniLM-L6-v2", "int8"] == second.split("/")[:2]


def test_a_text_has_the_same_vector_whatever_is_embedded_beside_it(both: Embedder) -> None:
    text = "Batteries last two years."
    alone = both.embed_passages([text])
    beside = both.embed_passages(["A much longer text about something else. " * 20, text, "Short"])
    np.testing.assert_array_equal(alone[0], beside[1])


def test_several_cores_change_nothing_but_the_time(both: Embedder) -> None:
    texts = [f"Article {number} explains how to care for the machine. " * (number % 5 + 1) for number in range(30)]
    try:
        configure_threads(1)
        one = both.embed_passages(texts)
        configure_threads(3)
        three = both.embed_passages(texts)
    finally:
        configure_threads(1)
    np.testing.assert_array_equal(one, three)


def test_turns_in_several_threads_get_their_own_vectors(both: Embedder) -> None:
    questions = [f"Where is order {number}?" for number in range(24)]
    with ThreadPoolExecutor(6) as pool:
        together = np.stack(list(pool.map(both.embed_question, questions)))
    np.testing.assert_array_equal(both.embed_questions(questions), together)


def test_a_question_asked_again_is_not_computed_again(both: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "Does the guarantee cover water damage?"
    first = both.embed_question(question)
    monkeypatch.setattr(both, "_encoders", ())
    np.testing.assert_array_equal(first, both.embed_question(question))


def test_a_caller_who_changes_a_vector_changes_only_their_own(both: Embedder) -> None:
    question = "Which payment methods are there?"
    weighted = both.embed_question(question)
    expected = weighted.copy()
    weighted[both.parts[0]] *= 0.25
    np.testing.assert_array_equal(expected, both.embed_question(question))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_cant_be_embedded(both: Embedder, text: str) -> None:
    for vector in (both.embed_question(text), both.embed_passages([text])[0]):
        assert pytest.approx(1, abs=1e-5) == float(np.linalg.norm(vector))


def test_the_end_of_a_very_long_text_is_not_read(e5: Embedder) -> None:
    text = "The warranty covers two years from the day of delivery. " * 100
    np.testing.assert_array_equal(e5.embed_question(text), e5.embed_question(text + "cat " * 10_000))


def test_nothing_to_embed_gives_no_rows(both: Embedder) -> None:
    assert (0, 768) == both.embed_passages([]).shape


def test_progress_is_told_up_to_the_end(both: Embedder) -> None:
    told: list[tuple[int, int]] = []
    both.embed_passages(["one", "two", "three"], lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert (3, 3) == told[-1]
