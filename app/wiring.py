"""Puts the rooms together: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from flask_socketio import SocketIO
from limits import parse as parse_rate

from app.assets import Assets
from app.brand import Brand, logo_address
from app.chats import BestArticles, best_articles, make_widget, open_chat, open_continuing, receiving, site_key
from app.courtesy import Courtesy
from app.desks import open_desk, open_news
from app.figures import facts_job, open_figures
from app.jobs import unused_pictures
from app.loading import Say, load_embedding, open_engine, open_knowledge
from app.phones import Phones, add_phone_doors, fetch_missed, open_phones
from app.processes import counters
from app.rounds import ROUNDS, Round, go_round, rounds_with_surveys
from app.secret import signing_key
from app.settings import Settings
from app.short_addresses import serve_short_addresses
from app.speakers import Speakers
from app.staffing import open_staff
from app.web import create_app, create_socketio, open_to_all, say_what_went_wrong
from app.workers import Line, Workers
from channels.inbound import Received
from channels.linking.views import make_blueprint as make_continuing
from channels.linking.visitors import Visitors
from channels.names import WEB
from channels.phone.views import STATIC as phone_files
from channels.webchat.views import STATIC as webchat_files
from channels.webchat.views import make_blueprint as make_webchat
from channels.webchat.views import make_transport, register_events, tell_pages
from db import Database, utc_now
from handoff.desk import STATIC as desk_files
from handoff.desk.inserting import Articles
from handoff.desk.live import News
from handoff.turn import CLAIM, BotReply, Surveys
from insights.facts.store import FactStore
from insights.follow_ups.pages import STATIC as follow_ups_files
from insights.pages import STATIC as insights_files
from insights.surveys.asking import BotAsk
from insights.surveys.bringing import brought
from insights.surveys.links import Links
from insights.surveys.page.views import STATIC as survey_files
from insights.surveys.page.views import make_blueprint as make_survey_page
from insights.surveys.taking import asked_by
from insights.surveys.taking import take as take_answer
from knowledge.editor import STATIC as editor_files
from knowledge.help import STATIC as help_files
from staff import STATIC as staff_files

if TYPE_CHECKING:
    from knowledge.help.centre import HelpCentre

SURVEYS = Surveys(asked_by, take_answer)


@dataclass(frozen=True)
class Served:
    """A process's web application and the threads behind it."""

    app: Flask
    workers: Workers
    phones: Phones | None = None
    news: News | None = None

    def stop(self) -> None:
        # Pages that look at the simulator's phones wait for news; they would hold the server up.
        if self.phones:
            self.phones.stop()
        self.workers.stop()
        if self.news:
            self.news.stop()


