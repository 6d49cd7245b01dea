"""The work list, and the table of translations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from db import utc_now
from knowledge.checking import Checked
from knowledge.editor.house import House
from knowledge.editor.names import names_of
from knowledge.editor.views import editor_page
from knowledge.editor.words import LANGUAGE_NAMES
from knowledge.editor.work.asked import Asked, asked_in, page_of
from knowledge.editor.work.saying import reasons, why
from knowledge.editor.work.words import CELLS as CELL_NAMES
from knowledge.editor.work.words import KINDS as KIND_NAMES
from knowledge.editor.work.words import WORDS
from knowledge.locales import LOCALES
from knowledge.work.finding import work
from knowledge.work.items import KINDS, Item
from knowledge.work.meeting import DAYS
from knowledge.work.translating import CELLS, table
from knowledge.work.voices import voices
from staff.people import EDITING, User
from staff.views import guard, signed_in

Broken = Callable[[], Sequence[Checked]]
"""The questions that were found broken last."""


def make_blueprint(house: House, broken: Broken) -> Blueprint:
    blueprint = Blueprint("work", __name__, url_prefix="/editor")
    guard(blueprint, EDITING)

    @blueprint.get("/work")
    def work_list() -> ResponseReturnValue:
        user, asked = signed_in(), asked_in(request.args, KINDS, LOCALES)
        with house.database.reading() as session:
            found = [item for item in work(session, utc_now(), broken()) if _is_asked(item, asked, user)]
            counts = Counter(item.kind for item in found)
            page = page_of(_of_kind(found, asked.kind), asked.number)
            names = names_of(session, [item.owner_id for item in page.rows])
            said = voices(session, {(item.id, item.locale) for item in page.rows if item.kind == "unhelpful"})
        kinds = [(kind, KIND_NAMES[user.locale][kind], counts[kind]) for kind in KINDS if counts[kind]]
        given = {"kinds": kinds, "kind_names": KIND_NAMES[user.locale], "all": len(found), "names": names}
        return _page("list", page, asked, voices=said, **given)

    @blueprint.get("/translations")
    def translations() -> ResponseReturnValue:
        asked = asked_in(request.args, CELLS, LOCALES)
        with house.database.reading() as session:
            rows = [row for row in table(session, utc_now()) if row.has(asked.kind, asked.locale)]
        names = CELL_NAMES[signed_in().locale]
        return _page("translations", page_of(rows, asked.number), asked, cells=CELLS, cell_names=names)

    return blueprint


def _is_asked(item: Item, asked: Asked, user: User) -> bool:
    """Of whatever kind it is."""
    return asked.locale in ("", item.locale) and (not asked.whose or item.owner_id == user.id)


def _of_kind(items: list[Item], kind: str) -> list[Item]:
    """Of a review, whoever waits longest comes first."""
    found = [item for item in items if kind in ("", item.kind)]
    return sorted(found, key=lambda item: item.since) if kind == "waiting" else found


def _page(template: str, page: Any, asked: Asked, **given: Any) -> str:
    locale = signed_in().locale
    said = {"why": lambda item: why(item, locale), "reasons": lambda one: reasons(one, locale)}
    languages = LANGUAGE_NAMES[locale]
    return editor_page(
        f"work/{template}", own=WORDS[locale], languages=languages, page=page, asked=asked, days=DAYS, **said, **given
    )
