"""The doors of pictures in the editor: one to bring them, one for everybody who works here to see them."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from db import utc_now
from knowledge.editor.pictures.bringing import Bringing, Brought, Refused
from knowledge.editor.pictures.words import REFUSED, WORDS
from knowledge.pictures import NOTHING_RUNS, STORED, TYPES
from knowledge.pictures.taking import BROUGHT_BYTES
from staff.people import EDITING, ROLES
from staff.views import guard, refuse, session_user, signed_in

SPARE = 10_000
"""Bytes of a form beside its picture."""
KEPT_SECONDS = 3600
"""By the browser of whoever is signed in, so that a preview does not fetch them with every word that is typed."""


def make_blueprint(bringing: Bringing) -> Blueprint:
    blueprint = Blueprint("editor_pictures", __name__, template_folder="../templates", url_prefix="/editor")

    @blueprint.url_value_preprocessor
    def let_picture_in(_endpoint: str | None, _values: object) -> None:
        # Before the form's token is looked for: that reads the form, and of nobody else so much of it.
        if session_user():
            request.max_content_length = BROUGHT_BYTES + SPARE

    guard(blueprint, EDITING)

    @blueprint.post("/api/pictures")
    def bring() -> ResponseReturnValue:
        return jsonify(_brought(bringing).as_json()), 201

    @blueprint.get("/pictures")
    def choose() -> ResponseReturnValue:
        return _page()

    @blueprint.post("/pictures")
    def bring_by_form() -> ResponseReturnValue:
        alternative, is_decoration = request.form.get("alternative", "").strip(), "decoration" in request.form
        if not alternative and not is_decoration:
            raise Refused("no_alternative")
        brought = _brought(bringing)
        return _page(brought=brought, line=brought.markdown("" if is_decoration else alternative))

    @blueprint.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        said = REFUSED[signed_in().locale][error.reason]
        if request.path.startswith("/editor/api/"):
            return jsonify(error=said, reason=error.reason), error.status
        return _page(said=said), error.status

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
        return refused(Refused("too_many_bytes", 413)) if session_user() else refuse("signed_out", 401)

    return blueprint


def make_file_blueprint(bringing: Bringing) -> Blueprint:
    """The pictures themselves, also those that only a draft or an article for staff shows."""
    blueprint = Blueprint("editor_picture_files", __name__, url_prefix="/editor/pictures")

    # Registered before the guard's, so that it has the last word.
    @blueprint.after_request
    def may_be_kept(response: Response) -> Response:
        if response.status_code == 200:
            response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
        return response

    guard(blueprint, frozenset(ROLES))

    @blueprint.get("/<name>")
    def picture(name: str) -> ResponseReturnValue:
        named = STORED.fullmatch(name)
        if named is None:
            abort(404)
        with bringing.database.reading() as session:
            content = bringing.store.content(session, named[1], named[2])
        if content is None:
            abort(404)
        return Response(content, mimetype=TYPES[named[2]], headers={"Content-Security-Policy": NOTHING_RUNS})

    return blueprint


def _brought(bringing: Bringing) -> Brought:
    file = request.files.get("picture")
    content = file.read(BROUGHT_BYTES + 1) if file else b""
    return bringing.bring(signed_in().id, content, (file and file.filename) or "", utc_now())


def _page(brought: Brought | None = None, line: str = "", said: str = "") -> str:
    user = signed_in()
    given = {"user": user, "locale": user.locale, "own": WORDS[user.locale]}
    return render_template("editor/pictures/bring.html", brought=brought, line=line, said=said, **given)
