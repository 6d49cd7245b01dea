"""What a person writes, as an SMS and in WhatsApp: whole, as it was written, with the files."""

from __future__ import annotations

from datetime import datetime, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.conversation import Conversation, agent
from channels.saying import FILES, Saying, saying_of
from channels.sms.form import sms_texts
from channels.sms.gsm import segments
from channels.whatsapp.form import Text, whatsapp_form
from tests.channels.sayings import link

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)
LABEL = {"name": "label_2.pdf", "url": f"{FILES}abc.def", "kind": "document", "size": 2048}
LONG = "You can send a book back to us within thirty days. " * 12


def mira(text: str, *files: dict[str, object]) -> Saying:
    extra = {"agent": "Mira", "locale": "en", "files": list(files)}
    return saying_of(Conversation("anna", NOW).say(agent("u1"), "sms", text, NOW, extra=extra))


def test_a_persons_lines_stay_lines() -> None:
    text = "Hello Anna,\nthe label is on its way.\n\nBest\nMira"

    assert ("Hello Anna,\nthe label is on its way.\nBest\nMira",) == sms_texts(mira(text), link)
    assert Text(("Hello Anna,\nthe label is on its way.\n\nBest\nMira",)) == whatsapp_form(mira(text), link)


def test_a_persons_words_are_not_cut_to_two_segments() -> None:
    [body] = sms_texts(mira(LONG), link)

    assert LONG.strip() == body
    assert segments(body).count > 2


def test_what_one_sms_cant_hold_goes_in_several() -> None:
    bodies = sms_texts(mira("\n\n".join(f"{n}. {LONG}" for n in range(4))), link)

    assert 2 == len(bodies)
    assert all(len(body) <= 1600 for body in bodies)
    assert bodies[1].startswith("2. You can")


def test_a_file_is_its_name_and_its_whole_address() -> None:
    assert (f"Here it is.\nlabel_2.pdf: https://books.example{FILES}abc.def",) == sms_texts(
        mira("Here it is.", LABEL), link
    )
    assert Text((f"Here it is.\n\nlabel_2.pdf\nhttps://books.example{FILES}abc.def",)) == whatsapp_form(
        mira("Here it is.", LABEL), link
    )
    assert (f"label_2.pdf: https://books.example{FILES}abc.def",) == sms_texts(mira("", LABEL), link)


def test_formatting_is_that_of_whatsapp() -> None:
    assert Text(("It is *free*.",)) == whatsapp_form(mira("It is **free**."), link)


def test_what_is_no_text_to_markdown_is_said_as_it_is() -> None:
    assert ("---",) == sms_texts(mira("---"), link)
    assert Text(("---",)) == whatsapp_form(mira("---"), link)


@settings(max_examples=60)
@given(text=st.text(min_size=1, max_size=4000).filter(lambda text: bool(text.strip())))
def test_whatever_a_person_writes_goes_out(text: str) -> None:
    form = whatsapp_form(mira(text), link)

    assert isinstance(form, Text)
    for bodies in (sms_texts(mira(text), link), form.bodies):
        assert all(len(body) <= 1600 for body in bodies)
