"""From what Twilio posts of a message to what `receive` takes.

The parameters: https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from channels.attachments import Attached
from channels.inbound import CONTROL, SENDS_ATTACHMENT, Inbound
from channels.names import SMS, WHATSAPP
from channels.twilio.status import Report

PREFIX = "whatsapp:"
LONGEST = 10_000
"""Characters; WhatsApp allows 4096."""
MOST_ATTACHED = 10
SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
OPTED: dict[str, Literal["stop", "start", "help"]] = {"STOP": "stop", "START": "start", "HELP": "help"}


class UnreadableError(Exception):
    """Parameters that are no message."""


def read_inbound(params: Mapping[str, str]) -> Inbound:
    """The message of a webhook's parameters. Raises UnreadableError."""
    sender, sid = params.get("From", ""), params.get("MessageSid", "")
    channel = WHATSAPP if sender.startswith(PREFIX) else SMS
    address = sender.removeprefix(PREFIX).strip()
    if not address or len(address) > 200 or not address.isprintable() or not SID.fullmatch(sid):
        raise UnreadableError
    text, title = _text_and_title(params)
    return Inbound(
        channel=channel,
        address=address,
        text=text,
        title=title,
        provider_id=sid,
        facts=_facts(params),
        sender=params.get("To", "").removeprefix(PREFIX)[:64] or None,
        name=_line(params.get("ProfileName", ""))[:200] or None,
        attached=_attached(params),
        opted=OPTED.get(params.get("OptOutType", "")),
    )


def _text_and_title(params: Mapping[str, str]) -> tuple[str, str | None]:
    """What was typed; of a pressed button or a chosen line, what it sends and what stands on it."""
    typed = _clean(params.get("Body", ""))
    for payload, shown in (("ButtonPayload", "ButtonText"), ("ListId", "ListTitle")):
        if params.get(payload, "").startswith("/"):
            return params[payload], _clean(params.get(shown, "")) or typed
    place = _location(params)
    if place and not typed:
        return SENDS_ATTACHMENT, f"📍 {place['shown']}"
    return typed, None


def _facts(params: Mapping[str, str]) -> dict[str, Any]:
    place = _location(params)
    return {"location": place} if place else {}


def _location(params: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        latitude, longitude = float(params["Latitude"]), float(params["Longitude"])
    except (KeyError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    named = [_line(params.get(name, ""))[:200] for name in ("Label", "Address")]
    shown = ", ".join(name for name in named if name) or f"{latitude:.5f}, {longitude:.5f}"
    return {"latitude": latitude, "longitude": longitude, "shown": shown}


def _attached(params: Mapping[str, str]) -> tuple[Attached, ...]:
    count = min(int(params.get("NumMedia", "0")) if params.get("NumMedia", "").isdecimal() else 0, MOST_ATTACHED)
    found = ((params.get(f"MediaUrl{n}", ""), params.get(f"MediaContentType{n}", "")) for n in range(count))
    return tuple(Attached(url[:2000], _line(kind)[:100]) for url, kind in found if url)


def _clean(text: str) -> str:
    return CONTROL.sub("", text).strip()[:LONGEST]


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def read_report(params: Mapping[str, str], delivery: str | None) -> Report:
    """What a status callback says; `delivery` is what we gave it to bring along. Raises UnreadableError."""
    sid, status = params.get("MessageSid", ""), params.get("MessageStatus", "")
    if not SID.fullmatch(sid) or not status:
        raise UnreadableError
    return Report(sid, status.lower(), _number(params.get("ErrorCode")), _number(delivery))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
