"""A help article's page: where the source of an answer leads."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from knowledge.library import Knowledge
from knowledge.rendering import render_html


def make_blueprint(knowledge: Knowledge) -> Blueprint:
    blueprint = Blueprint("knowledge", __name__, template_folder="templates")

    @blueprint.get("/help/<locale>/<path:article_id>")
    def article(locale: str, article_id: str) -> ResponseReturnValue:
        found = knowledge.snapshot.articles.get((article_id, locale))
        if found is None:
            abort(404)
        return render_template(
            "knowledge/article.html", locale=locale, article=found, body=render_html(found.body, locale)
        )

    return blueprint
