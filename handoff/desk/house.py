"""What the desk needs of the house it stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from db import Database
from handoff.desk.inserting import Articles
from handoff.desk.ways import IsPageOpen
from handoff.files import FileAddresses
from staff.people import User


@dataclass(frozen=True)
class Mark:
    """What stands at the head of a conversation because of something that is kept beside it."""

    text: str
    path: str
    """Where it leads."""
    icon: str
    is_late: bool = False


@dataclass(frozen=True)
class Annex:
    """A list beside the desk's own, whose pages stand in the desk's frame and are kept by another room."""

    name: str
    """Its page is `/desk/<name>`; its number is called so, `<name>_late` how many of them call for somebody, and
    `<name>_overdue` how many are past their time."""
    icon: str
    key: str
    """The letter that leads there, after g."""
    words: Mapping[str, Mapping[str, str]]
    """By language: `name`; `go`, in the list of keys; `new` and `late`, for a notification that there are more;
    `overdue`, how many are, beneath its name."""
    counts: Callable[[Session, User, datetime], Mapping[str, int]]
    marks: Callable[[Session, User, str, datetime], Sequence[Mark]]
    """Of the conversation with this id."""
    shows: Callable[[Session, User, str], bool] = lambda _session, _user, _conversation_id: False
    """Whether its pages show this person the conversation with this id, also where the desk itself does not."""


@dataclass(frozen=True)
class Door:
    """What the menu of each conversation leads to besides: a page about it, kept by another room."""

    name: str
    """Its page is `/desk/<name>/<the conversation's id>`."""
    icon: str
    labels: Mapping[str, str]
    """By language."""


@dataclass(frozen=True)
class House:
    database: Database
    files: FileAddresses
    company: str
    done: Callable[[str], None]
    """Told the id of a conversation after something was done in it: desks, deliverers and the bot must look."""
    seen: Callable[[str], None] = lambda _user_id: None
    """Told the id of a member of staff who has just done something."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """By language, the template for WhatsApp after its 24 hours."""
    base_url: str = ""
    """What stands before each path in an SMS."""
    is_page_open: IsPageOpen = lambda _visitor: False
    articles: Articles = lambda _words, _locale, _limit: []
    annexes: tuple[Annex, ...] = ()
    doors: tuple[Door, ...] = ()
