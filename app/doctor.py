"""Looks at everything an installation needs, one check after the other, and says what to mend."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.loading import bot_folder, load_embedding, models_folder
from app.serve import ServeError, check_port
from app.settings import Settings
from channels.outbox import TransportError
from channels.twilio.api import Twilio
from db import Database, DatabaseError, utc_now
from db.migrating import is_migrated
from handoff.hours import load_hours
from knowledge.articles import Translation
from knowledge.embedding import EmbeddingModelError
from knowledge.pictures import Picture
from staff.people import ADMIN, DESK, User

GIBIBYTE = 1024**3


@dataclass(frozen=True)
class Finding:
    what: str
    is_well: bool
    says: str


def examine(settings: Settings) -> Iterator[Finding]:
    """The findings, each as soon as it is known; nothing is changed."""
    for what, look in CHECKS.items():
        try:
            yield Finding(what, True, look(settings))
        except Problem as problem:
            yield Finding(what, False, str(problem))


class Problem(Exception):
    """Something to mend, in a sentence that says how."""


def _python(_: Settings) -> str:
    if sys.version_info[:2] != (3, 11):
        raise Problem(f"Python {sys.version_info[0]}.{sys.version_info[1]} runs; Handrail needs 3.11.")
    return ".".join(map(str, sys.version_info[:3]))


def _disk(settings: Settings) -> str:
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.cache_dir).free
    if free < GIBIBYTE:
        raise Problem(f"Only {free / GIBIBYTE:.1f} GiB are free where CACHE_DIR is; a gibibyte is needed.")
    return f"{free / GIBIBYTE:.0f} GiB free"


def _database(settings: Settings) -> str:
    try:
        database = Database(settings.database_url)
        migrated = is_migrated(database)
    except DatabaseError as error:
        raise Problem(str(error)) from None
    if not migrated:
        raise Problem("The tables are of another version; run: handrail migrate")
    return "SQLite" if database.is_sqlite else "PostgreSQL"


def _articles(settings: Settings) -> str:
    live = select(func.count()).select_from(Translation).where(Translation.live_revision_id.isnot(None))
    try:
        with Database(settings.database_url).reading() as session:
            count = session.scalar(live)
    except (SQLAlchemyError, DatabaseError):
        raise Problem("They can't be counted before the database is well.") from None
    if not count:
        raise Problem("There is none, so every question is unknown; run: handrail import DIR")
    return f"{count} live"


def _pictures(settings: Settings) -> str:
    in_folder = select(func.count()).select_from(Picture).where(Picture.content.is_(None))
    folder = settings.pictures_dir
    try:
        with Database(settings.database_url).reading() as session:
            count = session.scalar(in_folder)
    except (SQLAlchemyError, DatabaseError):
        raise Problem("They can't be counted before the database is well.") from None
    if folder is None and count:
        raise Problem(f"{count} of them lie in a folder; PICTURES_DIR must name it.")
    if folder is None:
        return "in the database"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise Problem(f"Nothing can be written to PICTURES_DIR ({folder}): {error.strerror}.") from None
    return f"in {folder}"


def _staff(settings: Settings) -> str:
    at_work = select(User.role).where(User.is_active.is_(True), User.password_hash.isnot(None))
    try:
        with Database(settings.database_url).reading() as session:
            roles = list(session.scalars(at_work))
            hours = load_hours(session, None)
    except (SQLAlchemyError, DatabaseError):
        raise Problem("They can't be counted before the database is well.") from None
    if not roles:
        return "nobody, so the bot hands nobody over (handrail user add, or the link that serve prints)"
    if ADMIN not in roles:
        raise Problem("There is no admin who could sign in; run: handrail user add EMAIL --name NAME --role admin")
    is_open = "open" if hours.is_open(utc_now()) else "closed"
    return f"{len(roles)}, {sum(role in DESK for role in roles)} at the desk; now {is_open} ({hours.time_zone})"


def _embedding(settings: Settings) -> str:
    try:
        embedder = load_embedding(settings)
    except EmbeddingModelError as error:
        raise Problem(str(error)) from None
    return f"{embedder.name}, {embedder.dimensions} dimensions, in {models_folder(settings)}"


def _bot(settings: Settings) -> str:
    if not any(bot_folder(settings).glob("*.tar.gz")):
        raise Problem("It is not trained; run: handrail train")
    return "trained"


def _redis(settings: Settings) -> str:
    if not settings.redis_url:
        return "not used (one process)"
    import redis

    try:
        redis.Redis.from_url(settings.redis_url, socket_timeout=3).ping()
    except (redis.RedisError, ValueError):
        raise Problem("The Redis of REDIS_URL does not answer.") from None
    return "answers"


def _twilio(settings: Settings) -> str:
    if not settings.twilio_account_sid:
        return "played by the simulator" if settings.phone else "not used (no SMS, no WhatsApp)"
    twilio = Twilio(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_url, settings.twilio_seconds
    )
    try:
        unknown = set(settings.sms_numbers) - twilio.numbers()
    except TransportError as error:
        raise Problem(str(error)) from None
    if unknown:
        raise Problem(f"SMS_NUMBERS has numbers that are not of this account: {', '.join(sorted(unknown))}.")
    return "answers, and the numbers are this account's"


def _port(settings: Settings) -> str:
    try:
        check_port(settings)
    except ServeError as error:
        raise Problem(f"{error} If that is Handrail itself, all is well.") from None
    return f"{settings.host}:{settings.port} is free"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "Python": _python,
    "Disk": _disk,
    "Database": _database,
    "Articles": _articles,
    "Pictures": _pictures,
    "People": _staff,
    "Embedding model": _embedding,
    "Bot": _bot,
    "Redis": _redis,
    "Twilio": _twilio,
    "Port": _port,
}
