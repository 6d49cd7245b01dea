"""Search over everything said: messages and notes, customers' names, addresses and numbers, half-typed words too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import column, select, table, text
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.seeing import visible
from knowledge.help.marking import Piece
from staff.people import User

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"[+\d][\d\s()/-]*")
MOST_WORDS = 8
FOUND = 100
"""Conversations that are shown at most."""
PLACES = 400
"""So many places are looked at, the newest first: there may be several in one conversation."""
CUSTOMERS = 30
"""Conversations of customers who are called so."""
AROUND = 60
"""Characters shown before the first word that was found."""
LONGEST = 180

# Kept by the database's own triggers (migration 0004); no model.
SAID = table("said", *(column(name) for name in ("id", "conversation_id", "customer_id", "text")))
WORDS = table("said_words", column("rowid"))
_PLAIN = str.maketrans("äöüéèêëàáâãåçñíìîïóòôõúùû", "aoueeeeaaaaacniiiioooouuu")


@dataclass(frozen=True)
class Found:
    """A conversation, and the newest place in it where the words stand; empty if its customer is called so."""

    conversation_id: str
    pieces: tuple[Piece, ...]


def words_of(query: str) -> list[str]:
    """What is searched for, word by word; a phone number in groups is one word."""
    query = " ".join(query.split())
    if NUMBER.fullmatch(query):
        digits = re.sub(r"\D", "", query)
        return [digits.lstrip("0") or digits]
    return WORD.findall(query.casefold())[:MOST_WORDS]


def search(session: Session, user: User, query: str, narrowing: Sequence[Any] = ()) -> list[Found]:
    """Conversations this person may see: of customers who are called so, then those in which all words stand at one
    place, the newest place first."""
    words = words_of(query)
    if not words or len(words[0]) == len(words) == 1:
        return []
    allowed = (visible(user), *narrowing)
    known = [Found(one, ()) for one in session.scalars(_of_customers(session, words).where(*allowed))]
    spoken = session.execute(_in_conversations(session, words).where(*allowed))
    found = [*known, *(Found(one, tuple(snippet(said, words))) for one, said in spoken)]
    # Of each conversation the first.
    return list({one.conversation_id: one for one in reversed(found)}.values())[::-1][:FOUND]


def _of_customers(session: Session, words: Sequence[str]) -> Any:
    places = _places(session).join(Conversation, Conversation.customer_id == SAID.c.customer_id)
    query = select(Conversation.id).select_from(places).where(_say(session, words, "called"))
    return query.where(SAID.c.customer_id.isnot(None)).order_by(Conversation.last_at.desc()).limit(CUSTOMERS)


def _in_conversations(session: Session, words: Sequence[str]) -> Any:
    places = _places(session).join(Conversation, Conversation.id == SAID.c.conversation_id)
    query = select(Conversation.id, SAID.c.text).select_from(places).where(_say(session, words, "text"))
    return query.order_by(_place(session).desc()).limit(PLACES)


def _places(session: Session) -> Any:
    return WORDS.join(SAID, SAID.c.id == WORDS.c.rowid) if _is_sqlite(session) else SAID


def _place(session: Session) -> Any:
    # The newest stand first without sorting, if it is this column.
    return WORDS.c.rowid if _is_sqlite(session) else SAID.c.id


def _say(session: Session, words: Sequence[str], where: str) -> Any:
    """That all words stand at a place, or begin there."""
    if _is_sqlite(session):
        asked = " ".join(f'"{word}"*' for word in words)
        return text("said_words MATCH :asked").bindparams(asked=f"{where}: ({asked})")
    asked = " & ".join(f"{word.translate(_PLAIN)}:*" for word in words)
    return text("said.words @@ to_tsquery('simple', :asked)").bindparams(asked=asked)


def _is_sqlite(session: Session) -> bool:
    return bool(session.get_bind().dialect.name == "sqlite")


def snippet(said: str, words: Iterable[str]) -> Iterator[Piece]:
    """The text around the first of the words, with those marked that begin like one of them."""
    line, wanted = " ".join(said.split()), tuple(folded(word) for word in words)
    marks = [found.span() for found in WORD.finditer(line) if folded(found.group()).startswith(wanted)]
    begin = max(0, marks[0][0] - AROUND) if marks else 0
    if begin:
        begin = line.find(" ", begin) + 1 or begin
    end = begin + LONGEST
    if begin:
        yield Piece("… ")
    done = begin
    for start, stop in marks:
        if done <= start and stop <= end:
            yield from (Piece(line[done:start]),) if start > done else ()
            yield Piece(line[start:stop], is_marked=True)
            done = stop
    rest = line[done:end]
    yield Piece(f"{rest.rstrip()} …" if len(line) > end else rest)


def folded(word: str) -> str:
    """Without case and accents: `Rückgabe` and `ruckgabe` are one word."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
