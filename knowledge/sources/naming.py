"""Names made from what other systems call a thing: plain, and the same whenever it is imported."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from knowledge.articles import ID_LENGTH
from knowledge.categories import NAME_LENGTH, Category, CategoryText
from knowledge.locales import known_locale

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
KEY_LENGTH = 64
ENDINGS = re.compile(r"\.(html?|php|aspx?|jsp)$")
LOCALE = re.compile(r"[a-z]{2}([-_][a-z]{2})?")
ZENDESK = re.compile(r"/hc/(?:[a-z-]+/)?articles/(\d+)", re.IGNORECASE)
INTERCOM = re.compile(r"/articles/(\d+)(?:-|$)")
"""Both systems find an article by its number, whatever stands behind it."""


def slug(text: str) -> str:
    """Small letters, digits and single hyphens; empty for what has none of them."""
    spelled = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).lower().translate(GERMAN))
    return re.sub(r"[^a-z0-9]+", "-", spelled.encode("ascii", "ignore").decode()).strip("-")


def category_key(name: str) -> str:
    return slug(name)[:KEY_LENGTH].strip("-")


def category_named(key: str, names: dict[str, str]) -> Category:
    """`names`: by locale."""
    told = {locale: CategoryText(" ".join(name.split())[:NAME_LENGTH]) for locale, name in names.items() if name}
    return Category(key, texts=told)


def id_of_page(url: str) -> str:
    """The id of an article by its page's address, the same for all languages if they differ in `/en/` and `/de/`."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if number := id_by_number(path):
        return number
    segments = [ENDINGS.sub("", one.lower()) for one in path.split("/")]
    plain = [name for one in segments if (name := slug(one)) and not _is_language(one)]
    if parts.query:
        plain.append(slug(unquote(parts.query)))
    return "/".join(plain)[:ID_LENGTH].strip("/-") or "home"


def id_by_number(path: str) -> str:
    """As an export of Zendesk or Intercom names the article that was at a path; empty: it was of neither."""
    if found := ZENDESK.search(path):
        return f"zendesk-{found[1]}"
    found = INTERCOM.search(path)
    return f"intercom-{found[1]}" if found else ""


def locale_in(url: str) -> str | None:
    """The language that an address names in its path."""
    segments = urlsplit(url).path.lower().split("/")
    return next((known_locale(one) for one in segments if _is_language(one)), None)


def _is_language(segment: str) -> bool:
    return bool(LOCALE.fullmatch(segment)) and known_locale(segment) is not None
