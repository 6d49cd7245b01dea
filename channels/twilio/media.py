"""Brings what customers send beside words from Twilio to us: checked by what it is, not by what it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.attachments import LOST, PENDING, REFUSED, STORED, Attachment
from channels.conversation import Message
from channels.customer import Address, Customer
from channels.file_types import content_type
from channels.linking.telling import tell_phone
from channels.outbox import UNSYNCHRONIZED, TransportError
from channels.twilio.api import Twilio
from channels.words import WORDS
from db import Database

CLAIM = timedelta(seconds=120)
RETRY_AFTER = (2, 5, 15, 60, 300, 1800)
"""Seconds before another attempt; what has just arrived may be 404 for some."""
SECONDS = 20
MOST_REDIRECTS = 3
PIECE = 64 * 1024

CDN = (".twilio.com", ".twiliocdn.com", "s3-external-1.amazonaws.com")
"""Where Twilio redirects to: https://www.twilio.com/docs/messaging/api/media-resource"""

log = structlog.get_logger(__name__)


class RefusedError(Exception):
    """What was fetched is not kept; the message is a sentence for an agent."""


class NotYetError(Exception):
    """It could not be fetched now."""


@dataclass(frozen=True)
class MediaRules:
    max_bytes: int
    delete_at_twilio: bool = False


def fetch_due(database: Database, twilio: Twilio, rules: MediaRules, now: datetime) -> int:
    """Fetches what is due and returns how many were tried."""
    claimed = _claim(database, now)
    for attachment in claimed:
        _fetch(database, twilio, rules, attachment, now)
    return len(claimed)


def _claim(database: Database, now: datetime, limit: int = 5) -> list[Attachment]:
    due = (Attachment.state == PENDING, Attachment.due_at <= now)
    with database.reading() as session:
        if session.scalars(select(Attachment.id).where(*due).limit(1)).first() is None:
            return []
    query = select(Attachment).where(*due).order_by(Attachment.due_at).limit(limit).with_for_update(skip_locked=True)
    with database.transaction() as session:
        found = list(session.scalars(query))
        for attachment in found:
            attachment.due_at = now + CLAIM
            attachment.attempts += 1
        return found


def _fetch(database: Database, twilio: Twilio, rules: MediaRules, attachment: Attachment, now: datetime) -> None:
    try:
        content = _download(twilio, attachment.url, rules.max_bytes)
        kind = content_type(content)
        if kind is None:
            raise RefusedError("It is no picture, document or recording that can be shown safely.")
    except RefusedError as error:
        _give_up(database, attachment, REFUSED, str(error), now)
    except NotYetError as error:
        _again(database, attachment, str(error), now)
    except Exception as error:  # Whatever breaks here breaks only this one, and not for ever.
        log.warning("media_not_fetched", attachment=attachment.id, error=type(error).__name__)
        _again(database, attachment, "Twilio could not be asked for it.", now)
    else:
        digest = sha256(content).hexdigest()
        _keep(database, attachment, state=STORED, content=content, content_type=kind, size=len(content), sha256=digest)
        if rules.delete_at_twilio:
            _delete(twilio, attachment)


def _download(twilio: Twilio, url: str, max_bytes: int) -> bytes:
    """The bytes. Credentials are sent to Twilio's API only, never to where it redirects. Raises the errors above."""
    if not _is_api(twilio, url):
        raise RefusedError("Its address is not one of Twilio's.")
    auth: tuple[str, str] | None = (twilio.account_sid, twilio.auth_token)
    for _ in range(MOST_REDIRECTS + 1):
        with _getting(url, auth) as response:
            if response.is_redirect:
                url, auth = _next(twilio, url, response), None
                continue
            if response.status_code >= 400:
                raise NotYetError(f"Twilio does not give it out (status {response.status_code}).")
            return _read(response.iter_content(PIECE), max_bytes)
    raise RefusedError("Its address leads from one to the next.")


@contextmanager
def _getting(url: str, auth: tuple[str, str] | None) -> Iterator[requests.Response]:
    with requests.Session() as session:
        session.trust_env = False  # No credentials from a .netrc.
        with session.get(url, auth=auth, stream=True, allow_redirects=False, timeout=SECONDS) as response:
            yield response


def _next(twilio: Twilio, url: str, response: requests.Response) -> str:
    to = urljoin(url, response.headers["Location"])
    parts = urlsplit(to)
    host = parts.hostname or ""
    is_cdn = parts.scheme == "https" and any(host == one.lstrip(".") or host.endswith(one) for one in CDN)
    if not is_cdn and _place(to) != _place(twilio.api_url):
        raise RefusedError("It leads to an address that is not one of Twilio's.")
    return to


def _is_api(twilio: Twilio, url: str) -> bool:
    path = urlsplit(url).path
    ours = f"{urlsplit(twilio.api_url).path}/2010-04-01/Accounts/{twilio.account_sid}/"
    return _place(url) == _place(twilio.api_url) and path.startswith(ours) and ".." not in path


def _place(url: str) -> tuple[str, str, int | None, bool]:
    parts = urlsplit(url)
    # Whoever writes user:password@ into an address wants to look like somebody else.
    return parts.scheme, parts.hostname or "", parts.port, "@" in parts.netloc


def _read(pieces: Iterator[bytes], max_bytes: int) -> bytes:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > max_bytes:
            raise RefusedError(f"It is larger than {max_bytes // 1_000_000} MB.")
    if not content:
        raise NotYetError("It was empty.")
    return bytes(content)


def _again(database: Database, attachment: Attachment, reason: str, now: datetime) -> None:
    if attachment.attempts > len(RETRY_AFTER):
        _give_up(database, attachment, LOST, reason, now)
    else:
        _keep(database, attachment, due_at=now + timedelta(seconds=RETRY_AFTER[attachment.attempts - 1]), reason=reason)


def _give_up(database: Database, attachment: Attachment, state: str, reason: str, now: datetime) -> None:
    """It is not kept, and the customer, who was told that it had come, is told so."""
    with database.transaction() as session:
        if not _change(session, attachment, state=state, reason=reason):
            return
        message = session.get(Message, attachment.message_id)
        phone = session.get(Address, message.address_id) if message and message.address_id else None
        if phone:
            locale = session.scalars(select(Customer.locale).filter_by(id=phone.customer_id)).first()
            tell_phone(session, phone, WORDS[locale or "en"]["not_kept"], locale, now)


def _keep(database: Database, attachment: Attachment, **values: Any) -> None:
    with database.transaction() as session:
        _change(session, attachment, **({"reason": None} | values))


def _change(session: Session, attachment: Attachment, **values: Any) -> bool:
    """Whether it still waited, and nobody else was quicker."""
    pending = update(Attachment).where(Attachment.id == attachment.id, Attachment.state == PENDING)
    changed: Any = session.execute(pending.values(values), execution_options=UNSYNCHRONIZED)
    return bool(changed.rowcount)


def _delete(twilio: Twilio, attachment: Attachment) -> None:
    try:
        twilio.delete_media(attachment.url)
    except TransportError as error:
        log.warning("media_not_deleted_at_twilio", attachment=attachment.id, error=str(error))
