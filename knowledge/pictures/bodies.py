"""The pictures that stand in Markdown: which they are, what they are called there, and other names for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import urlsplit

from markdown_it.token import Token

from knowledge.markdown import PARSER

SCHEME = "picture:"
"""In a stored body, `![alt](picture:9f86….png)` shows the picture with this SHA-256."""
STORED = re.compile(r"([0-9a-f]{64})\.(png|jpg|gif|webp)")
NAMED = re.compile(rf"{SCHEME}({STORED.pattern})")
DESTINATION = re.compile(r"(\]\(\s*)(?:<([^<>\n]*)>|([^\s<>()]+))(?=[\s)])")
"""Of a link or picture as Markdown writes it; parentheses within need the form in angle brackets."""


def stored_pictures(body: str) -> Iterator[str]:
    """The SHA-256 of each stored picture that a body shows."""
    for source in _sources(body):
        if source.startswith(SCHEME) and (found := STORED.fullmatch(source.removeprefix(SCHEME))):
            yield found[1]


def named_pictures(body: str) -> set[str]:
    """Those that a body names in whatever way, by `sha256.kind`; quick, without reading the Markdown."""
    return {found[1] for found in NAMED.finditer(body)} if SCHEME in body else set()


def without_alternative(body: str) -> list[str]:
    """The pictures that say nothing to whoever can't see them, by `sha256.kind`."""
    silent = [image for image in _images(body) if not "".join(child.content for child in image.children or []).strip()]
    sources = (str(image.attrGet("src") or "") for image in silent)
    return [source.removeprefix(SCHEME) for source in sources if source.startswith(SCHEME)]


def relative_pictures(body: str) -> list[str]:
    return list(dict.fromkeys(source for source in _sources(body) if _is_relative(source)))


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
    return (str(image.attrGet("src") or "") for image in _images(body))


def _images(body: str) -> Iterator[Token]:
    if "![" not in body:
        return
    for token in PARSER.parse(body):
        yield from (child for child in token.children or [] if child.type == "image")


def _is_relative(source: str) -> bool:
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc and not parts.path.startswith("/")
