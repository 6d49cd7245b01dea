"""The forms of an address: `+E164`, `whatsapp:+E164`, and a WhatsApp id without a number (`whatsapp:BR.150…`)."""

from __future__ import annotations

import re
from typing import Literal

Channel = Literal["sms", "whatsapp"]
WHATSAPP = "whatsapp:"
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
WHATSAPP_ID = re.compile(r"[A-Z]{2}\.\w{1,128}")
"""A person who hides the number (Meta's business-scoped user id)."""
COUNTRIES = {"+1": "US", "+41": "CH", "+43": "AT", "+44": "GB", "+49": "DE"}


def channel_of(address: str) -> Channel:
    return "whatsapp" if address.startswith(WHATSAPP) else "sms"


def bare(address: str) -> str:
    """The number or id without its channel."""
    return address.removeprefix(WHATSAPP)


def in_channel(address: str, channel: Channel) -> str:
    return WHATSAPP + bare(address) if channel == "whatsapp" else bare(address)


def is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def is_address(address: str) -> bool:
    without = bare(address)
    return is_number(without) or (without != address and WHATSAPP_ID.fullmatch(without) is not None)


def country_of(number: str) -> str:
    return next((country for prefix, country in COUNTRIES.items() if number.startswith(prefix)), "")
