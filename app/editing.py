"""Puts the editor under the roof: its rooms, the entries of its navigation, and the panels beside a text."""

from __future__ import annotations

from flask import Flask, request

from app.settings import Settings
from handoff.topics import follow_category
from knowledge.editor.categories.views import make_blueprint as make_categories
from knowledge.editor.house import House
from knowledge.editor.panels import Panel
from knowledge.editor.views import make_blueprint as make_editor
from knowledge.editor.words import FIELD_NAMES, WORDS
from knowledge.editor.writing.reference import REFERENCE
from knowledge.editor.writing.views import make_blueprint as make_writing
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.guard import Place, places_for
from staff.people import EDITING
from staff.views import signed_in

PAGES = (
    Place("/editor/", {"en": "Articles", "de": "Artikel"}, EDITING, "file-text"),
    Place("/editor/categories", {"en": "Categories", "de": "Kategorien"}, EDITING, "layers"),
)
"""The pages of the editor, in the order of its navigation; the last that a page lies under is where one is."""


def open_editor(app: Flask, settings: Settings, knowledge: Knowledge, centre: HelpCentre) -> None:
    """Each room is registered here, after the gate was set up; each panel is named once."""
    app.jinja_env.globals.update(
        editor_words=WORDS, editor_fields=FIELD_NAMES, editor_places=_places, editor_place=_place
    )
    panels: tuple[Panel, ...] = (REFERENCE,)
    house = House(knowledge, centre, panels, settings.default_locale)
    app.register_blueprint(make_editor(house))
    app.register_blueprint(make_writing(house))
    app.register_blueprint(make_categories(house, follow_category))


def _places() -> list[Place]:
    return places_for(PAGES, signed_in())


def _place() -> str:
    """The path of the place that the current page belongs to."""
    return max((place.path for place in _places() if place.is_at(request.path)), key=len, default="")
