"""What an answer looks like in every channel. The channels themselves are handed in by the roof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from knowledge.answers import Answer, Source


@dataclass(frozen=True)
class WebForm:
    """As the widget says it."""

    html: str
    """Safe."""
    sources: tuple[Source, ...]
    """The articles named beneath it."""
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One of what a list offers."""

    title: str
    description: str = ""
    """The whole title, where it had to be cut."""


@dataclass(frozen=True)
class WhatsAppForm:
    bodies: tuple[str, ...]
    """In WhatsApp's own marks, such as `*bold*`; sent one after the other."""
    replies: tuple[str, ...] = ()
    """The buttons beneath it."""
    list_button: str = ""
    """What opens the list."""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class SmsForm:
    bodies: tuple[str, ...]
    """Sent one after the other."""
    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    """Septets of GSM-7, or code units of UTF-16."""
    segments: int
    """How many are billed."""


@dataclass(frozen=True)
class Forms:
    web: WebForm
    whatsapp: WhatsAppForm
    sms: SmsForm


class InEveryForm(Protocol):
    """What the bot says when knowledge answers this: its own words, the sources and the buttons beneath it."""

    def __call__(self, answer: Answer) -> Forms: ...
