"""A history of 500 customers and 60 days, lived once, and its pages as they are at its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import select

from app.assets import Assets
from app.brand import Brand
from app.figures import open_figures
from app.settings import Settings
from app.staffing import open_staff
from app.web import create_app
from db import Database
from handoff.topics import TopicRule
from insights.facts.store import FactStore
from insights.pages import STATIC as INSIGHTS
from insights.surveys.links import Asked, answer
from insights.surveys.settings import SurveySettings, keep_survey_settings
from staff import STATIC as STAFF
from staff.teams import Team
from tests.conftest import ROOT
from tests.handoff.at_work import hire
from tests.handoff.people import promise, works_in_leipzig
from tests.insights.recounting.chosen import DAY, Chosen
from tests.insights.recounting.rows import Rows
from tests.insights.recounting.stories import Story, stories
from tests.ports import free_port
from tests.staff import client_of, susanne

CUSTOMERS, DAYS = 500, 60
ZONE = ZoneInfo("Europe/Berlin")
TOKEN = "metrics for prometheus"
ENDS = datetime(2026, 11, 16, 7, 0, 30, tzinfo=timezone.utc)
"""A Monday, when the agents have just come: what was left over the weekend lies before them."""
UNTIL = f"{ENDS:%Y-%m-%dT%H:%M:%S}"


@dataclass(frozen=True)
class Lived:
    client: FlaskClient
    rows: Rows
    told: list[Story]
    now: datetime

    def chosen(self, days: int, **filters: str) -> Chosen:
        """As many days, the day of its end the last one."""
        today = self.now.astimezone(ZONE).date()
        return Chosen(today - (days - 1) * DAY, today, ZONE, filters)

    def get(self, page: str, chosen: Chosen, **more: str) -> str:
        query = {"since": _day(chosen.first), "until": _day(chosen.last), **chosen.filters, **more}
        response = self.client.get(f"/insights/{page}", query_string=query)
        assert 200 == response.status_code
        return response.text.lstrip("\ufeff")


def lives(
    path: Path, *options: str, program: Sequence[str] = ("-m", "app"), **environment: str
) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"DATABASE_URL": f"sqlite:///{path}", "PORT": str(free_port())} | environment
    command = [sys.executable, *program, "simulate", *options]
    return subprocess.run(command, check=False, cwd=ROOT, env=given, capture_output=True, text=True)


def live(template: Path, path: Path) -> None:
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    _furnish(database)
    options = ("--customers", str(CUSTOMERS), "--days", str(DAYS), "--seed", "3", "--until", UNTIL)
    lived = lives(path, *options)
    assert 0 == lived.returncode, lived.stderr
    for number, given in enumerate((5, 4, 5, 2, 3, 5, 1, 4)):
        at = ENDS - timedelta(days=number * 6, hours=2)
        answer(database, Asked("csat", "parcel"), f"form-{number}", given, at)
    database.close()


def open_pages(database: Database, now: datetime = ENDS) -> Lived:
    """As they are then; without anything that goes on with what was lived while it is counted."""
    settings = Settings(company="Fennimor", metrics_token=TOKEN)
    assets = Assets({"staff": STAFF, "insights": INSIGHTS})
    app = create_app(settings, database, assets, Brand("Fennimor"))
    open_staff(app, settings, database)
    open_figures(app, FactStore(database), TOKEN, clock=lambda: now)
    client = client_of(app, database, susanne(database))
    rows = Rows(database)
    return Lived(client, rows, stories(rows), now)


def _furnish(database: Database) -> None:
    """Two teams with their hours, topics and targets, and questions of all kinds at the end."""
    works_in_leipzig(database)
    for name, team in (("Mira", "Support"), ("Ben", "Support"), ("Priya", "Support"), ("Otto", "Payments")):
        hire(database, name, team=team)
    with database.transaction() as session:
        payments = session.scalars(select(Team).filter_by(name="Payments")).one()
        session.add_all(TopicRule(topic=topic, team_id=payments.id) for topic in ("payment", "subscription"))
        promise(session, first_reply=30, resolution=600)
        promise(session, payments, first_reply=20)
        kinds = {"person:whatsapp": "csat", "bot:sms": "nps"}
        keep_survey_settings(session, SurveySettings(kinds=kinds, links={"parcel": "csat"}))


def _day(day: date) -> str:
    return day.isoformat()
