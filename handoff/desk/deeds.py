"""What can be done from the desk: one function for each verb, from the words of a form to what was done and how it is
undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import agent
from handoff import acting, marking
from handoff.desk.happenings import MOMENT
from handoff.desk.opened import find_visible
from handoff.desk.words import WORDS, fill
from handoff.finding import NotYours, Refused
from handoff.noting import note
from handoff.tags import as_tag
from handoff.transitions import kind_of
from staff.people import User
from staff.teams import Team

Form = Mapping[str, str]


@dataclass(frozen=True)
class Undo:
    verb: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    said: str = ""
    """In a sentence, for whoever did it; empty: one sees it."""
    undo: Undo | None = None


Deed = Callable[[Session, User, str, Form, datetime], Done]


def do(session: Session, user: User, verb: str, conversation_id: str, form: Form, now: datetime) -> Done:
    """Does it in the caller's transaction. Raises what the verbs raise (`handoff.acting`)."""
    return DEEDS[verb](session, user, conversation_id, form, now)


def _claim(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    was_queued = _owner(session, user, conversation_id) == "queue"
    acting.claim(session, user, conversation_id, now, take_over=form.get("take_over") == "yes")
    return Done(WORDS[user.locale]["done_claim"], Undo("release") if was_queued else None)


def _transfer(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    back = _way_back(session, user, conversation_id)
    kind, _, to = form.get("to", "").partition(":")
    if form.get("note", "").strip():
        note(session, user, conversation_id, form["note"], now)
    to_user, to_team = (to, None) if kind == "user" else (None, to)
    acting.transfer(session, user, conversation_id, now, to_user=to_user, to_team=to_team)
    name = session.scalars(select(User.name if to_user else Team.name).filter_by(id=to)).first()
    return Done(
        fill(WORDS[user.locale]["done_transfer"], to=name or ""), _if_seen(session, user, conversation_id, back)
    )


def _release(session: Session, user: User, conversation_id: str, _form: Form, now: datetime) -> Done:
    back = _way_back(session, user, conversation_id)
    acting.release(session, user, conversation_id, now)
    return Done(WORDS[user.locale]["done_release"], _if_seen(session, user, conversation_id, back))


def _give_back(session: Session, user: User, conversation_id: str, _form: Form, now: datetime) -> Done:
    back = _way_back(session, user, conversation_id)
    acting.give_back(session, user, conversation_id, now)
    return Done(WORDS[user.locale]["done_give_back"], _if_seen(session, user, conversation_id, back))


def _resolve(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    is_own = find_visible(session, user, conversation_id).owner == agent(user.id)
    seen = form.get("seen_seq", "")
    seen_seq = (
        int(seen) if seen.isdecimal() and seen.isascii() and len(seen) < 10 and form.get("anyway") != "yes" else None
    )
    acting.resolve(session, user, conversation_id, form.get("reason", ""), now, seen_seq=seen_seq)
    fields = {"claim": "yes"} if is_own else {}
    return Done(WORDS[user.locale]["done_resolve"], _if_seen(session, user, conversation_id, Undo("reopen", fields)))


def _reopen(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    acting.reopen(session, user, conversation_id, now)
    if form.get("claim") == "yes":
        acting.claim(session, user, conversation_id, now, take_over=True)
    return Done(WORDS[user.locale]["done_reopen"])


def _snooze(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    until = _moment(form.get("until", ""))
    marking.snooze(session, user, conversation_id, until, now)
    shown = f"{MOMENT}{until.isoformat()}{MOMENT}"
    return Done(fill(WORDS[user.locale]["done_snooze"], until=shown), Undo("wake"))


def _wake(session: Session, user: User, conversation_id: str, _form: Form, now: datetime) -> Done:
    marking.wake(session, user, conversation_id, now)
    return Done(WORDS[user.locale]["done_wake"])


def _tag(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    word = marking.tag(session, user, conversation_id, form.get("tag", ""), now)
    return Done(undo=Undo("untag", {"tag": word}))


def _untag(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    word = as_tag(form.get("tag", ""))
    marking.untag(session, user, conversation_id, word, now)
    return Done(undo=Undo("tag", {"tag": word}))


def _set_priority(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    before = find_visible(session, user, conversation_id).priority
    asked = form.get("priority", "")
    marking.set_priority(session, user, conversation_id, int(asked) if asked in {"0", "1", "2", "3"} else -1, now)
    return Done(undo=Undo("priority", {"priority": str(before)}))


def _block(session: Session, user: User, conversation_id: str, _form: Form, now: datetime) -> Done:
    marking.block(session, user, conversation_id, now)
    return Done(WORDS[user.locale]["done_block"], Undo("unblock"))


def _unblock(session: Session, user: User, conversation_id: str, _form: Form, now: datetime) -> Done:
    marking.unblock(session, user, conversation_id, now)
    return Done(undo=Undo("block"))


def _note(session: Session, user: User, conversation_id: str, form: Form, now: datetime) -> Done:
    note(session, user, conversation_id, form.get("text", ""), now)
    return Done()


DEEDS: dict[str, Deed] = {
    "claim": _claim,
    "transfer": _transfer,
    "release": _release,
    "give_back": _give_back,
    "resolve": _resolve,
    "reopen": _reopen,
    "snooze": _snooze,
    "wake": _wake,
    "tag": _tag,
    "untag": _untag,
    "priority": _set_priority,
    "block": _block,
    "unblock": _unblock,
    "note": _note,
}


def _owner(session: Session, user: User, conversation_id: str) -> str:
    return kind_of(find_visible(session, user, conversation_id).owner)


def _way_back(session: Session, user: User, conversation_id: str) -> Undo | None:
    """How a conversation comes back to whom it is with now, if that is the queue or this person."""
    owner = find_visible(session, user, conversation_id).owner
    if owner == agent(user.id):
        return Undo("claim", {"take_over": "yes"})
    return Undo("release") if kind_of(owner) == "queue" else None


def _if_seen(session: Session, user: User, conversation_id: str, undo: Undo | None) -> Undo | None:
    """What is another team's now is not to be had back."""
    session.flush()
    try:
        owner: str = find_visible(session, user, conversation_id).owner
    except NotYours:
        return None
    is_possible = undo is not None and (undo.verb != "release" or kind_of(owner) == "agent")
    return undo if is_possible else None


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        raise Refused("snooze_when") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
