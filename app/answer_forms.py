"""Shows the editor what the bot would say in every channel: its words, in the channels' own forms."""

from __future__ import annotations

from collections.abc import Callable

from bot.reply import Said
from channels.names import SMS, WEB, WHATSAPP
from channels.saying import Button, Link, Named, Saying
from channels.sms.form import sms_text
from channels.sms.gsm import segments
from channels.whatsapp.form import Form, ListPicker, QuickReplies, whatsapp_form
from knowledge.addresses import article_at
from knowledge.answers import Answer
from knowledge.editor.preview.forms import Forms, InEveryForm, Item, SmsForm, WebForm, WhatsAppForm
from knowledge.rendering import render_html

IsOpen = Callable[[str], bool]
Speak = Callable[[Answer, str], Said]
"""What the bot says with an answer in a channel."""


def plainly(answer: Answer, _channel: str) -> Said:
    """An answer without the bot's own words, where no bot is loaded."""
    return Said(answer.text, (), answer.sources)


def make_forms(speak: Speak, link: Link, sms_segments: int, is_open: IsOpen = lambda _path: True) -> InEveryForm:
    """`link`: from a path to what stands in a message; `sms_segments`: how many an answer may have;
    `is_open`: whether customers can open a path."""

    def forms(answer: Answer) -> Forms:
        own = _with_own(link, is_open, answer)
        return Forms(
            _web(speak(answer, WEB), answer.locale),
            _whatsapp(whatsapp_form(_saying(speak(answer, WHATSAPP), answer.locale), own)),
            _sms(sms_text(_saying(speak(answer, SMS), answer.locale), own, sms_segments)),
        )

    return forms


def _with_own(link: Link, is_open: IsOpen, answer: Answer) -> Link:
    """What is being written leads to its own page, as if it were live."""
    own = {source.id for source in answer.sources}
    return lambda path: link(path) if article_at(path) in own or is_open(path) else ""


def _saying(said: Said, locale: str) -> Saying:
    return Saying(
        said.text,
        tuple(Button(button.title, button.payload) for button in said.buttons),
        tuple(Named(source.title, source.short_answer, source.url) for source in said.sources),
        locale,
    )


def _web(said: Said, locale: str) -> WebForm:
    return WebForm(render_html(said.text, locale), said.sources, tuple(button.title for button in said.buttons))


def _whatsapp(form: Form) -> WhatsAppForm:
    if isinstance(form, QuickReplies):
        return WhatsAppForm((form.body,), replies=tuple(reply.title for reply in form.replies))
    if isinstance(form, ListPicker):
        items = tuple(Item(item.title, item.description) for item in form.items)
        return WhatsAppForm((form.body,), list_button=form.button, items=items)
    return WhatsAppForm(form.bodies)


def _sms(body: str) -> SmsForm:
    counted = segments(body)
    return SmsForm((body,), counted.encoding, counted.units, counted.count)
