"""The help centre's doors for programs: other sites' pages, search engines, feed readers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from knowledge.addresses import category_path, home_path
from knowledge.help.centre import HelpCentre
from knowledge.help.refusals import Refused
from knowledge.help.searching import Result
from knowledge.help.views import LOCALE, Visitor
from knowledge.help.words import WORDS
from knowledge.index import ArticleView
from knowledge.locales import LOCALES
from knowledge.pictures import NOTHING_RUNS, STORED, TYPES

SUGGESTIONS_SECONDS = 60
PUBLIC_SECONDS = 300
PICTURE_SECONDS = 24 * 3600
"""Its content never changes, but an article that shows it may be withdrawn."""
FEED_ENTRIES = 30
ADDRESSES = 50_000
"""At most in one site map (sitemaps.org, protocol)."""


def make_machine_blueprint(centre: HelpCentre, company: str, public_url: str, default_locale: str) -> Blueprint:
    blueprint = Blueprint("help_machines", __name__, template_folder="templates")
    visitor = Visitor(public_url, default_locale)

    @blueprint.get(f"/help/{LOCALE}/suggest")
    def suggest(locale: str) -> ResponseReturnValue:
        try:
            found = centre.suggest(request.args.get("q", ""), locale, visitor.network_address)
        except Refused as refused:
            return _public(jsonify(error=WORDS[locale][refused.reason]), 0), 429
        return _public(jsonify([_suggestion(result, locale) for result in found]), SUGGESTIONS_SECONDS)

    def _suggestion(result: Result, locale: str) -> dict[str, str]:
        article = result.article
        return {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "category": centre.catalogue.category(article.category).name(locale),
            "sentence": result.sentence,
        }

    @blueprint.get(f"/help/{LOCALE}/articles/<path:article_id>.json")
    def article_json(locale: str, article_id: str) -> ResponseReturnValue:
        found = centre.article(article_id, locale)
        if found is None:
            for other in centre.other_languages(article_id, locale):
                return _public(redirect(f"{other.url}.json", 302), 0)
            return _public(jsonify(error=WORDS[locale]["not_here"]), 0), 404
        return _public(jsonify(_article(found)), PUBLIC_SECONDS)

    def _article(article: ArticleView) -> dict[str, Any]:
        return {
            "id": article.id,
            "locale": article.locale,
            "title": article.title,
            "short_answer": article.short_answer,
            "html": centre.page(article, has_anchors=False).html,
            "url": article.url,
            "updated": article.updated.isoformat(),
            "category": centre.catalogue.category(article.category).name(article.locale),
            "related": [{"id": one.id, "title": one.title, "url": one.url} for one in centre.related(article)],
        }

    @blueprint.get("/help/pictures/<name>")
    def picture(name: str) -> ResponseReturnValue:
        named = STORED.fullmatch(name)
        content = centre.picture(named[1], named[2]) if named else None
        if named is None or content is None:
            abort(404)
        response = Response(content, mimetype=TYPES[named[2]])
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Content-Security-Policy"] = NOTHING_RUNS
        return _public(response, PICTURE_SECONDS, ", immutable")

    @blueprint.get(f"/help/{LOCALE}/feed.xml")
    def feed(locale: str) -> ResponseReturnValue:
        entries = centre.catalogue.recent(locale, FEED_ENTRIES)
        values = {"entries": entries, "locale": locale, "site": visitor.site, "home": home_path(locale)}
        title = WORDS[locale]["feed"].format(company=company)
        return _xml(render_template("help/feed.xml", **values, title=title, clean=_for_xml), "application/atom+xml")

    @blueprint.get("/sitemap.xml")
    def sitemap() -> ResponseReturnValue:
        catalogue, site = centre.catalogue, visitor.site
        groups = [{locale: (home_path(locale), "") for locale in LOCALES}]
        shelves = {locale: catalogue.shelves(locale) for locale in LOCALES}
        for key in dict.fromkeys(shelf.category.key for locale in LOCALES for shelf in shelves[locale]):
            having = [locale for locale in LOCALES if any(one.category.key == key for one in shelves[locale])]
            groups.append({locale: (category_path(locale, key), "") for locale in having})
        by_id: dict[str, dict[str, tuple[str, str]]] = {}
        for view in catalogue.snapshot.articles.values():
            by_id.setdefault(view.id, {})[view.locale] = (view.url, view.updated.date().isoformat())
        groups += by_id.values()
        page = render_template("help/sitemap.xml", groups=groups[: ADDRESSES // len(LOCALES)], site=site)
        return _xml(page, "application/xml")

    @blueprint.get("/robots.txt")
    def robots() -> ResponseReturnValue:
        closed = [f"Disallow: /help/{locale}/{door}" for locale in LOCALES for door in ("suggest", "feedback/")]
        lines = ["User-agent: *", *closed, "", f"Sitemap: {visitor.site}/sitemap.xml", ""]
        return _public(Response("\n".join(lines), mimetype="text/plain"), PUBLIC_SECONDS)

    return blueprint


def _xml(page: str, kind: str) -> Response:
    return _public(Response(page, mimetype=kind), PUBLIC_SECONDS)


def _for_xml(text: str) -> str:
    """Without the two characters that stand in a text but not in XML (XML 1.0, production 2)."""
    return text.replace("\ufffe", "").replace("\uffff", "")


def _public(response: Any, seconds: int, more: str = "") -> Any:
    """The same for everybody, on every site."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={seconds}{more}" if seconds else "no-store"
    if response.status_code == 200 and response.is_sequence:
        response.add_etag()
        response.make_conditional(request)
    return response
