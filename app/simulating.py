"""Lives an invented history in a database: the product's own verbs, with nobody at the other end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import func, or_, select

from app.chats import open_continuing, receiving
from app.loading import open_engine, open_knowledge
from app.phones import SIMULATED_SMS, SIMULATED_WHATSAPP
from app.processes import counters
from app.rounds import Round, go_round, rounds_with_surveys
from app.settings import Settings
from app.wiring import SURVEYS
from channels.customer import Address
from channels.delivering import deliver_due
from channels.linking.words import prefilled
from channels.names import SMS, WEB, WHATSAPP
from channels.outbox import Outgoing, Sent, Transport
from db import Database
from handoff.turn import Taken, take_turn
from insights.facts.refreshing import rebuild
from insights.simulating.house import House
from insights.simulating.living import Library, Plan, live
from insights.simulating.people import INVENTED
from knowledge.articles import Revision, Translation
from knowledge.embedding import Embedder
from staff.admin.employing import Entry, add_person
from staff.links import choose_password
from staff.people import AGENT, User
from staff.signing_in import Visit
from staff.teams import default_team

if TYPE_CHECKING:
    from bot.engine import Engine
    from knowledge.library import Knowledge

AGENTS = {"Mira Vogt": "de", "Ben Okafor": "en", "Priya Nair": "en"}
"""Who works in the history of a house where nobody does yet."""
NOBODY_WAITS_MS = 600_000
"""The bot's deadline: a history is the same on a machine that has much else to do."""


class SimulationError(Exception):
    """A history can't be lived here; the message is a sentence."""


def check_house(settings: Settings) -> None:
    """Raises SimulationError where real people could be meant."""
    if settings.twilio_account_sid:
        raise SimulationError(
            "TWILIO_ACCOUNT_SID is set: an invented history is for a database without real customers. "
            "Leave it away, and name another database: DATABASE_URL=sqlite:///var/history.db"
        )
    if _is_serving(settings):
        raise SimulationError(
            f"Handrail is serving on port {settings.port} and would answer the invented customers by today's clock. "
            "Stop it first."
        )


def count_real(database: Database) -> int:
    """How many customers there are whom nobody has invented."""
    is_invented = or_(*(Address.value.startswith(begins) for begins in INVENTED))
    with database.reading() as session:
        query = select(func.count(Address.customer_id.distinct())).where(~is_invented)
        return int(session.scalars(query).one())


def simulate(
    settings: Settings,
    database: Database,
    library: Library,
    plan: Plan,
    embedder: Embedder,
    say: Callable[[datetime], None],
) -> int:
    """Lives the history and returns how many conversations there are in the database afterwards."""
    knowledge = open_knowledge(settings, database, embedder)
    engine = open_engine(replace(settings, bot_deadline_ms=NOBODY_WAITS_MS), knowledge, embedder)
    try:
        house = open_house(settings, database, knowledge, engine)
        count = live(house, plan, library, _agents(database, plan.begins), say)
        rebuild(database, plan.ends)
        return count
    finally:
        engine.close()


def open_house(settings: Settings, database: Database, knowledge: Knowledge, engine: Engine) -> House:
    from knowledge.help.centre import HelpCentre

    settings = replace(
        settings,
        sms_numbers=settings.sms_numbers or SIMULATED_SMS,
        whatsapp_numbers=settings.whatsapp_numbers or SIMULATED_WHATSAPP,
    )
    continuing = open_continuing(settings, database)
    take = receiving(settings, None, lambda _conversation: None)
    transports: dict[str, Transport] = dict.fromkeys((WEB, SMS, WHATSAPP), _to_nobody)
    region = settings.phone_region or None

    def take_turns(conversation_id: str, now: datetime) -> None:
        turn = partial(take_turn, database, engine.reply, conversation_id, now, region=region, surveys=SURVEYS)
        while turn() is Taken.MORE:
            pass

    def deliver(now: datetime) -> None:
        while deliver_due(database, transports, now):
            pass

    def write_code(visitor: str, channel: str, locale: str, now: datetime) -> str:
        return prefilled(continuing.offer(visitor, channel, locale, now).code, locale)

    return House(
        database,
        receive=lambda inbound, now: take(database, inbound, now),
        take_turns=take_turns,
        deliver=deliver,
        go_round=partial(_go_round, database, take_turns, rounds_with_surveys(engine.ask)),
        write_code=write_code,
        centre=HelpCentre(knowledge, counters("")),
        numbers={SMS: settings.sms_numbers[0], WHATSAPP: settings.whatsapp_numbers[0]},
    )


def read_library(database: Database) -> Library:
    """What is asked of the live articles, their short answers and their topics. Raises SimulationError if there are
    none."""
    query = select(Revision).join(Translation, Translation.live_revision_id == Revision.id)
    questions: dict[str, dict[str, list[str]]] = defaultdict(dict)
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    topics: dict[str, str] = {}
    with database.reading() as session:
        for one in session.scalars(query.where(Revision.internal.is_(False)).order_by(Revision.article_id)):
            questions[one.locale][one.article_id] = list(one.questions) or [one.title]
            answers[one.locale][one.article_id] = one.short_answer
            topics[one.article_id] = one.category
    if not questions:
        raise SimulationError("There are no articles yet. Import some, or fill the database with the demo's: --demo")
    return Library(questions, answers, topics)


def _go_round(
    database: Database, take_turns: Callable[[str, datetime], None], rounds: Sequence[Round], now: datetime
) -> None:
    changed: list[str] = []
    go_round(database, now, changed.append, rounds)
    for conversation_id in changed:
        # What came back to the bot, it answers.
        take_turns(conversation_id, now)


def _to_nobody(outgoing: Outgoing) -> Sent | None:
    """What goes to a number that is nobody's has arrived."""
    if outgoing.message.channel == WEB:
        return None
    return Sent(f"simulated-{outgoing.delivery_id}", "delivered", outgoing.sender or "")


def _agents(database: Database, now: datetime) -> list[str]:
    """The ids of the agents there are; of some new ones, if there is none."""
    query = select(User.id).filter_by(role=AGENT, is_active=True).order_by(User.email)
    with database.reading() as session:
        found = list(session.scalars(query))
        team = default_team(session).id
    if not found:
        for name, locale in AGENTS.items():
            email = f"{name.partition(' ')[0].lower()}@simulated.example"
            _, token = add_person(database, None, email, Entry(name, AGENT, locale, team_ids=(team,)), now)
            # Nobody knows it; an admin gives them a link to choose one.
            choose_password(database, token, token_urlsafe(24), Visit("", "simulated"), now)
        with database.reading() as session:
            found = list(session.scalars(query))
    return found


def _is_serving(settings: Settings) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{settings.port}/health", timeout=2):
            return True
    except (URLError, OSError):
        return False
