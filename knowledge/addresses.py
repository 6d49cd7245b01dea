"""The addresses of the help centre's pages: paths on this installation."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlencode


def home_path(locale: str) -> str:
    return f"/help/{quote(locale)}/"


def category_path(locale: str, key: str) -> str:
    return f"/help/{quote(locale)}/categories/{quote(key)}"


def article_path(locale: str, article_id: str) -> str:
    return f"/help/{quote(locale)}/articles/{quote(article_id)}"


def article_at(path: str) -> str | None:
    """The id of the article whose page has this path, in whatever language; None if it is another page's."""
    found = re.match(r"/help/[^/]+/articles/([^?#]+)", path)
    return unquote(found[1]) if found else None


def inside_path(locale: str, article_id: str) -> str:
    """Where those who work here read an article, one for staff alone too."""
    return f"/desk/articles/{quote(locale)}/{quote(article_id)}"


def feedback_path(locale: str, article_id: str) -> str:
    return f"/help/{quote(locale)}/feedback/{quote(article_id)}"


def search_path(locale: str, query: str = "") -> str:
    return f"/help/{quote(locale)}/search" + (f"?{urlencode({'q': query})}" if query else "")


def suggest_path(locale: str) -> str:
    return f"/help/{quote(locale)}/suggest"


def feed_path(locale: str) -> str:
    return f"/help/{quote(locale)}/feed.xml"


def picture_path(file: str) -> str:
    """`file`: a picture's SHA-256 and its kind, such as `9f86….png`."""
    return f"/help/pictures/{quote(file)}"


def chat_path(locale: str, question: str = "") -> str:
    return "/chat?" + urlencode({"locale": locale} | ({"q": question} if question else {}))
