"""The pictures of articles: checked and kept with us, so that no reader's browser has to ask another site for them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from PIL import Image, UnidentifiedImageError
from sqlalchemy import Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session

from db import Base, column
from knowledge.article_text import ArticleError
from knowledge.markdown import PARSER

SCHEME = "picture:"
"""In a stored body, `![alt](picture:9f86….png)` shows the picture with this SHA-256."""
KINDS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
BYTES = 2_000_000
SIDE = 10_000
"""Pixels; what unpacks to more than a screen can show is an attack or a mistake."""
NAME_LENGTH = 80
HASH_IN_NAME = 12
STORED = re.compile(r"([0-9a-f]{64})\.(png|jpg|gif|webp)")
DESTINATION = re.compile(r"(\]\(\s*)(?:<([^<>\n]*)>|([^\s<>()]+))(?=[\s)])")
"""Of a link or picture as Markdown writes it; parentheses within need the form in angle brackets."""
ORIENTATION = 0x0112
"""The EXIF tag that says how a camera was held (EXIF 2.32, section 4.6.4): from 5 on, on its side."""


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
    content: Mapped[bytes] = column(LargeBinary)


@dataclass(frozen=True)
class PictureFile:
    """A picture beside an article's file, checked."""

    path: Path
    sha256: str
    kind: str
    width: int
    height: int

    @property
    def stored_name(self) -> str:
        return f"{self.sha256}.{self.kind}"


@dataclass(frozen=True)
class Size:
    """Pixels."""

    width: int
    height: int


def take_pictures(body: str, folder: Path, inside: Path) -> tuple[str, tuple[PictureFile, ...]]:
    """A body in which relative picture paths are those of stored pictures, and the pictures.

    Raises ArticleError if one is missing, bad, or outside of `inside` (resolved).
    """
    found = {path: check_picture(folder / unquote(path), path, inside) for path in _relative_pictures(body)}
    if not found:
        return body, ()
    changed = rewritten(body, lambda path: f"{SCHEME}{found[path].stored_name}" if path in found else path)
    if left := next(iter(_relative_pictures(changed)), None):
        raise ArticleError(f"The picture {left[:80]!r} must be written as ![what is seen](path), in one line.")
    return changed, tuple(dict.fromkeys(found.values()))


def check_picture(path: Path, named: str, inside: Path) -> PictureFile:
    """Raises ArticleError, with the picture as the article names it."""
    said = f"The picture {named[:80]!r}"
    try:
        # A link could show the importing person's other files to every customer.
        if not path.resolve(strict=True).is_relative_to(inside):
            raise ArticleError(f"{said} is outside the folder.")
        if not path.is_file():
            raise ArticleError(f"{said} is no file.")
        with path.open("rb") as file:
            content = file.read(BYTES + 1)
    except (OSError, RuntimeError, ValueError):
        raise ArticleError(f"{said} is not there or can't be read.") from None
    if len(content) > BYTES:
        raise ArticleError(f"{said} is larger than {BYTES // 1_000_000} MB.")
    kind, size = _looked_into(content, said)
    return PictureFile(path, hashlib.sha256(content).hexdigest(), kind, size.width, size.height)


def store_picture(session: Session, picture: PictureFile) -> None:
    """Keeps a picture that is not kept yet. Raises ArticleError if the file isn't any more what was checked."""
    if session.get(Picture, picture.sha256) is not None:
        return
    content = picture.path.read_bytes()
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        raise ArticleError(f"The picture {picture.path.name!r} was changed while it was imported.")
    session.add(
        Picture(
            sha256=picture.sha256,
            kind=picture.kind,
            width=picture.width,
            height=picture.height,
            name=_plain_name(picture),
            content=content,
        )
    )


def sizes_of(session: Session, body: str) -> dict[str, Size]:
    """The sizes of the stored pictures that a body names, by `sha256.kind`."""
    named = {f"{sha}.{kind}" for sha, kind in STORED.findall(body)} if SCHEME in body else set()
    if not named:
        return {}
    query = select(Picture.sha256, Picture.kind, Picture.width, Picture.height)
    rows = session.execute(query.where(Picture.sha256.in_({name.partition(".")[0] for name in named})))
    return {f"{row.sha256}.{row.kind}": Size(row.width, row.height) for row in rows}


def exported_name(picture: Picture) -> str:
    """Like `basket-9f86d081884c.png`: no two pictures have the same, and it stays when it is imported again."""
    return f"{picture.name}-{picture.sha256[:HASH_IN_NAME]}.{picture.kind}"


def stored_pictures(body: str) -> Iterator[str]:
    """The SHA-256 of each stored picture that a body shows."""
    for source in _sources(body):
        if source.startswith(SCHEME) and (found := STORED.fullmatch(source.removeprefix(SCHEME))):
            yield found[1]


def rewritten(body: str, change: Callable[[str], str]) -> str:
    """A body with the destinations of its links and pictures changed; code stays as it is."""
    lines = body.split("\n")
    for at in _lines_with_pictures(body):
        lines[at] = DESTINATION.sub(lambda found: found[1] + _changed(found, change), lines[at])
    return "\n".join(lines)


def _changed(found: re.Match[str], change: Callable[[str], str]) -> str:
    written = found[2] if found[3] is None else found[3]
    path = PARSER.normalizeLink(written)
    new = change(path)
    return found[0][len(found[1]) :] if new == path else new


def _lines_with_pictures(body: str) -> Collection[int]:
    inlines = [token for token in PARSER.parse(body) if token.type == "inline" and token.map]
    with_pictures = [token for token in inlines if any(child.type == "image" for child in token.children or [])]
    return sorted({line for token in with_pictures for line in range(*(token.map or (0, 0)))})


def _sources(body: str) -> Iterator[str]:
    if "![" not in body:
        return
    for token in PARSER.parse(body):
        for child in token.children or []:
            if child.type == "image":
                yield str(child.attrGet("src") or "")


def _relative_pictures(body: str) -> list[str]:
    return list(dict.fromkeys(source for source in _sources(body) if _is_relative(source)))


def _is_relative(source: str) -> bool:
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc and not parts.path.startswith("/")


def _looked_into(content: bytes, said: str) -> tuple[str, Size]:
    try:
        with _opened(content) as image:
            if max(image.size) > SIDE:
                raise ArticleError(f"{said} is larger than {SIDE} pixels.")
            image.verify()
        with _opened(content) as image:  # Once verified, it can't be read any further.
            width, height = image.size
            is_on_its_side = image.getexif().get(ORIENTATION, 1) >= 5
            kind = KINDS[str(image.format)]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ArticleError(f"{said} is larger than {SIDE} pixels.") from None
    except UnidentifiedImageError:
        raise ArticleError(f"{said} is not a PNG, JPEG, GIF or WebP.") from None
    except (OSError, ValueError, SyntaxError, KeyError, EOFError):
        raise ArticleError(f"{said} is damaged.") from None
    return kind, Size(height, width) if is_on_its_side else Size(width, height)


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=list(KINDS))


def _plain_name(picture: PictureFile) -> str:
    stem = PurePosixPath(picture.path.name).stem.removesuffix(f"-{picture.sha256[:HASH_IN_NAME]}")
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[: NAME_LENGTH - 20] or "picture"
