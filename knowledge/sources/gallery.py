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
from knowledge.pictures import PictureFile
from knowledge.pictures.beside_files import plain_name
from knowledge.pictures.kept import HASH_IN_NAME
from knowledge.pictures.taking import BROUGHT_BYTES, NotTaken, take
from knowledge.sources.fetching import Fetcher
from knowledge.sources.files import bytes_of

DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp")
REFUSED = {
    "no_picture": ("it is not a PNG, JPEG, GIF or WebP.", "es ist kein PNG, JPEG, GIF oder WebP."),
    "svg": ("it is an SVG, which can hold programs.", "es ist ein SVG, das Programme enthalten kann."),
    "damaged": ("it is damaged.", "es ist beschädigt."),
    "too_many_bytes": ("it is larger than 15 MB.", "es ist größer als 15 MB."),
    "too_many_pixels": ("it has more than 64 million pixels.", "es hat mehr als 64 Millionen Bildpunkte."),
    "too_long": ("it is too long an animation.", "es ist eine zu lange Animation."),
    "too_heavy": ("it is too heavy.", "es ist zu schwer."),
}


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
            return self._kept(bytes_of(file, self._beside.resolve(), BROUGHT_BYTES), file.name)
        fetched = self._fetcher.fetch(source, ("image/", "application/octet-stream", "binary/"), BROUGHT_BYTES)
        return self._kept(fetched.content, PurePosixPath(unquote(urlsplit(source).path)).name)

    def _kept(self, content: bytes, name: str) -> PictureFile:
        try:
            taken = take(content)
        except NotTaken as refused:
            raise ArticleError(*REFUSED.get(refused.reason, REFUSED["no_picture"])) from None
        sha256 = hashlib.sha256(taken.content).hexdigest()
        file = self._folder / f"{plain_name(name)}-{sha256[:HASH_IN_NAME]}.{taken.kind}"
        file.write_bytes(taken.content)
        return PictureFile(file, sha256, taken.kind, taken.size.width, taken.size.height)

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


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a.lower() != b.lower()), min(len(one), len(other)))
