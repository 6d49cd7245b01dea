"""Questions that were asked by a place's link and not about a conversation: read from their answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timezone

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.facts.columns import facts_of
from insights.facts.deriving import on_usual_scale
from insights.numbers.effort import BY_KIND
from insights.numbers.number import Measured, Number, measure
from insights.pages.asked import Period
from insights.surveys.deciding import CONVERSATION, FOLLOW_UP
from insights.surveys.survey import Survey


@dataclass(frozen=True)
class ByLink:
    touchpoint: str
    number: Number
    measured: Measured


def by_link(session: Session, period: Period) -> list[ByLink]:
    """By the place where the link was shown and what was asked; answers count for the day they came on."""
    start, end = (datetime.fromtimestamp(at, timezone.utc) for at in (period.start, period.end))
    is_place = Survey.touchpoint.notin_((CONVERSATION, FOLLOW_UP))
    query = select(Survey).where(is_place, Survey.answered_at >= start, Survey.answered_at < end)
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for survey in session.scalars(query):
        scores[survey.touchpoint, survey.kind].append(on_usual_scale(survey))
    return [
        ByLink(touchpoint, BY_KIND[kind], measure(BY_KIND[kind], facts_of([{kind: one} for one in given]), np.inf))
        for (touchpoint, kind), given in sorted(scores.items())
    ]
