"""A fast generator of a large history, for measuring alone: rows of facts and the conversations they are of.

What it writes was never lived: everything else in these tests comes by the verbs that the product has.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from channels.conversation import Conversation, Event
from channels.customer import Customer
from db import Base, Database
from insights.facts.fact import WHOLE, FactState
from insights.facts.refreshing import NAMES
from insights.surveys.survey import Survey
from knowledge.articles import ArticleUse
from staff.people import User
from staff.teams import Team

TOPICS = ("returns", "delivery", "payment", "account", "care", "warranty", "troubleshooting", "subscription")
ARTICLES = 60
AGENTS = 20
AT_ONCE = 5_000
REASONS = ("asked", "failures", "anger", "people_only", "did_not_help", "urgency")
CAUSES = ("wrong_answer", "no_answer", "long_wait", "had_to_repeat", "policy", "product")
DAYS = 365


def fill(database: Database, count: int, now: datetime, seed: int = 7) -> None:
    """So many conversations in the year before `now`."""
    chance = random.Random(seed)
    with database.transaction() as session:
        teams = [Team(name=f"Team {number}") for number in range(5)]
        agents = [
            User(email=f"a{number}@shop.example", name=f"Agent {number}", role="agent", created_at=now)
            for number in range(AGENTS)
        ]
        session.add_all([*teams, *agents])
        session.flush()
        team_ids, agent_ids = [team.id for team in teams], [user.id for user in agents]
        session.add_all(_uses(chance, now))
    facts = _facts(chance, count, now, team_ids, agent_ids)
    while some := [fact for _, fact in zip(range(AT_ONCE), facts, strict=False)]:
        _write(database, some)
    with database.transaction() as session:
        session.add(FactState(id=WHOLE, version=1, looked_at=now.timestamp(), event_id=count, swept=""))


def _uses(chance: random.Random, now: datetime) -> Iterator[Any]:
    for number in range(ARTICLES):
        for days in range(DAYS):
            day = (now - timedelta(days=days)).date()
            times = chance.randrange(20)
            yield ArticleUse(
                article_id=f"article-{number}", locale="en", day=day, answered=times, helped=2, not_helped=1
            )


Fact = dict[str, Any]


def _facts(chance: random.Random, count: int, now: datetime, teams: list[str], agents: list[str]) -> Iterator[Fact]:
    start = (now - timedelta(days=DAYS)).timestamp()
    for number in range(count):
        opened = start + DAYS * 86400 * number / count
        yield _fact(chance, str(UUID(int=chance.getrandbits(128))), opened, now.timestamp(), teams, agents)


def _fact(chance: random.Random, one: str, opened: float, now: float, teams: list[str], agents: list[str]) -> Fact:
    with_people = chance.random() < 0.3
    replied = with_people and chance.random() < 0.95
    said_at = opened + chance.expovariate(1 / 900)
    closed = said_at + 86400 if said_at + 86400 < now else None
    resolved = closed is not None and chance.random() < 0.8
    reply = chance.expovariate(1 / 1200) if replied else None
    scored = closed is not None and chance.random() < 0.3
    score = float(min(7, max(1, round(chance.gauss(5.2 - 0.8 * with_people, 1.6))))) if scored else None
    questions = chance.randrange(1, 5)
    unknown = int(chance.random() < 0.1)
    again = chance.random() < 0.2
    low = score is not None and score <= 3
    channels = chance.choice(("web", "web", "web", "sms", "whatsapp", "web,whatsapp"))
    return dict.fromkeys(NAMES) | {
        "conversation_id": one,
        "customer_id": one,
        "opened_at": opened,
        "closed_at": closed,
        "said_at": said_at,
        "close_reason": ("solved" if with_people else "silence") if closed else None,
        "resolved_at": said_at if resolved else None,
        "resolved_by": ("agent" if with_people else "silence") if resolved else None,
        "next_at": opened + chance.expovariate(1 / (10 * 86400)) if again else None,
        "channels": channels,
        "switches": int("," in channels),
        "locale": chance.choice(("en", "de")),
        "team_id": chance.choice(teams) if with_people else None,
        "agent_id": chance.choice(agents) if replied else None,
        "topic": chance.choice(TOPICS),
        "article_id": f"article-{chance.randrange(ARTICLES)}",
        "said": questions + 1,
        "by_us": 0,
        "people_said": 2 * replied,
        "questions": questions,
        "answered": questions - unknown,
        "unknown": unknown,
        "helped": int(chance.random() < 0.3),
        "not_helped": int(chance.random() < 0.1),
        "reopens": int(chance.random() < 0.03),
        "handoffs": int(with_people),
        "reason": chance.choice(REASONS) if with_people else None,
        "queued": int(with_people),
        "left_queue": int(with_people and not replied),
        "ended": int(with_people),
        "unreplied": int(with_people and not replied),
        "claim_seconds": reply and reply / 2,
        "reply_seconds": reply,
        "reply_open_seconds": reply and reply * 0.7,
        "missed": int(with_people and chance.random() < 0.1),
        "survey": ("answered" if scored else "expired") if closed else None,
        "ces": score,
        "again": 6.0 if low and chance.random() < 0.5 else None,
        "follow_up_at": closed if low else None,
        "follow_up_due": closed + 2 * 86400 if low and closed else None,
        "follow_up_reached": closed + 3600 if low and closed else None,
        "follow_up_closed": closed + 86400 if low and closed else None,
        "cause": chance.choice(CAUSES) if low else None,
    }


def _write(database: Database, facts: list[dict[str, Any]]) -> None:
    tables = Base.metadata.tables

    def moment(seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, timezone.utc)

    with database.transaction(durable=False) as session:
        session.execute(
            insert(tables[Customer.__tablename__]),
            [{"id": one["customer_id"], "created_at": moment(one["opened_at"])} for one in facts],
        )
        session.execute(
            insert(tables[Conversation.__tablename__]),
            [
                {
                    "id": one["conversation_id"],
                    "customer_id": one["customer_id"],
                    "owner": "closed" if one["closed_at"] else "bot",
                    "locale": one["locale"],
                    "opened_at": moment(one["opened_at"]),
                    "closed_at": one["closed_at"] and moment(one["closed_at"]),
                    "last_at": moment(one["said_at"]),
                    "close_reason": one["close_reason"],
                    "team_id": one["team_id"],
                    "agent_id": one["agent_id"],
                    "last_seq": 2,
                    "answered_seq": 2,
                    "priority": 1,
                }
                for one in facts
            ],
        )
        asked = [
            {
                "conversation_id": one["conversation_id"],
                "kind": "turn",
                "details": {"answer": {"kind": "unknown", "question": "What is that?", "locale": one["locale"]}},
                "at": moment(one["opened_at"]),
            }
            for one in facts
            if one["unknown"]
        ]
        session.execute(insert(tables[Event.__tablename__]), asked)
        session.execute(insert(tables["conversation_fact"]), [one | {"version": 1} for one in facts])
        if surveys := [_survey(one, moment) for one in facts if one["ces"] is not None]:
            session.execute(insert(tables[Survey.__tablename__]), surveys)


def _survey(fact: Fact, moment: Callable[[float], datetime]) -> dict[str, Any]:
    """Whoever found it hard says why."""
    at, score = moment(fact["closed_at"]), int(fact["ces"])
    is_low = score <= 3
    return {
        "id": fact["conversation_id"],
        "conversation_id": fact["conversation_id"],
        "kind": "ces",
        "touchpoint": "conversation",
        "state": "answered",
        "decided_at": at,
        "asked_at": at,
        "answered_at": at,
        "channel": "web",
        "answered_in": "web",
        "lowest": 1,
        "highest": 7,
        "score": score,
        "comment": "I had to ask three times, and nobody knew." if is_low else None,
        "commented_at": at if is_low else None,
    }
