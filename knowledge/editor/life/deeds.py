"""Each step in an article's life as a form asks for it: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from knowledge.editor.life.words import WORDS
from knowledge.life.comments import comment, reopen, resolve
from knowledge.life.history import restore
from knowledge.life.keeping import archive, discard, set_owner, set_review, still_right, unarchive, withdraw
from knowledge.life.opened import Shown
from knowledge.life.refusals import Refused
from knowledge.life.reviewing import approve, ask_for_changes, submit, take_back
from knowledge.life.scheduling import cancel_time, moment_entered, publish_at
from staff.people import User


@dataclass(frozen=True)
class Entered:
    """A form about an article in one language, and who sends it."""

    article_id: str
    locale: str
    user: User
    now: datetime
    form: Mapping[str, str]
    must_be_reviewed: bool

    def who(self, session: Session) -> tuple[Session, str, str, User, datetime]:
        return session, self.article_id, self.locale, self.user, self.now

    def text(self, name: str) -> str:
        return self.form.get(name, "")

    def number(self, name: str, reason: str) -> int:
        """Raises Refused with this reason if it is none."""
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Refused(reason)
        return int(text)

    @property
    def shown(self) -> Shown:
        """What they looked at; a form that does not say so decides upon nothing."""
        live_id = self.number("live", "changed_meanwhile") if self.text("live") else None
        return Shown(live_id, self.number("version", "changed_meanwhile"))


def _schedule(session: Session, entered: Entered) -> None:
    at = moment_entered(entered.text("at"), entered.text("zone"))
    own = {"note": entered.text("note"), "shown": entered.shown, "must_be_reviewed": entered.must_be_reviewed}
    publish_at(*entered.who(session), at, **own)  # type: ignore[arg-type]


def _review(session: Session, entered: Entered) -> None:
    text = entered.text("months")
    months = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    set_review(*entered.who(session), months=months if text else None, on=_day(entered.text("on")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("bad_review_date") from None


def _restore(session: Session, entered: Entered) -> None:
    number = entered.number("number", "no_publication")
    note = WORDS[entered.user.locale]["restore_note"].format(number=number)
    restore(*entered.who(session), number, note=note, shown=entered.shown)


def _comment_id(entered: Entered) -> int:
    return entered.number("comment", "no_comment")


DEEDS: dict[str, Callable[[Session, Entered], Any]] = {
    "submit": lambda session, entered: submit(*entered.who(session), entered.text("note")),
    "take-back": lambda session, entered: take_back(*entered.who(session)),
    "approve": lambda session, entered: approve(*entered.who(session), entered.shown),
    "ask-for-changes": lambda session, entered: ask_for_changes(
        *entered.who(session), entered.text("text"), entered.text("quote")
    ),
    "schedule": _schedule,
    "cancel-time": lambda session, entered: cancel_time(*entered.who(session)),
    "withdraw": lambda session, entered: withdraw(*entered.who(session)),
    "archive": lambda session, entered: archive(*entered.who(session)),
    "unarchive": lambda session, entered: unarchive(*entered.who(session)),
    "discard": lambda session, entered: discard(*entered.who(session), entered.shown),
    "comment": lambda session, entered: comment(*entered.who(session), entered.text("text"), entered.text("quote")),
    "resolve": lambda session, entered: resolve(*entered.who(session), _comment_id(entered)),
    "reopen": lambda session, entered: reopen(*entered.who(session), _comment_id(entered)),
    "owner": lambda session, entered: set_owner(*entered.who(session), entered.text("owner") or None),
    "review": _review,
    "still-right": lambda session, entered: still_right(*entered.who(session)),
    "restore": _restore,
}
"""What is a transaction of its own; publishing is more than that."""
CHANGE_WHAT_IS_FOUND = ("withdraw", "archive")
