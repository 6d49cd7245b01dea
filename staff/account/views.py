"""The page of one's own account."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from staff.account import second
from staff.account.own import change_password, change_person, close_other_sessions, close_session
from staff.people import ROLES
from staff.recovery import recovery_codes_left
from staff.refusals import Refused
from staff.sealing import Seal
from staff.second_factor import show_set_up
from staff.sessions import sessions_of
from staff.views import answer_with, guard, hand_cookie, signed_in, staff_page, this_session, visit
from staff.words import DONE


def make_blueprint(database: Database, seal: Seal, company: str) -> Blueprint:
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
        if not token_hash.isalnum():
            abort(404)
        close_session(database, signed_in(), token_hash, utc_now())
        return _back("sessions", "session_ended")

    @blueprint.post("/second-factor/begin")
    def begin_second() -> ResponseReturnValue:
        try:
            second.begin(database, signed_in(), request.form.get("password", ""), seal, visit(), utc_now())
        except Refused as refused:
            return _page("second-factor", refused)
        return redirect(f"{url_for('account.account')}#second-factor", 303)

    @blueprint.post("/second-factor/finish")
    def finish_second() -> ResponseReturnValue:
        user, code, this = signed_in(), request.form.get("code", ""), this_session().token_hash
        try:
            codes = second.finish(database, user, code, seal, this, visit(), utc_now())
        except Refused as refused:
            return _page("second-factor", refused)
        return staff_page("recovery_codes", codes=codes, is_new=True)

    @blueprint.post("/second-factor/give-up")
    def give_up_second() -> ResponseReturnValue:
        second.give_up(database, signed_in())
        return redirect(f"{url_for('account.account')}#second-factor", 303)

    @blueprint.post("/second-factor/end")
    def end_second() -> ResponseReturnValue:
        try:
            second.end(database, signed_in(), request.form.get("password", ""), visit(), utc_now())
        except Refused as refused:
            return _page("second-factor", refused)
        return _back("second-factor", "second_factor_off")

    @blueprint.post("/second-factor/codes")
    def renew_codes() -> ResponseReturnValue:
        try:
            codes = second.renew_codes(database, signed_in(), request.form.get("password", ""), visit(), utc_now())
        except Refused as refused:
            return _page("second-factor", refused)
        return staff_page("recovery_codes", codes=codes, is_new=False)

    def _page(section: str = "", refused: Refused | None = None) -> ResponseReturnValue:
        user = signed_in()
        with database.reading() as session:
            sessions = sessions_of(session, user.id, utc_now())
            codes_left = recovery_codes_left(session, user.id)
            set_up = show_set_up(user, seal, company)
        section, done = section or request.args.get("in", ""), DONE[user.locale].get(request.args.get("done", ""))
        said = refused.sentence(user.locale) if refused else None
        page = staff_page(
            "account",
            section=section,
            said=said,
            done=None if said else done,
            sessions=sessions,
            this=this_session(),
            codes_left=codes_left,
            set_up=set_up,
        )
        return page, 422 if refused else 200

    return blueprint


def _back(section: str, done: str) -> ResponseReturnValue:
    return redirect(f"{url_for('account.account')}?in={section}&done={done}#{section}", 303)
