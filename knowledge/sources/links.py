"""Links between articles of one source: where they led to pages, they lead to articles by id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from knowledge.article_text import ALIAS_LENGTH
from knowledge.linking import SCHEME as ARTICLE_SCHEME
from knowledge.markdown import PARSER
from knowledge.pictures.bodies import DESTINATION
from knowledge.sources.naming import id_by_number

ALIAS = re.compile(r"/[^\s?#\\]*[^\s?#\\/][^\s?#\\]*")


@dataclass(frozen=True)
class Pages:
    """The articles of a source by the addresses of their pages."""

    by_name: Mapping[str, str]
    """Ids, by `page_name`."""
    ids: frozenset[str] = frozenset()
    """Also of those whose address is not known."""

    def link(self, href: str, base: str) -> str:
        """As it stands in an article: by id, or the whole address."""
        if href.startswith("#"):
            return href
        try:
            whole = urljoin(base, href.strip())
            found = self._id(whole)
        except ValueError:
            return ""
        return f"{ARTICLE_SCHEME}{quote(found)}" if found else whole

    def _id(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return ""
        by_number = id_by_number(unquote(parts.path))
        return self.by_name.get(page_name(url), "") or (by_number if by_number in self.ids else "")


def page_name(url: str) -> str:
    """Of an address what tells one page from another."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path).rstrip('/')}{query}"


def alias_of(url: str) -> list[str]:
    """The path of an old address, if one can lead from there to the article."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    fits = ALIAS.fullmatch(path) and not path.startswith("//") and len(path) <= ALIAS_LENGTH and path.isprintable()
    return [path] if fits and not parts.query else []


def relinked(body: str, change: Callable[[str], str]) -> str:
    """A Markdown body with the destinations of its links changed; blocks of code stay as they are."""
    if "](" not in body:
        return body
    lines = body.split("\n")
    for token in PARSER.parse(body):
        if token.type == "inline" and token.map and any(one.type == "link_open" for one in token.children or []):
            for at in range(*token.map):
                lines[at] = DESTINATION.sub(lambda found: _changed(found, change), lines[at])
    return "\n".join(lines)


def _changed(found: re.Match[str], change: Callable[[str], str]) -> str:
    written = found[2] if found[3] is None else found[3]
    new = change(written)
    return found[0] if new == written else f"{found[1]}{new}"
