"""The pictures of articles that come as HTML: taken from the archive, from the address itself, or from the web."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from knowledge.article_text import ArticleError
from knowledge.fetching import Fetcher
from knowledge.pictures import BYTES, PictureFile, check_picture

DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp")
NAME = re.compile(r"[^a-zA-Z0-9._-]+")


class Gallery:
    """One for an import."""

    def __init__(self, folder: Path, fetcher: Fetcher, beside: Path | None = None) -> None:
        """`folder` is where pictures are put that come from elsewhere; `beside`, the archive's, if there is one."""
        self._folder = folder
        self._fetcher = fetcher
        self._beside = beside
        self._taken: dict[str, PictureFile | ArticleError] = {}

    def take(self, source: str) -> PictureFile:
        """The picture at an address, checked; raises ArticleError."""
        key = source if len(source) < 2_000 else hashlib.sha256(source.encode(errors="replace")).hexdigest()
        if key not in self._taken:
            self._taken[key] = self._tried(source)
        taken = self._taken[key]
        if isinstance(taken, ArticleError):
            raise taken
        return taken

    def _tried(self, source: str) -> PictureFile | ArticleError:
        try:
            return self._looked_for(source)
        except ArticleError as error:
            return error

    def _looked_for(self, source: str) -> PictureFile:
        if found := DATA.match(source):
            return self._kept(_unpacked(source[found.end() :]), "picture")
        if self._beside and (file := self._in_archive(source)):
            return check_picture(file, file.name, self._beside.resolve())
        fetched = self._fetcher.fetch(source, ("image/", "application/octet-stream", "binary/"), BYTES)
        return self._kept(fetched.content, PurePosixPath(unquote(urlsplit(source).path)).name)

    def _kept(self, content: bytes, name: str) -> PictureFile:
        file = self._folder / f"{hashlib.sha256(content).hexdigest()}-{NAME.sub('-', name)[-60:]}"
        file.write_bytes(content)
        picture = check_picture(file, name or "picture", self._folder.resolve())
        named = file.with_name(f"{NAME.sub('-', PurePosixPath(name).stem)[:60] or 'picture'}-{picture.sha256[:12]}")
        return _renamed(picture, file.rename(named))

    def _in_archive(self, source: str) -> Path | None:
        """The file whose path has most of an address's end."""
        parts = PurePosixPath(unquote(urlsplit(source).path)).parts
        candidates = self._by_name.get(parts[-1].lower(), ()) if parts else ()
        return max(candidates, key=lambda file: _in_common(file.parts, parts), default=None)

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Path]]:
        files = defaultdict(list)
        for file in sorted(self._beside.rglob("*")) if self._beside else ():
            if file.suffix.lower() in KINDS:
                files[file.name.lower()].append(file)
        return files


def _unpacked(written: str) -> bytes:
    try:
        return base64.b64decode(unquote(written), validate=False)
    except (binascii.Error, ValueError):
        raise ArticleError("A picture within the text is damaged.", "Ein Bild im Text ist beschädigt.") from None


def _renamed(picture: PictureFile, path: Path) -> PictureFile:
    return PictureFile(path, picture.sha256, picture.kind, picture.width, picture.height)


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a.lower() != b.lower()), min(len(one), len(other)))
