"""`handrail simulate` from beginning to end: what it needs is made, whoever runs it is asked, and it is lived."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime
from functools import partial

import typer

from app import preparation
from app.console import Step, fail, step
from app.loading import open_migrated
from app.settings import Settings
from app.simulating import check_house, count_real, read_library, simulate
from db import Database
from insights.simulating.living import Plan


def live_history(settings: Settings, plan: Plan, *, demo: bool, may_mix: bool) -> None:
    """`may_mix`: also into a database with customers who are not invented. Raises SimulationError, typer.Exit."""
    check_house(settings)
    if demo:
        with closing(Database(settings.database_url)) as made:
            preparation.prepare_database(made)
    with closing(open_migrated(settings)) as looked_at:
        real = count_real(looked_at)
    _ask_to_mix(real, may_mix)
    # After a power cut it is lived anew, where it stands alone.
    opened = Database(settings.database_url, is_durable=real > 0)
    library = None if demo else read_library(opened)
    embedder = preparation.prepare_embedding(settings)
    preparation.prepare_bot(settings, embedder)
    if demo:
        preparation.load_demo(settings, opened, embedder)
    library = library or read_library(opened)
    with step("History") as running:
        say = partial(_say_day, running, plan)
        running.result = f"{simulate(settings, opened, library, plan, embedder, say)} conversations"
    opened.close()


def _ask_to_mix(real: int, may_mix: bool) -> None:
    """Before what happened and what is invented come into one database, from which nobody parts them."""
    if real == 0 or may_mix:
        return
    said = f"{real} customer{'s' if real > 1 else ''} in this database {'are' if real > 1 else 'is'} not invented."
    if not sys.stdin.isatty():
        fail(f"{said} Name another one (DATABASE_URL=sqlite:///var/history.db), or say --yes to mix them for good.")
        raise typer.Exit(2)
    if not typer.confirm(f"{said} Their figures will be mixed with invented ones, for good. Go on?"):
        raise typer.Exit(1)


def _say_day(running: Step, plan: Plan, now: datetime) -> None:
    running((now - plan.begins).days, plan.days)
