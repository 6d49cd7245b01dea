"""An invented history goes the product's own way, and can be lived again."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.settings import Settings
from app.wiring import wire_web
from channels.conversation import CUSTOMER, Conversation, Message
from channels.customer import Address
from channels.outbox import Delivery
from db import Database, utc_now
from handoff.handoffs import Handoff
from insights.facts.refreshing import rebuild
from tests.cast import MONDAY, echo
from tests.conftest import ROOT
from tests.insights.recounting import differences, recount
from tests.server import free_port
from tests.staff import client_of, susanne

UNTIL = f"{MONDAY:%Y-%m-%dT%H:%M:%S}"


def lives(path: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"DATABASE_URL": f"sqlite:///{path}", "PORT": str(free_port())} | environment
    command = [sys.executable, "-m", "app", "simulate", *options]
    return subprocess.run(command, check=False, cwd=ROOT, env=given, capture_output=True, text=True)


@pytest.fixture(scope="module")
def history(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "history.db"
    shutil.copy(demo_template, path)
    lived = lives(path, "--customers", "40", "--days", "10", "--seed", "3", "--until", UNTIL)
    assert 0 == lived.returncode, lived.stderr
    return path


def test_all_that_was_said_had_its_turn_and_was_sent_in_its_time(history: Path) -> None:
    database = Database(f"sqlite:///{history}")
    with database.reading() as session:
        assert 0 == session.scalar(select(func.count()).where(Conversation.waiting_since.isnot(None)))
        assert {"sent"} == set(session.scalars(select(Delivery.state)))
        times = list(session.scalars(select(Message.created_at)))
        first, last = session.execute(select(func.min(Conversation.opened_at), func.max(Conversation.last_at))).one()
        channels = set(session.scalars(select(Message.channel)))
        locales = set(session.scalars(select(Conversation.locale)))
        replied = session.scalar(select(func.count()).where(Handoff.replied_at.isnot(None)))
        phones = list(session.scalars(select(Address.value).where(Address.channel != "web")))
    database.close()
    assert {"web", "sms", "whatsapp"} == channels
    assert {"en", "de"} == locales
    assert replied > 0
    assert MONDAY - timedelta(days=10) <= min(times)
    assert max(times) < MONDAY + timedelta(minutes=1)
    assert last - first > timedelta(days=6)
    assert all(number.startswith(("+447700900", "+493023125")) for number in phones)


def test_every_figure_of_it_equals_its_recount_from_the_rows(history: Path, tmp_path: Path) -> None:
    shutil.copy(history, tmp_path / "history.db")
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    served = wire_web(Settings(company="Fennimor"), database, echo)
    served.stop()  # Nobody goes on with what was lived while it is counted.
    now = utc_now()
    rebuild(database, now)
    served.app.extensions["insights"].look_again()
    client = client_of(served.app, database, susanne(database))
    first, last = (MONDAY - timedelta(days=12)).date(), (MONDAY + timedelta(days=1)).date()

    page = client.get(f"/insights/figures.csv?since={first}&until={last}").text.lstrip("\ufeff")
    shown = {row["figure"]: row for row in csv.DictReader(io.StringIO(page))}
    counted = recount(database, first, last, now, lambda _: True)

    assert [] == differences(shown, counted)
    assert counted["conversations"].n > 20
    assert counted["ces"].n > 5
    database.close()


def test_the_same_seed_makes_the_same_decisions(demo_template: Path, tmp_path: Path) -> None:
    said = []
    for name in ("first.db", "second.db"):
        shutil.copy(demo_template, tmp_path / name)
        assert (
            0 == lives(tmp_path / name, "--customers", "8", "--days", "3", "--seed", "5", "--until", UNTIL).returncode
        )
        database = Database(f"sqlite:///{tmp_path / name}")
        with database.reading() as session:
            query = select(Message.text).where(Message.author == CUSTOMER).order_by(Message.created_at)
            said.append(list(session.scalars(query)))
        database.close()
    assert said[0] == said[1]
    assert len(said[0]) > 4


def test_it_keeps_away_from_real_customers(demo_template: Path, tmp_path: Path) -> None:
    shutil.copy(demo_template, tmp_path / "real.db")
    account = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "x", "PUBLIC_URL": "https://shop.example"}
    refused = lives(tmp_path / "real.db", "--customers", "1", SMS_NUMBERS="+15005550006", **account)

    assert 2 == refused.returncode
    assert "TWILIO_ACCOUNT_SID is set" in refused.stderr
    assert _is_empty(tmp_path / "real.db")


def test_without_articles_there_is_nothing_to_ask(sqlite_database: Database) -> None:
    path = Path(str(sqlite_database.engine.url.database))
    refused = lives(path, "--customers", "1")

    assert 2 == refused.returncode
    assert "There are no articles yet." in refused.stderr


def _is_empty(path: Path) -> bool:
    database = Database(f"sqlite:///{path}")
    with database.reading() as session:
        return not session.scalar(select(func.count()).select_from(Conversation))
