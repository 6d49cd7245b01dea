"""The editor's own pages: the list of articles, and the page on which one is written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from knowledge.editor.house import House
from knowledge.editor.listing import rows_of
from knowledge.editor.words import STATES, WORDS
from staff.people import EDITING
from staff.views import guard, signed_in


def make_blueprint(house: House) -> Blueprint:
    blueprint = Blueprint("editor", __name__, template_folder="templates", url_prefix="/editor")
    guard(blueprint, EDITING)

    @blueprint.get("/")
    def articles() -> ResponseReturnValue:
        with house.database.reading() as session:
            return editor_page("list", rows=rows_of(session), states=STATES[signed_in().locale])

    return blueprint


def editor_page(template: str, **values: Any) -> str:
    """A page of the editor, in the language of whoever is signed in; `template` without `editor/` and `.html`."""
    user = signed_in()
    given = {"user": user, "locale": user.locale, "words": WORDS[user.locale]}
    return render_template(f"editor/{template}.html", **given | values)
