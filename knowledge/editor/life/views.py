"""An article's life in the browser: its steps as forms, the page of a review, the history with what has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from db import utc_now
from knowledge.article_text import ArticleText
from knowledge.articles import Revision, Translation
from knowledge.checking import Checked, leaving
from knowledge.comparing import Change, compare
from knowledge.drafts import ArticleDraft, fields_of, find_draft
from knowledge.editor.asking.questioning import Questioned, arranged, instead, question_all
from knowledge.editor.asking.words import WORDS as ASKING
from knowledge.editor.house import House
from knowledge.editor.life.deeds import CHANGE_WHAT_IS_FOUND, DEEDS, Entered
from knowledge.editor.life.panel import given
from knowledge.editor.life.words import DONE, FIELDS, REFUSED, WORDS
from knowledge.editor.views import editor_page
from knowledge.life.going_live import Rules, publish_draft
from knowledge.life.history import PAGE, publications, revision_of
from knowledge.life.opened import finished, shown_now
from knowledge.life.refusals import Refused, Stopped
from knowledge.locales import LOCALES
from knowledge.pictures.kept import sizes_of
from knowledge.publishing import live_of
from knowledge.rendering import render
from staff.people import EDITING
from staff.views import guard, signed_in

LOCALE = f"<any({','.join(LOCALES)}):locale>"
WAIVED = {locale: {key: of[key] for key in of if key.startswith("done_")} for locale, of in ASKING.items()}
"""What was done about questions, said on the page of a review."""
STATUS = {"changed_meanwhile": 409, "no_draft": 409, "no_right": 403, "busy": 503}
"""Of a refusal; what is not named here is 422."""


@dataclass(frozen=True)
class Room:
    house: House
    rules: Rules
    zone: Callable[[Session], str]
    """The time zone that is meant unless a browser says another one."""

    def given(self, session: Session, article_id: str, locale: str) -> dict[str, Any]:
        reviewed = self.rules.must_be_reviewed
        return given(session, signed_in(), article_id, locale, must_be_reviewed=reviewed, zone=self.zone(session))


def make_blueprint(room: Room) -> Blueprint:
    blueprint = Blueprint("life", __name__, template_folder="templates", url_prefix="/editor")
    guard(blueprint, EDITING)
    database = room.house.database

    @blueprint.post(f"/life/<any('publish',{','.join(map(repr, DEEDS))}):verb>/{LOCALE}/<path:article_id>")
    def do(verb: str, locale: str, article_id: str) -> ResponseReturnValue:
        entered = _entered(room, article_id, locale)
        try:
            _do(room, verb, entered)
        except Refused as refused:
            return _review_page(room, article_id, locale, refused)
        return redirect(_back(room, verb, article_id, locale), 303)

    @blueprint.get(f"/review/{LOCALE}/<path:article_id>")
    def review(locale: str, article_id: str) -> ResponseReturnValue:
        return _review_page(room, article_id, locale)

    @blueprint.get(f"/gone/<any(withdraw, archive):verb>/{LOCALE}/<path:article_id>")
    def gone(verb: str, locale: str, article_id: str) -> ResponseReturnValue:
        """What would be missed, before it is withdrawn or archived."""
        with database.reading() as session:
            _known(session, article_id, locale)
            own = room.given(session, article_id, locale)
        if verb not in own["life"].steps:
            return redirect(url_for("life.review", locale=locale, article_id=article_id), 303)
        missed = leaving(room.house.knowledge, [(article_id, locale)])
        facts = {"verb": verb, "id": article_id, "article_locale": locale, "own": own, "missed": missed}
        return _page("gone", **facts, said_instead=_said_instead, back=request.args.get("back", ""))

    @blueprint.get(f"/history/{LOCALE}/<path:article_id>")
    def history(locale: str, article_id: str) -> ResponseReturnValue:
        with database.reading() as session:
            _known(session, article_id, locale)
            page = max(1, request.args.get("page", 1, int))
            found, count = publications(session, article_id, locale, min(page, 10**6))
            if not found and page > 1:
                abort(404)
            draft = find_draft(session, article_id, locale)
            facts = {
                "id": article_id,
                "article_locale": locale,
                "title": _title(draft, found[0].revision if found else None, article_id),
                "publications": found,
                "pages": -(-count // PAGE),
                "page": page,
                "draft": draft,
                "shown": shown_now(session, article_id, locale),
                "compared": _compared(session, article_id, locale),
            }
        return _page("history", **facts)

    @blueprint.get(f"/revisions/{LOCALE}/<int:number>/<path:article_id>")
    def revision(locale: str, number: int, article_id: str) -> ResponseReturnValue:
        with database.reading() as session:
            try:
                found = revision_of(session, article_id, locale, number)
            except Refused:
                abort(404)
            return _page("revision", revision=found, html=_html(session, found.body, locale))

    @blueprint.get(f"/life/panel/{LOCALE}/<path:article_id>")
    def panel(locale: str, article_id: str) -> ResponseReturnValue:
        """As it stands now, for the page on which the text is written."""
        with database.reading() as session:
            own = room.given(session, article_id, locale) | {"back": "article"}
        return editor_page("life/panel", own=own, id=article_id, article_locale=locale)

    return blueprint


def _entered(room: Room, article_id: str, locale: str) -> Entered:
    return Entered(article_id, locale, signed_in(), utc_now(), request.form, room.rules.must_be_reviewed)


def _do(room: Room, verb: str, entered: Entered) -> None:
    knowledge = room.house.knowledge
    if verb == "publish":
        who = (entered.article_id, entered.locale, entered.user, entered.now)
        publish_draft(knowledge, *who, room.rules, note=entered.text("note"), shown=entered.shown)
        return
    with room.house.database.transaction() as session:
        DEEDS[verb](session, entered)
    if verb in CHANGE_WHAT_IS_FOUND:
        knowledge.refresh()


def _back(room: Room, verb: str, article_id: str, locale: str) -> str:
    """The page where the form was, if the article is still there."""
    with room.house.database.reading() as session:
        if session.get(Translation, (article_id, locale)) is None:
            return url_for("editor.articles", done=verb)
    if request.form.get("back") == "article":
        return f"/editor/articles/{locale}/{quote(article_id)}?done={verb}#review"
    return url_for("life.review", locale=locale, article_id=article_id, done=verb)


def _review_page(room: Room, article_id: str, locale: str, refused: Refused | None = None) -> ResponseReturnValue:
    with room.house.database.reading() as session:
        _known(session, article_id, locale)
        own = room.given(session, article_id, locale)
        life = own["life"]
        before = fields_of(life.live) if life.live else None
        compared = compare(before, life.draft.fields) if life.draft and before else None
        written = life.draft or life.live
        tried = _tried(life.draft) if request.args.get("questions") else None
        html = _html(session, written.body, locale) if written else ""
    page = _page(
        "review",
        id=article_id,
        article_locale=locale,
        title=life.title,
        own=own,
        text=written,
        html=html,
        differences=compared,
        said=refused.said(REFUSED, signed_in().locale) if refused else None,
        found=_stopping(room, refused, tried),
        asking_words=ASKING[signed_in().locale],
        entered=request.form if refused else {},
    )
    return page, STATUS.get(refused.reason, 422) if refused else 200


def _tried(draft: ArticleDraft | None) -> ArticleText | None:
    """The text whose questions are asked; None: it is not finished, or there is none."""
    try:
        return finished(draft) if draft else None
    except Refused:
        return None


def _stopping(room: Room, refused: Refused | None, tried: ArticleText | None) -> Questioned | None:
    """The questions that have just stopped it or, where they are asked for, those that would."""
    locale = signed_in().locale
    if isinstance(refused, Stopped):
        return arranged(refused.broken, locale)
    return question_all(room.house.knowledge, tried, locale) if tried else None


def _said_instead(one: Checked) -> str:
    return instead(one, signed_in().locale)


def _page(name: str, **values: Any) -> str:
    locale = signed_in().locale
    asked = request.args.get("done", "")
    done = DONE[locale].get(asked) or WAIVED[locale].get(asked) if not values.get("said") else None
    facts = {"life_words": WORDS[locale], "fields": FIELDS[locale], "done": done, "is_change": _is_change}
    return editor_page(f"life/{name}", **facts | values)


def _known(session: Session, article_id: str, locale: str) -> None:
    """There is, or was, such an article in this language."""
    if session.get(Translation, (article_id, locale)) is None and find_draft(session, article_id, locale) is None:
        abort(404)


def _title(draft: ArticleDraft | None, newest: Revision | None, article_id: str) -> str:
    return (newest.title if newest else "") or (draft.title if draft else "") or article_id


def _compared(session: Session, article_id: str, locale: str) -> dict[str, Any] | None:
    """What `?from=2&to=draft` asks to compare; None: nothing, or what is not there."""
    one, other = (_one(session, article_id, locale, request.args.get(name, "")) for name in ("from", "to"))
    if one is None or other is None:
        return None
    return {"before": one[0], "after": other[0], "differences": compare(one[1], other[1])}


def _one(session: Session, article_id: str, locale: str, asked: str) -> tuple[str, dict[str, Any]] | None:
    """`draft`, `live`, or the number of a publication: its key and its fields."""
    if asked == "draft":
        draft = find_draft(session, article_id, locale)
        return ("draft", draft.fields) if draft else None
    try:
        live = live_of(session, article_id, locale) if asked == "live" else None
        found = live or revision_of(session, article_id, locale, int(asked) if asked.isdecimal() else 0)
    except Refused:
        return None
    return str(found.number), fields_of(found)


def _html(session: Session, body: str, locale: str) -> str:
    return render(body, locale, sizes_of(session, body)).html


def _is_change(one: object) -> bool:
    return isinstance(one, Change)
