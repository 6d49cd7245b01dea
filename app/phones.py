"""Puts SMS and WhatsApp together: Twilio's doors, what sends through it, and the simulator that stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex

from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy import select

from app.courtesy import Courtesy
from app.jobs import HOUR, Job
from app.settings import Settings
from app.web import open_to_all
from app.workers import Line, Workers
from channels.conversation import Conversation
from channels.customer import Address
from channels.delivering import CLAIM, Manner, deliver_due
from channels.inbound import Inbound, Received
from channels.names import SMS, WEB, WHATSAPP
from channels.outbox import Outgoing, Sent, Transport
from channels.phone.rules import Account
from channels.phone.simulator import TwilioSimulator
from channels.phone.views import make_blueprint as make_phone_page
from channels.phone.views import make_twilio_blueprint as make_simulator
from channels.saying import FILES
from channels.short_links import short_path
from channels.sms.transport import make_transport as make_sms
from channels.twilio.api import Twilio
from channels.twilio.media import MediaRules, fetch_due
from channels.twilio.missed import receive_missed
from channels.twilio.sending import Senders, Sending
from channels.twilio.status import Report, conversation_of_report, take_report
from channels.twilio.views import make_blueprint
from channels.webchat.views import tell_pages
from channels.whatsapp.contents import Contents
from channels.whatsapp.transport import make_transport as make_whatsapp
from db import Database, utc_now
from knowledge.publishing import is_open

# Germany keeps 0171 39200xx free for films and plays: they are nobody's.
SIMULATED_SMS = ("+491713920001",)
SIMULATED_WHATSAPP = ("+491713920002",)
"""Numbers that the simulator gives us."""
PEOPLE = {"+491713920011": "Anna", "+491713920012": "Ben", "whatsapp:BR.1503912345678901": "Carla"}
"""Whose phones lie there at the start; Carla shows nobody her number."""
MEGABYTE = 1_000_000

Receive = Callable[[Database, Inbound, datetime], Received]


@dataclass(frozen=True)
class Phones:
    """SMS and WhatsApp of one process."""

    settings: Settings
    """With the simulator's account and numbers, if it plays Twilio."""
    lines: tuple[Line, ...]
    twilio: Twilio
    simulator: TwilioSimulator | None = None
    tell: Callable[[str], None] = lambda _conversation: None

    def stop(self) -> None:
        if self.simulator:
            self.simulator.stop()


def open_phones(
    settings: Settings, database: Database, socketio: SocketIO, tell: Callable[[str], None] = lambda _conversation: None
) -> Phones | None:
    """None without an account. The caller gives the lines to its workers.

    `tell` is told of each conversation of which something was sent, or it became known what became of that.
    """
    simulator = None
    if settings.phone:
        settings, simulator = _simulated(settings)
    if not settings.twilio_account_sid:
        return None
    twilio = Twilio(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_url, settings.twilio_seconds
    )
    transports = _transports(settings, database, twilio)
    shown = {name: _shown(database, socketio, transport, tell) for name, transport in transports.items()}
    manner = Manner(
        in_order=True,
        segments_per_second=settings.segments_per_second,
        # A look, a content and up to three parts, each with its time to connect and to answer.
        claim=CLAIM + timedelta(seconds=2 * 5 * settings.twilio_seconds),
    )
    media = MediaRules(settings.media_mb * MEGABYTE, settings.delete_media)
    lines = (
        Line("phone", lambda: deliver_due(database, shown, utc_now(), limit=1, manner=manner), settings.phone_threads),
        Line("media", lambda: fetch_due(database, twilio, media, utc_now())),
    )
    return Phones(settings, lines, twilio, simulator, tell)


def fetch_missed(phones: Phones, database: Database, take: Receive) -> Job:
    """What came while this installation was away is taken when it is back."""
    sms, whatsapp = phones.settings.sms_numbers, phones.settings.whatsapp_numbers
    # Which numbers a Messaging Service has is not said here: all of the account's are asked for.
    is_told = sms or not phones.settings.messaging_service_sid
    numbers = [*sms, *(f"whatsapp:{number}" for number in whatsapp)] if is_told else [None]

    def fetch(_database: Database, now: datetime) -> None:
        # Who waits for an answer is found by the workers' own look.
        receive_missed(database, phones.twilio, numbers, partial(take, database), now)

    return Job("fetch_missed", HOUR, fetch, at_start=True)


