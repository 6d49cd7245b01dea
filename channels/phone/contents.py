"""Contents: texts with buttons or a list, made once and sent by their sid; some of them approved as templates."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.phone.addresses import Channel
from channels.phone.errors import TwilioError
from channels.phone.messages import Button, Item

TEXT, QUICK_REPLY, LIST = "twilio/text", "twilio/quick-reply", "twilio/list-picker"
TYPES = {TEXT, QUICK_REPLY, LIST}
PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
UNQUIET = re.compile(r"[\n\r\t]| {5}")
"""What a variable of a template must not hold (Meta)."""

TEXT_CHARS = 4096
BODY_CHARS = 1024
ID_CHARS = 200
SESSION_BUTTONS, TEMPLATE_BUTTONS, BUTTON_CHARS = 3, 10, 20
ITEMS, ITEM_CHARS, DESCRIPTION_CHARS = 10, 24, 72


@dataclass(frozen=True)
class Shown:
    """A content with its variables put in."""

    body: str
    buttons: tuple[Button, ...] = ()
    items: tuple[Item, ...] = ()
    list_button: str = ""

    def fits(self, is_template: bool) -> bool:
        """Whether WhatsApp takes it."""
        if not self.body or len(self.body) > (BODY_CHARS if self.buttons or self.items else TEXT_CHARS):
            return False
        return self._buttons_fit(is_template) and self._list_fits()

    def _buttons_fit(self, is_template: bool) -> bool:
        titles = [button.title for button in self.buttons]
        most = TEMPLATE_BUTTONS if is_template else SESSION_BUTTONS
        ids_fit = all(len(button.id) <= ID_CHARS for button in self.buttons)
        return len(titles) <= most and _differ(titles, BUTTON_CHARS) and ids_fit

    def _list_fits(self) -> bool:
        if not self.items:
            return True
        descriptions_fit = all(len(item.description) <= DESCRIPTION_CHARS for item in self.items)
        ids_fit = _differ([item.id for item in self.items], ID_CHARS)
        names_fit = all(0 < len(item.item) <= ITEM_CHARS for item in self.items)
        button_fits = 0 < len(self.list_button) <= BUTTON_CHARS
        return len(self.items) <= ITEMS and descriptions_fit and ids_fit and names_fit and button_fits


def _differ(texts: list[str], most: int) -> bool:
    return len(set(texts)) == len(texts) and all(0 < len(text) <= most for text in texts)


@dataclass
class Content:
    sid: str
    name: str
    language: str
    variables: dict[str, str]
    types: dict[str, Any]
    created_at: datetime
    is_approved: bool = field(default=False)

    def show(self, channel: Channel, given: dict[str, str]) -> Shown:
        """As it is sent in a channel. Raises TwilioError."""
        values = self.variables | given
        kind = self._kind_for(channel)
        filled: dict[str, Any] = _fill(self.types[kind], values)
        body = str(filled.get("body", ""))
        if kind == QUICK_REPLY:
            return Shown(body, tuple(Button(one["title"], str(one.get("id", ""))) for one in filled["actions"]))
        if kind == LIST:
            items = [Item(one["item"], str(one["id"]), one.get("description") or "") for one in filled["items"]]
            return Shown(body, items=tuple(items), list_button=filled["button"])
        return Shown(body)

    def _kind_for(self, channel: Channel) -> str:
        wanted = (LIST, QUICK_REPLY, TEXT) if channel == "whatsapp" else (TEXT,)
        for kind in wanted:
            if kind in self.types:
                return kind
        raise TwilioError(21655, f"{self.sid} has no text for this channel")


def _fill(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _fill(inner, values) for name, inner in part.items()}
    if isinstance(part, list):
        return [_fill(inner, values) for inner in part]
    return PLACE.sub(lambda place: _value(place.group(1), values), part) if isinstance(part, str) else part


def _value(name: str, values: dict[str, str]) -> str:
    if not values.get(name):
        raise TwilioError(21656, f"{{{{{name}}}}} has no value")
    return values[name]


def read_variables(text: str) -> dict[str, str]:
    """What `ContentVariables` says. Raises TwilioError."""
    try:
        given = json.loads(text or "{}")
    except ValueError:
        raise TwilioError(21656, "no JSON") from None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise TwilioError(21656, "not an object of texts")
    return given


def is_quiet(variables: dict[str, str]) -> bool:
    return not any(UNQUIET.search(value) for value in variables.values())


def read_content(sid: str, asked: Any, now: datetime) -> Content:
    """The content that is asked for. Raises TwilioError when it could never be sent."""
    if not isinstance(asked, dict) or not isinstance(asked.get("types"), dict) or not asked["types"]:
        raise TwilioError(20001, "types")
    if not asked.get("language"):
        raise TwilioError(20001, "language")
    if not set(asked["types"]) <= TYPES:
        raise TwilioError(20001, f"types: this simulator knows {', '.join(sorted(TYPES))}")
    for kind, parts in asked["types"].items():
        _check(kind, parts)
    variables = {str(name): str(value) for name, value in (asked.get("variables") or {}).items()}
    return Content(sid, str(asked.get("friendly_name") or ""), asked["language"], variables, asked["types"], now)


def _check(kind: str, parts: Any) -> None:
    if not isinstance(parts, dict) or not isinstance(parts.get("body"), str) or not parts["body"]:
        raise TwilioError(20001, f"types.{kind}.body")
    if kind == QUICK_REPLY:
        _check_parts(parts.get("actions"), f"types.{kind}.actions", TEMPLATE_BUTTONS, {"title": BUTTON_CHARS})
    if kind == LIST:
        _check_text(parts.get("button"), f"types.{kind}.button", BUTTON_CHARS)
        _check_parts(parts.get("items"), f"types.{kind}.items", ITEMS, {"item": ITEM_CHARS, "id": ID_CHARS})


def _check_parts(parts: Any, name: str, most: int, texts: dict[str, int]) -> None:
    if not isinstance(parts, list) or not 1 <= len(parts) <= most:
        raise TwilioError(20001, f"{name}: 1 to {most}")
    for part in parts:
        for key, longest in texts.items():
            _check_text(part.get(key) if isinstance(part, dict) else None, f"{name}.{key}", longest)


def _check_text(text: Any, name: str, longest: int) -> None:
    # How long a text with a variable in it will be is known when it is sent.
    if not isinstance(text, str) or not text or (len(text) > longest and not PLACE.search(text)):
        raise TwilioError(20001, f"{name}: at most {longest} characters")
