"""What one message says, whatever channel says it: the text, its buttons, its files and the articles it stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from channels.conversation import agent_id
from knowledge.locales import known_locale

if TYPE_CHECKING:
    from channels.conversation import Message

FILES = "/files/"
"""How the paths of files begin that people send to customers."""

Link = Callable[[str], str]
"""From a path on this installation, such as `/help/en/articles/returns`, to an address that a phone can open.

Empty for an article that customers can't read: of a link to it, the text alone is said."""


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
class SentFile:
    """A file that a person sends along."""

    name: str
    url: str
    """Path on this installation; who has it may read the file, so it is given out whole and never as a short one."""


@dataclass(frozen=True)
class Saying:
    text: str
    """Markdown."""
    buttons: tuple[Button, ...] = ()
    sources: tuple[Named, ...] = ()
    locale: str = "en"
    opening: str = ""
    """The first sentence of the text if it is none of the answer, but says that the customer is known."""
    files: tuple[SentFile, ...] = ()
    is_whole: bool = False
    """Written by a person: it is said as it is, however long that takes."""


def text_of(message: Message) -> str:
    """What is said, as Markdown; where a person began a new line, there is one."""
    return lines_kept(message.text) if agent_id(message.author) else message.text


def lines_kept(text: str) -> str:
    """What a person wrote, as Markdown that begins a new line where they did."""
    return text.replace("\n", "  \n")


def saying_of(message: Message) -> Saying:
    extra = message.extra
    return Saying(
        text=text_of(message),
        buttons=tuple(Button(button["title"], button["payload"]) for button in extra.get("buttons", ())),
        sources=tuple(Named(each["title"], each["short_answer"], each["url"]) for each in extra.get("sources", ())),
        locale=known_locale(extra.get("locale")) or "en",
        opening=extra.get("opening", ""),
        files=tuple(SentFile(each["name"], each["url"]) for each in extra.get("files", ())),
        is_whole=agent_id(message.author) is not None,
    )
