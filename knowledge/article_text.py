"""What an author writes: the text of an article in one language, and what is wrong with it if it can't be taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.articles import ID_LENGTH, Revision
from knowledge.locales import LOCALES

TITLE_LENGTH = 320
SHORT_ANSWER_LENGTH = 320
BODY_LENGTH = 200_000
QUESTION_LENGTH = 500
QUESTIONS = 200
EXPECTATIONS = 50
"""Questions that an article must answer, and as many that it must not."""
TAG_LENGTH = 64
TAGS = 50
ALIAS_LENGTH = 500
ALIASES = 50
CATEGORY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which no database stores."""
BLANK_FIRST_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


GERMAN = {
    "title": ("Der Titel", ""),
    "short answer": ("Die Kurzantwort", ""),
    "body": ("Der Text", ""),
    "question": ("Die Beispielfrage", "Beispielfragen"),
    "question it must answer": ("Die Pflichtfrage", "Pflichtfragen"),
    "question it must not answer": ("Die Ausschlussfrage", "Ausschlussfragen"),
    "tag": ("Das Schlagwort", "Schlagwörter"),
    "alias": ("Die frühere Adresse", "frühere Adressen"),
}
"""What an author writes, one and several, in German sentences."""


class ArticleError(Exception):
    """An article can't be taken as it is; the message is a sentence for its author, in English and maybe in German."""

    def __init__(self, english: str, german: str = "") -> None:
        super().__init__(english)
        self.german = german

    def said(self, locale: str) -> str:
        return self.german if locale == "de" and self.german else str(self)


@dataclass(frozen=True)
class ArticleText:
    """A text that passed `checked`: only such texts are stored."""

    id: str
    locale: str
    title: str
    short_answer: str
    body: str
    category: str
    tags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    internal: bool = False
    """For staff alone."""
    must_answer: tuple[str, ...] = ()
    must_not_answer: tuple[str, ...] = ()


def checked(
    *,
    id: str,
    locale: str,
    title: str,
    short_answer: str,
    body: str,
    category: str,
    tags: Sequence[str] = (),
    questions: Sequence[str] = (),
    aliases: Sequence[str] = (),
    internal: bool = False,
    must_answer: Sequence[str] = (),
    must_not_answer: Sequence[str] = (),
) -> ArticleText:
    """The text as it is stored, white space tidied; raises ArticleError with the first thing that is wrong."""
    answered = _lines("question it must answer", must_answer, EXPECTATIONS, QUESTION_LENGTH)
    unanswered = _lines("question it must not answer", must_not_answer, EXPECTATIONS, QUESTION_LENGTH)
    if both := next((question for question in answered if question in unanswered), None):
        raise ArticleError(
            f"The article can't be asked both to answer and not to answer {both[:60]!r}.",
            f"Der Artikel kann „{both[:60]}“ nicht zugleich beantworten müssen und nicht beantworten dürfen.",
        )
    return ArticleText(
        id=_id(id),
        locale=_locale(locale),
        title=_line("title", title, TITLE_LENGTH),
        short_answer=_line("short answer", short_answer, SHORT_ANSWER_LENGTH),
        body=_body(body),
        category=_category(category),
        tags=_lines("tag", tags, TAGS, TAG_LENGTH),
        questions=_lines("question", questions, QUESTIONS, QUESTION_LENGTH),
        aliases=_aliases(aliases),
        internal=internal,
        must_answer=answered,
        must_not_answer=unanswered,
    )


def checked_id(value: str) -> str:
    """An article's id that can be taken; raises ArticleError."""
    return _id(value)


def checked_locale(value: str) -> str:
    """A language that articles are written in; raises ArticleError."""
    return _locale(value)


def text_of(revision: Revision) -> ArticleText:
    return ArticleText(
        id=revision.article_id,
        locale=revision.locale,
        title=revision.title,
        short_answer=revision.short_answer,
        body=revision.body,
        category=revision.category,
        tags=tuple(revision.tags),
        questions=tuple(revision.questions),
        aliases=tuple(revision.aliases),
        internal=revision.internal,
        must_answer=tuple(revision.must_answer),
        must_not_answer=tuple(revision.must_not_answer),
    )


