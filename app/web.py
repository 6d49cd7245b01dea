"""The web application: the rooms' pages and doors under one roof, with the headers that keep browsers safe."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_socketio import SocketIO
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app.assets import FOREVER, Assets
from app.brand import LOGO_TYPES, Brand
from app.processes import FanOut
from app.settings import Settings
from app.socket_rooms import OneProcess
from db import Database
from knowledge.locales import preferred_locale

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
MAX_PACKET = 1_000_000
"""Bytes of one Socket.IO packet: well above the longest message, so that one too long is answered with a sentence."""


def create_app(settings: Settings, database: Database, assets: Assets, brand: Brand) -> Flask:
    """The application without any room; the caller registers their blueprints."""
    app = Flask("app", root_path=None, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_PACKET
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Compress(app)
    app.before_request(_nothing_has_such_a_name)
    assets.serve(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    secure = settings.base_url.startswith("https://")
    talisman = Headers(
        app,
        force_https=False,
        strict_transport_security=secure,
        session_cookie_secure=secure,
        content_security_policy=CONTENT_SECURITY_POLICY,
    )
    CSRFProtect(app)
    _show_brand(app, talisman, brand, settings.logo)
    app.register_error_handler(HTTPException, say_what_went_wrong)
    app.after_request(lambda response: _allow_origin(response, settings.allowed_origins))

    if settings.styleguide:
        app.add_url_rule("/styleguide", "styleguide", lambda: render_template("styleguide.html", locale="en"))

    @app.get("/health")
    def health() -> ResponseReturnValue:
        try:
            with database.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return jsonify(status="The database does not answer."), 503
        return jsonify(status="ok")

    return app


class Headers(Talisman):
    """A response that brings a stricter policy of its own, such as a file that somebody sent, keeps it."""

    def _set_content_security_policy_headers(self, headers: Any, options: Any) -> None:
        own = headers.get("Content-Security-Policy")
        super()._set_content_security_policy_headers(headers, options)
        if own:
            headers["Content-Security-Policy"] = own


def _nothing_has_such_a_name() -> None:
    """PostgreSQL takes no text with this sign: what is asked for under it isn't there."""
    if "\x00" in request.path:
        abort(404)


def open_to_all(app: Flask, blueprint: Blueprint) -> None:
    """Registers doors that no signed-in person stands behind: forms there carry no token of ours.

    What comes in there has another proof of its sender (a signature, a session's token), or needs none.
    """
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def _show_brand(app: Flask, talisman: Talisman, brand: Brand, logo: Path | None) -> None:
    """Makes the brand known to every template, and serves the files it is made of."""
    style = f"/brand/{sha256(brand.css.encode()).hexdigest()[:12]}.css"
    app.jinja_env.globals.update(brand=brand, brand_css=style)

    @app.get(style)
    def brand_css() -> ResponseReturnValue:
        response = Response(brand.css, mimetype="text/css")
        response.headers["Cache-Control"] = f"public, max-age={FOREVER}, immutable"
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    if logo:
        drawing, kind = logo.read_bytes(), LOGO_TYPES[logo.suffix.lower()]

        # A drawing that is opened by itself runs nothing either.
        @app.get(brand.logo)
        @talisman(content_security_policy="default-src 'none'; style-src 'unsafe-inline'; sandbox")
        def brand_logo() -> ResponseReturnValue:
            response = Response(drawing, mimetype=kind)
            response.headers["Cache-Control"] = f"public, max-age={FOREVER}, immutable"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            return response


def create_socketio(app: Flask, settings: Settings) -> SocketIO:
    """Socket.IO with one thread a connection; over Redis when several processes serve together."""
    return SocketIO(
        app,
        async_mode="threading",
        cors_allowed_origins=_socket_origins(settings.allowed_origins),
        max_http_buffer_size=MAX_PACKET,
        client_manager=FanOut(settings.redis_url) if settings.redis_url else OneProcess(),
        logger=False,
        engineio_logger=False,
    )


def _socket_origins(allowed: tuple[str, ...]) -> object:
    if "*" in allowed:
        return "*"
    # None is Engine.IO's word for "this site only"; with other sites allowed, this one must be named by its Host.
    return (lambda origin, environ: origin in allowed or origin == _own_origin(environ)) if allowed else None


def _own_origin(environ: dict[str, str]) -> str:
    return f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST')}"


def _allow_origin(response: Response, allowed: tuple[str, ...]) -> Response:
    origin = request.headers.get("Origin", "")
    if request.path.startswith("/webhooks/rest/") and (origin in allowed or "*" in allowed):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Vary"] = "Origin"
    return response


SENTENCES = {
    404: ("There is no such page.", "Diese Seite gibt es nicht."),
    405: ("This address is used in another way.", "Diese Adresse wird anders verwendet."),
    413: ("That was too much at once.", "Das war zu viel auf einmal."),
}
OTHERWISE = (
    "Something went wrong on our side. Please try again.",
    "Bei uns ist etwas schiefgegangen. Bitte noch einmal versuchen.",
)


def say_what_went_wrong(error: HTTPException) -> ResponseReturnValue:
    """A page or JSON with a sentence, for what no room has an own page for."""
    status = error.code or 500
    english, german = SENTENCES.get(status, OTHERWISE)
    locale = preferred_locale(request.accept_languages.values(), "en")
    said = german if locale == "de" else english
    if request.path.startswith("/webhooks/") or _prefers_json():
        return jsonify(error=said), status
    return render_template("error.html", said=said, locale=locale), status


def _prefers_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
