"""The gate before the pages of staff: who is signed in, who may pass, and what every such page has in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask import session as page_session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

from db import Database, utc_now
from staff.browsers import browser_name
from staff.guard import Call, Place, places_for
from staff.people import Role, User
from staff.sessions import OLDEST, StaffSession, find_session, see_session, user_of
from staff.signing_in import Visit
from staff.words import LANGUAGES, REFUSED, ROLES, WORDS

GATE = "handrail_gate"


@dataclass(frozen=True)
class Gate:
    """What is known of an application's staff pages."""

    database: Database
    places: Sequence[Place]
    admin_pages: Sequence[Place]
    public_url: str
    is_secure: bool
    calls: Callable[[User], Sequence[Call]] = lambda _user: ()
    """What stands in the bar of every page because it waits for this person."""

    @property
    def cookie(self) -> str:
        # Under https no other host of the same domain can set a cookie of this name.
        return "__Host-handrail_staff" if self.is_secure else "handrail_staff"

    def address(self, path: str) -> str:
        """What can be sent to somebody."""
        return f"{self.public_url or request.host_url.rstrip('/')}{path}"

    def home(self, user: User) -> str:
        """Where somebody begins."""
        return next((place.path for place in places_for(self.places, user)), "/staff/account")


def set_up_gate(app: Flask, gate: Gate) -> None:
    """Once for an application, before its blueprints are guarded. Its secret key must be set."""
    app.extensions[GATE] = gate
    app.config["SESSION_COOKIE_NAME"] = f"{'__Host-' if gate.is_secure else ''}handrail_page"
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # A desk stays open all day; the token lives as long as its cookie.
    login = LoginManager()
    login.session_protection = None
    login.request_loader(_user_of_request)
    # Not `init_app`: its remember-me cookie, which we don't have, would touch the session of every public page.
    app.login_manager = login  # type: ignore[attr-defined]
    app.register_error_handler(CSRFError, _foreign_form)
    app.jinja_env.globals.update(
        signed_in=signed_in,
        staff_words=WORDS,
        staff_places=_places,
        staff_calls=_calls,
        admin_places=_admin_places,
        staff_languages=LANGUAGES,
    )


def gate() -> Gate:
    found: Gate = current_app.extensions[GATE]
    return found


def signed_in() -> User:
    """The current user, behind `guard`."""
    user = session_user()
    if user is None:
        raise Forbidden
    return user


def session_user() -> User | None:
    """Who sends the current request, or began the current Socket.IO connection; None without a living session."""
    user = current_user._get_current_object()
    return user if isinstance(user, User) else None


def this_session() -> StaffSession:
    """The current user's session, behind `guard`."""
    found: StaffSession = g.staff_session
    return found


def guard(blueprint: Blueprint, roles: frozenset[Role]) -> None:
    """Nobody else passes to any page of a blueprint, and no browser keeps one."""

    @blueprint.before_request
    def let_in() -> ResponseReturnValue | None:
        user = session_user()
        if user is None:
            return _to_the_door()
        see_session(gate().database, this_session(), utc_now())
        return None if user.may(roles) else refuse("no_right", 403)

    keep_private(blueprint)
    blueprint.register_error_handler(404, _not_found)


def keep_private(blueprint: Blueprint) -> None:
    """What its pages show is kept by no browser and no proxy."""

    @blueprint.after_request
    def no_store(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response


def staff_page(template: str, **values: Any) -> str:
    """A page in the frame, in the language of whoever is signed in."""
    user = signed_in()
    words = WORDS[user.locale]
    return render_template(
        f"staff/{template}.html", user=user, locale=user.locale, words=words, roles=ROLES[user.locale], **values
    )


def refuse(reason: str, status: int) -> ResponseReturnValue:
    """A page or JSON with the sentence of a refusal."""
    user = session_user()
    locale = user.locale if user else asked_locale()
    said = REFUSED[locale][reason]
    if _is_by_script():
        return jsonify(error=said, reason=reason), status
    home = gate().home(user) if user else url_for("door.sign_in_page")
    return render_template("staff/refused.html", sentence=said, locale=locale, words=WORDS[locale], home=home), status


def asked_locale() -> str:
    """The language that a browser prefers, of those we speak."""
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def visit() -> Visit:
    """From where the current request comes."""
    return Visit(request.remote_addr or "unknown", browser_name(request.headers.get("User-Agent", "")))


def answer_with(value: Any) -> Response:
    """What a view returns, as the answer that a cookie can be added to."""
    return current_app.make_response(value)


def hand_cookie(response: Response, token: str) -> Response:
    """Signs a browser in. What an earlier page knew of it is forgotten: nobody brings along a session of theirs."""
    page_session.clear()
    response.set_cookie(
        gate().cookie,
        token,
        max_age=int(OLDEST.total_seconds()),
        httponly=True,
        secure=gate().is_secure,
        samesite="Lax",
        path="/",
    )
    return response


def take_cookie(response: Response) -> Response:
    page_session.clear()
    response.delete_cookie(gate().cookie, path="/", secure=gate().is_secure, httponly=True, samesite="Lax")
    return response


def cookie() -> str:
    return request.cookies.get(gate().cookie, "")


def _user_of_request(_request: Any) -> User | None:
    if not (token := cookie()):
        return None
    now = utc_now()
    with gate().database.reading() as session:
        g.staff_session = find_session(session, token, now)
        return user_of(session, token, now)


def _to_the_door() -> ResponseReturnValue:
    if _is_by_script():
        return refuse("signed_out", 401)
    there = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("door.sign_in_page", next=there))


def _is_by_script() -> bool:
    """Whether no person would see a page: a script asks."""
    wants_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    return wants_json or request.headers.get("Sec-Fetch-Dest") == "empty"


def _not_found(_error: NotFound) -> ResponseReturnValue:
    return refuse("not_found", 404)


def _foreign_form(_error: HTTPException) -> ResponseReturnValue:
    return refuse("foreign_form", 400)


def _places() -> list[Place]:
    return places_for(gate().places, signed_in())


def _calls() -> Sequence[Call]:
    return gate().calls(signed_in())


def _admin_places() -> list[Place]:
    return places_for(gate().admin_pages, signed_in())
