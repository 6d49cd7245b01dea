"""Messages in the form of Rasa's web protocol, so that existing Rasa web widgets understand them.

The events and fields are those of Rasa Open Source 3.6's SocketIO channel. What is ours beside them stands in
`metadata`: rasa-webchat shows a message only if it has no other fields than `text` and `quick_replies`.
"""

from __future__ import annotations

from typing import Any

from channels.conversation import CUSTOMER, Message
from knowledge.rendering import render_html

MISSED = "missed"
"""The event that tells a page to fetch what it may have missed."""


def uttered(message: Message, base_url: str) -> dict[str, Any]:
    """The body of `bot_uttered`. In `metadata`: its numbers, the text as safe HTML, its sources as data, not links."""
    body: dict[str, Any] = {"text": _with_links(message, base_url)}
    if message.extra.get("buttons"):
        body["quick_replies"] = [{"content_type": "text", **button} for button in message.extra["buttons"]]
    locale = message.extra.get("locale", "en")
    shown = {"locale": locale, "html": render_html(message.text, locale), "sources": message.extra.get("sources", [])}
    body["metadata"] = numbers(message) | shown
    return body


def rest_uttered(message: Message, recipient: str, base_url: str) -> dict[str, Any]:
    """One reply of Rasa's REST channel."""
    body: dict[str, Any] = {"recipient_id": recipient, "text": _with_links(message, base_url)}
    if message.extra.get("buttons"):
        body["buttons"] = message.extra["buttons"]
    if message.extra.get("sources"):
        body["custom"] = {"sources": message.extra["sources"]}
    return body


def thread_entry(message: Message, base_url: str) -> dict[str, Any]:
    """A message of either side, for a page that catches up."""
    if message.author == CUSTOMER:
        own = {"message_id": _own_id(message), "attachments": message.extra.get("attachments", [])}
        return {"text": message.text, "metadata": numbers(message) | own}
    return uttered(message, base_url)


def _with_links(message: Message, base_url: str) -> str:
    links = [f"[{source['title']}]({base_url}{source['url']})" for source in message.extra.get("sources", [])]
    return "\n\n".join([message.text, *links])


def numbers(message: Message) -> dict[str, Any]:
    """What makes a message that one, wherever it is shown."""
    at = message.created_at.isoformat()
    return {
        "thread": message.conversation_id,
        "seq": message.seq,
        "id": message.id,
        "author": message.author,
        "channel": message.channel,
        "at": at,
    }


def _own_id(message: Message) -> str | None:
    """The id that the visitor's page gave the message."""
    return message.provider_id.split(":", 1)[1] if message.provider_id else None
