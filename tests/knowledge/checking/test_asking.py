"""Asked with a draft live, the bot's own answers come, and nothing is changed by asking."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from knowledge.answers import Answer, QuestionContext
from knowledge.article_text import ArticleText
from knowledge.articles import Embedding, IndexVersion, Passage, Revision
from knowledge.checking import ask
from knowledge.checking.asking import ask_and_explain, asked_in
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from knowledge.tried import Tried
from knowledge.vectors import Vectors
from tests.knowledge.checking.texts import HOW_LONG, WIE_LANGE, live, tea

NOBODY_ASKED = QuestionContext()
TEA = "Do you sell tea?"


def asked(knowledge: Knowledge, text: ArticleText, question: str, locale: str = "en", *, staff: bool = False) -> Answer:
    return ask(knowledge, [text], question, locale, NOBODY_ASKED, staff=staff)


def test_a_draft_answers_before_it_is_live_and_the_bot_says_nothing_of_it(demo: Knowledge) -> None:
    answer = asked(demo, tea(), TEA)

    assert ("answer", "We sell 14 kinds of tea.") == (answer.kind, answer.text)
    assert "unknown" == demo.answer(TEA, "en", NOBODY_ASKED).kind


def test_asking_is_the_bots_own_answering(demo: Knowledge) -> None:
    before = ask(demo, [live(demo, "return-window")], HOW_LONG, "en", NOBODY_ASKED)

    spoken = demo.answer(HOW_LONG, "en", NOBODY_ASKED)
    assert (spoken.kind, spoken.text, spoken.sources) == (before.kind, before.text, before.sources)
    assert abs(spoken.confidence - before.confidence) < 0.001


def test_a_draft_answers_as_it_will_when_it_is_live(demo: Knowledge) -> None:
    tried = asked(demo, tea(), TEA)
    demo.publish(tea())

    said = demo.answer(TEA, "en", NOBODY_ASKED)
    assert (said.text, said.sources, round(said.confidence, 4)) == (
        tried.text,
        tried.sources,
        round(tried.confidence, 4),
    )


def test_asking_writes_nothing(demo: Knowledge) -> None:
    def rows() -> list[int]:
        with demo.database.reading() as session:
            counts = [session.scalar(select(func.count()).select_from(one)) for one in (Embedding, Passage, Revision)]
            return [*map(int, counts), session.scalars(select(IndexVersion.version)).one()]

    before = rows()
    asked(demo, tea(), TEA)
    assert before == rows()


def test_what_was_embedded_once_is_not_embedded_for_the_next_question(demo: Knowledge, both_models: Embedder) -> None:
    counting = Counting(both_models)
    demo.tried = Tried(demo.database, counting)  # type: ignore[arg-type]
    asked(demo, tea(), TEA)
    asked(demo, tea(), "Which kinds of tea are there?")
    asked(demo, tea(short_answer="We sell no tea."), TEA)

    assert [4, 1] == counting.embedded


class Counting:
    """An embedder that keeps count of how many texts it embeds at a time."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self._embedder = embedder.name, embedder
        self.embedded: list[int] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.append(len(texts))
        return self._embedder.embed_passages(texts)


def test_a_german_question_is_answered_by_an_english_draft(demo: Knowledge) -> None:
    answer = asked(demo, tea(), "Verkaufen Sie auch Tee?", "de")

    assert ("answer", "tea", "en") == (answer.kind, answer.sources[0].id, answer.locale)


def test_a_follow_up_is_understood_by_what_was_asked_before(demo: Knowledge) -> None:
    context = QuestionContext(previous_question="How often should I descale the machine?")

    answer = ask(demo, [live(demo, "descale-machine")], "how long does it take?", "en", context)
    assert ("answer", "descale-machine") == (answer.kind, answer.sources[0].id)
    assert "How often should I descale the machine? how long does it take?" == answer.question


def test_an_internal_draft_cant_be_found_as_a_customer(demo: Knowledge) -> None:
    as_customer, as_staff = asked(demo, tea(internal=True), TEA), asked(demo, tea(internal=True), TEA, staff=True)

    assert not [hit for hit in as_customer.hits if hit.article_id == "tea"]
    assert ("answer", "tea") == (as_staff.kind, as_staff.sources[0].id)


def test_what_becomes_internal_is_taken_from_customers_sight(demo: Knowledge) -> None:
    demo.publish(tea())

    assert "unknown" == asked(demo, tea(internal=True), TEA).kind


def test_a_staff_question_doesnt_see_a_public_draft(demo: Knowledge) -> None:
    assert not asked(demo, tea(), TEA, staff=True).hits


def test_why_a_passage_was_found_is_said_in_the_words_that_were_asked(demo: Knowledge) -> None:
    explained = ask_and_explain(demo, [], "How do I print a return label?", "en", NOBODY_ASKED)

    assert "label" in explained.words[0]
    assert "How" not in explained.words[0]
    assert len(explained.answer.hits) == len(explained.words)


def test_a_question_is_asked_in_the_language_it_is_written_in_and_else_in_the_articles() -> None:
    assert ["de", "en"] == [asked_in(WIE_LANGE, "en"), asked_in(HOW_LONG, "de")]
    assert ["de", "en"] == [asked_in("E05", "de"), asked_in("E05", "en")]
