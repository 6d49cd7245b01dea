"""The id of a new article, made from its title."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.articles import ID_LENGTH, Article

LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
)
LONGEST = 60
"""Characters of an id that is made: it stands in addresses."""
UNNAMED = "article"
"""Of a title without a letter or digit that could be written in an address."""


def id_of(title: str) -> str:
    """Small letters, digits and single hyphens: `Rückgabe & Umtausch` is `rueckgabe-umtausch`."""
    written = unicodedata.normalize("NFKD", title.lower().translate(LETTERS)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", written.replace("'", ""))
    made = words[0][:LONGEST] if words else UNNAMED
    for word in words[1:]:
        if len(made) + 1 + len(word) > LONGEST:
            break
        made += f"-{word}"
    return made


def free_id(session: Session, title: str) -> str:
    """One that no article has."""
    wanted = id_of(title)
    begun_so = select(Article.id).where(Article.id.startswith(wanted, autoescape=True))
    taken = set(session.scalars(begun_so))
    numbered = (f"{wanted}-{number}" for number in range(2, ID_LENGTH * ID_LENGTH))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)
