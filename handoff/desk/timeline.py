"""A conversation as one timeline: what was said in any channel, what was noted, and what happened, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.attachments import Attachment, kind_of
from channels.conversation import BOT, CUSTOMER, Event, Message, agent_id
from channels.outbox import Delivery
from handoff.desk.happenings import sentence_of
from handoff.desk.rows import names_of_staff
from handoff.desk.sending import State, state_of
from handoff.desk.whys import Why, whys
from handoff.keeping import KEPT
from handoff.notes import Note
from knowledge.rendering import render_html
from staff.people import User
from staff.teams import Team

PAGE = 100
MISSED = 500
"""The most that is fetched at once after a broken connection."""
SPARE = 20
"""More are read than are shown: what stands at the edge itself is left out, and others may be of the same moment."""
TURN = "turn"
"""The events that explain what the bot said stand beneath it, not in the line."""
RANKS = {"e": 0, "n": 1, "m": 2}
"""What stands first of what happened at one moment: that somebody took it, then what they said."""


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent."""

    id: str
    kind: str
    """`picture`, `voice`, `video`, `document`, `file` or `location`."""
    name: str
    state: str
    """`stored`, `pending`, `refused` or `lost`."""
    reason: str = ""
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class Entry:
    kind: str
    """`m`: a message, `n`: a note, `e`: something that happened."""
    number: int
    at: datetime
    by: str
    """`customer`, `bot`, `agent`."""
    name: str = ""
    """Of a member of staff."""
    is_own: bool = False
    channel: str = ""
    locale: str = ""
    text: str = ""
    html: str = ""
    """The text as safe HTML, where it is Markdown."""
    pressed: bool = False
    buttons: tuple[str, ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    files: tuple[Sent, ...] = ()
    state: State | None = None
    """What became of it on its way to the customer."""
    why: Why | None = None
    names: tuple[str, ...] = ()
    """Whom a note may name."""

    @property
    def key(self) -> str:
        return f"{self.kind}{self.number}"

    @property
    def place(self) -> tuple[datetime, int, int]:
        return self.at, RANKS[self.kind], self.number


@dataclass(frozen=True)
class Timeline:
    entries: tuple[Entry, ...]
    has_earlier: bool


def timeline_of(
    session: Session,
    user: User,
    conversation_id: str,
    *,
    before: str = "",
    after: str = "",
    limit: int = PAGE,
) -> Timeline:
    """The last entries; with `before` or `after`, a `key` and its moment (`m12@2026-…`), those that stand there."""
    known = _place(after)
    found = _placed(session, conversation_id, before, limit)
    if known and not _reaches(found, known, limit):
        # More was missed than is looked at again anyway.
        found = _placed(session, conversation_id, before, MISSED)
    edge = _place(before)
    if edge:
        found = [one for one in found if one[0] < edge]
    start = max(0, len(found) - limit)
    if known:
        start = min(start, next((at for at, one in enumerate(found) if one[0] > known), len(found)))
    shown = found[start:]
    entries = _entries(session, user, conversation_id, [row for _, row in shown])
    return Timeline(tuple(entries), has_earlier=start > 0)


def cursor(entry: Entry) -> str:
    """An entry's place as a page keeps it."""
    return f"{entry.key}@{entry.at.isoformat()}"


def _place(written: str) -> tuple[datetime, int, int] | None:
    key, _, at = written.partition("@")
    try:
        return datetime.fromisoformat(at), RANKS[key[:1]], int(key[1:])
    except (ValueError, KeyError):
        return None


Placed = tuple[tuple[datetime, int, int], Any]


def _placed(session: Session, conversation_id: str, before: str, limit: int) -> list[Placed]:
    """What happened there last, in order; at least `limit` of it, if there is so much."""
    sources = (_messages, _notes, _events)
    found = [one for source in sources for one in source(session, conversation_id, before, limit)]
    return sorted(found, key=lambda one: one[0])


def _reaches(found: Sequence[Placed], known: tuple[datetime, int, int], limit: int) -> bool:
    """Whether nothing is left out between what is known and what was found: no kind was read only in part."""
    for rank in RANKS.values():
        places = [place for place, _ in found if place[1] == rank]
        if len(places) >= limit + SPARE and places[0] > known:
            return False
    return True


def _messages(session: Session, conversation_id: str, before: str, limit: int) -> Iterator[Placed]:
    query = _until(select(Message).filter_by(conversation_id=conversation_id), Message.created_at, before)
    for one in session.scalars(query.order_by(Message.seq.desc()).limit(limit + SPARE)):
        yield (one.created_at, RANKS["m"], one.seq), one


def _notes(session: Session, conversation_id: str, before: str, limit: int) -> Iterator[Placed]:
    query = _until(select(Note).filter_by(conversation_id=conversation_id), Note.at, before)
    for one in session.scalars(query.order_by(Note.id.desc()).limit(limit + SPARE)):
        yield (one.at, RANKS["n"], one.id), one


def _events(session: Session, conversation_id: str, before: str, limit: int) -> Iterator[Placed]:
    told = select(Event).where(Event.conversation_id == conversation_id, Event.kind.notin_((TURN, KEPT)))
    for one in session.scalars(_until(told, Event.at, before).order_by(Event.id.desc()).limit(limit + SPARE)):
        yield (one.at, RANKS["e"], one.id), one


def _until(query: Any, column: Any, before: str) -> Any:
    edge = _place(before)
    return query.where(column <= edge[0]) if edge else query


def _entries(session: Session, user: User, conversation_id: str, rows: Sequence[Any]) -> Iterator[Entry]:
    messages = [row for row in rows if isinstance(row, Message)]
    ids = [message.id for message in messages]
    names = names_of_staff(session)
    teams = {one: str(name) for one, name in session.execute(select(Team.id, Team.name))}
    deliveries = _by_message(session, Delivery, ids)
    files = _files(session, ids)
    reasons = whys(session, conversation_id, messages, user.locale)
    for row in rows:
        if isinstance(row, Message):
            state = state_of(deliveries.get(row.id), user.locale)
            yield _message(row, user, names, state, files.get(row.id, ()), reasons.get(row.id))
        elif isinstance(row, Note):
            yield _note(row, user, names)
        else:
            sentence = sentence_of(row, user, names, teams)
            yield Entry("e", row.id, row.at, by="agent", text=sentence)


def _message(
    row: Message, user: User, names: dict[str, str], state: State | None, files: tuple[Sent, ...], why: Why | None
) -> Entry:
    held_by = agent_id(row.author)
    locale = str(row.extra.get("locale") or "")
    is_customer = row.author == CUSTOMER
    return Entry(
        kind="m",
        number=row.seq,
        at=row.created_at,
        by=row.author if row.author in (CUSTOMER, BOT) else "agent",
        name=names.get(held_by, str(row.extra.get("agent", ""))) if held_by else "",
        is_own=held_by == user.id,
        channel=row.channel,
        locale=locale,
        text=row.text,
        html="" if is_customer else render_html(row.text, locale or "en"),
        pressed=row.payload is not None,
        buttons=tuple(str(button["title"]) for button in row.extra.get("buttons", ())),
        sources=tuple(row.extra.get("sources", ())),
        files=(*files, *_location(row)),
        state=state,
        why=why,
    )


def _note(row: Note, user: User, names: dict[str, str]) -> Entry:
    return Entry(
        kind="n",
        number=row.id,
        at=row.at,
        by="agent",
        name=names.get(row.user_id, ""),
        is_own=row.user_id == user.id,
        text=row.text,
        names=tuple(sorted(names.values(), key=len, reverse=True)),
    )


def _by_message(session: Session, model: Any, ids: Iterable[str]) -> dict[str, Any]:
    return {one.message_id: one for one in session.scalars(select(model).where(model.message_id.in_(list(ids))))}


def _files(session: Session, message_ids: Iterable[str]) -> dict[str, tuple[Sent, ...]]:
    columns = (
        Attachment.id,
        Attachment.message_id,
        Attachment.position,
        Attachment.content_type,
        Attachment.state,
        Attachment.reason,
        Message.extra,
    )
    query = select(*columns).join(Message, Message.id == Attachment.message_id)
    found: dict[str, tuple[Sent, ...]] = {}
    rows = session.execute(query.where(Attachment.message_id.in_(list(message_ids))).order_by(Attachment.position))
    for one in rows:
        sent = Sent(one.id, kind_of(one.content_type), _name(one), one.state, one.reason or "")
        found[one.message_id] = (*found.get(one.message_id, ()), sent)
    return found


def _name(row: Any) -> str:
    """What whoever sent it called it; phones tell no names."""
    named = row.extra.get("files", ())
    return str(named[row.position].get("name", "")) if row.position < len(named) else ""


def _location(row: Message) -> Iterator[Sent]:
    place = row.extra.get("location")
    if isinstance(place, dict) and "latitude" in place and "longitude" in place:
        label = str(place.get("label") or place.get("address") or "")
        yield Sent("", "location", label, "stored", place=(place["latitude"], place["longitude"]))
