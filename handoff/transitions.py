"""Who may speak next: the one table of what may follow on what, and the one door through which it changes."""

from __future__ import annotations

from typing import Literal

from channels.conversation import BOT, CLOSED, QUEUE, Conversation, agent, agent_id

DONE = "done"
"""The customer said that this was all: as which a conversation is closed."""

Kind = Literal["bot", "queue", "agent", "closed"]
Verb = Literal["hand_off", "claim", "assign", "release", "give_back", "resolve", "reopen"]

TABLE: dict[Verb, tuple[frozenset[Kind], Kind]] = {
    # The bot, or the customer through it, calls for a person.
    "hand_off": (frozenset({"bot"}), "queue"),
    # A person takes it: from the queue, from the middle of the bot's talk, or from a colleague.
    "claim": (frozenset({"bot", "queue", "agent"}), "agent"),
    # Somebody else decides who takes it: routing, or a colleague who transfers it.
    "assign": (frozenset({"queue", "agent"}), "agent"),
    # Back among those that wait: transferred to a team, or its agent has left.
    "release": (frozenset({"agent", "queue"}), "queue"),
    "give_back": (frozenset({"queue", "agent"}), "bot"),
    "resolve": (frozenset({"bot", "queue", "agent"}), "closed"),
    "reopen": (frozenset({"closed"}), "queue"),
}
"""By verb: from whom, to whom."""


class NotPossible(Exception):
    """Something that can't be done with a conversation as it is now; `owner` is who has it."""

    def __init__(self, verb: str, owner: str) -> None:
        super().__init__(f"{verb}: the conversation belongs to {owner}.")
        self.verb = verb
        self.owner = owner


def kind_of(owner: str) -> Kind:
    if owner == BOT:
        return "bot"
    if owner == QUEUE:
        return "queue"
    return "closed" if owner == CLOSED else "agent"


def may(verb: Verb, owner: str) -> bool:
    return kind_of(owner) in TABLE[verb][0]


def move(conversation: Conversation, verb: Verb, user_id: str | None = None) -> None:
    """Gives the conversation to whom the verb says; `user_id`: to which agent. Its row must be locked.

    Raises NotPossible if the verb does not follow on who has it now.
    """
    if not may(verb, conversation.owner):
        raise NotPossible(verb, conversation.owner)
    to = TABLE[verb][1]
    if (to == "agent") != (user_id is not None):
        raise ValueError(f"{verb} gives a conversation to {to}")
    # Whatever turn is being taken now is lost: it was not for the new owner.
    conversation.claimed_by = conversation.claimed_until = None
    conversation.owner = agent(user_id) if user_id else {"bot": BOT, "queue": QUEUE, "closed": CLOSED}[to]


def held_by(conversation: Conversation) -> str | None:
    """The id of the agent who has it."""
    return agent_id(conversation.owner)
