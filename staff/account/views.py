"""The page of one's own account."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from staff.account.own import change_password, change_person, close_other_sessions, close_session
from staff.people import ROLES
from staff.refusals import Refused
from staff.sessions import sessions_of
from staff.views import answer_with, guard, hand_cookie, signed_in, staff_page, this_session, visit
from staff.words import DONE


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("account", __name__, template_folder="../templates", url_prefix="/staff/account")
    guard(blueprint, frozenset(ROLES))

    @blueprint.get("")
    def account() -> ResponseReturnValue:
        return _page()

    @blueprint.post("/person")
    def person() -> ResponseReturnValue:
        form, chosen = request.form, set(request.form.getlist("chosen"))
        try:
            change_person(database, signed_in(), form.get("name", ""), form.get("locale", ""), chosen, utc_now())
        except Refused as refused:
            return _page("person", refused)
        return _back("person", "saved")

    @blueprint.post("/password")
    def password() -> ResponseReturnValue:
        old, new = request.form.get("old", ""), request.form.get("new", "")
        try:
            token = change_password(database, signed_in(), old, new, visit(), utc_now())
        except Refused as refused:
            return _page("password", refused)
        return hand_cookie(answer_with(_back("password", "password_changed")), token)

    @blueprint.post("/sessions/others")
    def end_others() -> ResponseReturnValue:
        close_other_sessions(database, signed_in(), this_session().token_hash, utc_now())
        return _back("sessions", "sessions_ended")

    @blueprint.post("/sessions/<token_hash>")
    def end_one(token_hash: str) -> ResponseReturnValue:
        close_session(database, signed_in(), token_hash, utc_now())
        return _back("sessions", "session_ended")

    def _page(section: str = "", refused: Refused | None = None) -> ResponseReturnValue:
        user = signed_in()
        with database.reading() as session:
            sessions = sessions_of(session, user.id, utc_now())
        section, done = section or request.args.get("in", ""), DONE[user.locale].get(request.args.get("done", ""))
        said = refused.sentence(user.locale) if refused else None
        page = staff_page(
            "account", section=section, said=said, done=None if said else done, sessions=sessions, this=this_session()
        )
        return page, 422 if refused else 200

    return blueprint


def _back(section: str, done: str) -> ResponseReturnValue:
    return redirect(f"{url_for('account.account')}?in={section}&done={done}#{section}", 303)