def add_phone_doors(
    app: Flask,
    phones: Phones,
    database: Database,
    receive: Receive,
    workers: Workers,
    socketio: SocketIO,
    courtesy: Courtesy,
) -> None:
    """Puts Twilio's doors under the roof, and the simulator's if it plays Twilio."""
    settings = phones.settings

    def wake(received: Received, inbound: Inbound) -> None:
        workers.wake(received.conversation_id)
        if inbound.attached or received.has_reply:
            workers.deliver()

    def tell(received: Received) -> None:
        _tell(database, socketio, received.conversation_id)
        if received.visitor:
            tell_pages(socketio, [received.visitor])

    def take(inbound: Inbound, now: datetime) -> Received:
        # Twilio waits for the answer, and a customer behind it; for what became of a message nobody waits.
        with courtesy.going_first():
            return receive(database, inbound, now)

    def report(reported: Report, now: datetime) -> bool:
        courtesy.let_pass()
        is_new = take_report(database, reported, now)
        if is_new and (conversation_id := conversation_of_report(database, reported)):
            phones.tell(conversation_id)
        return is_new

    blueprint = make_blueprint(
        settings.twilio_auth_token,
        settings.twilio_account_sid,
        # The simulator calls us where we are, whatever address customers see.
        "" if phones.simulator else settings.public_url,
        take,
        wake,
        tell,
        report,
        utc_now,
    )
    open_to_all(app, blueprint)
    if phones.simulator:
        open_to_all(app, make_simulator(phones.simulator))
        open_to_all(app, make_phone_page(phones.simulator, settings.company, settings.default_locale))


def _simulated(settings: Settings) -> tuple[Settings, TwilioSimulator]:
    here = settings.local_url
    account = Account(
        f"AC{token_hex(16)}",
        token_hex(16),
        settings.sms_numbers or SIMULATED_SMS,
        settings.whatsapp_numbers or SIMULATED_WHATSAPP,
        settings.messaging_service_sid,
    )
    simulator = TwilioSimulator(
        account,
        f"{here}/phone/twilio",
        sms_url=f"{here}/webhooks/twilio/sms",
        whatsapp_url=f"{here}/webhooks/twilio/whatsapp",
        patient=True,
    )
    for address, name in PEOPLE.items():
        simulator.phone(address, name)
    as_account = replace(
        settings,
        twilio_account_sid=account.sid,
        twilio_auth_token=account.token,
        twilio_api_url=simulator.api_url,
        sms_numbers=account.sms,
        whatsapp_numbers=account.whatsapp,
    )
    return as_account, simulator


def _transports(settings: Settings, database: Database, twilio: Twilio) -> dict[str, Transport]:
    callback = f"{settings.local_url if settings.phone else settings.base_url}/webhooks/twilio/status"
    transports: dict[str, Transport] = {}

    def link(path: str) -> str:
        if not is_open(database, path):
            return ""
        # The address of a file is its key, and a short one could be guessed.
        return f"{settings.base_url}{path if path.startswith(FILES) else short_path(database, path)}"

    if settings.sms_numbers or settings.messaging_service_sid:
        senders = Senders(settings.sms_numbers, settings.messaging_service_sid)
        sending = Sending(database, twilio, senders, callback)
        transports[SMS] = make_sms(database, sending, link, settings.sms_segments)
    if settings.whatsapp_numbers:
        sending = Sending(database, twilio, Senders(settings.whatsapp_numbers), callback, "whatsapp:")
        templates = {"en": settings.whatsapp_template_en, "de": settings.whatsapp_template_de}
        transports[WHATSAPP] = make_whatsapp(database, sending, Contents(database, twilio), link, templates)
    return transports


def _shown(database: Database, socketio: SocketIO, transport: Transport, tell: Callable[[str], None]) -> Transport:
    """A transport whose messages are also shown in the chat pages that the customer has open, and at the desks."""

    def send(outgoing: Outgoing) -> Sent | None:
        try:
            return transport(outgoing)
        finally:
            _tell(database, socketio, outgoing.message.conversation_id)
            tell(outgoing.message.conversation_id)

    return send


def _tell(database: Database, socketio: SocketIO, conversation_id: str) -> None:
    visitors = (
        select(Address.value)
        .join(Conversation, Conversation.customer_id == Address.customer_id)
        .where(Conversation.id == conversation_id, Address.channel == WEB)
    )
    with database.reading() as session:
        tell_pages(socketio, list(session.scalars(visitors)))
