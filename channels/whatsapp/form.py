"""One message in the forms that WhatsApp has: a text, a text with up to three buttons, or one with a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels.cutting import in_parts, numbered, to_length
from channels.formatting import as_whatsapp, whatsapp_literal
from channels.saying import Button, Link, Named, Saying
from channels.words import WORDS, how_to_choose

# https://www.twilio.com/docs/content/twilio-quick-reply, …/twilio-list-picker, …/api/errors/21617
LONGEST_TEXT = 1600
LONGEST_BODY = 1024
"""Of what has buttons or a list."""
LONGEST_IN_ALL = 4096
MOST_REPLIES = 3
REPLY_TITLE = 20
MOST_ITEMS = 10
ITEM_TITLE = 24
ITEM_DESCRIPTION = 72
ID = 200


@dataclass(frozen=True)
class Text:
    bodies: tuple[str, ...]
    """Sent one after the other; nearly always one."""


@dataclass(frozen=True)
class QuickReply:
    title: str
    id: str
    """What comes back when it is pressed."""


@dataclass(frozen=True)
class QuickReplies:
    body: str
    replies: tuple[QuickReply, ...]


@dataclass(frozen=True)
class Item:
    title: str
    id: str
    """What comes back when it is chosen."""
    description: str = ""
    """The whole title, where it had to be cut."""


@dataclass(frozen=True)
class ListPicker:
    body: str
    button: str
    """What opens the list."""
    items: tuple[Item, ...]


Form = Text | QuickReplies | ListPicker


def whatsapp_form(saying: Saying, link: Link) -> Form:
    body = "\n\n".join(filter(None, _said_and_named(saying, link)))
    buttons = _one_line(saying.buttons)
    if not buttons or not _can_be_pressed(buttons, body):
        return whatsapp_text(saying, link)
    if len(buttons) <= MOST_REPLIES and all(len(button.title) <= REPLY_TITLE for button in buttons):
        return QuickReplies(body, tuple(QuickReply(button.title, button.payload) for button in buttons))
    return ListPicker(body, WORDS[saying.locale]["choose"], tuple(map(_item, buttons)))


def whatsapp_text(saying: Saying, link: Link) -> Text:
    """With nothing to press: what is chosen is typed."""
    said, named = _said_and_named(saying, link)
    if saying.is_whole:
        return Text(tuple(in_parts("\n\n".join(filter(None, (said, named))) or saying.text, LONGEST_TEXT)))
    if saying.buttons:
        return _numbered(said, named, _one_line(saying.buttons), saying.locale)
    return _text("\n\n".join(filter(None, (said, named))))


def _said_and_named(saying: Saying, link: Link) -> tuple[str, str]:
    named = "\n\n".join(
        [_named(source, link, saying.locale) for source in saying.sources]
        + [f"{whatsapp_literal(file.name)}\n{link(file.url)}" for file in saying.files]
    )
    return as_whatsapp(saying.text, link, saying.locale), named


def _one_line(buttons: Sequence[Button]) -> list[Button]:
    return [Button(" ".join(button.title.split()), button.payload) for button in buttons]


def _can_be_pressed(buttons: Sequence[Button], body: str) -> bool:
    # WhatsApp refuses a message in which two buttons send the same.
    ids = {button.payload for button in buttons}
    return (
        len(ids) == len(buttons) <= MOST_ITEMS
        and all(len(each) <= ID for each in ids)
        and all(button.title for button in buttons)
        and 0 < len(body) <= LONGEST_BODY
    )


def _item(button: Button) -> Item:
    if len(button.title) <= ITEM_TITLE:
        return Item(button.title, button.payload)
    return Item(to_length(button.title, ITEM_TITLE), button.payload, to_length(button.title, ITEM_DESCRIPTION))


def _named(source: Named, link: Link, locale: str) -> str:
    title = whatsapp_literal(" ".join(source.title.split()))
    return f"{WORDS[locale]['source']}: *{title}*\n{link(source.url)}".rstrip()


def _numbered(said: str, named: str, buttons: Sequence[Button], locale: str) -> Text:
    """What can't be pressed is typed. No option is left out: they come last, and what is said before them is cut."""
    titles = [whatsapp_literal(button.title) for button in buttons]
    options = numbered(titles, lambda lines: len(lines) <= LONGEST_TEXT - len(named))
    ending = "\n\n".join(filter(None, (named, f"{options}\n{how_to_choose(locale, len(buttons))}")))
    return _text("\n\n".join(filter(None, (to_length(said, max(0, LONGEST_IN_ALL - len(ending) - 2)), ending))))


def _text(body: str) -> Text:
    return Text(tuple(in_parts(to_length(body, LONGEST_IN_ALL), LONGEST_TEXT)))
