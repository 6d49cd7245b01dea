"""What the page is told: the phones, what lies on one of them, the time, the faults and the webhooks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from channels.phone.addresses import Channel, bare, channel_of
from channels.phone.courier import Webhook
from channels.phone.messages import Message
from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator

MOST_SHOWN = 200
"""Messages of a thread."""
MOST_LOGGED = 60
PREVIEW_CHARS = 80


def show_all(simulator: TwilioSimulator, address: str, with_log: bool) -> dict[str, Any]:
    """Everything the page shows; of the phone with this address, or the first one, also what lies on it."""
    # Taken before the rest: what changes meanwhile is told the next time.
    version = simulator.changes.version
    phones = simulator.phones
    chosen = next((phone for phone in phones if phone.address == address), phones[0] if phones else None)
    return {
        "version": version,
        "now": simulator.clock.now().isoformat(),
        "ahead": simulator.clock.ahead.total_seconds(),
        "people": [_person(phone) for phone in phones],
        "chosen": chosen.address if chosen else None,
        "threads": _threads(simulator, chosen) if chosen else [],
        "failed": [_failed(message) for message in simulator.messages if _has_missed(message, chosen)],
        "faults": simulator.faults.shares,
        "webhooks": [_webhook(one) for one in reversed(simulator.webhooks[-MOST_LOGGED:])] if with_log else None,
    }


def _person(phone: Phone) -> dict[str, Any]:
    return {"address": phone.address, "name": phone.name, "channels": phone.channels, "unread": phone.unread}


def _threads(simulator: TwilioSimulator, phone: Phone) -> list[dict[str, Any]]:
    numbers = [number for number in simulator.account.numbers if channel_of(number) in phone.channels]
    return [_thread(simulator, phone, channel_of(number), number) for number in numbers]


def _thread(simulator: TwilioSimulator, phone: Phone, channel: Channel, number: str) -> dict[str, Any]:
    messages = phone.thread(channel, number)
    customer = phone.address_in(channel)
    closes_at = simulator.standing.closes_at(customer, number)
    return {
        "channel": channel,
        "number": bare(number),
        "window": closes_at.isoformat() if closes_at and channel == "whatsapp" else None,
        "opted_out": simulator.standing.is_opted_out(customer, number),
        "unread": sum(not message.is_inbound and not message.is_seen for message in messages),
        "messages": [_message(simulator, message) for message in messages[-MOST_SHOWN:]],
    }


def _message(simulator: TwilioSimulator, message: Message) -> dict[str, Any]:
    answered = simulator.message(message.reply_to) if message.reply_to else None
    return {
        "sid": message.sid,
        "author": message.author,
        "body": message.body,
        "at": message.created_at.isoformat(),
        "status": message.status,
        "buttons": [button.title for button in message.buttons],
        "items": [{"item": item.item, "description": item.description} for item in message.items],
        "list_button": message.list_button,
        "pressed": None if message.is_inbound else message.pressed,
        "media": [{"token": one.token, "type": one.content_type, "name": one.name} for one in message.media],
        "media_urls": message.media_urls,
        "location": asdict(message.location) if message.location else None,
        "answered": answered.body[:PREVIEW_CHARS] if answered else None,
    }


def _has_missed(message: Message, phone: Phone | None) -> bool:
    return phone is not None and not message.is_inbound and message.has_failed and bare(message.to) == phone.address


def _failed(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "channel": message.channel,
        "body": message.body[:PREVIEW_CHARS],
        "at": message.created_at.isoformat(),
        "code": message.error_code,
        "error": message.error,
    }


def _webhook(webhook: Webhook) -> dict[str, Any]:
    return {
        "number": webhook.number,
        "kind": webhook.kind,
        "at": webhook.at.isoformat(),
        "url": webhook.url,
        "status": webhook.status,
        "ms": round(webhook.seconds * 1000),
        "attempt": webhook.attempt,
        "error": webhook.error,
        "warning": webhook.warning,
        "params": webhook.params,
    }
