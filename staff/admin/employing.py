"""Who works here: people are added, changed, sent away and taken back; there is always an admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import Database, lock
from staff.audit import record
from staff.entered import email_entered, locale_entered, name_entered
from staff.links import forget_links_of, make_link
from staff.people import ADMIN, ROLES, Role, User
from staff.refusals import Refused
from staff.second_factor import switch_off
from staff.sessions import end_sessions
from staff.teams import Team, TeamMember
from staff.words import LANGUAGES

CHANNELS = ("web", "sms", "whatsapp")
"""For which a capacity can be set."""
MOST_AT_ONCE = 50
SKILL_CHARS = 40
MOST_SKILLS = 20


@dataclass(frozen=True)
class Entry:
    """What a form says of a person."""

    name: str
    role: str
    locale: str = "en"
    languages: tuple[str, ...] = ()
    skills: str = ""
    """Separated by commas."""
    capacity: tuple[str, ...] = ("", "", "")
    """In the order of CHANNELS; empty: the default."""
    team_ids: tuple[str, ...] = ()


def add_person(database: Database, by: str | None, email: str, entry: Entry, now: datetime) -> tuple[User, str]:
    """The new person and the token of the link with which they choose a password. Raises Refused."""
    user = User(email=email_entered(email), name="", role="", created_at=now)
    try:
        with database.transaction() as session:
            _fill(user, entry)
            session.add(user)
            session.flush()
            _join(session, user, entry.team_ids)
            record(session, "user_added", now, user_id=by, subject=user.id, role=user.role)
            return user, make_link(session, user, now)
    except IntegrityError:
        raise Refused("email_taken") from None


def change_person(database: Database, by: str, user_id: str, entry: Entry, now: datetime) -> None:
    """Raises Refused, or LookupError if there is nobody of that id."""
    with database.transaction() as session:
        user = find_person(session, user_id)
        before, teams_before = _facts(user), _team_ids(session, user)
        if user.role == ADMIN and entry.role != ADMIN:
            _keep_an_admin(session, user)
        _fill(user, entry)
        _join(session, user, entry.team_ids)
        _record_changes(session, by, user, before, teams_before, now)


def deactivate(database: Database, by: str | None, user_id: str, now: datetime) -> None:
    """Nothing of theirs opens any more; what they wrote stays. Raises Refused, or LookupError."""
    with database.transaction() as session:
        user = find_person(session, user_id)
        _keep_an_admin(session, user)
        user.is_active = False
        end_sessions(session, user.id)
        forget_links_of(session, user)
        record(session, "user_deactivated", now, user_id=by, subject=user.id)


def reactivate(database: Database, by: str | None, user_id: str, now: datetime) -> None:
    """Raises LookupError."""
    with database.transaction() as session:
        user = find_person(session, user_id)
        user.is_active = True
        record(session, "user_reactivated", now, user_id=by, subject=user.id)


def give_link(database: Database, by: str | None, user_id: str, now: datetime) -> str:
    """The token of a link with which they choose a password. Raises Refused, or LookupError."""
    with database.transaction() as session:
        user = find_person(session, user_id)
        if not user.is_active:
            raise Refused("deactivated")
        record(session, "link_made", now, user_id=by, subject=user.id)
        return make_link(session, user, now)


def end_all_sessions(database: Database, by: str, user_id: str, now: datetime) -> None:
    """Raises LookupError."""
    with database.transaction() as session:
        user = find_person(session, user_id)
        end_sessions(session, user.id)
        record(session, "sessions_ended", now, user_id=by, subject=user.id)


def end_second_factor(database: Database, by: str, user_id: str, now: datetime) -> None:
    """For whoever lost the phone and the recovery codes. Raises LookupError."""
    with database.transaction() as session:
        user = find_person(session, user_id)
        switch_off(session, user)
        record(session, "second_factor_off", now, user_id=by, subject=user.id)


def find_person(session: Session, user_id: str) -> User:
    """Their row, locked. Raises LookupError."""
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise LookupError(user_id)
    return user


def _keep_an_admin(session: Session, user: User) -> None:
    """Raises Refused if nobody else is one. Two admins at once can't send each other away."""
    lock(session, "admins")
    others = select(func.count(User.id)).where(
        User.role == ADMIN, User.is_active, User.password_hash.is_not(None), User.id != user.id
    )
    if user.role == ADMIN and not session.scalar(others):
        raise Refused("last_admin")


def _fill(user: User, entry: Entry) -> None:
    user.name = name_entered(entry.name)
    user.role = role_entered(entry.role)
    user.locale = locale_entered(entry.locale)
    user.languages = [one for one in LANGUAGES if one in entry.languages]
    user.skills = skills_entered(entry.skills)
    user.capacity = capacity_entered(entry.capacity)


def role_entered(text: str) -> Role:
    """Raises Refused."""
    for role in ROLES:
        if role == text:
            return role
    raise Refused("no_role")


def skills_entered(text: str) -> list[str]:
    """In lower case, each once. Raises Refused."""
    skills = list(dict.fromkeys(" ".join(one.split()).lower() for one in text.split(",") if one.strip()))
    if len(skills) > MOST_SKILLS or any(len(one) > SKILL_CHARS or not one.isprintable() for one in skills):
        raise Refused("bad_skills", most=MOST_SKILLS, longest=SKILL_CHARS)
    return skills


def capacity_entered(texts: tuple[str, ...]) -> dict[str, int]:
    """Raises Refused."""
    given = {channel: text.strip() for channel, text in zip(CHANNELS, texts, strict=False) if text.strip()}
    if any(not (text.isascii() and text.isdigit() and int(text) <= MOST_AT_ONCE) for text in given.values()):
        raise Refused("bad_capacity", most=MOST_AT_ONCE)
    return {channel: int(text) for channel, text in given.items()}


def _join(session: Session, user: User, team_ids: tuple[str, ...]) -> None:
    session.execute(delete(TeamMember).filter_by(user_id=user.id))
    known = set(session.scalars(select(Team.id))) & set(team_ids)
    session.add_all(TeamMember(team_id=team_id, user_id=user.id) for team_id in known)


def _team_ids(session: Session, user: User) -> set[str]:
    return set(session.scalars(select(TeamMember.team_id).filter_by(user_id=user.id)))


def _facts(user: User) -> dict[str, object]:
    return {name: getattr(user, name) for name in ("name", "role", "locale", "languages", "skills", "capacity")}


def _record_changes(
    session: Session, by: str, user: User, before: dict[str, object], teams_before: set[str], now: datetime
) -> None:
    session.flush()
    after = _facts(user)
    changed = [name for name in after if after[name] != before[name] and name != "role"]
    if teams_before != _team_ids(session, user):
        changed.append("teams")
    if after["role"] != before["role"]:
        details = {"from": before["role"], "to": after["role"]}
        record(session, "role_changed", now, user_id=by, subject=user.id, **details)
    if changed:
        record(session, "user_changed", now, user_id=by, subject=user.id, fields=changed)
