"""Puts the rooms together: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from flask_socketio import SocketIO
from limits import parse as parse_rate

from app.assets import Assets
from app.brand import Brand, is_colour, logo_address
from app.courtesy import Courtesy
from app.desks import open_desk, open_news
from app.figures import facts_job, open_figures
from app.jobs import unused_pictures
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
from channels.asides import OptWords, in_turn
from channels.inbound import Inbound, Received, Rules, receive
from channels.linking.continuing import Continuing, Ways
from channels.linking.heeding import heed_alarm, heed_links
from channels.linking.site import SiteKey, public_key, secret_key
from channels.linking.texting import CodeRules, Texting
from channels.linking.views import make_blueprint as make_continuing
from channels.linking.visitors import Visitors
from channels.names import WEB
from channels.phone.views import STATIC as phone_files
from channels.webchat.bringing import Bring
from channels.webchat.chat import ChatLimits, WebChat
from channels.webchat.session import Sessions
from channels.webchat.views import STATIC as webchat_files
from channels.webchat.views import make_blueprint as make_webchat
from channels.webchat.views import make_transport, register_events, tell_pages
from channels.webchat.widget import Widget
from db import Database, utc_now
from handoff.desk import STATIC as desk_files
from handoff.desk.inserting import Articles
from handoff.desk.live import News
from handoff.turn import CLAIM, BotReply, Surveys
from insights.facts.store import FactStore
from insights.follow_ups.pages import STATIC as follow_ups_files
from insights.pages import STATIC as insights_files
from insights.surveys.asking import BotAsk
from insights.surveys.belonging import belongs
from insights.surveys.bringing import FACT as BROUGHT_FACT
from insights.surveys.bringing import brought
from insights.surveys.bringing import join as join_answer
from insights.surveys.links import Links
from insights.surveys.page.views import STATIC as survey_files
from insights.surveys.page.views import make_blueprint as make_survey_page
from insights.surveys.taking import asked_by
from insights.surveys.taking import take as take_answer
from knowledge.editor import STATIC as editor_files
from knowledge.help import STATIC as help_files
from knowledge.pictures import PictureStore
from staff import STATIC as staff_files

if TYPE_CHECKING:
    from bot.engine import Engine
    from knowledge.embedding import Embedder
    from knowledge.help.centre import HelpCentre
    from knowledge.library import Knowledge
    from knowledge.vectors import Progress

Say = Callable[[str], None]
"""Told in sentences what takes long."""
BestArticles = Callable[[str], list[dict[str, str]]]
"""The articles to begin with in a language: `id`, `title`, `url`."""
BEST = 5
"""How many of them."""
SURVEYS = Surveys(asked_by, take_answer)
Receive = Callable[[Database, Inbound, datetime], Received]


def models_folder(settings: Settings) -> Path:
    return settings.cache_dir / "models"


def bot_folder(settings: Settings) -> Path:
    return settings.cache_dir / "bot"


def load_embedding(settings: Settings, say: Say | None = None) -> Embedder:
    """The embedder of EMBEDDING_MODEL. Raises EmbeddingModelError."""
    from knowledge.embedding import configure_threads, load_embedder

    configure_threads(settings.embedding_threads)
    return load_embedder(settings.embedding_model, models_folder(settings), say)


def open_knowledge(
    settings: Settings, database: Database, embedder: Embedder, progress: Progress | None = None
) -> Knowledge:
    """What can be found in a database; passages that have no vector of this model yet are embedded first."""
    from knowledge.library import Knowledge

    pictures = PictureStore(settings.pictures_dir)
    return Knowledge(database, embedder, progress, settings.answer_confidence, pictures)


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
    chat = _web_chat(settings, database, take, lambda token, locale: brought(database, links, token, locale, utc_now()))
    visitors = Visitors(database, chat.sessions, _site_key(settings))
    continuing = open_continuing(phones.settings if phones else settings, database)
    register_events(socketio, chat, partial(_wake, workers), base_url, visitors.recognise, continuing.connected)
    widget = replace(_widget(settings, brand, assets, best_articles), phone=continuing.ways.config)
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


def _site_key(settings: Settings) -> SiteKey | None:
    """What the company's site signs identities with."""
    if settings.identity_secret:
        return secret_key(settings.identity_secret, settings.identity_audience)
    if settings.identity_public_key:
        return public_key(settings.identity_public_key, settings.identity_audience)
    return None


