"""The `handrail` command: what a server does, and what one does beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy import select

from app.console import console, fail, step
from app.loading import open_migrated
from app.logs import configure_logs
from app.people import make_user_commands
from app.settings import LOOPBACK, SettingError, Settings, read_settings
from db import Database, DatabaseError, utc_now
from knowledge.article_text import ArticleError
from knowledge.embedding import EmbeddingModelError
from knowledge.evaluation import EvaluationError

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customer support that a company runs itself.",
)

DEMO_SETTINGS = {
    "COMPANY": "Fennimor",
    "STYLEGUIDE": "yes",
    "PHONE": "yes",
    "SUPPORT_CONTACT": "[help@fennimor.example](mailto:help@fennimor.example) · "
    "[+49 341 5550 190](tel:+493415550190) (Mon–Fri 8–18)",
}
"""What the demo's invented company sets where nothing else is set."""
ADD_ADMIN = '.venv/bin/handrail user add you@example.com --name "Your Name" --role admin'


def main() -> None:
    try:
        cli()
    except (SettingError, DatabaseError, EmbeddingModelError, ArticleError, EvaluationError) as error:
        fail(str(error))
        sys.exit(2)


def _settings(*, demo: bool = False) -> Settings:
    settings = read_settings((_demo_settings() if demo else {}) | os.environ)
    configure_logs(settings)
    return settings


def _demo_settings() -> dict[str, str]:
    """Without the phones where they can't be: beside a real account, or where others could use them."""
    is_seen = (os.environ.get("HOST") or LOOPBACK[0]) not in LOOPBACK or os.environ.get("PUBLIC_URL")
    without = {"PHONE"} if is_seen or os.environ.get("TWILIO_ACCOUNT_SID") else set()
    return {name: text for name, text in DEMO_SETTINGS.items() if name not in without}


def _settings_and_database() -> tuple[Settings, Database]:
    settings = _settings()
    return settings, open_migrated(settings)


cli.add_typer(make_user_commands(_settings_and_database), name="user")


@cli.command()
def serve(
    demo: Annotated[bool, typer.Option(help="Fill an empty database with the demo help centre.")] = False,
) -> None:
    """Prepares what is missing, then serves."""
    from app.serve import ServeError, Server, check_port

    settings = _settings(demo=demo)
    try:
        check_port(settings)
    except ServeError as error:
        fail(str(error))
        raise typer.Exit(2) from None
    _prepare_apart(demo)
    Server(settings, lambda: _open(settings, demo=demo)).run()


def _prepare_apart(demo: bool) -> None:
    # In a process of its own: the server forks, and a library that has started threads does not survive that.
    command = [sys.executable, "-m", "app", "prepare", *(["--demo"] if demo else [])]
    outcome = subprocess.run(command, check=False)  # noqa: S603
    if outcome.returncode:
        raise typer.Exit(outcome.returncode)


def _open(settings: Settings, *, demo: bool) -> Any:
    from app.staffing import first_admin_link, is_administered
    from app.wiring import wire

    with step("Server") as running:
        served = wire(settings, running.say)
        running.result = "ready"
    console.print(f"\n  Help centre [bold]{settings.base_url}/help[/]")
    console.print(f"  Chat        [bold]{settings.base_url}/chat[/]")
    if settings.phone:
        console.print(f"  Phones      [bold]{settings.base_url}/phone[/]")
    console.print(f"  Staff       [bold]{settings.base_url}/staff[/]")
    console.print(f"  Health      {settings.base_url}/health")
    if link := first_admin_link(settings):
        console.print("\n  Nobody works here yet. Whoever opens this link becomes the first admin, once:")
        console.print(f"  [bold]{link}[/]", soft_wrap=True)
    elif not is_administered(settings):
        _say_how_to_administer()
    if demo and _is_new(settings):
        console.print("\n  Nobody has asked anything here yet. For two months to look at, stop this and run:")
        console.print("  [bold]make history[/]")
    console.print("\n  Ctrl+C stops it.\n", style="dim")
    return served.app, served.stop


