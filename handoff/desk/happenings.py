"""What happened to a conversation, as a sentence."""

from __future__ import annotations

from typing import Any

from channels.conversation import Event
from handoff.desk.words import EVENTS, PRIORITIES, fill
from handoff.words import REASONS, RESOLUTIONS
from staff.people import User

MOMENT = "\ue000"
"""Stands around a moment in a sentence, until the page shows it in local time."""


def sentence_of(event: Event, user: User, names: dict[str, str], teams: dict[str, str]) -> str:
    """In the language of whoever reads it; the kind itself, if nobody has put that into words."""
    words, details = EVENTS[user.locale], event.details
    by = details.get("by")
    form = words.get(_form(event.kind, by, user.id), words.get(event.kind))
    if form is None:
        return event.kind.replace("_", " ")
    values = {
        "by": names.get(by or "", words["somebody"]),
        "to": _to(event.kind, details, user, names, teams),
        "reason": _reason(event.kind, details, user.locale),
        "until": f"{MOMENT}{details['until']}{MOMENT}" if details.get("until") else "",
        "tag": details.get("tag", ""),
        "score": details.get("score", ""),
        "which": words.get(str(details.get("which")), ""),
    }
    return fill(form, **values).rstrip(": ")


def _form(kind: str, by: str | None, reader: str) -> str:
    if by is None:
        return f"{kind}_customer"
    return f"{kind}_own" if by == reader else kind


def _to(kind: str, details: dict[str, Any], user: User, names: dict[str, str], teams: dict[str, str]) -> str:
    if kind == "prioritised":
        return PRIORITIES[user.locale][int(details.get("to", 1))]
    return names.get(str(details.get("to")), "") or teams.get(str(details.get("team_id")), "")


def _reason(kind: str, details: dict[str, Any], locale: str) -> str:
    known = RESOLUTIONS if kind == "resolved" else REASONS
    reason = str(details.get("reason", ""))
    return known[reason][locale] if reason in known else reason
