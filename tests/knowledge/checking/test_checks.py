"""What articles must and must not answer is asked of all of them before anything is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.article_text import ArticleText
from knowledge.checking import broken_now, check, gate, leaving
from knowledge.checking.checks import Checked
from knowledge.library import Knowledge
from tests.knowledge.checking.texts import HOW_LONG, WIE_LANGE, live, tea, thief

BREAD = "How do I bake bread?"


def window(demo: Knowledge, **changes: Any) -> ArticleText:
    """The article of the return window, which must answer how long that is."""
    return live(demo, "return-window", **{"must_answer": (HOW_LONG,)} | changes)


def broken(found: list[Checked]) -> list[tuple[str, str, str]]:
    return [(one.article_id, one.must, one.question) for one in found]


def test_an_article_that_answers_what_it_must_can_go_live(demo: Knowledge) -> None:
    assert [] == gate(demo, [window(demo)])
    assert [(HOW_LONG, True, True)] == [(one.question, one.holds, one.is_own) for one in check(demo, [window(demo)])]


def test_a_question_that_its_own_article_doesnt_answer_stops_it(demo: Knowledge) -> None:
    [stopped] = gate(demo, [window(demo, must_answer=("How do I bake bread?",))])

    assert ("return-window", "en", "answer") == (stopped.article_id, stopped.locale, stopped.must)
    assert ("unknown", None) == (stopped.answered.kind, stopped.answered.said)
    assert stopped.answered.articles[0].score > 0
    assert stopped.answered.confidence < demo.answered_from


def test_a_question_of_another_article_stops_what_would_take_it_away(demo: Knowledge) -> None:
    demo.publish(window(demo))

    [stopped] = gate(demo, [thief()])
    assert ("return-window", HOW_LONG, False) == (stopped.article_id, stopped.question, stopped.is_own)
    assert "christmas-returns" == stopped.answered.articles[0].id
    assert [] == broken_now(demo)


def test_mended_it_can_go_live(demo: Knowledge) -> None:
    demo.publish(window(demo))

    mended = thief(title="Christmas purchases", questions=["Can I return a Christmas present in January?"])
    assert [] == gate(demo, [mended])


def test_two_texts_that_go_live_together_are_asked_together(demo: Knowledge) -> None:
    gives_way = window(demo, must_answer=())

    assert [("return-window", "answer", HOW_LONG)] == broken(gate(demo, [window(demo), thief()]))
    assert [] == gate(demo, [gives_way, thief()])


def test_what_an_article_must_not_answer_stops_it_as_soon_as_it_is_the_answer(demo: Knowledge) -> None:
    text = window(demo, must_answer=(), must_not_answer=(HOW_LONG, "Where is my parcel?"))

    assert [("return-window", "not_answer", HOW_LONG)] == broken(gate(demo, [text]))


def test_a_choice_is_no_answer(demo: Knowledge) -> None:
    offered = thief(body="", must_not_answer=[HOW_LONG])

    [stopped] = gate(demo, [offered, window(demo)])
    assert ("return-window", "choice") == (stopped.article_id, stopped.answered.kind)
    assert {"christmas-returns", "return-window"} == {named.id for named in stopped.answered.articles}


def test_a_german_question_may_be_kept_with_an_english_article(demo: Knowledge) -> None:
    text = window(demo, must_answer=(WIE_LANGE,))

    [asked] = check(demo, [text])
    assert (True, "de") == (asked.holds, asked.answered.articles[0].locale)


def test_a_german_question_to_an_article_that_is_there_in_english_alone_is_answered(demo: Knowledge) -> None:
    [asked] = check(demo, [tea(must_answer=["Verkaufen Sie auch Tee?"])])

    assert (True, "tea", "en") == (asked.holds, asked.answered.said, asked.answered.articles[0].locale)


def test_what_was_broken_before_stops_every_publication_until_it_is_mended(demo: Knowledge) -> None:
    demo.publish(window(demo), thief())

    assert [("return-window", "answer", HOW_LONG)] == broken(broken_now(demo))
    [other] = gate(demo, [live(demo, "invoice", title="Your invoice")])
    assert (True, False, HOW_LONG) == (other.was_broken, other.is_own, other.question)
    assert [] == gate(demo, [window(demo, must_answer=())]), "It asks no longer."
    mended = thief(title="Christmas purchases", questions=["Can I return a Christmas present in January?"])
    assert [] == gate(demo, [mended]), "It no longer takes it away."


def test_withdrawing_tells_what_nobody_would_answer_any_more(demo: Knowledge) -> None:
    demo.publish(window(demo), live(demo, "refund-time", must_answer=("When do I get my money back?",)))
    keys = [("refund-time", "en"), ("refund-time", "de")]

    assert [] == gate(demo, [], keys), "Its own questions go with it."
    missed = leaving(demo, keys)
    assert ["When do I get my money back?"] == [one.question for one in (*missed.unanswered, *missed.answered)]
    assert all(one.answered.said != "refund-time" for one in missed.answered)
    demo.publish(live(demo, "return-window", "de", must_answer=("Wann bekomme ich mein Geld zurück?",)))
    assert {"return-window"} == {one.article_id for one in broken_now(demo)}


def test_what_nobody_would_answer_is_told_before_it_goes(demo: Knowledge) -> None:
    demo.publish(window(demo), live(demo, "invoice", must_not_answer=(BREAD,)))
    assert [] == [
        *leaving(demo, [("return-window", "de")]).broken,
        *leaving(demo, [("return-window", "de")]).unanswered,
    ]

    keys = [("return-window", "en"), ("return-window", "de")]
    missed = leaving(demo, keys)
    assert [HOW_LONG] == [one.question for one in (*missed.unanswered, *missed.answered)]
    assert [] == missed.broken


def test_a_translation_that_stays_is_still_asked(demo: Knowledge) -> None:
    demo.publish(window(demo))

    assert [] == gate(demo, [], [("return-window", "de")])


def test_an_internal_article_is_asked_among_what_staff_find_and_nowhere_else(demo: Knowledge) -> None:
    demo.publish(window(demo))
    secret = thief(internal=True, must_answer=[HOW_LONG])

    assert [] == gate(demo, [secret]), "It takes nothing away from customers, and staff find it."
    demo.publish(secret)
    assert [] == broken_now(demo)


def test_what_can_be_no_question_is_answered_by_nothing(demo: Knowledge) -> None:
    text = window(demo, must_answer=("???",), must_not_answer=("!",))

    assert [("return-window", "answer", "???")] == broken(gate(demo, [text]))


def test_an_empty_help_centre_has_nothing_to_ask(sqlite_knowledge: Knowledge) -> None:
    assert [] == check(sqlite_knowledge)
    assert [] == gate(sqlite_knowledge, [], [("nowhere", "en")])
    text = replace(thief(), must_answer=(HOW_LONG,))
    assert [HOW_LONG] == [one.question for one in check(sqlite_knowledge, [text])]


def test_many_questions_are_answered_as_each_by_itself(demo: Knowledge) -> None:
    questions = tuple(f"{question} {number}" for number in range(3) for question in (HOW_LONG, WIE_LANGE, "E05", "tea"))

    together = check(demo, [window(demo, must_answer=questions)])
    for one in together:
        [alone] = check(demo, [window(demo, must_answer=(one.question,))])
        assert one.answered.kind == alone.answered.kind
        assert [named.id for named in one.answered.articles] == [named.id for named in alone.answered.articles]
        assert abs(one.answered.confidence - alone.answered.confidence) < 0.001


def test_progress_is_told(demo: Knowledge) -> None:
    told: list[tuple[int, int]] = []
    check(demo, [window(demo, must_answer=(HOW_LONG, WIE_LANGE))], progress=lambda *done: told.append(done))

    assert (2, 2) == told[-1]
