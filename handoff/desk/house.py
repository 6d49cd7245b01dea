"""What the desk needs of the house it stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from db import Database
from handoff.desk.inserting import Articles
from handoff.desk.ways import IsPageOpen
from handoff.files import FileAddresses


@dataclass(frozen=True)
class House:
    database: Database
    files: FileAddresses
    company: str
    done: Callable[[str], None]
    """Told the id of a conversation after something was done in it: desks, deliverers and the bot must look."""
    seen: Callable[[str], None] = lambda _user_id: None
    """Told the id of a member of staff who has just done something."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """By language, the template for WhatsApp after its 24 hours."""
    base_url: str = ""
    """What stands before each path in an SMS."""
    is_page_open: IsPageOpen = lambda _visitor: False
    articles: Articles = lambda _words, _locale, _limit: []
