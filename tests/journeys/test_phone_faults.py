"""SMS and WhatsApp while everything goes wrong: every message is answered once, in order, and none is lost."""

from __future__ import annotations

from pathlib import Path

from db import Database
from tests.conftest import demo_copy
from tests.phone import ACCOUNT_SID, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, running_simulator
from tests.phone_traffic import Traffic, write
from tests.ports import free_port

TRAFFIC = Traffic(phones=16, messages_each=4, kills=2)


def test_twice_late_refused_unanswered_and_killed_every_message_is_answered_once(
    demo_template: Path, tmp_path: Path
) -> None:
    simulated = free_port()
    server = demo_copy(
        demo_template,
        tmp_path,
        TWILIO_ACCOUNT_SID=ACCOUNT_SID,
        TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        TWILIO_API_URL=f"http://127.0.0.1:{simulated}/phone/twilio",
        TWILIO_SECONDS="2",
        SMS_NUMBERS=SMS_NUMBER,
        WHATSAPP_NUMBERS=WHATSAPP_NUMBER,
        # What a killed process had begun is begun anew after twice this, and CLAIM.
        BOT_DEADLINE_MS="3000",
        SEGMENTS_PER_SECOND="1000",
        PHONE_THREADS="8",
    )
    database = Database(f"sqlite:///{tmp_path / 'handrail.db'}")

    def kill_and_start() -> None:
        server.kill()
        server.start()

    try:
        with running_simulator(server.url, port=simulated, patient=True) as simulator:
            simulator.faults.timeout_seconds = 3
            server.start()
            outcome = write(simulator, database, TRAFFIC, kill_and_start)
    finally:
        server.kill()
        database.close()

    assert TRAFFIC.messages == outcome.stored
    assert [] == [*outcome.lost, *outcome.unanswered, *outcome.without_reply, *outcome.answered_twice]
    assert [] == [*outcome.not_arrived, *outcome.arrived_twice, *outcome.out_of_order]
