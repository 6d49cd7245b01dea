"""Messages in the form of Rasa's web protocol, so that existing Rasa web widgets understand them.

The events and fields are those of Rasa Open Source 3.6's SocketIO channel. What is ours beside them stands in
`metadata`: rasa-webchat shows a message only if it has no other fields than `text` and `quick_replies`.
"""

from __future__ import annotations

from typing import Any

from channels.conversation import CUSTOMER, Message, agent_id
from channels.saying import text_of
from knowledge.rendering import render_html

MISSED = "missed"
"""The event that tells a page to fetch what it may have missed."""
OWNER = "owner"
"""The event that tells a page who speaks next: `{"kind": "bot" | "queue" | "agent", "name": …}`."""
WRITING = "agent_writing"
"""The event that tells a page that a person is writing at this moment: `{"name": …}`."""


def uttered(message: Message, base_url: str) -> dict[str, Any]:
    """The body of `bot_uttered`. In `metadata`: its numbers, the text as safe HTML, its sources as data, not links.

    Of a person's message also their name and the files.
    """
    body: dict[str, Any] = {"text": _with_links(message, base_url)}
    if message.extra.get("buttons"):
        body["quick_replies"] = [{"content_type": "text", **button} for button in message.extra["buttons"]]
    locale = message.extra.get("locale", "en")
    shown = {"locale": locale, "html": render_html(text_of(message), locale)}
    body["metadata"] = numbers(message) | shown | {"sources": message.extra.get("sources", [])} | _of_person(message)
    return body


def _of_person(message: Message) -> dict[str, Any]:
    if not agent_id(message.author):
        return {}
    files = [{key: file[key] for key in ("name", "url", "kind", "size")} for file in message.extra.get("files", [])]
    return {"name": message.extra.get("agent", ""), "files": files}


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
    named = [(source["title"], source["url"]) for source in message.extra.get("sources", [])]
    named += [(file["name"], file["url"]) for file in message.extra.get("files", [])]
    return "\n\n".join(filter(None, [text_of(message), *(f"[{name}]({base_url}{url})" for name, url in named)]))


def numbers(message: Message) -> dict[str, Any]:
    """What makes a message that one, wherever it is shown."""
    at = message.created_at.isoformat()
    return {
        "thread": message.conversation_id,
        "seq": message.seq,
        "id": message.id,
        # Which of the staff it was is nobody's business but ours.
        "author": "agent" if agent_id(message.author) else message.author,
        "channel": message.channel,
        "at": at,
    }


def _own_id(message: Message) -> str | None:
    """The id that the visitor's page gave the message."""
    return message.provider_id.split(":", 1)[1] if message.provider_id else None
