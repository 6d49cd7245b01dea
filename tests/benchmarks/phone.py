"""SMS and WhatsApp under load: how fast a webhook is answered, and what becomes of messages while everything fails."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from sqlalchemy import select

from channels.conversation import CUSTOMER, Conversation, Message
from channels.phone.simulator import TwilioSimulator
from db import Database
from tests.benchmarks.our_server import handrail
from tests.benchmarks.place import ROOT, Place
from tests.benchmarks.processes import run
from tests.benchmarks.rows import Row, ms, p50
from tests.phone import ACCOUNT_SID, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, running_simulator
from tests.phone_traffic import Traffic, write
from tests.ports import free_port
from tests.server import Server

TRAFFIC = Traffic(phones=200, messages_each=10, kills=5)
A_SECOND = 50
SECONDS = 60


def webhook_rows(place: Place) -> list[Row]:
    """50 messages a second for a minute, while the bot answers them and Twilio reports of the answers."""
    with place.folder("webhooks") as folder, _product(place, folder) as (server, _, database):
        server.start()
        try:
            url = f"{server.url}/webhooks/twilio/sms"
            words = [url, AUTH_TOKEN, ACCOUNT_SID, SMS_NUMBER, str(A_SECOND), str(SECONDS)]
            load = [sys.executable, "-m", "tests.benchmarks.webhook_load", *words]
            seconds = json.loads(subprocess.run(load, check=True, cwd=ROOT, capture_output=True).stdout)
            answered = _answered(database)
        finally:
            server.kill()
    p99 = quantiles(seconds, n=100, method="inclusive")[-1]
    said = f"{len(seconds)} messages in {SECONDS} s, {answered} of them answered by then"
    note = f"p50 {ms(p50(seconds))}, longest {ms(max(seconds))}; {said}"
    return [Row("Webhook, p99", p99 * 1000, "ms", limit=100, note=note)]


def _answered(database: Database) -> int:
    with database.reading() as session:
        waiting = select(Conversation.answered_seq, Message.seq).join(
            Message, (Message.conversation_id == Conversation.id) & (Message.author == CUSTOMER)
        )
        return sum(seq <= answered for answered, seq in session.execute(waiting))


def fault_rows(place: Place) -> list[Row]:
    """10 % twice, 10 % overtaken, 5 % sent without an answer, 5 % 429, 5 % 500, and the server killed five times."""
    with place.folder("faults") as folder, _product(place, folder) as (server, simulator, database):
        server.start()

        def kill_and_start() -> None:
            server.kill()
            server.start()

        began = time.perf_counter()
        try:
            outcome = write(simulator, database, TRAFFIC, kill_and_start)
        finally:
            server.kill()
        took = time.perf_counter() - began
    said = f"{TRAFFIC.messages} messages of {TRAFFIC.phones} phones, {TRAFFIC.kills} kills, {took:.0f} s"
    rows = {
        "lost": (outcome.lost, said),
        "not answered": (outcome.unanswered, f"{outcome.replies} replies: what comes in a burst is answered once"),
        "turns without a reply": (outcome.without_reply, ""),
        "answered twice": (outcome.answered_twice, ""),
        "replies not arrived": (outcome.not_arrived, ""),
        "replies arrived twice": (outcome.arrived_twice, ""),
        "phones with replies out of order": (outcome.out_of_order, ""),
    }
    return [
        Row(f"Phones under faults: {name}", float(len(found)), "", limit=0, note=note)
        for name, (found, note) in rows.items()
    ]


@contextmanager
def _product(place: Place, folder: Path) -> Iterator[tuple[Server, TwilioSimulator, Database]]:
    run(handrail(place, folder, "prepare", "--demo"))
    simulated, url = free_port(), f"sqlite:///{folder / 'handrail.db'}"
    server = Server(
        url,
        folder,
        CACHE_DIR=str(place.settings.cache_dir),
        TWILIO_ACCOUNT_SID=ACCOUNT_SID,
        TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        TWILIO_API_URL=f"http://127.0.0.1:{simulated}/phone/twilio",
        TWILIO_SECONDS="2",
        SMS_NUMBERS=SMS_NUMBER,
        WHATSAPP_NUMBERS=WHATSAPP_NUMBER,
        SEGMENTS_PER_SECOND="1000",
        PHONE_THREADS="8",
    )
    database = Database(url)
    with running_simulator(server.url, port=simulated, patient=True) as simulator:
        simulator.faults.timeout_seconds = 3
        yield server, simulator, database
    database.close()
