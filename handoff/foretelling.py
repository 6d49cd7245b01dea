"""Tells a customer who waits what happens now and how long it takes, in sentences, and keeps what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date, format_time
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from channels.names import WEB
from handoff.desk_settings import desk_settings
from handoff.finding import happened
from handoff.handoffs import Handoff
from handoff.hours import Hours, load_hours
from handoff.speaking import words_of
from handoff.waits import Wait, expected_wait

BACK_TO_BOT = "/back_to_bot"
LEAVE_NUMBER = "/leave_number"
A_WEEK = 6
"""Days in which a weekday says which day is meant."""
HOUR = 60
UNFORETOLD = timedelta(minutes=15)
"""Who was told no time, because nobody can say, hears again after so long."""


@dataclass(frozen=True)
class Foretold:
    text: str
    buttons: tuple[dict[str, str], ...]


def foretell(session: Session, conversation: Conversation, handoff: Handoff, now: datetime) -> Foretold:
    """What a customer is told when they begin to wait."""
    words = words_of(conversation)
    wait = expected_wait(session, handoff.team_id, now, conversation)
    keep(session, conversation, handoff, wait, now)
    sentences = [*_ahead(words, wait), how_long(session, words, handoff.team_id, wait, now)]
    if handoff.channel == WEB:
        sentences.append(words["stay_web"])
    if not wait.is_open:
        sentences.append(_own_sentence(session, words["locale"]))
    return Foretold(" ".join(filter(None, sentences)), buttons_for(words, handoff.channel))


def keep(session: Session, conversation: Conversation, handoff: Handoff, wait: Wait, now: datetime) -> None:
    """Remembers what was said, so that it can be said again when it was wrong."""
    handoff.told_at, handoff.told_minutes = now, wait.minutes
    foretold = timedelta(minutes=wait.minutes) if wait.minutes is not None else UNFORETOLD
    handoff.told_until = wait.opens_at or (now + foretold if wait.is_open else None)
    until = handoff.told_until.isoformat() if handoff.told_until else None
    happened(session, conversation, "told_wait", now, minutes=wait.minutes, until=until)


def how_long(session: Session, words: dict[str, str], team_id: str, wait: Wait, now: datetime) -> str:
    if wait.opens_at is not None:
        when = spoken(words, wait.opens_at, now, load_hours(session, team_id))
        return words["not_today" if wait.is_open else "closed_until"].format(when=when)
    if not wait.is_open:
        return words["closed"]
    if not wait.is_somebody_there:
        return words["nobody_now"]
    return words["no_history"] if wait.minutes is None else in_minutes(words, "soon", wait.minutes)


def longer(session: Session, words: dict[str, str], team_id: str, wait: Wait, now: datetime) -> str:
    """What somebody is told who has waited longer than foretold."""
    if wait.opens_at is not None:
        when = spoken(words, wait.opens_at, now, load_hours(session, team_id))
        return words["longer_until"].format(when=when)
    if wait.minutes is None or not wait.is_somebody_there:
        return words["longer"]
    return in_minutes(words, "longer", wait.minutes)


def in_minutes(words: dict[str, str], key: str, minutes: int) -> str:
    if minutes <= 1 and f"{key}_minute" in words:
        return words[f"{key}_minute"]
    if minutes < 2 * HOUR:
        return words[f"{key}_minutes"].format(minutes=minutes)
    return words[f"{key}_hours"].format(hours=round(minutes / HOUR))


def spoken(words: dict[str, str], moment: datetime, now: datetime, hours: Hours) -> str:
    """A moment as one says it: `tomorrow at 9:00`, in the time of the company."""
    local, today = hours.local(moment), hours.local(now).date()
    locale = words["locale"]
    days = (local.date() - today).days
    time = format_time(local.time(), "H:mm", locale=locale)
    if days in (0, 1):
        return words[("today", "tomorrow")[days]].format(time=time)
    if days <= A_WEEK:
        return words["weekday"].format(day=format_date(local.date(), "EEEE", locale=locale), time=time)
    pattern = "d MMMM" if locale == "en" else "d. MMMM"
    return words["date"].format(date=format_date(local.date(), pattern, locale=locale), time=time)


def buttons_for(words: dict[str, str], channel: str) -> tuple[dict[str, str], ...]:
    """What one can do while waiting; who writes by phone has left their number already."""
    back = {"title": words["bot_button"], "payload": BACK_TO_BOT}
    number = {"title": words["number_button"], "payload": LEAVE_NUMBER}
    return (number, back) if channel == WEB else (back,)


def _ahead(words: dict[str, str], wait: Wait) -> list[str]:
    """How many are before them, where that says something."""
    if not wait.is_open or not wait.is_somebody_there:
        return []
    if wait.position <= 1:
        return [words["next"]]
    return [words["ahead_one"] if wait.position == 2 else words["ahead"].format(ahead=wait.position - 1)]


def _own_sentence(session: Session, locale: str) -> str:
    """The company's own for outside opening hours; it comes last, after what everybody must know."""
    return desk_settings(session).closed.get(locale, "")
