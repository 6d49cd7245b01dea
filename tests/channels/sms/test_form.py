"""A message as an SMS."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.saying import Button, Named, Saying
from channels.sms.form import sms_text
from channels.sms.gsm import segments
from tests.channels.sayings import RETURNS, VERDICTS, answer, choice, link, short

LONG = "You can send a book back to us within thirty days. " * 12


def test_an_answer_is_its_text_and_a_short_link() -> None:
    text = sms_text(answer("Send it back within **30 days**. [Print a label](/label) first."), short)

    assert (
        "Send it back within 30 days. Print a label (https://books.example/a/x7Kd2) first.\n"
        "https://books.example/a/x7Kd2" == text
    )


def test_whether_it_helped_is_not_asked() -> None:
    assert "help" not in sms_text(answer("Thirty days."), short)


def test_a_long_answer_is_the_short_answer_of_its_article() -> None:
    assert f"{RETURNS.short_answer}\nhttps://books.example/a/x7Kd2" == sms_text(answer(LONG), short)


def test_a_long_short_answer_is_cut_at_a_sentence() -> None:
    text = sms_text(answer(LONG, Named("Return a book", LONG, "/x")), short)

    assert text.endswith("within thirty days. ...\nhttps://books.example/a/x7Kd2")
    assert 2 == segments(text).count


def test_what_is_said_before_a_short_answer_stays_before_it() -> None:
    opening = "I know what you wrote in the web chat."
    text = sms_text(Saying(f"{opening}\n\n{LONG}", VERDICTS, (RETURNS,), opening=opening), short)

    assert f"{opening}\n{RETURNS.short_answer}\nhttps://books.example/a/x7Kd2" == text


def test_typographic_characters_do_not_make_an_answer_dearer() -> None:
    text = sms_text(answer("Sie können „es“ – binnen 30 Tagen – zurücksenden …"), short)

    assert 'Sie können "es" - binnen 30 Tagen - zurücksenden ...\n' in text
    assert "GSM-7" == segments(text).encoding


def test_what_gsm_cannot_say_is_said_in_ucs_2_and_counted_so() -> None:
    text = sms_text(answer("Łódź: " + LONG, Named("x", "Łódź: " + LONG, "/x")), short)

    assert ("UCS-2", 2) == (segments(text).encoding, segments(text).count)
    assert "…\n" in text


def test_a_choice_is_numbered_lines_and_how_to_choose() -> None:
    assert "Which of these fits your question?\n1 Return a book\n2 None of these\nReply with a number." == sms_text(
        choice("Return a book", "None of these"), short
    )
    assert sms_text(choice("A", "B", locale="de"), short).endswith("\nAntworten Sie mit einer Zahl.")
    assert sms_text(choice("Talk to a person"), short).endswith("\n1 Talk to a person\nReply with 1.")


def test_titles_are_cut_so_that_all_options_fit() -> None:
    text = sms_text(choice(*[f"Return a book that you bought in shop number {n} of ours" for n in range(8)]), short)

    assert 2 == segments(text).count
    assert all(f"\n{number} Return a book" in text for number in range(1, 9))


def test_where_not_even_short_titles_fit_another_segment_is_taken() -> None:
    text = sms_text(choice(*[f"Return a book that you bought in shop number {n}" for n in range(10)], text=LONG), short)

    assert LONG.strip() in text
    assert "\n10 Return a" in text


def test_what_is_neither_answer_nor_choice_is_said_whole() -> None:
    assert LONG.strip() == sms_text(Saying(LONG), short)


@settings(max_examples=60)
@given(
    text=st.text(max_size=2500),
    short_answer=st.text(max_size=700),
    titles=st.lists(st.text(max_size=320), max_size=12),
    has_source=st.booleans(),
)
def test_whatever_is_said_an_sms_can_hold_it(text: str, short_answer: str, titles: list[str], has_source: bool) -> None:
    sources = (Named("Title", short_answer, "/x"),) if has_source else ()
    buttons = tuple(Button(title, f"/x{at}") for at, title in enumerate(titles)) or VERDICTS
    body = sms_text(Saying(text, buttons, sources), short)

    assert len(body) <= 1600
    if titles:
        assert all(f"\n{number} " in f"\n{body}" for number in range(1, len(titles) + 1))
    elif has_source:
        assert segments(body).count <= 2
        assert body.endswith("https://books.example/a/x7Kd2")


def test_the_address_is_the_one_that_the_link_gives() -> None:
    assert sms_text(answer("Yes."), link).endswith("\nhttps://books.example/help/en/articles/returns")
