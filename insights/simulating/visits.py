"""One matter that an invented customer comes with, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insights.simulating.people import Person
from insights.simulating.questions import Question


@dataclass
class Visit:
    person: Person
    question: Question
    channel: str
    address: str
    """Where they write; it changes when they go on by phone."""
    conversation_id: str = ""
    read_seq: int = 0
    """What they have read so far."""
    failures: int = 0
    waits_since: datetime | None = None
    waited: timedelta = timedelta()
    met_person: bool = False
    is_left: bool = False
    """They will not write in this matter any more, but for the question at its end."""
    is_planned: bool = False
    """They have seen that something is new and will look."""
    is_moving: bool = False
    """Their phone has sent the code, and nothing else yet."""
    has_moved: bool = False
    is_answered: bool = False
    """A person has replied to them."""
    again_of: str = ""
    """The conversation that was closed too early, once they are back because of it."""
    asked: list[str] = field(default_factory=list)
    scored: set[str] = field(default_factory=set)
    """The surveys they were asked in, answered or not."""
