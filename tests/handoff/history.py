"""Reads back what happened to conversations, and says what must not have happened."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, CLOSED, CUSTOMER, QUEUE, Conversation, Event, Message, agent
from handoff.transitions import TABLE, Verb, kind_of

VERBS: dict[str, Verb] = {
    "handed_off": "hand_off",
    "claimed": "claim",
    "assigned": "assign",
    "released": "release",
    "given_back": "give_back",
    "resolved": "resolve",
    "reopened": "reopen",
}


def faults(session: Session) -> list[str]:
    """What is wrong with any conversation: two owners, a bot that talks over a person, a message nobody cares about."""
    return [fault for one in session.scalars(select(Conversation)) for fault in _faults(session, one)]


def _faults(session: Session, conversation: Conversation) -> Iterator[str]:
    messages = list(session.scalars(select(Message).filter_by(conversation_id=conversation.id).order_by(Message.seq)))
    events = list(session.scalars(select(Event).filter_by(conversation_id=conversation.id).order_by(Event.id)))
    yield from _steps_that_do_not_follow(conversation, events)
    yield from _bot_over_a_person(messages, events)
    yield from _nobody_cares(conversation, messages, events)
    if [one.seq for one in messages] != list(range(1, conversation.last_seq + 1)):
        yield "a number is missing or twice"


def _steps_that_do_not_follow(conversation: Conversation, events: list[Event]) -> Iterator[str]:
    owner = BOT
    for event in events:
        verb = _verb(event, owner)
        if verb is None:
            continue
        if kind_of(owner) not in TABLE[verb][0]:
            yield f"{event.kind} of what belonged to {owner}"
        owner = _owner_after(event, verb)
    if owner != conversation.owner and conversation.close_reason not in {"start_over", "silence", "merged"}:
        yield f"it belongs to {conversation.owner}, and by what happened to {owner}"


def _verb(event: Event, owner: str) -> Verb | None:
    if event.kind == "transferred":
        return "assign" if "to" in event.details else "release"
    return VERBS.get(event.kind)


def _owner_after(event: Event, verb: Verb) -> str:
    if TABLE[verb][1] == "agent":
        return agent(event.details["to"] if verb == "assign" else event.details["by"])
    return {"bot": BOT, "queue": QUEUE, "closed": CLOSED}[TABLE[verb][1]]


def _bot_over_a_person(messages: list[Message], events: list[Event]) -> Iterator[str]:
    held = _held_by_agents(events)
    for message in messages:
        if message.author == BOT and any(since < message.seq <= until for since, until in held):
            yield f"the bot said number {message.seq} while an agent had it"


def _held_by_agents(events: list[Event]) -> list[tuple[int, float]]:
    """From after which message to which one an agent had it, or had closed it."""
    spans: list[tuple[int, float]] = []
    since: int | None = None
    owner = BOT
    for event in events:
        verb = _verb(event, owner)
        if verb is None:
            continue
        owner = _owner_after(event, verb)
        is_theirs = kind_of(owner) in ("agent", "closed")
        if since is None and is_theirs:
            since = event.details["seq"]
        elif since is not None and not is_theirs:
            spans.append((since, event.details["seq"]))
            since = None
    return [*spans, (since, float("inf"))] if since is not None else spans


def _nobody_cares(conversation: Conversation, messages: list[Message], events: list[Event]) -> Iterator[str]:
    spoken = max((one.seq for one in messages if one.author != CUSTOMER), default=0)
    # Whoever resolves a conversation has read it and thinks that nothing is to be said.
    resolved = max((event.details["seq"] for event in events if event.kind == "resolved"), default=0)
    for message in messages:
        if message.author != CUSTOMER or message.is_silent or message.seq <= max(spoken, resolved):
            continue
        owed = conversation.owed_since is not None and conversation.owed_since <= message.created_at
        if not (owed and kind_of(conversation.owner) in ("queue", "agent")):
            yield f"number {message.seq} is neither answered nor waiting ({conversation.owner})"
