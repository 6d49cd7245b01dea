"""What this installation asks of a publication, and the work of publishing what is due."""

from __future__ import annotations

from functools import partial

from app.settings import Settings
from app.workers import Line
from db import utc_now
from knowledge.checking import Settling, gate
from knowledge.library import Knowledge
from knowledge.life.going_live import Rules
from knowledge.life.scheduling import publish_due


def rules_of(settings: Settings) -> Rules:
    return Rules(gate, settings.article_review == "required")


def publishing_line(settings: Settings, knowledge: Knowledge) -> Line:
    """Publishes what is due, about once a second."""
    return Line("publish", partial(_publish_due, knowledge, rules_of(settings)))


def waivers_line(knowledge: Knowledge) -> Line:
    """Forgets what is waived no longer, soon after something went live."""
    return Line("waivers", partial(_settle, Settling(knowledge)))


def _settle(settling: Settling) -> int:
    settling.look(utc_now())
    return 0  # Once a second is enough.


def _publish_due(knowledge: Knowledge, rules: Rules) -> int:
    return publish_due(knowledge, utc_now(), rules)
