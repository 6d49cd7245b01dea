"""A message as WhatsApp shows it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.saying import Button, Named, Saying
from channels.whatsapp.form import Item, ListPicker, QuickReplies, QuickReply, Text, whatsapp_form
from tests.channels.sayings import RETURNS, answer, choice, link

FROM = "From: *Return a book*\nhttps://books.example/help/en/articles/returns"
LONG = "You can send a book back to us within thirty days. " * 12


def test_an_answer_names_its_article_and_asks_whether_it_helped() -> None:
    assert QuickReplies(
        f"Within *30 days*.\n\n{FROM}",
        (QuickReply("This helped", "/helped"), QuickReply("This didn't help", "/did_not_help")),
    ) == whatsapp_form(answer("Within **30 days**."), link)


def test_what_has_no_buttons_is_a_text() -> None:
    assert Text((f"Yes.\n\n{FROM}",)) == whatsapp_form(Saying("Yes.", sources=(RETURNS,)), link)


def test_up_to_three_short_titles_are_buttons() -> None:
    form = whatsapp_form(choice("Return a book", "Delivery times", "None of these"), link)

    assert isinstance(form, QuickReplies)
    assert ["/chooses_0", "/chooses_1", "/chooses_2"] == [reply.id for reply in form.replies]


def test_more_or_longer_titles_are_a_list() -> None:
    form = whatsapp_form(choice("Return a book that you bought abroad", "Delivery", locale="de"), link)

    assert (
        ListPicker(
            "Which of these fits your question?",
            "Auswählen",
            (
                Item("Return a book that you…", "/chooses_0", "Return a book that you bought abroad"),
                Item("Delivery", "/chooses_1"),
            ),
        )
        == form
    )
    assert isinstance(whatsapp_form(choice(*"ABCDEFGHIJ"), link), ListPicker)


def test_more_than_ten_options_are_numbered() -> None:
    form = whatsapp_form(choice(*"ABCDEFGHIJK"), link)

    assert isinstance(form, Text)
    assert form.bodies[0].endswith("\n10 J\n11 K\nReply with a number.")


def test_buttons_that_do_not_fit_are_numbered() -> None:
    too_long_id = Saying("Which?", (Button("A", "/" + "x" * 200), Button("B", "/b")))
    same_id = Saying("Which?", (Button("A", "/b"), Button("B", "/b")))
    too_long_body = choice("A", "B", text="word " * 210)

    for saying in (too_long_id, same_id, too_long_body):
        form = whatsapp_form(saying, link)
        assert isinstance(form, Text)
        assert form.bodies[-1].endswith("1 A\n2 B\nReply with a number.")


def test_a_long_text_is_several_messages_apart_at_paragraphs() -> None:
    form = whatsapp_form(Saying("\n\n".join(f"{n}. {LONG}" for n in range(4))), link)

    assert isinstance(form, Text)
    assert 2 == len(form.bodies)
    assert form.bodies[1].startswith("2. You can")


def test_a_title_cannot_format_itself() -> None:
    form = whatsapp_form(Saying("Yes.", sources=(Named("*New* books", "", "/x"),)), link)

    assert Text(("Yes.\n\nFrom: *∗New∗ books*\nhttps://books.example/x",)) == form


@settings(max_examples=80)
@given(
    text=st.text(max_size=6000),
    titles=st.lists(st.text(max_size=320), max_size=12),
    has_source=st.booleans(),
)
def test_whatever_is_said_whatsapp_takes_it(text: str, titles: list[str], has_source: bool) -> None:
    buttons = tuple(Button(title, f"/x{at}") for at, title in enumerate(titles))
    form = whatsapp_form(Saying(text, buttons, (RETURNS,) if has_source else ()), link)

    if isinstance(form, Text):
        assert all(0 < len(body) <= 1600 for body in form.bodies)
        assert sum(map(len, form.bodies)) <= 4096
    elif isinstance(form, QuickReplies):
        assert 0 < len(form.body) <= 1024
        assert len(form.replies) <= 3
        assert all(0 < len(reply.title) <= 20 for reply in form.replies)
    else:
        assert 0 < len(form.body) <= 1024
        assert len(form.items) <= 10
        assert all(0 < len(item.title) <= 24 and len(item.description) <= 72 for item in form.items)
