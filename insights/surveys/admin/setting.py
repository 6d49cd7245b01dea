"""The settings of the question at the end are changed: checked first, then kept together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from db import Database, lock
from handoff.admin.refused import NotTaken
from insights.surveys.settings import (
    CHANNELS,
    LIMITS,
    LOCALES,
    NOBODY,
    PLACES,
    SurveySettings,
    keep_survey_settings,
    survey_settings,
)
from insights.surveys.survey import SCALES
from staff.audit import record

QUESTION_CHARS = 200
LABEL_CHARS = 40
KINDS = (*SCALES, NOBODY)
_LINK = re.compile(r"[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?")
_TAKEN = {"conversation", "follow_up"}


@dataclass(frozen=True)
class Entry:
    """What the form says."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    """By place and channel, as `bot:web`."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """By the name of the setting, of those in `LIMITS`."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """By kind and language, as `ces:en`."""
    later: Mapping[str, str] = field(default_factory=dict)
    """The same, of the question on another day than the last word was said."""
    again: Mapping[str, str] = field(default_factory=dict)
    """The same, of the question after a low score was looked after."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The same, one line for each step."""


def entry_of(settings: SurveySettings) -> Entry:
    places = [f"{place}:{channel}" for place in PLACES for channel in CHANNELS]
    return Entry(
        {one: settings.kinds.get(one, "ces") for one in places},
        {name: str(getattr(settings, name)) for name in LIMITS},
        settings.questions,
        settings.later,
        settings.again,
        {name: "\n".join(lines) for name, lines in settings.labels.items()},
    )


def change_surveys(database: Database, by: str, entry: Entry, now: datetime) -> None:
    """Raises NotTaken."""
    with database.transaction() as session:
        lock(session, "survey settings")
        before = survey_settings(session)
        _keep(session, before, replace(_settings(entry), links=before.links), by, now)


def add_link(database: Database, by: str, name: str, kind: str, now: datetime) -> None:
    """Raises NotTaken."""
    name = name.strip().lower()
    if not _LINK.fullmatch(name) or name in _TAKEN:
        raise NotTaken("bad_link")
    if kind not in SCALES:
        raise NotTaken("bad_kind")
    with database.transaction() as session:
        lock(session, "survey settings")
        before = survey_settings(session)
        if name in before.links:
            raise NotTaken("link_twice")
        _keep(session, before, replace(before, links={**before.links, name: kind}), by, now)


def remove_link(database: Database, by: str, name: str, now: datetime) -> None:
    """Nobody is asked by it any more; what was answered is kept. One that isn't there changes nothing."""
    with database.transaction() as session:
        lock(session, "survey settings")
        before = survey_settings(session)
        left = {one: kind for one, kind in before.links.items() if one != name}
        _keep(session, before, replace(before, links=left), by, now)


def _keep(session: Any, before: SurveySettings, after: SurveySettings, by: str, now: datetime) -> None:
    was = asdict(before)
    changed = [name for name, value in asdict(after).items() if value != was[name]]
    if changed:
        keep_survey_settings(session, after)
        record(session, "surveys_changed", now, user_id=by, fields=changed)


def _settings(entry: Entry) -> SurveySettings:
    kinds = {name: kind for name, kind in entry.kinds.items() if kind != "ces"}
    if set(kinds.values()) - set(KINDS):
        raise NotTaken("bad_kind")
    numbers: dict[str, Any] = {name: _number(entry.numbers.get(name, ""), name) for name in LIMITS}
    names = [f"{kind}:{locale}" for kind in SCALES for locale in LOCALES]
    questions = {name: _line(entry.questions.get(name, "")) for name in names}
    later = {name: _line(entry.later.get(name, "")) for name in names}
    again = {name: _line(entry.again.get(name, "")) for name in names}
    if any(len(asked) > QUESTION_CHARS for asked in (*questions.values(), *later.values(), *again.values())):
        raise NotTaken("bad_question", longest=str(QUESTION_CHARS))
    labels = {name: _labels(entry.labels.get(name, ""), name) for name in names}
    return SurveySettings(
        kinds=kinds,
        questions={name: question for name, question in questions.items() if question},
        later={name: question for name, question in later.items() if question},
        again={name: question for name, question in again.items() if question},
        labels={name: lines for name, lines in labels.items() if lines},
        **numbers,
    )


def _labels(text: str, name: str) -> list[str]:
    lines = [line for line in map(_line, text.splitlines()) if line]
    lowest, highest = next(scale for kind, scale in SCALES.items() if name.startswith(f"{kind}:"))
    steps = highest - lowest + 1
    if lines and (len(lines) not in {2, steps} or any(len(line) > LABEL_CHARS for line in lines)):
        raise NotTaken("bad_labels", steps=str(steps), longest=str(LABEL_CHARS))
    return lines


def _line(text: str) -> str:
    """On one line, without what can't be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _number(text: str, name: str) -> int:
    digits, (least, most) = text.strip(), LIMITS[name]
    if not re.fullmatch(r"-?[0-9]{1,5}", digits) or not least <= int(digits) <= most:
        raise NotTaken("bad_number", name=name, least=str(least), most=str(most))
    return int(digits)
