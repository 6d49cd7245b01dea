"""The page behind a conversation's menu: asks by a link, and shows the link. It works without scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from channels.customer import Customer
from db import attempt, utc_now
from handoff.desk.callings import callings
from handoff.desk.house import Door, House
from handoff.desk.opened import find_visible
from handoff.desk.words import CHANNELS
from handoff.desk.words import WORDS as DESK_WORDS
from handoff.finding import NotYours
from handoff.transitions import NotPossible
from insights.surveys.deciding import is_another_day
from insights.surveys.desk.words import TEXT, WHY_NOT, WORDS
from insights.surveys.linking import NotAsked, ask_by_link, standing
from insights.surveys.links import Links, qr_code
from insights.surveys.settings import LOCALES, survey_settings
from insights.surveys.survey import Survey
from insights.surveys.taking import LINK
from staff.people import DESK
from staff.views import guard, signed_in

NAME = "survey-link"
PATH = f"/desk/{NAME}"
DOOR = Door(NAME, "link", {locale: words["menu"] for locale, words in WORDS.items()})


def make_blueprint(house: House, links: Links) -> Blueprint:
    blueprint = Blueprint("survey_links", __name__, template_folder="templates", url_prefix=PATH)
    guard(blueprint, DESK)

    @blueprint.get("/<conversation_id>")
    def show(conversation_id: str) -> ResponseReturnValue:
        return _page(house, links, conversation_id)

    @blueprint.post("/<conversation_id>")
    def make(conversation_id: str) -> ResponseReturnValue:
        user = signed_in()
        try:
            attempt(house.database, lambda session: ask_by_link(session, user, conversation_id, utc_now()).id)
        except (NotAsked, NotPossible):
            return _page(house, links, conversation_id), 409  # What stands against it is said there.
        house.seen(user.id)
        house.done(conversation_id)
        return redirect(f"{PATH}/{conversation_id}", 303)

    blueprint.register_error_handler(NotYours, _not_there)
    return blueprint


def _page(house: House, links: Links, conversation_id: str) -> str:
    user, now = signed_in(), utc_now()
    locale, words = user.locale, WORDS[user.locale]
    with house.database.reading() as session:
        conversation = find_visible(session, user, conversation_id)
        stands, settings = standing(session, conversation, now), survey_settings(session)
        theirs = _locale_of(session, conversation)
        calling = callings(session, [conversation.customer_id])[conversation.customer_id]
        words_of = partial(settings.words, is_later=is_another_day(session, conversation, now))
    why = stands.decision.skipped
    question = words_of(stands.decision.kind)[theirs].question
    given = {
        "calling": calling,
        "survey": stands.survey,
        "is_by_link": stands.survey is not None and stands.survey.channel == LINK,
        "channel": CHANNELS[locale].get(stands.survey.channel or "", "") if stands.survey else "",
        "question": question,
        "question_locale": theirs,
        "once": words["once_days"].format(days=settings.days) if settings.days else words["once"],
        "why": WHY_NOT[locale][why].format(days=settings.days) if why and not stands.survey else "",
        **(_to_send(links, stands.survey, words_of, theirs) if stands.survey else {}),
    }
    return render_template(
        "surveys/by_link.html",
        user=user,
        locale=locale,
        own=words,
        words=DESK_WORDS[locale],
        conversation_id=conversation_id,
        **given,
    )


def _to_send(links: Links, survey: Survey, words: Any, locale: str) -> dict[str, Any]:
    address = f"{links.to_survey(survey)}?locale={locale}"
    question = words(survey.kind)[locale].question
    text = TEXT[locale].format(question=question, address=address)
    return {"address": address, "text": text, "picture": qr_code(address), "question": question}


def _locale_of(session: Session, conversation: Conversation) -> str:
    customer = session.get(Customer, conversation.customer_id)
    found = conversation.locale or (customer.locale if customer else None)
    return found if found in LOCALES else LOCALES[0]


def _not_there(_error: NotYours) -> ResponseReturnValue:
    user = signed_in()
    words = DESK_WORDS[user.locale]
    given = {"said": words["not_there"], "locale": user.locale, "words": words, "user": user, "page": "/desk"}
    return render_template("desk/refused.html", **given), 404
