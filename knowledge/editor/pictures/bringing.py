"""A picture that an editor brings: how many may come, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import MovingWindowRateLimiter

from db import Database
from knowledge.pictures import SCHEME, PictureStore, Size
from knowledge.pictures.beside_files import plain_name
from knowledge.pictures.taking import NotTaken, take

log = structlog.get_logger(__name__)


class Refused(Exception):
    """`reason` is one of `knowledge.editor.pictures.words.REFUSED`."""

    def __init__(self, reason: str, status: int = 422) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True)
class Brought:
    name: str
    """`sha256.kind`."""
    size: Size

    @property
    def url(self) -> str:
        """Where staff sees it."""
        return f"/editor/pictures/{self.name}"

    def as_json(self) -> dict[str, Any]:
        source = f"{SCHEME}{self.name}"
        return {"source": source, "url": self.url, "width": self.size.width, "height": self.size.height}

    def markdown(self, alternative: str) -> str:
        return f"![{_in_brackets(alternative)}]({SCHEME}{self.name})"


@dataclass(frozen=True)
class Bringing:
    database: Database
    store: PictureStore
    counters: Storage
    rate: RateLimitItem = field(default_factory=lambda: parse("30/minute"))
    """Of one person. Each picture takes a second or two of a core."""

    def bring(self, user_id: str, content: bytes, file_name: str, now: datetime) -> Brought:
        """Raises Refused."""
        if not MovingWindowRateLimiter(self.counters).hit(self.rate, "editor-pictures", user_id):
            raise Refused("too_many", 429)
        if not content:
            raise Refused("nothing")
        try:
            taken = take(content)
        except NotTaken as not_taken:
            raise Refused(not_taken.reason, 413 if not_taken.reason == "too_many_bytes" else 422) from None
        try:
            with self.database.transaction() as session:
                name = self.store.keep(session, taken.content, taken.kind, taken.size, plain_name(file_name), now)
        except OSError as error:
            log.exception("picture_not_stored", reason=error.strerror)
            raise Refused("folder", 500) from None
        return Brought(name, taken.size)


def _in_brackets(text: str) -> str:
    """In one line, with what Markdown would take for a bracket of its own escaped."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\[]`*_<&!" else sign for sign in line)
