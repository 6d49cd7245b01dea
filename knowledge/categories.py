"""The categories of the help centre: their order, icons, names and descriptions, as stored and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from sqlalchemy import JSON, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session

from db import Base, column
from knowledge.article_text import CATEGORY, CONTROL, ArticleError
from knowledge.locales import LOCALES
from knowledge.plain_yaml import check_plain
from knowledge.publishing import count_on

FILE_NAME = "categories.yml"
KEY_LENGTH = 64
NAME_LENGTH = 60
DESCRIPTION_LENGTH = 200
CATEGORIES = 200
GERMAN = {"name": "Der Name", "description": "Die Beschreibung"}
ICONS = (
    "book-open", "box", "briefcase", "building-2", "calendar", "chart-line", "circle-help", "circle-user-round", "code",
    "coffee", "credit-card", "file-text", "gift", "globe", "graduation-cap", "heart", "house", "key-round", "leaf",
    "life-buoy", "lock", "mail", "map-pin", "package", "percent", "phone", "plug", "receipt", "repeat", "rocket",
    "scale", "settings", "shield-check", "shopping-bag", "smartphone", "sparkles", "star", "store", "tag", "truck",
    "undo-2", "users", "wallet", "wrench",
)  # fmt: skip
"""Those that are in app/static/look/icons.svg for this purpose."""
NO_ICON = "file-text"
"""Of a category without an entry."""


class CategoryRow(Base):
    """A category as its entry says; articles name it by its key, whether it has an entry or not."""

    __tablename__ = "help_category"

    key: Mapped[str] = column(String(64), primary_key=True)
    position: Mapped[int] = column(Integer)
    """0, 1, 2 … in the order in which customers see them."""
    icon: Mapped[str] = column(String(64))
    """One of `ICONS`."""
    texts: Mapped[dict[str, dict[str, str]]] = column(JSON)
    """By locale, `name` and, if there is one, `description`."""


@dataclass(frozen=True)
class CategoryText:
    name: str
    description: str = ""


@dataclass(frozen=True)
class Category:
    key: str
    icon: str = NO_ICON
    texts: dict[str, CategoryText] = field(default_factory=dict)
    """By locale."""

    def name(self, locale: str) -> str:
        """As the entry says; where it says nothing, made from the key."""
        text = self.texts.get(locale)
        return text.name if text else self.key.replace("-", " ").capitalize()

    def description(self, locale: str) -> str:
        text = self.texts.get(locale)
        return text.description if text else ""


def stored_categories(session: Session) -> list[Category]:
    """In their order."""
    rows = session.scalars(select(CategoryRow).order_by(CategoryRow.position))
    return [
        Category(row.key, row.icon, {locale: CategoryText(**text) for locale, text in row.texts.items()})
        for row in rows
    ]


def store_categories(session: Session, categories: Sequence[Category]) -> None:
    """Makes these the categories that have an entry, in this order."""
    count_on(session)  # Every process looks at the counter, and makes its pages anew.
    session.execute(delete(CategoryRow))
    session.add_all(
        CategoryRow(key=one.key, position=position, icon=one.icon, texts=_texts(one))
        for position, one in enumerate(categories)
    )


def parse_categories(text: str) -> list[Category]:
    """The categories in a file's text; raises ArticleError with the first thing that is wrong."""
    try:
        check_plain(text)
        entries = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ArticleError(f"It is not YAML: {' '.join(str(error).split())[:120]}.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ArticleError("It must be a list of categories, each with key, icon and a name in each language.")
    if len(entries) > CATEGORIES:
        raise ArticleError(f"There are {len(entries)} categories; at most {CATEGORIES} are allowed.")
    categories = [_category(entry) for entry in entries]
    keys = [category.key for category in categories]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise ArticleError(f"The category {twice!r} is there twice.")
    return categories


def render_categories(categories: Sequence[Category]) -> str:
    """What `parse_categories` reads the same from; the same categories are always the same text."""
    entries = [{"key": one.key, "icon": one.icon, **_texts(one)} for one in categories]
    return yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=10**6)


def checked_category(category: Category) -> Category:
    """As somebody entered it in a form, tidied; a language without a name is left out. Raises ArticleError."""
    texts = {locale: _entered(locale, category.texts.get(locale)) for locale in LOCALES}
    named = {locale: text for locale, text in texts.items() if text}
    if not named:
        raise ArticleError(
            "Please give the category a name in at least one language.",
            "Bitte geben Sie der Kategorie in wenigstens einer Sprache einen Namen.",
        )
    if category.icon not in ICONS:
        raise ArticleError("Please choose one of the icons.", "Bitte wählen Sie eines der Symbole.")
    return Category(checked_key(category.key), category.icon, named)


def checked_key(key: str) -> str:
    """Raises ArticleError."""
    if len(key) > KEY_LENGTH or not CATEGORY.fullmatch(key):
        raise ArticleError(
            f"The address must be of small letters, digits and single hyphens, at most {KEY_LENGTH} of them.",
            "Die Adresse darf nur aus Kleinbuchstaben, Ziffern und einzelnen Bindestrichen bestehen, höchstens"
            f" {KEY_LENGTH}.",
        )
    return key


def _entered(locale: str, text: CategoryText | None) -> CategoryText | None:
    if text is None or not (text.name.strip() or text.description.strip()):
        return None
    return _text(locale, locale, {"name": text.name, "description": text.description})


def _texts(category: Category) -> dict[str, dict[str, str]]:
    return {
        locale: {"name": text.name} | ({"description": text.description} if text.description else {})
        for locale, text in category.texts.items()
    }


def _category(entry: dict[Any, Any]) -> Category:
    key = entry.get("key")
    if not isinstance(key, str) or len(key) > 64 or not CATEGORY.fullmatch(key):
        raise ArticleError(f"The key {str(key)[:70]!r} must be of small letters, digits and single hyphens.")
    if unknown := next((name for name in entry if name not in ("key", "icon", *LOCALES)), None):
        raise ArticleError(f"{key}: {str(unknown)[:40]!r} is not known; known are key, icon, {', '.join(LOCALES)}.")
    icon = entry.get("icon", NO_ICON)
    if icon not in ICONS:
        raise ArticleError(f"{key}: the icon {str(icon)[:40]!r} is not there. These are: {', '.join(ICONS)}.")
    return Category(key, icon, {locale: _text(key, locale, entry[locale]) for locale in LOCALES if locale in entry})


def _text(key: str, locale: str, given: Any) -> CategoryText:
    if not isinstance(given, dict) or not given.keys() <= {"name", "description"}:
        raise ArticleError(f"{key}: {locale} must have a name and may have a description.")
    name = _line(key, "name", given.get("name", ""), NAME_LENGTH)
    if not name:
        raise ArticleError(f"{key}: the name in {locale} is missing.", f"{key}: Der Name fehlt.")
    return CategoryText(name, _line(key, "description", given.get("description", ""), DESCRIPTION_LENGTH))


def _line(key: str, what: str, value: Any, length: int) -> str:
    if not isinstance(value, str):
        raise ArticleError(f"{key}: the {what} must be text; put it in quotes.")
    line = " ".join(value.split())
    if len(line) > length or CONTROL.search(line):
        raise ArticleError(
            f"{key}: the {what} must be one line of at most {length} characters.",
            f"{key}: {GERMAN[what]} muss in einer Zeile mit höchstens {length} Zeichen stehen.",
        )
    return line
