"""The pages of the door: sign in, the second factor's code, sign out, and one-time links."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from staff.guard import safe_path
from staff.links import choose_password, look_at, make_first_admin
from staff.people import User
from staff.refusals import Refused
from staff.sealing import Seal
from staff.sessions import user_of
from staff.signing_in import Entered, enter_code, sign_in, sign_out
from staff.views import (
    answer_with,
    asked_locale,
    cookie,
    gate,
    hand_cookie,
    keep_private,
    session_user,
    take_cookie,
    visit,
)
from staff.words import DONE, WORDS

STATUS = {"too_many_attempts": 429, "link_unknown": 410, "link_used": 410, "link_expired": 410}


def make_blueprint(database: Database, seal: Seal) -> Blueprint:
    blueprint = Blueprint("door", __name__, template_folder="../templates", url_prefix="/staff")
    keep_private(blueprint)

    @blueprint.get("/")
    def start() -> ResponseReturnValue:
        user = session_user()
        return redirect(gate().home(user) if user else url_for("door.sign_in_page"))

    @blueprint.get("/sign-in")
    def sign_in_page() -> ResponseReturnValue:
        user = session_user()
        return redirect(_target() or gate().home(user)) if user else _page("sign_in", next=_target())

    @blueprint.post("/sign-in")
    def take_password() -> ResponseReturnValue:
        email = request.form.get("email", "")
        try:
            entered = sign_in(database, email, request.form.get("password", ""), visit(), utc_now())
        except Refused as refused:
            return _page("sign_in", refused, next=_target(), email=email)
        return _enter(entered)

    @blueprint.get("/second-factor")
    def code_page() -> ResponseReturnValue:
        if _half_signed_in() is None:
            return redirect(url_for("door.sign_in_page", next=_target()))
        return _page("code", next=_target())

    @blueprint.post("/second-factor")
    def take_code() -> ResponseReturnValue:
        try:
            entered = enter_code(database, cookie(), request.form.get("code", ""), seal, visit(), utc_now())
        except Refused as refused:
            return _page("sign_in" if refused.reason == "code_too_late" else "code", refused, next=_target())
        return _enter(entered)

    def _half_signed_in() -> User | None:
        with database.reading() as session:
            return user_of(session, cookie(), utc_now(), needs_code=True)

    @blueprint.post("/sign-out")
    def leave() -> ResponseReturnValue:
        if user := session_user():
            sign_out(database, user, cookie(), utc_now())
        return take_cookie(answer_with(redirect(url_for("door.sign_in_page", done="signed_out"), 303)))

    @blueprint.get("/link/<token>")
    def link_page(token: str) -> ResponseReturnValue:
        return _link_page(token)

    @blueprint.post("/link/<token>")
    def take_link(token: str) -> ResponseReturnValue:
        form, now = request.form, utc_now()
        password = form.get("password", "")
        try:
            if "email" in form:
                make_first_admin(database, token, form["email"], form.get("name", ""), password, asked_locale(), now)
            else:
                choose_password(database, token, password, visit(), now)
        except Refused as refused:
            return _link_page(token, refused)
        done = "first_made" if "email" in form else "password_chosen"
        return take_cookie(answer_with(redirect(url_for("door.sign_in_page", done=done), 303)))

    def _link_page(token: str, refused: Refused | None = None) -> ResponseReturnValue:
        try:
            with database.reading() as session:
                user = look_at(session, token, utc_now())
        except Refused as dead:
            return _page("dead_link", dead)
        if user is None:
            return _page("first_admin", refused, given=request.form)
        return _page("choose_password", refused, person=user)

    return blueprint


def _enter(entered: Entered) -> ResponseReturnValue:
    there = url_for("door.code_page", next=_target()) if entered.needs_code else _target() or url_for("door.start")
    return hand_cookie(answer_with(redirect(there, 303)), entered.token)


def _target() -> str | None:
    """The page of ours that somebody wanted to see before."""
    return safe_path(request.values.get("next", ""))


def _page(name: str, refused: Refused | None = None, **values: object) -> ResponseReturnValue:
    locale = asked_locale()
    said = refused.sentence(locale) if refused else None
    done = None if said else DONE[locale].get(request.args.get("done", ""))
    page = render_template(f"staff/{name}.html", locale=locale, words=WORDS[locale], said=said, done=done, **values)
    answer = answer_with((page, STATUS.get(refused.reason, 422) if refused else 200))
    if refused and "seconds" in refused.values:
        answer.headers["Retry-After"] = str(refused.values["seconds"])
    return answer
