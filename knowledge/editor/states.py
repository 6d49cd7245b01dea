"""Where an article stands in its life, as its page and the list say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LIVE, DRAFT, LIVE_DRAFT, WITHDRAWN, ARCHIVED = "live", "draft", "live_draft", "withdrawn", "archived"
SUBMITTED, APPROVED, SCHEDULED = "submitted", "approved", "scheduled"
STATES = (LIVE, LIVE_DRAFT, DRAFT, SUBMITTED, APPROVED, SCHEDULED, WITHDRAWN, ARCHIVED)


@dataclass(frozen=True)
class Standing:
    is_live: bool = False
    was_published: bool = False
    is_archived: bool = False
    stage: str | None = None
    """Of its draft, if it has one."""
    publish_at: datetime | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """One or two of `STATES`: what customers see, and how far the draft is."""
        ahead = SCHEDULED if self.publish_at else self.stage if self.stage in (SUBMITTED, APPROVED) else None
        if self.is_archived:
            return (ARCHIVED,)
        if self.is_live:
            return (LIVE, ahead) if ahead else (LIVE_DRAFT if self.stage else LIVE,)
        if self.was_published:
            return (WITHDRAWN, ahead) if ahead else (WITHDRAWN,)
        return (ahead or DRAFT,)
