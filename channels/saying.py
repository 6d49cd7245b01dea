"""What one message says, whatever channel says it: the text, its buttons and the articles it stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.locales import known_locale

if TYPE_CHECKING:
    from channels.conversation import Message

Link = Callable[[str], str]
"""From a path on this installation, such as `/help/en/articles/returns`, to an address that a phone can open."""


@dataclass(frozen=True)
class Button:
    title: str
    payload: str
    """What is sent back when it is pressed."""


@dataclass(frozen=True)
class Named:
    """An article as it is named beneath an answer."""

    title: str
    short_answer: str
    """Markdown."""
    url: str
    """Path on this installation."""


@dataclass(frozen=True)
class Saying:
    text: str
    """Markdown."""
    buttons: tuple[Button, ...] = ()
    sources: tuple[Named, ...] = ()
    locale: str = "en"
    opening: str = ""
    """The first sentence of the text if it is none of the answer, but says that the customer is known."""


def saying_of(message: Message) -> Saying:
    extra = message.extra
    return Saying(
        text=message.text,
        buttons=tuple(Button(button["title"], button["payload"]) for button in extra.get("buttons", ())),
        sources=tuple(Named(each["title"], each["short_answer"], each["url"]) for each in extra.get("sources", ())),
        locale=known_locale(extra.get("locale")) or "en",
        opening=extra.get("opening", ""),
    )
