"""The web chat without any wire: open a session, say something, read what was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from channels.conversation import BOT, CUSTOMER, QUEUE, Conversation, Message, agent_id, messages_after
from channels.inbound import Inbound, InboundError, Received, clean_text
from channels.linking.merging import latest_seen
from channels.names import WEB
from channels.webchat.bringing import Bring, Brought, token_in
from channels.webchat.session import Session, SessionError, Sessions
from channels.webchat.words import standing_title
from db import Database, utc_now
from knowledge.locales import known_locale
from staff.people import User

CALL = "/wants_person"
MANY = 2**31
"""No conversation has so many messages, and no database counts further."""


class ChatError(Exception):
    """A request that is refused; `reason` is a key of `channels.webchat.words.REFUSED`."""

    def __init__(self, reason: str, limit: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


@dataclass(frozen=True)
class ChatLimits:
    message_chars: int
    per_visitor: RateLimitItem
    """Messages a visitor may send."""
    per_network_address: RateLimitItem
    """Messages that may come from one network address: new sessions don't buy more of them."""
    needs_consent: bool = False
    """Whether a visitor must have agreed to the privacy page before a message is taken."""


@dataclass(frozen=True)
class Said:
    """What a visitor sends: the text, and what the page knows beside it."""

    text: object
    message_id: object = None
    """The sender's own id of the message; sent again with the same id, it is the same message."""
    locale: object = None
    reading: object = None
    """The id of the article that is open."""
    page_url: object = None
    page_title: object = None
    consent: object = None
    """True once the visitor has agreed to the privacy page; sent with every message."""


class WebChat:
    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        counters: Storage,
        limits: ChatLimits,
        receive: Callable[[Database, Inbound, datetime], Received],
        bring: Bring = lambda _token, _locale: None,
    ) -> None:
        self.sessions = sessions
        self._database = database
        self._counters = counters  # The limiter itself holds it only weakly.
        self._limiter = MovingWindowRateLimiter(counters)
        self._limits = limits
        self._receive = receive
        self.bring = bring

    def open(self, token: object) -> Session:
        """The session of a token. Raises ChatError."""
        try:
            return self.sessions.read(token)
        except SessionError as error:
            raise ChatError(error.reason) from None

    def say(self, session: Session, said: Said, network_address: str | None, now: datetime | None = None) -> Received:
        """Stores what the visitor says. Raises ChatError; then nothing was stored.

        `network_address` is None when the sender is one of the company's own servers, speaking for many visitors.
        `now`: another time than the clock's.
        """
        text = self._clean(said.text)
        if self._limits.needs_consent and said.consent is not True and not session.is_trusted:
            raise ChatError("consent")
        self.count(session, network_address)
        return self._receive(self._database, self._inbound(session, text, said), now or utc_now())

    def thread(self, session: Session, thread: object = None, after: object = None) -> list[Message]:
        """What the visitor's latest conversation holds, oldest first.

        A page that has messages of conversation `thread` up to number `after` gets those that follow.
        """
        with self._database.reading() as reading:
            conversation_id = latest_seen(reading, WEB, session.visitor)
            if conversation_id is None:
                return []
            known = after if thread == conversation_id and isinstance(after, int) and 0 <= after < MANY else 0
            return messages_after(reading, conversation_id, known)

    def owner(self, session: Session) -> dict[str, str]:
        """Who speaks next in the visitor's latest conversation, as a page is told."""
        with self._database.reading() as reading:
            conversation_id = latest_seen(reading, WEB, session.visitor)
            owner = reading.scalars(select(Conversation.owner).filter_by(id=conversation_id)).first() or BOT
            agent = agent_id(owner)
            name = reading.scalars(select(User.name).filter_by(id=agent)).first() if agent else None
        return owner_shown("agent" if agent else owner, name or "")

    def message(self, received: Received) -> Message:
        """The message that was received."""
        with self._database.reading() as reading:
            return messages_after(reading, received.conversation_id, received.seq - 1, limit=1)[0]

    def replies(self, received: Received) -> list[Message]:
        """What was said to the visitor since the message that was received."""
        with self._database.reading() as reading:
            later = messages_after(reading, received.conversation_id, received.seq)
        return [message for message in later if message.author != CUSTOMER]

    def count(self, session: Session, network_address: str | None) -> None:
        """Counts something a visitor does that costs us something. Raises ChatError if it was too much."""
        counted = [(self._limits.per_visitor, "visitor", session.visitor)]
        if network_address is not None:
            counted.append((self._limits.per_network_address, "network", network_address))
        if not all(self._limiter.hit(limit, kind, who) for limit, kind, who in counted):
            raise ChatError("too_many")

    def _inbound(self, session: Session, text: str, said: Said) -> Inbound:
        token = token_in(text)
        if token is None:
            return _inbound(session, text, said, None)
        # What was brought before, or by somebody else, is no more than a call for a person.
        brought = self.bring(token, known_locale(said.locale) or "en")
        return _inbound(session, CALL, said, brought)

    def _clean(self, text: object) -> str:
        try:
            return clean_text(text, self._limits.message_chars)
        except InboundError as error:
            raise ChatError(error.reason, error.limit) from None


def owner_shown(kind: str, name: str) -> dict[str, str]:
    """To whom a message goes next; after a conversation is closed, to the bot."""
    return {"kind": kind if kind in ("agent", QUEUE) else BOT, "name": name}


def _inbound(session: Session, text: str, said: Said, brought: Brought | None) -> Inbound:
    locale = known_locale(said.locale)
    return Inbound(
        channel=WEB,
        address=session.visitor,
        text=brought.payload if brought else text,
        provider_id=_short_text(said.message_id, 64) or str(uuid4()),
        locale=locale,
        title=brought.text if brought else standing_title(text, locale),
        facts=_facts(said) | (brought.facts if brought else {}),
    )


def _facts(said: Said) -> dict[str, Any]:
    page = {"url": _page_url(said.page_url), "title": _short_text(said.page_title, 200)}
    facts = {
        "reading": _short_text(said.reading, 200),
        "page": page if page["url"] else None,
        "consent": said.consent is True,
    }
    return {name: value for name, value in facts.items() if value}


def _page_url(value: object) -> str | None:
    """The address of a page without what may be private in it: query, fragment and credentials."""
    try:
        parts = urlsplit(_short_text(value, 2000) or "")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"[:500]


def _short_text(value: object, limit: int) -> str | None:
    """The value if it is a short printable text; anything else a page sends here is ignored."""
    return value if isinstance(value, str) and 0 < len(value) <= limit and value.isprintable() else None
