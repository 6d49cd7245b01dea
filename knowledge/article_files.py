"""An article as a file: YAML front matter, then Markdown; and the fields of either that are taken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from knowledge.article_text import SHORT_ANSWER_LENGTH, ArticleError, ArticleText, checked
from knowledge.markdown import blocks
from knowledge.plain_yaml import check_plain

LINES = ("id", "locale", "title", "short_answer", "category")
LISTS = ("tags", "questions", "aliases", "must_answer", "must_not_answer")
FLAGS = ("internal",)
DRAFT = "draft"
"""In a file: what customers shall not see yet."""
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
ENOUGH_CHARACTERS = 80
"""A derived short answer goes on to the next paragraph until it has so many."""
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")

_front_matter = YAMLHandler()


def parse(text: str) -> ArticleText:
    """The article in a file's text; raises ArticleError."""
    return parse_file(text)[0]


def parse_file(text: str) -> tuple[ArticleText, bool]:
    """The article, and whether it is a draft; raises ArticleError."""
    fields = _fields(text)
    is_draft = _flag(fields, DRAFT)
    return article_of({key: value for key, value in fields.items() if key != DRAFT}), is_draft


def _fields(text: str) -> dict[str, Any]:
    if not _front_matter.detect(text):
        raise ArticleError(
            "There is no front matter: the file must begin with a line ---, YAML, and a line ---.",
            "Es fehlt der Kopf: Die Datei muss mit einer Zeile ---, YAML und einer Zeile --- beginnen.",
        )
    try:
        yaml_text, body = _front_matter.split(text)
    except ValueError:
        raise ArticleError(
            "The front matter is not closed by a line ---.", "Der Kopf endet nicht mit einer Zeile ---."
        ) from None
    try:
        check_plain(yaml_text)
        fields = _front_matter.load(yaml_text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = _first_words(error)
        raise ArticleError(f"The front matter is not YAML: {reason}.", f"Der Kopf ist kein YAML: {reason}.") from None
    if not isinstance(fields, dict):
        raise ArticleError(
            "The front matter must be keys with values, such as id: return-an-item.",
            "Im Kopf müssen Schlüssel mit Werten stehen, etwa id: return-an-item.",
        )
    return {**fields, "body": body}


def article_of(fields: Mapping[str, Any], category: str | None = None) -> ArticleText:
    """An article from named values; raises ArticleError. `category`: for those that have none of their own."""
    for key in fields:
        if key not in (*LINES, *LISTS, *FLAGS, "body"):
            known = ", ".join((*LINES, *LISTS, *FLAGS))
            raise ArticleError(
                f"The key {str(key)[:40]!r} is not known; known are {known}.",
                f"Der Schlüssel „{str(key)[:40]}“ ist nicht bekannt; bekannt sind {known}.",
            )
    body = _text(fields, "body")
    title = _text(fields, "title")
    return checked(
        id=_text(fields, "id"),
        locale=_text(fields, "locale"),
        title=title,
        short_answer=_text(fields, "short_answer") or derived_short_answer(body) or title,
        body=body,
        category=_text(fields, "category") or category or "",
        tags=_texts(fields, "tags"),
        questions=_texts(fields, "questions"),
        aliases=_texts(fields, "aliases"),
        internal=_flag(fields, "internal"),
        must_answer=_texts(fields, "must_answer"),
        must_not_answer=_texts(fields, "must_not_answer"),
    )


def derived_short_answer(body: str) -> str:
    """The first sentences of a body, as many as a short answer may hold; empty for an empty body."""
    answer = ""
    for block in blocks(body):
        if block.heading_level:
            continue
        for sentence in SENTENCE_END.split(" ".join(block.text.split())):
            if len(answer) + 1 + len(sentence) > SHORT_ANSWER_LENGTH:
                return answer or sentence[: SHORT_ANSWER_LENGTH - 1].rsplit(" ", 1)[0] + "…"
            answer = f"{answer} {sentence}".strip()
        if len(answer) >= ENOUGH_CHARACTERS:
            break
    return answer


def render(text: ArticleText, *, is_draft: bool = False) -> str:
    """What `parse_file` reads the same article from; the same article is always the same text."""
    fields: dict[str, object] = {key: getattr(text, key) for key in LINES}
    fields |= {key: list(getattr(text, key)) for key in LISTS if getattr(text, key)}
    fields |= {key: True for key in FLAGS if getattr(text, key)}
    fields |= {DRAFT: True} if is_draft else {}
    front_matter = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=10**6)
    return f"---\n{front_matter}---\n\n{text.body}\n" if text.body else f"---\n{front_matter}---\n"


def path_of(text: ArticleText) -> PurePosixPath:
    """Where an article lies in a folder of articles; of an id that is no file name, a part and its hash."""
    name = text.id
    if not PLAIN_NAME.fullmatch(name):
        part = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
        name = f"{part}-{hashlib.sha256(text.id.encode()).hexdigest()[:12]}".lstrip("-")
    return PurePosixPath(text.locale, text.category, f"{name}.md")


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ArticleError(
            f"The {_spoken(key)} must be text; put it in quotes.",
            f"Der Wert von {key} muss Text sein; setzen Sie ihn in Anführungszeichen.",
        )
    return value


def _texts(fields: Mapping[str, Any], key: str) -> list[str]:
    values = fields.get(key)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ArticleError(
            f"The {_spoken(key)} must be a list of texts; put each in quotes.",
            f"Der Wert von {key} muss eine Liste von Texten sein; setzen Sie jeden in Anführungszeichen.",
        )
    return values


def _flag(fields: Mapping[str, Any], key: str) -> bool:
    value = fields.get(key)
    if value is not None and not isinstance(value, bool):
        raise ArticleError(
            f"The key {_spoken(key)} must be true or false.", f"Der Schlüssel {key} muss true oder false sein."
        )
    return bool(value)


def _spoken(key: str) -> str:
    return key.replace("_", " ")


def _first_words(error: Exception) -> str:
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1})" if mark else ""
    return f"{' '.join(str(problem).split())[:120]}{where}"
