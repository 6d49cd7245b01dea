"""What is set of the question at the end: who is asked what and how often, the wording, and when silence is an end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.surveys import SurveyWords
from channels.names import SMS, WEB, WHATSAPP
from insights.surveys.survey import SCALES, Kind, SurveySetting
from insights.surveys.words import AGAIN, LABELS, LATER, QUESTIONS

LOCALES = ("en", "de")
CHANNELS = (WEB, SMS, WHATSAPP)
Place = Literal["bot", "person", "follow_up"]
PLACES: tuple[Place, ...] = ("bot", "person", "follow_up")
"""What is asked about: a conversation that the bot alone had, one that people had, what was done about a low score."""
NOBODY = "none"
"""Instead of a kind: nobody is asked."""

LIMITS = {
    "days": (0, 365),
    "expires_days": (1, 60),
    "comment_minutes": (5, 1440),
    "silence_web": (5, 10080),
    "silence_sms": (5, 10080),
    "silence_whatsapp": (5, 10080),
    "person_hours": (1, 200),
    "low_ces": (0, 7),
    "low_csat": (0, 5),
    "low_nps": (-1, 10),
}
"""From and to, of what is a number."""


@dataclass(frozen=True)
class SurveySettings:
    kinds: Mapping[str, str] = field(default_factory=dict)
    """By place and channel (`bot:web`), what is asked, or `NOBODY`; where none stands, the effort question."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """By kind and language (`ces:en`), a wording of the company's own."""
    later: Mapping[str, str] = field(default_factory=dict)
    """The same, of the question on another day than the last word was said; where none stands, a wording of the
    company's own is asked as it is."""
    again: Mapping[str, str] = field(default_factory=dict)
    """The same, of the question after a low score was looked after."""
    labels: Mapping[str, list[str]] = field(default_factory=dict)
    """The same, the words of the scale: of every step from the lowest on, or of its two ends."""
    links: Mapping[str, str] = field(default_factory=dict)
    """By the name of a place of the company's own, which question its link asks."""
    days: int = 30
    """A customer is asked once in so many days."""
    expires_days: int = 7
    """So long an answer is taken for one."""
    comment_minutes: int = 60
    """So long after a low score the next message may be what made it hard."""
    silence_web: int = 30
    silence_sms: int = 240
    silence_whatsapp: int = 240
    """Minutes of silence after which a conversation with the bot has ended."""
    person_hours: int = 16
    """Hours of opening time without an answer of the customer after which one with a person has ended."""
    low_ces: int = 3
    low_csat: int = 2
    low_nps: int = 6
    """A score up to this one is low."""

    def kind(self, place: Place, channel: str) -> Kind | None:
        """What is asked there; None: nothing."""
        found: Any = self.kinds.get(f"{place}:{channel}", "ces")
        return found if found in SCALES else None

    def low(self, kind: str) -> int:
        return int({"ces": self.low_ces, "csat": self.low_csat, "nps": self.low_nps}[kind])

    def silence(self, channel: str) -> timedelta:
        minutes = {WEB: self.silence_web, SMS: self.silence_sms, WHATSAPP: self.silence_whatsapp}
        return timedelta(minutes=minutes.get(channel, self.silence_web))

    def words(self, kind: Kind, *, is_again: bool = False, is_later: bool = False) -> dict[str, SurveyWords]:
        """By language. `is_again`: asked once more, after a low score was looked after. `is_later`: else, on another
        day than the last word was said, or where nobody knows the day."""
        own, delivered = (self.again, AGAIN) if is_again else (self.questions, QUESTIONS)
        if is_later and not is_again:
            own, delivered = {**self.questions, **self.later}, LATER
        return {
            locale: SurveyWords(
                own.get(f"{kind}:{locale}") or delivered[kind][locale],
                tuple(self.labels.get(f"{kind}:{locale}") or LABELS[kind][locale]),
            )
            for locale in LOCALES
        }


_KEPT = select(SurveySetting.name, SurveySetting.value)
"""Made once: it is asked for in every round."""


def survey_settings(session: Session) -> SurveySettings:
    """As they are now, in all processes."""
    kept = {name: json.loads(value) for name, value in session.execute(_KEPT)}
    return replace(
        SurveySettings(), **{name: kept[name] for name in SurveySettings.__dataclass_fields__ if name in kept}
    )


def keep_survey_settings(session: Session, settings: SurveySettings) -> None:
    for name in SurveySettings.__dataclass_fields__:
        session.merge(SurveySetting(name=name, value=json.dumps(getattr(settings, name), ensure_ascii=False)))
