"""Pictures that lie beside the files of articles: checked, and kept when the articles are taken in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError
from knowledge.pictures.bare import ORIENTATION, bare
from knowledge.pictures.bodies import SCHEME, relative_pictures, rewritten
from knowledge.pictures.kept import HASH_IN_NAME, KINDS, NAME_LENGTH, PictureStore, Size

BYTES = 2_000_000
SIDE = 10_000
"""Pixels; what unpacks to more than a screen can show is an attack or a mistake."""


@dataclass(frozen=True)
class PictureFile:
    """A picture beside an article's file, checked."""

    path: Path
    sha256: str
    """Of what is kept of it: without what it says about whoever took it."""
    kind: str
    width: int
    height: int

    @property
    def stored_name(self) -> str:
        return f"{self.sha256}.{self.kind}"


def take_pictures(body: str, folder: Path, inside: Path) -> tuple[str, tuple[PictureFile, ...]]:
    """A body in which relative picture paths are those of stored pictures, and the pictures.

    Raises ArticleError if one is missing, bad, or outside of `inside` (resolved).
    """
    found = {path: check_picture(folder / unquote(path), path, inside) for path in relative_pictures(body)}
    if not found:
        return body, ()
    changed = rewritten(body, lambda path: f"{SCHEME}{found[path].stored_name}" if path in found else path)
    if left := next(iter(relative_pictures(changed)), None):
        raise _wrong(
            left,
            "must be written as ![what is seen](path), in one line.",
            "muss als ![was man sieht](Pfad) in einer Zeile stehen.",
        )
    return changed, tuple(dict.fromkeys(found.values()))


def check_picture(path: Path, named: str, inside: Path) -> PictureFile:
    """Raises ArticleError, with the picture as the article names it."""
    try:
        # A link could show the importing person's other files to every customer.
        if not path.resolve(strict=True).is_relative_to(inside):
            raise _wrong(named, "is outside the folder.", "liegt außerhalb des Ordners.")
        if not path.is_file():
            raise _wrong(named, "is no file.", "ist keine Datei.")
        with path.open("rb") as file:
            content = file.read(BYTES + 1)
    except (OSError, RuntimeError, ValueError):
        raise _wrong(named, "is not there or can't be read.", "fehlt oder lässt sich nicht lesen.") from None
    if len(content) > BYTES:
        most = f"{BYTES // 1_000_000} MB"
        raise _wrong(named, f"is larger than {most}.", f"ist größer als {most}.")
    content = _bare(content, named)
    kind, size = _looked_into(content, named)
    return PictureFile(path, hashlib.sha256(content).hexdigest(), kind, size.width, size.height)


def store_picture(session: Session, picture: PictureFile, store: PictureStore | None = None) -> None:
    """Keeps a picture. Raises ArticleError if the file isn't any more what was checked."""
    content = _bare(picture.path.read_bytes(), picture.path.name)
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        raise _wrong(picture.path.name, "was changed while it was imported.", "hat sich beim Import geändert.")
    size = Size(picture.width, picture.height)
    (store or PictureStore()).keep(session, content, picture.kind, size, _plain_name(picture))


def _bare(content: bytes, named: str) -> bytes:
    try:
        return bare(content)
    except ValueError:
        raise _wrong(named, "is damaged.", "ist beschädigt.") from None


def _looked_into(content: bytes, named: str) -> tuple[str, Size]:
    try:
        with _opened(content) as image:
            if max(image.size) > SIDE:
                raise _too_large(named)
            image.verify()
        with _opened(content) as image:  # Once verified, it can't be read any further.
            width, height = image.size
            is_on_its_side = image.getexif().get(ORIENTATION, 1) >= 5
            kind = KINDS[str(image.format)]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(named) from None
    except UnidentifiedImageError:
        raise _wrong(named, "is not a PNG, JPEG, GIF or WebP.", "ist kein PNG, JPEG, GIF oder WebP.") from None
    except (OSError, ValueError, SyntaxError, KeyError, EOFError):
        raise _wrong(named, "is damaged.", "ist beschädigt.") from None
    return kind, Size(height, width) if is_on_its_side else Size(width, height)


def _wrong(named: str, english: str, german: str) -> ArticleError:
    return ArticleError(f"The picture {named[:80]!r} {english}", f"Das Bild „{named[:80]}“ {german}")


def _too_large(named: str) -> ArticleError:
    return _wrong(named, f"is larger than {SIDE} pixels.", f"ist größer als {SIDE} Bildpunkte.")


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=list(KINDS))


def plain_name(file_name: str) -> str:
    """What a picture is called, after the name of a file, whatever that says."""
    stem = PurePosixPath(file_name).stem
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[: NAME_LENGTH - 20].strip("-") or "picture"


def _plain_name(picture: PictureFile) -> str:
    path = picture.path
    return plain_name(path.stem.removesuffix(f"-{picture.sha256[:HASH_IN_NAME]}") + path.suffix)
