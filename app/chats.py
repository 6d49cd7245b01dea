"""The chat put together: who may write, what is taken, how it goes on by phone, and what the widget shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from limits import parse as parse_rate

from app.assets import Assets
from app.brand import Brand, is_colour
from app.loading import Say
from app.processes import counters
from app.secret import signing_key
from app.settings import Settings
from channels.asides import OptWords, in_turn
from channels.inbound import Inbound, Received, Rules, receive
from channels.linking.continuing import Continuing, Ways
from channels.linking.heeding import heed_alarm, heed_links
from channels.linking.site import SiteKey, public_key, secret_key
from channels.linking.texting import CodeRules, Texting
from channels.names import WEB
from channels.webchat.bringing import Bring
from channels.webchat.chat import ChatLimits, WebChat
from channels.webchat.session import Sessions
from channels.webchat.widget import Widget
from db import Database
from insights.surveys.belonging import belongs
from insights.surveys.bringing import join_answer

if TYPE_CHECKING:
    from knowledge.help.centre import HelpCentre

BestArticles = Callable[[str], list[dict[str, str]]]
"""The articles to begin with in a language: `id`, `title`, `url`."""
BEST = 5
"""How many of them."""
Receive = Callable[[Database, Inbound, datetime], Received]


def receiving(settings: Settings, expect: Say | None, tell: Callable[[str], None]) -> Receive:
    """`receive` by this installation's rules, with the question's vector in the making while the message is stored.

    `tell` is told of each conversation in which something was received.
    """
    rules = Rules(
        silence=timedelta(hours=settings.conversation_hours),
        heed=in_turn(heed_alarm, OptWords(settings.company, settings.default_locale).heed, heed_links),
        belongs=belongs,
        stored=join_answer,
    )

    def take(database: Database, inbound: Inbound, now: datetime) -> Received:
        # What a button sends is not searched for; what a phone sends may be one of a burst.
        if expect and inbound.channel == WEB and not inbound.text.startswith("/"):
            expect(inbound.text)
        received = receive(database, inbound, now, rules)
        tell(received.conversation_id)
        return received

    return take


def open_chat(settings: Settings, database: Database, take: Receive, bring: Bring) -> WebChat:
    sessions = Sessions(signing_key(database, settings.secret_key), timedelta(days=settings.session_days))
    limits = ChatLimits(
        settings.message_chars,
        parse_rate(settings.visitor_rate),
        parse_rate(settings.network_rate),
        settings.privacy_consent,
    )
    return WebChat(database, sessions, counters(settings.redis_url), limits, take, bring)


def site_key(settings: Settings) -> SiteKey | None:
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


def make_widget(settings: Settings, brand: Brand, assets: Assets, best_articles: BestArticles) -> Widget:
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


def best_articles(centre: HelpCentre) -> BestArticles:
    """What the chat begins with: the articles that are read most."""

    def best(locale: str) -> list[dict[str, str]]:
        return [{"id": one.id, "title": one.title, "url": one.url} for one in centre.popular(locale)[:BEST]]

    return best
