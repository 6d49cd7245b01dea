"""What the page asks a phone to do, read from its JSON."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import timedelta
from math import isfinite
from typing import Any

from channels.phone.addresses import WHATSAPP, Channel, is_number
from channels.phone.messages import Location, Message
from channels.phone.phones import Phone, PhoneError, Picture
from channels.phone.simulator import TwilioSimulator

MONTH = timedelta(days=31)
KIND = re.compile(r"[\w.+-]+/[\w.+-]+")
UNKNOWN = "application/octet-stream"


def send(simulator: TwilioSimulator, asked: dict[str, Any]) -> None:
    phone, channel = _phone(simulator, asked), _channel(asked)
    media = [_picture(one) for one in _list(asked.get("media"))]
    phone.send(_text(asked, "to"), _text(asked, "body"), channel, media, _location(asked.get("location")))


def choose(simulator: TwilioSimulator, asked: dict[str, Any]) -> None:
    """Presses a button or chooses from a list."""
    phone, index = _phone(simulator, asked), asked.get("index")
    message = simulator.message(_text(asked, "sid"))
    if message is None or not isinstance(index, int):
        raise PhoneError("no_message")
    _act(phone, message, index)


def _act(phone: Phone, message: Message, index: int) -> None:
    if message.items:
        phone.choose(message, index)
    else:
        phone.press(message, index)


def read(simulator: TwilioSimulator, asked: dict[str, Any]) -> None:
    _phone(simulator, asked).read(_channel(asked), _text(asked, "to"))


def add(simulator: TwilioSimulator, asked: dict[str, Any]) -> None:
    digits = "".join(letter for letter in _text(asked, "address") if letter not in " -()/")
    number = "+" + digits[2:] if digits.startswith("00") else digits
    simulator.phone(number, _text(asked, "name")[:60].strip() or number)


def forward(simulator: TwilioSimulator, asked: dict[str, Any]) -> None:
    hours = _number(asked.get("hours"), "only_forward")
    if not 0 < hours * 3600 <= MONTH.total_seconds():
        raise PhoneError("only_forward")
    simulator.forward(timedelta(hours=hours))


def set_faults(simulator: TwilioSimulator, asked: dict[str, Any]) -> None:
    try:
        simulator.faults.set(**{name: _number(share, "no_share") for name, share in asked.items()})
    except ValueError:
        raise PhoneError("no_share") from None
    simulator.changes.tell()


DO = {"send": send, "choose": choose, "read": read, "phones": add, "forward": forward, "faults": set_faults}
"""By the last part of the address it is posted to."""


def _phone(simulator: TwilioSimulator, asked: dict[str, Any]) -> Phone:
    address = _text(asked, "phone")
    return simulator.phone(address if is_number(address) else WHATSAPP + address)


def _channel(asked: dict[str, Any]) -> Channel:
    return "whatsapp" if asked.get("channel") == "whatsapp" else "sms"


def _text(asked: dict[str, Any], name: str) -> str:
    text = asked.get(name, "")
    if not isinstance(text, str):
        raise PhoneError("unreadable")
    return text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _picture(one: Any) -> Picture:
    if not isinstance(one, dict):
        raise PhoneError("unreadable")
    try:
        content = b64decode(_text(one, "data"), validate=True)
    except NotBase64:
        raise PhoneError("unreadable") from None
    kind = _text(one, "type").partition(";")[0]
    return kind if KIND.fullmatch(kind) else UNKNOWN, content, _text(one, "name")[:200]


def _location(value: Any) -> Location | None:
    if not isinstance(value, dict):
        return None
    latitude, longitude = (_number(value.get(name), "unreadable") for name in ("latitude", "longitude"))
    return Location(latitude, longitude, _text(value, "label"), _text(value, "address"))


def _number(value: Any, reason: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise PhoneError(reason)
    return float(value)
