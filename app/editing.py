"""Puts the editor under the roof: its rooms, the entries of its navigation, and the panels beside a text."""

from __future__ import annotations

from functools import partial

from flask import Flask, request
from sqlalchemy.orm import Session

from app.answer_forms import Speak, make_forms, plainly
from app.processes import counters
from app.publishing import rules_of
from app.settings import Settings
from channels.saying import Link
from channels.short_links import likely_short_path
from handoff.desk.articles.views import make_blueprint as make_inside
from handoff.hours import load_hours
from handoff.topics import follow_category
from knowledge.checking.watching import Watching
from knowledge.editor.asking.panels import ASK, MUST
from knowledge.editor.asking.views import make_blueprint as make_asking
from knowledge.editor.bringing.views import Room as BringingRoom
from knowledge.editor.bringing.views import make_blueprint as make_bringing
from knowledge.editor.categories.views import make_blueprint as make_categories
from knowledge.editor.house import House
from knowledge.editor.life.panel import review_panel
from knowledge.editor.life.views import Room as LifeRoom
from knowledge.editor.life.views import make_blueprint as make_life
from knowledge.editor.panels import Panel
from knowledge.editor.pictures.bringing import Bringing
from knowledge.editor.pictures.views import make_blueprint as make_pictures
from knowledge.editor.pictures.views import make_file_blueprint as make_picture_files
from knowledge.editor.preview.panel import PREVIEW
from knowledge.editor.preview.views import make_blueprint as make_preview
from knowledge.editor.views import make_blueprint as make_editor
from knowledge.editor.words import FIELD_NAMES, WORDS
from knowledge.editor.work.views import make_blueprint as make_work
from knowledge.editor.writing.reference import REFERENCE
from knowledge.editor.writing.views import make_blueprint as make_writing
from knowledge.help.centre import HelpCentre
from knowledge.inside import Inside
from knowledge.library import Knowledge
from knowledge.publishing import is_open
from staff.guard import Place, places_for
from staff.people import EDITING
from staff.views import signed_in

PAGES = (
    Place("/editor/", {"en": "Articles", "de": "Artikel"}, EDITING, "file-text"),
    Place("/editor/work", {"en": "Work list", "de": "Arbeitsliste"}, EDITING, "flag"),
    Place("/editor/translations", {"en": "Translations", "de": "Übersetzungen"}, EDITING, "languages"),
    Place("/editor/categories", {"en": "Categories", "de": "Kategorien"}, EDITING, "layers"),
    Place("/editor/import", {"en": "Import and export", "de": "Import und Export"}, EDITING, "arrow-right-left"),
)
"""The pages of the editor, in the order of its navigation; the last that a page lies under is where one is."""


def open_editor(
    app: Flask,
    settings: Settings,
    knowledge: Knowledge,
    centre: HelpCentre,
    speak: Speak = plainly,
    watching: Watching | None = None,
) -> None:
    """Each room is registered here, after the gate was set up; each panel is named once.

    `speak`: what the bot says with an answer in a channel; `watching` knows which questions are broken.
    """
    app.jinja_env.globals.update(
        editor_words=WORDS, editor_fields=FIELD_NAMES, editor_places=_places, editor_place=_place
    )
    rules = rules_of(settings)
    panels: tuple[Panel, ...] = (PREVIEW, ASK, MUST, review_panel(rules.must_be_reviewed, _time_zone), REFERENCE)
    house = House(knowledge, centre, panels, settings.default_locale, rules)
    app.register_blueprint(make_editor(house))
    app.register_blueprint(make_writing(house))
    app.register_blueprint(make_categories(house, follow_category))
    app.register_blueprint(make_work(house, lambda: watching.broken if watching else ()))
    forms = make_forms(speak, _link(settings, knowledge), settings.sms_segments, partial(is_open, knowledge.database))
    app.register_blueprint(make_inside(Inside(knowledge)))
    app.register_blueprint(make_asking(house, forms))
    app.register_blueprint(make_preview(house, forms, settings.company))
    app.register_blueprint(make_life(LifeRoom(house, rules, _time_zone)))
    app.register_blueprint(make_bringing(BringingRoom(house, settings.import_mb, rules.must_be_reviewed)))
    bringing = Bringing(knowledge.database, knowledge.pictures, counters(settings.redis_url))
    app.register_blueprint(make_pictures(bringing))
    app.register_blueprint(make_picture_files(bringing))


def _link(settings: Settings, knowledge: Knowledge) -> Link:
    """From a path to what would stand in a message."""
    return lambda path: f"{settings.base_url}{likely_short_path(knowledge.database, path)}"


def _time_zone(session: Session) -> str:
    """The company's own."""
    return load_hours(session, None).time_zone


def _places() -> list[Place]:
    return places_for(PAGES, signed_in())


def _place() -> str:
    """The path of the place that the current page belongs to."""
    return max((place.path for place in _places() if place.is_at(request.path)), key=len, default="")
