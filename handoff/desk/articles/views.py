"""The page of an article for everybody who works here."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from handoff.desk.words import WORDS
from knowledge.help.words import day
from knowledge.inside import Inside
from staff.people import ROLES
from staff.views import guard, signed_in


def make_blueprint(inside: Inside) -> Blueprint:
    blueprint = Blueprint("desk_articles", __name__, template_folder="../templates", url_prefix="/desk/articles")
    guard(blueprint, frozenset(ROLES))

    @blueprint.get("/<locale>/<path:article_id>")
    def article(locale: str, article_id: str) -> ResponseReturnValue:
        found = inside.article(article_id, locale)
        if found is None:
            abort(404)
        view, is_internal = found
        user = signed_in()
        given = {"user": user, "locale": user.locale, "words": WORDS[user.locale], "day": day}
        body = inside.page(view).html
        return render_template("desk/article.html", article=view, is_internal=is_internal, body=body, **given)

    return blueprint
