"""What goes into a turn of the bot and what comes out of it, in no one's framework's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.surveys import Heard, Scored, SurveyQuestion
from knowledge.answers import Answer, Source

Verdict = Literal["helped", "did_not_help"]


@dataclass(frozen=True)
class TurnContext:
    """What is known about a customer's message besides its text."""

    conversation_id: str
    channel: str
    """`web`, `sms` or `whatsapp`: chooses among the variations of a response."""
    locale: str | None = None
    """The language of the page or of the customer so far; None: to be detected."""
    reading: str | None = None
    """The id of the article the customer has open, if any."""
    elsewhere: str | None = None
    """The channel where the customer wrote before, given the first time they write from this one: they are told that
    what they wrote is known."""
    people: bool = False
    """Whether people work here who can take over; if not, the bot says at most how they are reached."""
    people_only: frozenset[str] = frozenset()
    """The keys of the categories that are a matter for people."""
    survey: SurveyQuestion | None = None
    """The question at the end that this message answers; with `Engine.ask`, the one that is to be asked."""
    scored: Scored | None = None
    """What was answered to that question beside what is asked here: they are thanked for it first."""


@dataclass(frozen=True)
class Button:
    title: str
    payload: str
    """What is sent back when it is pressed."""


@dataclass(frozen=True)
class Said:
    """One message of the bot."""

    text: str
    """Markdown."""
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    opening: str = ""
    """The first sentence of the text if it is none of the answer, but says that the customer is known."""


@dataclass(frozen=True)
class Reply:
    """What the bot answers to one message, and what it must be given with the next one."""

    said: tuple[Said, ...]
    state: str
    """JSON, opaque: the part of the dialogue that the policies need. Handed in with the next message."""
    locale: str
    intent: str
    intent_confidence: float
    answer: Answer | None = None
    """What knowledge said, when the message was a question."""
    verdict: Verdict | None = None
    """What the customer said to the answer before."""
    wants_person: str | None = None
    """Why a person should take over, one of `handoff.handoffs.Reason`; None when nobody needs to."""
    ends: bool = False
    """Whether the customer has said that this was all."""
    survey: Heard | None = None
    """What was heard in the answer to the question at the end."""
    signals: tuple[str, ...] = ()
    """What is heard in how the customer writes: `safety`, `legal`, `anger`, `urgency`, the gravest first."""
    mood: str = "calm"
    """`calm`, `annoyed`, `angry` or `urgent`, as they wrote this message."""
    degraded: str | None = None
    """Why the dialogue was not used (`late`, `failed`) and search alone answered; None when all went well."""
    trace: dict[str, Any] = field(default_factory=dict)
    """What the timeline keeps to explain this reply: intent ranking, actions, slots that changed."""
