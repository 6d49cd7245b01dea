"""Files that agents send: checked by what they are, and reached by customers at addresses nobody can guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from itsdangerous import BadSignature, URLSafeSerializer

from channels.attachments import kind_of
from channels.file_types import content_type
from channels.saying import FILES
from handoff.finding import Refused

BYTES = 10_000_000
MOST_FILES = 5
LONGEST_NAME = 100
NOT_IN_NAMES = re.compile(r"[^\w. ()+-]+")


@dataclass(frozen=True)
class File:
    id: str
    name: str
    content_type: str
    content: bytes
    url: str
    """Path on this installation, signed: who has it may read the file."""

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    def shown(self) -> dict[str, Any]:
        """As it stands in the message."""
        kind = kind_of(self.content_type)
        return {"name": self.name, "url": self.url, "kind": kind, "size": len(self.content)}


class FileAddresses:
    """Signs and reads the addresses of files."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(secret, salt="file-of-agent")

    def path(self, file_id: str) -> str:
        signed = self._signer.dumps(file_id)
        return f"{FILES}{signed if isinstance(signed, str) else signed.decode()}"

    def read(self, token: str) -> str | None:
        """The file's id; None if nobody gave this address out."""
        try:
            return str(self._signer.loads(token))
        except BadSignature:
            return None

    def take(self, name: str, content: bytes) -> File:
        """A file that an agent wants to send. Raises Refused."""
        if len(content) > BYTES:
            raise Refused("file_size")
        kind = content_type(content) if content else None
        if kind is None:
            raise Refused("file_kind")
        file_id = str(uuid4())
        return File(file_id, safe_name(name), kind, content, self.path(file_id))


def safe_name(name: str) -> str:
    """A name of a file that no system trips over."""
    plain = NOT_IN_NAMES.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" ._")
    return plain[-LONGEST_NAME:] or "file"
