"""The pages of import and export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from db import utc_now
from knowledge.article_text import ArticleError
from knowledge.comparing import Change
from knowledge.editor.bringing.showing import OUTCOMES as ORDER
from knowledge.editor.bringing.showing import lines_of, recent, shown, what_changes
from knowledge.editor.bringing.words import FORMATS, OUTCOMES, STAGES, WORDS
from knowledge.editor.house import House
from knowledge.editor.life.words import FIELDS
from knowledge.editor.life.words import WORDS as LIFE_WORDS
from knowledge.editor.shelves import shelf_names
from knowledge.editor.views import editor_page
from knowledge.exporting import archive_of
from knowledge.imports.beginning import Brought, begin, cancel, find_job, run
from knowledge.imports.reporting import as_csv
from knowledge.locales import LANGUAGES
from knowledge.sources.sitemap import MOST
from staff.audit import record
from staff.people import EDITING, EVERY_TEAM, User
from staff.views import guard, refuse, session_user, signed_in

SPARE = 500_000
"""Bytes of the form beside the file."""
MEGABYTE = 1_000_000
JOB = "/import/<uuid:job_id>"


@dataclass(frozen=True)
class Room:
    house: House
    most_megabytes: int
    must_be_reviewed: bool
    """Whether nobody but supervisors publishes what nobody else has seen."""

    def leaves_drafts(self, user: User) -> bool:
        return self.must_be_reviewed and not user.may(EVERY_TEAM)


def make_blueprint(room: Room) -> Blueprint:
    blueprint = Blueprint("bringing", __name__, template_folder="templates", url_prefix="/editor")

    @blueprint.url_value_preprocessor
    def let_files_in(endpoint: str | None, _values: object) -> None:
        # Before the form's token is looked for: that reads the form.
        if endpoint == f"{blueprint.name}.bring":
            request.max_content_length = room.most_megabytes * MEGABYTE + SPARE

    guard(blueprint, EDITING)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))
    blueprint.register_error_handler(RequestEntityTooLarge, lambda _error: _too_large(room))
    _add_beginning(blueprint, room)
    _add_job(blueprint, room)
    _add_export(blueprint, room)
    return blueprint


def _add_beginning(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get("/import")
    def imports() -> ResponseReturnValue:
        return _begin_page(room)

    @blueprint.post("/import")
    def bring() -> ResponseReturnValue:
        try:
            brought = _brought(room.house.default_locale)
            with room.house.database.transaction() as session:
                job = begin(session, brought, signed_in().id, utc_now())
        except ArticleError as error:
            return _begin_page(room, error.said(signed_in().locale), request.form), 422
        return redirect(url_for("bringing.job", job_id=job.id), 303)


def _add_job(blueprint: Blueprint, room: Room) -> None:
    database = room.house.database

    @blueprint.get(JOB)
    def job(job_id: object) -> ResponseReturnValue:
        return _job_page(room, str(job_id))

    @blueprint.post(f"{JOB}/run")
    def run_it(job_id: object) -> ResponseReturnValue:
        user, as_drafts = signed_in(), "as_drafts" in request.form
        try:
            with database.transaction() as session:
                drafts = as_drafts or room.leaves_drafts(user)
                run(session, str(job_id), user.id, utc_now(), as_drafts=drafts)
        except ArticleError as error:
            return _job_page(room, str(job_id), error.said(user.locale)), 409
        return redirect(url_for("bringing.job", job_id=job_id), 303)

    @blueprint.post(f"{JOB}/cancel")
    def cancel_it(job_id: object) -> ResponseReturnValue:
        with database.transaction() as session:
            cancel(session, str(job_id), signed_in().id, utc_now())
        return redirect(url_for("bringing.job", job_id=job_id), 303)

    @blueprint.get(f"{JOB}/items/<int:number>")
    def item(job_id: object, number: int) -> ResponseReturnValue:
        with database.reading() as session:
            found, differences, is_here = what_changes(session, str(job_id), number)
        locale = signed_in().locale
        given = {"life_words": LIFE_WORDS[locale], "fields": FIELDS[locale], "is_change": _is_change}
        return _page("compare", item=found, differing=differences, is_here=is_here, job_id=job_id, **given)

    @blueprint.get(f"{JOB}/report.csv")
    def report(job_id: object) -> ResponseReturnValue:
        with database.reading() as session:
            name = find_job(session, str(job_id)).begun_at.strftime("import-%Y-%m-%d-%H%M.csv")
        return _file(_report(room, str(job_id), signed_in().locale), "text/csv; charset=utf-8", name)


def _add_export(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get("/export")
    def export() -> ResponseReturnValue:
        drafts = "drafts" in request.args
        with room.house.database.transaction() as session:
            record(session, "articles_exported", utc_now(), user_id=signed_in().id, drafts=drafts)
        files = archive_of(room.house.database, room.house.knowledge.pictures, drafts=drafts)
        return _file(files, "application/zip", "articles.zip")


def _report(room: Room, job_id: str, locale: str) -> Iterator[str]:
    with room.house.database.reading() as session:
        yield from as_csv(lines_of(session, job_id), locale)


def _file(pieces: Iterator[Any], kind: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces, content_type=kind, headers=disposition)


def _brought(default_locale: str) -> Brought:
    """Raises ArticleError."""
    form, (name, content) = request.form, _uploaded()
    addresses = form.get("addresses", "").strip()
    if name and addresses:
        raise ArticleError(WORDS["en"]["both"], WORDS["de"]["both"])
    asked = (form.get("format", ""), form.get("locale", default_locale), form.get("category", ""))
    if name:
        return Brought(name, content, False, *asked)
    return Brought(addresses.partition("\n")[0].strip(), addresses.encode(), True, *asked)


def _uploaded() -> tuple[str, bytes]:
    """The file's name and what is in it; empty: none was chosen."""
    file = request.files.get("file")
    if file is None:
        return "", b""
    with closing(file):
        return file.filename or "", file.read()


def _begin_page(room: Room, said: str | None = None, form: Mapping[str, str] | None = None) -> str:
    locale = signed_in().locale
    with room.house.database.reading() as session:
        given = {"jobs": recent(session), "shelves": shelf_names(session, locale)}
    limits = {"most_megabytes": room.most_megabytes, "most_addresses": MOST}
    return _page(
        "begin",
        said=said,
        form=form or {},
        formats=FORMATS[locale],
        languages=LANGUAGES,
        default_locale=room.house.default_locale,
        **given,
        **limits,
    )


def _job_page(room: Room, job_id: str, said: str | None = None) -> str:
    with room.house.database.reading() as session:
        page = shown(session, job_id, request.args.get("outcome", ""), request.args.get("page", 1, int))
    drafts = room.leaves_drafts(signed_in())
    return _page("job", said=said, shown=page, job=page.job, order=ORDER, leaves_drafts=drafts)


def _page(name: str, **given: Any) -> str:
    locale = signed_in().locale
    own = {"own": WORDS[locale], "stages": STAGES[locale], "outcomes": OUTCOMES[locale]}
    return editor_page(f"bringing/{name}", **own, **given)


def _too_large(room: Room) -> ResponseReturnValue:
    """It is found out before anybody is asked who they are."""
    user = session_user()
    if user is None or not user.may(EDITING):
        return refuse("no_right", 403)
    # The form was too large to be read, and can't be shown again.
    return _begin_page(room, WORDS[user.locale]["too_large"].format(most=room.most_megabytes), {}), 413


def _is_change(one: object) -> bool:
    return isinstance(one, Change)