def _say_how_to_administer() -> None:
    console.print("\n  Nobody administers this yet. This adds you, and prints a link to sign in:")
    console.print(f"  [bold]{ADD_ADMIN}[/]", soft_wrap=True)


def _is_new(settings: Settings) -> bool:
    """Whether no customer was ever here."""
    from channels.conversation import Conversation

    opened = Database(settings.database_url)
    with opened.reading() as session:
        first = session.scalars(select(Conversation.id).limit(1)).first()
    opened.close()
    return first is None


@cli.command()
def prepare(
    demo: Annotated[bool, typer.Option(help="Fill an empty database with the demo help centre.")] = False,
    database: Annotated[bool, typer.Option(help="Bring the database to this version's tables.")] = True,
) -> None:
    """Does everything that `serve` does before it serves: model, bot, database, demo."""
    from app import preparation

    settings = _settings(demo=demo)
    opened = Database(settings.database_url) if database else None
    if opened:
        # Before the minutes that the rest may take.
        opened.check()
    embedder = preparation.prepare_embedding(settings)
    preparation.prepare_bot(settings, embedder)
    if opened:
        preparation.prepare_database(opened)
        if demo:
            preparation.load_demo(settings, opened, embedder)
        opened.close()


@cli.command()
def train() -> None:
    """Trains the bot if anything it is trained from changed."""
    from app import preparation

    settings = _settings()
    preparation.prepare_bot(settings, preparation.prepare_embedding(settings))


@cli.command()
def migrate(
    new: Annotated[str, typer.Option(help="Write a migration of this name from the models' changes.")] = "",
) -> None:
    """Brings the database to this version's tables."""
    import app.models  # noqa: F401  every table is known
    from app.preparation import prepare_database
    from db.migrating import write_migration

    opened = Database(_settings().database_url)
    if new:
        write_migration(opened, new)
    else:
        prepare_database(opened)
    opened.close()


@cli.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="A folder, a file (.zip .csv .json .jsonl), or an address.")],
    format: Annotated[str, typer.Option(help="markdown, csv, jsonl, zendesk, intercom or urls.")] = "",
    locale: Annotated[str, typer.Option(help="The language of articles that don't say it.")] = "en",
    category: Annotated[str, typer.Option(help="The category of articles that name none.")] = "general",
    preview: Annotated[bool, typer.Option(help="Only show what would happen.")] = False,
    as_drafts: Annotated[bool, typer.Option(help="Publish nothing.")] = False,
    overwrite: Annotated[bool, typer.Option(help="Replace what was changed in the editor, too.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write what became of each article to this CSV file.")] = None,
) -> None:
    """Publishes what is new or changed; what can't be taken is reported, the rest is imported."""
    from app import preparation
    from app.bringing import bring, show, write_report
    from app.loading import open_knowledge
    from knowledge.importing import Rules

    settings = _settings()
    opened = Database(settings.database_url)
    preparation.prepare_database(opened)
    knowledge = open_knowledge(settings, opened, preparation.prepare_embedding(settings))
    rules = Rules(preview, as_drafts, overwrite)
    done = bring(knowledge, source, format, locale, category, rules)
    show(knowledge, done, preview=preview)
    if report:
        write_report(done, report)
    opened.close()
    if done.problems:
        raise typer.Exit(1)


@cli.command()
def check(
    folder: Annotated[Path, typer.Argument(help="A folder of Markdown files.", metavar="DIR")],
    as_json: Annotated[bool, typer.Option("--json", help="The report for a program.")] = False,
) -> None:
    """Asks a help centre in files all it must and must not answer; exit status 1 if a file or a question is bad."""
    from app.checking import as_data, check_files, show

    settings = _settings()
    with step("Check") as running:
        report = check_files(settings, folder, running)
        running.result = (
            f"{len(report.texts)} articles, {report.questions} questions, "
            f"{len(report.bad)} not taken, {len(report.broken)} broken"
        )
    if as_json:
        typer.echo(json.dumps(as_data(report), ensure_ascii=False, indent=2))
    else:
        show(report)
    if not report.is_well:
        raise typer.Exit(1)


