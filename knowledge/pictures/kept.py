"""Where pictures are kept: a row for each, its content in the database or, by a setting, in a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import structlog
from sqlalchemy import Integer, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column, lock
from knowledge.pictures.bodies import named_pictures
from knowledge.rows import insert_new

log = structlog.get_logger(__name__)

KINDS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
"""By Pillow's names."""
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
NOTHING_RUNS = "default-src 'none'; sandbox"
"""The policy with which a picture is served: it is opened by itself, too."""
NAME_LENGTH = 80
HASH_IN_NAME = 12


class Picture(Base):
    """A picture that articles show, known by what is in it."""

    __tablename__ = "picture"

    sha256: Mapped[str] = column(String(64), primary_key=True)
    kind: Mapped[str] = column(String(4))
    """`png`, `jpg`, `gif` or `webp`."""
    width: Mapped[int] = column(Integer)
    height: Mapped[int] = column(Integer)
    """Pixels, as it is shown."""
    name: Mapped[str] = column(String(NAME_LENGTH))
    """Of the file it came from, without what stands after the dot."""
    content: Mapped[bytes | None] = column(LargeBinary, nullable=True)
    """None: it lies in the folder."""
    unused_since: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Since when no draft and no revision is known to show it; None: one does, or nobody has looked yet."""

    @property
    def stored_name(self) -> str:
        return f"{self.sha256}.{self.kind}"


@dataclass(frozen=True)
class Size:
    """Pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class PictureStore:
    """Several processes may share the folder: a file is there whole or not at all, and never changes."""

    folder: Path | None = None
    """None: the database keeps the content."""

    def keep(
        self, session: Session, content: bytes, kind: str, size: Size, name: str, now: datetime | None = None
    ) -> str:
        """Keeps a picture that is not kept yet; its name, `sha256.kind`. `now`: no article shows it yet."""
        sha256 = hashlib.sha256(content).hexdigest()
        values = {"kind": kind, "width": size.width, "height": size.height, "name": name, "unused_since": now}
        lock_pictures(session)
        insert_new(session, Picture, [{"sha256": sha256, "content": None if self.folder else content} | values])
        self._want(session, sha256, now)
        if self.folder and session.scalar(select(Picture.content.is_(None)).filter_by(sha256=sha256)):
            _write(self._path(f"{sha256}.{kind}"), content)
        return f"{sha256}.{kind}"

    def _want(self, session: Session, sha256: str, now: datetime | None) -> None:
        """One that was not used is wanted again."""
        unused = update(Picture).where(Picture.sha256 == sha256, Picture.unused_since.is_not(None))
        session.execute(unused.values(unused_since=now).execution_options(synchronize_session=False))

    def content(self, session: Session, sha256: str, kind: str) -> bytes | None:
        """None if it isn't kept, or its file is gone."""
        row = session.execute(select(Picture.content).filter_by(sha256=sha256, kind=kind)).one_or_none()
        if row is None:
            return None
        return row.content if row.content is not None else self._read(f"{sha256}.{kind}")

    def remove(self, session: Session, pictures: Iterable[Picture]) -> None:
        """The files go before the lock does: whoever brings the same picture waits, and then writes it anew."""
        for picture in pictures:
            session.delete(picture)
            session.flush()
            if self.folder:
                self._path(picture.stored_name).unlink(missing_ok=True)

    def _read(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes() if self.folder else None
        except OSError as error:
            log.warning("picture_file_unreadable", picture=name, reason=error.strerror)
            return None

    def _path(self, name: str) -> Path:
        if self.folder is None:
            raise ValueError("There is no folder.")
        return self.folder / name[:2] / name


def lock_pictures(session: Session) -> None:
    """Nobody brings a picture while somebody removes it."""
    lock(session, "pictures")


def sizes_of(session: Session, body: str) -> dict[str, Size]:
    """The sizes of the stored pictures that a body names, by `sha256.kind`."""
    named = named_pictures(body)
    if not named:
        return {}
    query = select(Picture.sha256, Picture.kind, Picture.width, Picture.height)
    rows = session.execute(query.where(Picture.sha256.in_({name.partition(".")[0] for name in named})))
    return {f"{row.sha256}.{row.kind}": Size(row.width, row.height) for row in rows}


def exported_name(picture: Picture) -> str:
    """Like `basket-9f86d081884c.png`: no two pictures have the same, and it stays when it is imported again."""
    return f"{picture.name}-{picture.sha256[:HASH_IN_NAME]}.{picture.kind}"


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
