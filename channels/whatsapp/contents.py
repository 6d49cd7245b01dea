"""Buttons and lists as Twilio wants them: each shape is registered once and filled with variables when it is sent.

In a conversation of the last 24 hours they need no approval: https://www.twilio.com/docs/content/content-types-overview
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from channels.twilio.api import Twilio
from channels.whatsapp.form import ListPicker, QuickReplies
from db import Base, Database, column

VERSION = "v1"
"""Of what is registered; another one registers all shapes again."""


class WhatsAppContent(Base):
    """A shape that was registered with an account."""

    __tablename__ = "whatsapp_content"

    account: Mapped[str] = column(String(64), primary_key=True)
    shape: Mapped[str] = column(String(32), primary_key=True)
    """Its kind and how many it has, such as `quick-reply-3-v1`."""
    sid: Mapped[str] = column(String(64))


class Contents:
    def __init__(self, database: Database, twilio: Twilio) -> None:
        self._database = database
        self._twilio = twilio
        self._sids: dict[str, str] = {}

    def fields(self, form: QuickReplies | ListPicker) -> dict[str, Any]:
        """The fields of Twilio's SDK that say this. Raises TransportError."""
        kind, values, shape = _quick_replies(form) if isinstance(form, QuickReplies) else _list_picker(form)
        name = f"{_name(form)}-{VERSION}"
        numbered = {str(number): value for number, value in enumerate(values, start=1)}
        return {"content_sid": self._sid(name, kind, shape, numbered), "content_variables": json.dumps(numbered)}

    def _sid(self, name: str, kind: str, shape: dict[str, Any], example: dict[str, str]) -> str:
        if name not in self._sids:
            self._sids[name] = self._registered(name) or self._register(name, kind, shape, example)
        return self._sids[name]

    def _registered(self, name: str) -> str | None:
        with self._database.reading() as session:
            known = session.get(WhatsAppContent, (self._twilio.account_sid, name))
            return known.sid if known else None

    def _register(self, name: str, kind: str, shape: dict[str, Any], example: dict[str, str]) -> str:
        types = {kind: shape, "twilio/text": {"body": "{{1}}"}}
        sid = self._twilio.create_content(
            {"friendly_name": f"handrail-{name}", "language": "en", "variables": example, "types": types}
        )
        try:
            with self._database.transaction() as session:
                session.add(WhatsAppContent(account=self._twilio.account_sid, shape=name, sid=sid))
        except IntegrityError:
            return self._registered(name) or sid  # Another process was quicker; one of the two stays unused.
        return sid


def _name(form: QuickReplies | ListPicker) -> str:
    if isinstance(form, QuickReplies):
        return f"quick-reply-{len(form.replies)}"
    return f"list-{len(form.items)}{'-described' if _is_described(form) else ''}"


def _is_described(form: ListPicker) -> bool:
    return any(item.description for item in form.items)


def _quick_replies(form: QuickReplies) -> tuple[str, list[str], dict[str, Any]]:
    values = [form.body]
    actions = []
    for reply in form.replies:
        values += [reply.title, reply.id]
        actions.append({"type": "QUICK_REPLY", "title": _variable(values, 2), "id": _variable(values, 1)})
    return "twilio/quick-reply", values, {"body": "{{1}}", "actions": actions}


def _list_picker(form: ListPicker) -> tuple[str, list[str], dict[str, Any]]:
    values = [form.body, form.button]
    items = []
    has_descriptions = _is_described(form)
    for item in form.items:
        # All or none: an empty variable is refused, and each mixture would be a shape of its own.
        values += [item.title, item.id, *([item.description or item.title] if has_descriptions else [])]
        named = {"item": item.title, "id": item.id} | ({"description": item.description} if has_descriptions else {})
        first = len(values) - len(named) + 1
        items.append({name: f"{{{{{first + place}}}}}" for place, name in enumerate(named)})
    return "twilio/list-picker", values, {"body": "{{1}}", "button": "{{2}}", "items": items}


def _variable(values: list[str], from_end: int) -> str:
    return f"{{{{{len(values) - from_end + 1}}}}}"