@cli.command()
def export(
    target: Annotated[Path, typer.Argument(help="A new or empty folder, or a new .zip file.")],
    drafts: Annotated[bool, typer.Option(help="Drafts as well.")] = False,
) -> None:
    """Writes every live article as Markdown with front matter."""
    from knowledge.exporting import export_archive, export_articles
    from knowledge.pictures import PictureStore

    settings = _settings()
    opened = open_migrated(settings)
    write = export_archive if target.suffix.lower() == ".zip" else export_articles
    with step("Export") as running:
        count = write(opened, target, PictureStore(settings.pictures_dir), drafts=drafts)
        running.result = f"{count} articles in {target}"
    opened.close()


@cli.command()
def ask(
    question: str,
    locale: Annotated[str, typer.Option(help="The customer's language, en or de; otherwise it is detected.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
) -> None:
    """Answers one question from the articles: what is said, from where, and how sure it is."""
    from app.asking import answer_once, show

    if locale not in {"", "en", "de"}:
        fail("--locale must be en or de.")
        raise typer.Exit(2)
    settings = _settings()
    answer = answer_once(settings, open_migrated(settings), question, locale)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        show(answer)


@cli.command()
def facts() -> None:
    """Derives anew what the figures are counted from, for instance after rows were corrected by hand."""
    from db import utc_now
    from insights.facts.refreshing import rebuild

    opened = open_migrated(_settings())
    with step("Facts") as running:
        count = rebuild(opened, utc_now(), running)
        running.result = f"of {count} conversations"
    opened.close()


@cli.command()
def doctor() -> None:
    """Looks at everything an installation needs and says what to mend."""
    from app.doctor import examine

    is_well = True
    for finding in examine(_settings()):
        mark = "[green]✓[/]" if finding.is_well else "[red]✗[/]"
        console.print(f"{mark} {finding.what}: {escape(finding.says)}", soft_wrap=True)
        is_well = is_well and finding.is_well
    if not is_well:
        raise typer.Exit(1)


@cli.command()
def simulate(
    customers: Annotated[int, typer.Option(min=1, max=100_000, help="How many invented customers write.")] = 200,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days they live, up to now.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed makes the same decisions.")] = 1,
    until: Annotated[datetime | None, typer.Option(help="When it ends (UTC); otherwise now.")] = None,
    demo: Annotated[bool, typer.Option(help="Of the demo: fill an empty database with its help centre first.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Also into a database with customers who are not invented.")
    ] = False,
) -> None:
    """Lives an invented history through the product's own verbs, to have something to look at."""
    from app.history import live_history
    from app.simulating import SimulationError
    from app.staffing import is_administered
    from insights.simulating.living import Plan

    settings = _settings(demo=demo)
    plan = Plan(customers, days, seed, until.replace(tzinfo=timezone.utc) if until else utc_now())
    try:
        live_history(settings, plan, demo=demo, may_mix=yes)
    except SimulationError as error:
        fail(str(error))
        raise typer.Exit(2) from None
    if not is_administered(settings):
        _say_how_to_administer()


@cli.command()
def evaluate(
    sets: Annotated[list[Path], typer.Argument(help="Folders with labelled questions or intents.")],
    examples: Annotated[int, typer.Option(help="Sentences of each intent to learn from; 0: all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Full precision, for a program.")] = False,
) -> None:
    """Measures search, answering and intents on labelled sets."""
    from app.evaluating import evaluate_set, show
    from app.loading import load_embedding

    settings = _settings()
    embedder = load_embedding(settings)
    figures = []
    for folder in sets:
        with step(folder.name) as running:
            figures.append(evaluate_set(settings, embedder, folder, examples or None, running))
            running.result = "measured"
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in figures], indent=2))
    else:
        show(figures)
