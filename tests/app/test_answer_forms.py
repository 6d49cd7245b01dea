"""What the editor is shown is what the channels would send."""

from __future__ import annotations

from app.answer_forms import make_forms
from bot.reply import Button, Said
from channels.names import SMS
from channels.short_links import likely_short_path, short_path
from db import Database
from knowledge.answers import Answer, Source

SHORT = "You can send an item back within 30 days."
SOURCE = Source("returns", "en", "Return an item", SHORT, "/help/en/articles/returns")


def answer(text: str = SHORT, *sources: Source) -> Answer:
    return Answer("answer", text, sources or (SOURCE,), 1.0, (), "", "en")


def speak(said: Answer, channel: str) -> Said:
    """As the bot: with a verdict to press, where there is something to press."""
    verdict = () if channel == SMS else (Button("This helped", "/helped"), Button("This didn't help", "/did_not_help"))
    return Said(said.text, verdict, said.sources)


def link(path: str) -> str:
    return f"https://help.example{path}"


def test_an_answer_is_shown_with_its_article_as_each_channel_names_it() -> None:
    forms = make_forms(speak, link, 2)(answer())

    assert f"<p>{SHORT}</p>\n" == forms.web.html
    assert (SOURCE,) == forms.web.sources
    assert ("This helped", "This didn't help") == forms.web.buttons == forms.whatsapp.replies
    assert (
        f"{SHORT}\n\nFrom: *Return an item*\nhttps://help.example/help/en/articles/returns",
    ) == forms.whatsapp.bodies
    assert (f"{SHORT}\nhttps://help.example/help/en/articles/returns",) == forms.sms.bodies


def test_segments_are_counted_in_the_alphabet_that_the_text_takes() -> None:
    plain, other = (make_forms(speak, link, 2)(answer(text)).sms for text in (SHORT, "Здравствуйте"))

    assert ("GSM-7", 1) == (plain.encoding, plain.segments)
    assert len(plain.bodies[0]) == plain.units
    assert "UCS-2" == other.encoding


def test_what_is_too_long_is_shown_as_it_would_be_cut() -> None:
    [body] = make_forms(speak, link, 1)(answer(30 * "Very long words. ")).sms.bodies

    assert len(body) <= 160
    assert body.endswith("/help/en/articles/returns")


def test_a_short_address_is_shown_before_it_is_made(database: Database) -> None:
    shown = likely_short_path(database, "/help/en/articles/a")

    assert shown == likely_short_path(database, "/help/en/articles/b")
    assert shown == short_path(database, "/help/en/articles/a") == likely_short_path(database, "/help/en/articles/a")
    assert shown != likely_short_path(database, "/help/en/articles/b")


def test_what_customers_cant_read_is_named_without_an_address() -> None:
    said = answer("See [the hidden one](article:hidden), [the shown one](article:shown) or [this](article:returns).")
    forms = make_forms(speak, link, 2, lambda path: path.endswith("shown"))(said)

    expected = (
        "See the hidden one, the shown one (https://help.example/help/en/articles/shown) "
        "or this (https://help.example/help/en/articles/returns)."
    )
    assert forms.whatsapp.bodies[0].startswith(expected)
    assert forms.sms.bodies[0].startswith(expected)
