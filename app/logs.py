"""How the process logs: one line an event, for people or as JSON; ids, never what people wrote."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from app.settings import Settings

ROOMS = ("app", "bot", "channels", "db", "handoff", "insights", "knowledge")


def configure_logs(settings: Settings) -> None:
    renderer: Processor = structlog.processors.JSONRenderer() if settings.log_json else structlog.dev.ConsoleRenderer()
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(renderer, foreign_pre_chain=shared))
    # Libraries speak up when something is wrong; what they do all day is theirs.
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # Otherwise these write everything a second time, in a form of their own.
    for library in ("engineio.server", "socketio.server"):
        logging.getLogger(library).setLevel(logging.WARNING)
    for room in ROOMS:
        logging.getLogger(room).setLevel(settings.log_level)