def wire_web(
    settings: Settings,
    database: Database,
    reply: BotReply,
    expect: Say | None = None,
    best_articles: BestArticles = lambda _locale: [],
    articles: Articles = lambda _words, _locale, _limit: [],
    more: Sequence[Line] = (),
    ask: BotAsk | None = None,
) -> Served:
    """The web application and its workers, started, around a bot.

    `expect` is told what it will be asked; `best_articles` names those the chat begins with; `more` is what else has
    threads of its own; `ask` asks how it was when a conversation has ended: without it nobody
    does, and none ends by silence.
    """
    assets = Assets(
        {
            "chat": webchat_files,
            "help": help_files,
            "phone": phone_files,
            "staff": staff_files,
            "desk": desk_files,
            "follow_ups": follow_ups_files,
            "editor": editor_files,
            "survey": survey_files,
            "insights": insights_files,
        }
    )
    brand = Brand(settings.company, settings.links, settings.brand_color, logo_address(settings.logo))
    app = create_app(settings, database, assets, brand)
    socketio = create_socketio(app, settings)
    base_url = settings.base_url
    transports = {WEB: make_transport(socketio, base_url)}
    # The bot has its deadline, and search alone has as long again.
    claim_for = CLAIM + 2 * timedelta(milliseconds=settings.bot_deadline_ms)
    courtesy = Courtesy()
    news = open_news(database, socketio)
    speakers = Speakers(database, socketio)

    def turned(conversation_id: str) -> None:
        news.tell(conversation_id)
        speakers.tell(conversation_id)

    phones = open_phones(settings, database, socketio, news.tell)
    take = receiving(settings, expect, news.tell)
    links = Links(signing_key(database, settings.secret_key), base_url)
    rounds = rounds_with_surveys(ask, templates(settings)) if ask else ROUNDS
    lines = (*(phones.lines if phones else ()), Line("rounds", partial(_go_round, database, turned, rounds)), *more)
    # The simulator's memory begins with the process: there is nothing to be missed.
    missed = [fetch_missed(phones, database, take)] if phones and not phones.simulator else []
    facts = FactStore(database)
    jobs = [unused_pictures(settings), facts_job(facts), *missed]
    region = settings.phone_region or None
    workers = Workers(
        database, reply, transports, settings.turn_threads, claim_for, lines, courtesy, jobs, turned, region, SURVEYS
    )
    chat = open_chat(settings, database, take, lambda token, locale: brought(database, links, token, locale, utc_now()))
    visitors = Visitors(database, chat.sessions, site_key(settings))
    continuing = open_continuing(phones.settings if phones else settings, database)
    register_events(socketio, chat, partial(_wake, workers), base_url, visitors.recognise, continuing.connected)
    widget = replace(make_widget(settings, brand, assets, best_articles), phone=continuing.ways.config)
    webchat = make_webchat(chat, widget, workers.answer, workers.deliver, settings.rest_token, base_url)
    open_to_all(app, webchat)
    if continuing.ways.config:
        tell = partial(_tell_page, socketio)
        open_to_all(app, make_continuing(chat, widget, continuing, workers.deliver, tell))
    serve_short_addresses(app, database)
    open_to_all(app, _survey_page(settings, database, links))
    open_staff(app, settings, database)

    def done(conversation_id: str) -> None:
        turned(conversation_id)
        workers.wake(conversation_id)
        workers.deliver()

    open_desk(app, settings, database, socketio, done, articles, speakers.writing)
    open_figures(app, facts, settings.metrics_token)
    if phones:
        add_phone_doors(app, phones, database, take, workers, socketio, courtesy)
    workers.start()
    return Served(app, workers, phones, news)


def _wake(workers: Workers, received: Received) -> None:
    workers.wake(received.conversation_id)
    if received.has_reply:
        workers.deliver()


def _survey_page(settings: Settings, database: Database, links: Links) -> Blueprint:
    return make_survey_page(
        database, links, counters(settings.redis_url), parse_rate(settings.link_rate), settings.default_locale
    )


def templates(settings: Settings) -> set[str]:
    """The languages in which WhatsApp may be written to after its 24 hours."""
    sids = {"en": settings.whatsapp_template_en, "de": settings.whatsapp_template_de}
    return {locale for locale, sid in sids.items() if sid}


def _go_round(database: Database, tell: Callable[[str], None], rounds: Sequence[Round]) -> int:
    go_round(database, utc_now(), tell, rounds)
    return 0  # Once a second is enough.


def _tell_page(socketio: SocketIO, visitor: str) -> None:
    tell_pages(socketio, [visitor])


def wire(settings: Settings, say: Say) -> Served:
    """Everything a serving process has, started. What `app.preparation` does must have been done."""
    from app.editing import open_editor
    from app.importing import import_line
    from app.publishing import publishing_line, waivers_line
    from handoff.desk.suggesting import articles_of
    from knowledge.checking.watching import Watching
    from knowledge.help.centre import HelpCentre

    database = Database(settings.database_url)
    say("Server: loading the embedding model")
    embedder = load_embedding(settings)
    say("Server: loading the articles")
    knowledge = open_knowledge(settings, database, embedder)
    say("Server: loading the bot")
    engine = open_engine(settings, knowledge, embedder)
    centre = HelpCentre(knowledge, counters(settings.redis_url))
    watching = Watching(knowledge)
    more = (
        publishing_line(settings, knowledge),
        waivers_line(knowledge),
        import_line(knowledge),
        Line("watch", watching.look),
    )
    served = wire_web(
        settings, database, engine.reply, knowledge.expect, best_articles(centre), articles_of(centre), more, engine.ask
    )
    add_help_centre(served.app, settings, centre)
    open_editor(served.app, settings, knowledge, centre, engine.said, watching)
    return served


def add_help_centre(app: Flask, settings: Settings, centre: HelpCentre) -> None:
    """Puts the help centre's pages and its doors for programs under the roof."""
    from knowledge.help.machines.views import make_machine_blueprint
    from knowledge.help.views import make_blueprint

    where = (settings.company, settings.public_url, settings.default_locale)
    open_to_all(app, make_blueprint(centre, *where, say_what_went_wrong))
    open_to_all(app, make_machine_blueprint(centre, *where))