def _id(value: str) -> str:
    if not value.strip():
        raise ArticleError("The id is missing.", "Die Kennung fehlt.")
    if len(value) > ID_LENGTH:
        raise ArticleError(
            f"The id is longer than {ID_LENGTH} characters.", f"Die Kennung ist länger als {ID_LENGTH} Zeichen."
        )
    if not value.isprintable():
        raise ArticleError(
            "The id contains a character that can't be printed.",
            "In der Kennung steht ein Zeichen, das man nicht sieht.",
        )
    # These would not come back from the address of the article's page as they were put in.
    if value != value.strip() or any(not part.strip(".") for part in value.split("/")):
        raise ArticleError(
            "The id must not begin or end with a space or a slash, nor have a part that is empty or dots.",
            "Die Kennung darf nicht mit Leerzeichen oder Schrägstrich beginnen oder enden, und keiner ihrer Teile darf"
            " leer sein oder aus Punkten bestehen.",
        )
    if value.endswith(".json"):
        raise ArticleError(
            "The id must not end with .json: the article as data has that address.",
            "Die Kennung darf nicht auf .json enden: Unter dieser Adresse steht der Artikel als Daten.",
        )
    return value


def _locale(value: str) -> str:
    if not value:
        raise ArticleError("The locale is missing.", "Die Sprache fehlt.")
    if value not in LOCALES:
        raise ArticleError(
            f"The locale {value[:20]!r} is not one of {', '.join(LOCALES)}.",
            f"Die Sprache „{value[:20]}“ ist keine von {', '.join(LOCALES)}.",
        )
    return value


def _category(value: str) -> str:
    if not value:
        raise ArticleError("The category is missing.", "Die Kategorie fehlt.")
    if len(value) > 64 or not CATEGORY.fullmatch(value):
        raise ArticleError(
            "The category must be of small letters, digits and single hyphens, at most 64 of them.",
            "Die Kategorie darf nur aus Kleinbuchstaben, Ziffern und einzelnen Bindestrichen bestehen, höchstens 64.",
        )
    return value


def _line(name: str, value: str, length: int) -> str:
    line = " ".join(_clean(name, value).split())
    if not line:
        raise ArticleError(f"The {name} is missing.", f"{GERMAN[name][0]} fehlt.")
    _check_length(name, line, length)
    return line


def _lines(name: str, values: Sequence[str], count: int, length: int) -> tuple[str, ...]:
    lines = tuple(dict.fromkeys(_line(name, value, length) for value in values))
    if len(lines) > count:
        raise ArticleError(
            f"There are {len(lines)} {_several(name)}; at most {count} are allowed.",
            f"Es sind {len(lines)} {GERMAN[name][1]}; höchstens {count} sind erlaubt.",
        )
    return lines


def _several(name: str) -> str:
    if name.startswith("question "):
        return name.replace("question ", "questions ", 1)
    return f"{name}es" if name.endswith("s") else f"{name}s"


def _aliases(values: Sequence[str]) -> tuple[str, ...]:
    aliases = _lines("alias", values, ALIASES, ALIAS_LENGTH)
    for alias in aliases:
        if not re.fullmatch(r"/[^\s?#\\]*[^\s?#\\/][^\s?#\\]*", alias) or alias.startswith("//"):
            raise ArticleError(
                f"The alias {alias[:60]!r} is not the path of an old address, such as /hc/en-us/articles/360-returns.",
                f"„{alias[:60]}“ ist nicht der Pfad einer früheren Adresse, etwa /hc/en-us/articles/360-returns.",
            )
    return aliases


def _body(value: str) -> str:
    body = _clean("body", value)
    _check_length("body", body, BODY_LENGTH)
    # The first line keeps its indentation: it may be code.
    return BLANK_FIRST_LINES.sub("", body.rstrip())


def _clean(name: str, value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if found := CONTROL.search(value):
        sign = f"U+{ord(found.group()):04X}"
        raise ArticleError(
            f"The {name} contains a control character ({sign}).",
            f"{GERMAN[name][0]} enthält ein Steuerzeichen ({sign}).",
        )
    return value


def _check_length(name: str, text: str, length: int) -> None:
    if len(text) > length:
        raise ArticleError(
            f"The {name} has {len(text)} characters; at most {length} are allowed.",
            f"{GERMAN[name][0]} hat {len(text)} Zeichen; höchstens {length} sind erlaubt.",
        )
