"""A whole Handrail on a port, with the simulator of Twilio on another one, and a bot that says what a test wants."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update

from app.settings import Settings
from app.wiring import Served, wire_web
from bot.reply import Button, Reply, Said, TurnContext
from channels.conversation import Conversation, Message
from channels.outbox import Delivery
from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator
from db import Database, utc_now
from knowledge.answers import Source
from tests.phone import ACCOUNT_SID, ANNA, AUTH_TOKEN, BEN, SMS_NUMBER, WHATSAPP_NUMBER, running_simulator
from tests.server import free_port
from tests.serving import serving
from tests.waiting import until

T = TypeVar("T")
RETURNS = Source("return-window", "en", "How long you can return an item", "You have 30 days.", "/help/en/articles/r")
LONGEST_THOUGHT = 60


@dataclass
class Script:
    """A bot that repeats what it heard, unless a test has put other words into its mouth."""

    says: dict[str, Said] = field(default_factory=dict)
    heard: list[tuple[str, TurnContext]] = field(default_factory=list)
    may_answer: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def reply(self, state: str | None, text: str, context: TurnContext) -> Reply:
        self.may_answer.wait(LONGEST_THOUGHT)
        self.heard.append((text, context))
        said = self.says.get(text) or Said(f"I heard: {text}")
        return Reply((said,), f"{state or ''}.", context.locale or "en", "question", 1.0)


@dataclass
class House:
    url: str
    database: Database
    simulator: TwilioSimulator
    served: Served
    bot: Script

    def phone(self, number: str = ANNA) -> Phone:
        return self.simulator.phone(number, "Anna")

    def says(self, text: str, options: int) -> None:
        """From now on the bot answers `text` with so many options."""
        buttons = tuple(Button(f"Option {n}", f"/chooses_option{n}") for n in range(1, options + 1))
        self.bot.says[text] = Said("Which one?", buttons=buttons)

    def messages(self, author: str | None = None) -> list[Message]:
        with self.database.reading() as session:
            query = select(Message).order_by(Message.created_at, Message.seq)
            return [one for one in session.scalars(query) if author in (None, one.author)]

    def deliveries(self) -> list[Delivery]:
        with self.database.reading() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def conversations(self) -> list[Conversation]:
        with self.database.reading() as session:
            return list(session.scalars(select(Conversation).order_by(Conversation.opened_at)))

    def hurry(self) -> None:
        """What waits to be tried again is tried now; nobody waits in a test."""
        with self.database.transaction() as session:
            waiting = update(Delivery).where(Delivery.state == "pending", Delivery.claimed_by.is_(None))
            session.execute(waiting.values(due_at=utc_now()), execution_options={"synchronize_session": False})
        self.served.workers.deliver()


def in_a_hurry(house: House, found: Callable[[], T], seconds: float = 30) -> T:
    """What is found while nothing waits to be tried again: on a busy machine one attempt may not be enough."""

    def look() -> T:
        house.hurry()
        time.sleep(0.2)
        return found()

    return until(look, seconds)


@contextmanager
def a_house(
    database: Database, folder: Path, simulator_options: dict[str, Any], template: str = "", **settings: Any
) -> Iterator[House]:
    """The product as it is, but for the bot; it talks to the simulator as to Twilio.

    `template` is one that was approved for what is said after WhatsApp's 24 hours.
    """
    port, script = free_port(), Script()
    with running_simulator(f"http://127.0.0.1:{port}", **simulator_options) as simulator:
        given = {
            "twilio_account_sid": ACCOUNT_SID,
            "twilio_auth_token": AUTH_TOKEN,
            "twilio_api_url": simulator.api_url,
            "twilio_seconds": 1,
            "sms_numbers": (SMS_NUMBER,),
            "whatsapp_numbers": (WHATSAPP_NUMBER,),
            "segments_per_second": 1000.0,
            "company": "Fennimor",
            "port": port,
            "cache_dir": folder,
        }
        if template:
            given["whatsapp_template_en"] = approved(simulator, template)
        served = wire_web(Settings(**(given | settings)), database, script.reply)
        try:
            with serving(served.app, port):
                yield House(f"http://127.0.0.1:{port}", database, simulator, served, script)
        finally:
            served.stop()


def approved(simulator: TwilioSimulator, body: str) -> str:
    types = {"twilio/text": {"body": body}}
    content = simulator.add_content({"language": "en", "variables": {"1": "an answer"}, "types": types})
    simulator.approve(content.sid)
    return content.sid


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> Iterator[House]:
    with a_house(sqlite_database, tmp_path, {}) as house:
        yield house


@pytest.fixture
def anna(house: House) -> Phone:
    return house.phone()


@pytest.fixture
def ben(house: House) -> Phone:
    return house.simulator.phone(BEN, "Ben")