def open_continuing(settings: Settings, database: Database) -> Continuing:
    """How a chat goes on by phone. `settings` have the simulator's numbers, if it plays Twilio."""
    rules = CodeRules(
        key=signing_key(database, settings.secret_key),
        company=settings.company,
        region=settings.phone_region or None,
        countries=settings.code_countries,
        per_number=parse_rate(settings.code_rate),
        per_visitor=parse_rate(settings.code_rate),
        per_network_address=parse_rate(settings.code_network_rate),
        in_all=parse_rate(settings.code_total_rate),
    )
    ways = Ways(
        sms=settings.sms_numbers[0] if settings.sms_numbers else "",
        whatsapp=settings.whatsapp_numbers[0] if settings.whatsapp_numbers else "",
        page=f"{settings.base_url}/phone" if settings.phone else "",
    )
    silence = timedelta(hours=settings.conversation_hours)
    return Continuing(database, ways, Texting(rules, counters(settings.redis_url)), silence)


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


def open_engine(settings: Settings, knowledge: Knowledge, embedder: Embedder) -> Engine:
    """The bot, trained if anything it is trained from changed."""
    from bot import runtime
    from bot.engine import Engine
    from bot.training import train

    runtime.use(embedder=embedder)
    return Engine(
        train(bot_folder(settings), embedder),
        knowledge,
        contact=settings.support_contact,
        language=settings.default_locale,
        deadline=settings.bot_deadline_ms / 1000,
        lanes=settings.turn_threads,
    )


def add_help_centre(app: Flask, settings: Settings, centre: HelpCentre) -> None:
    """Puts the help centre's pages and its doors for programs under the roof."""
    from knowledge.help.machines.views import make_machine_blueprint
    from knowledge.help.views import make_blueprint

    where = (settings.company, settings.public_url, settings.default_locale)
    open_to_all(app, make_blueprint(centre, *where, say_what_went_wrong))
    open_to_all(app, make_machine_blueprint(centre, *where))


def best_articles(centre: HelpCentre) -> BestArticles:
    """What the chat begins with: the articles that are read most."""

    def best(locale: str) -> list[dict[str, str]]:
        return [{"id": one.id, "title": one.title, "url": one.url} for one in centre.popular(locale)[:BEST]]

    return best


def _widget(settings: Settings, brand: Brand, assets: Assets, best_articles: BestArticles) -> Widget:
    return Widget(
        company=brand.name,
        default_locale=settings.default_locale,
        logo=brand.logo,
        texts={
            "en": {"greeting": settings.greeting_en, "intro": settings.intro_en},
            "de": {"greeting": settings.greeting_de, "intro": settings.intro_de},
        },
        launcher=settings.widget_launcher,
        side=settings.widget_side,
        privacy_url=settings.privacy_url,
        needs_consent=settings.privacy_consent,
        message_chars=settings.message_chars,
        allowed_origins=settings.allowed_origins,
        brand_css=lambda colour: (replace(brand, colour=colour) if is_colour(colour) else brand).css,
        is_colour=is_colour,
        best_articles=best_articles,
        asset=assets.url,
    )


def _web_chat(settings: Settings, database: Database, take: Receive, bring: Bring) -> WebChat:
    sessions = Sessions(signing_key(database, settings.secret_key), timedelta(days=settings.session_days))
    limits = ChatLimits(
        settings.message_chars,
        parse_rate(settings.visitor_rate),
        parse_rate(settings.network_rate),
        settings.privacy_consent,
    )
    return WebChat(database, sessions, counters(settings.redis_url), limits, take, bring)


def receiving(settings: Settings, expect: Say | None, tell: Callable[[str], None]) -> Receive:
    """`receive` by this installation's rules, with the question's vector in the making while the message is stored.

    `tell` is told of each conversation in which something was received.
    """
    rules = Rules(
        silence=timedelta(hours=settings.conversation_hours),
        heed=in_turn(heed_alarm, OptWords(settings.company, settings.default_locale).heed, heed_links),
        belongs=belongs,
    )

    def take(database: Database, inbound: Inbound, now: datetime) -> Received:
        # What a button sends is not searched for; what a phone sends may be one of a burst.
        if expect and inbound.channel == WEB and not inbound.text.startswith("/"):
            expect(inbound.text)
        received = receive(database, inbound, now, rules)
        if answered := inbound.facts.get(BROUGHT_FACT):
            join_answer(database, answered, received.conversation_id, now)
        tell(received.conversation_id)
        return received

    return take
