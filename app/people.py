"""The commands `handrail user …`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.console import console, fail
from app.settings import Settings
from db import Database, utc_now
from staff.admin.employing import Entry, add_person, deactivate, give_link
from staff.admin.listing import Member, all_staff, teams_by_name
from staff.links import link_path
from staff.people import ROLES, User
from staff.refusals import Refused

Opened = tuple[Settings, Database]


def make_user_commands(opened: Callable[[], Opened]) -> typer.Typer:
    """`opened` gives the settings and the migrated database."""
    commands = typer.Typer(no_args_is_help=True, help="The people who work here: add, list, link, deactivate.")

    @commands.command()
    def add(
        email: str,
        name: Annotated[str, typer.Option(help="As colleagues and customers read it.")],
        role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")] = "agent",
        team: Annotated[list[str] | None, typer.Option(help="The name of a team; more than once if wanted.")] = None,
        locale: Annotated[str, typer.Option(help="The language of their pages: en or de.")] = "en",
    ) -> None:
        """Adds somebody and prints the one-time link with which they choose a password."""
        settings, database = opened()
        try:
            entry = Entry(name, role, locale, team_ids=_team_ids(database, team or []))
            _, token = add_person(database, None, email, entry, utc_now())
        except Refused as refused:
            _give_up(refused.sentence("en"))
        _say_link(settings, token, "7 days")

    @commands.command("list")
    def list_() -> None:
        """Shows who works here."""
        _, database = opened()
        with database.reading() as session:
            people = all_staff(session)
        if not people:
            _give_up("Nobody works here yet. Add the first: handrail user add EMAIL --name … --role admin")
        table = Table("E-mail", "Name", "Role", "Teams", "State", box=None, pad_edge=False)
        for member in people:
            table.add_row(*_row(member))
        Console(highlight=False).print(table)

    @commands.command()
    def link(email: str) -> None:
        """Prints a one-time link to choose a new password."""
        settings, database = opened()
        user = _find(database, email)
        try:
            token = give_link(database, None, user.id, utc_now())
        except Refused as refused:
            _give_up(refused.sentence("en"))
        _say_link(settings, token, "24 hours" if user.password_hash else "7 days")

    @commands.command("deactivate")
    def deactivate_(email: str) -> None:
        """Ends all sessions of somebody, who can't sign in any more."""
        _, database = opened()
        try:
            deactivate(database, None, _find(database, email).id, utc_now())
        except Refused as refused:
            _give_up(refused.sentence("en"))
        console.print("Deactivated. Nothing of theirs opens any more; what they wrote stays.")

    return commands


def _give_up(sentence: str) -> NoReturn:
    fail(sentence)
    raise typer.Exit(1)


def _say_link(settings: Settings, token: str, lasts: str) -> None:
    console.print(f"Send this link by a way that only they read. It works once, for {lasts}:")
    typer.echo(f"{settings.base_url}{link_path(token)}")


def _find(database: Database, email: str) -> User:
    with database.reading() as session:
        user = session.scalars(select(User).filter_by(email=email.strip().lower())).one_or_none()
    if user is None:
        _give_up(f"Nobody has the address {email}. See: handrail user list")
    return user


def _team_ids(database: Database, names: list[str]) -> tuple[str, ...]:
    with database.reading() as session:
        ids = _ids_by_name(session)
    if unknown := [name for name in names if name not in ids]:
        _give_up(f"There is no team {unknown[0]}. There are: {', '.join(ids)}.")
    return tuple(ids[name] for name in names)


def _ids_by_name(session: Session) -> dict[str, str]:
    return {team.name: team.id for team in teams_by_name(session)}


def _row(member: Member) -> tuple[str, ...]:
    user = member.user
    state = "deactivated" if not user.is_active else "active" if user.password_hash else "invited"
    teams = ", ".join(team.name for team in member.teams)
    return tuple(escape(text) for text in (user.email, user.name, user.role, teams, state))
