"""Signed links to a question: for a place of the company's own (a parcel, a receipt), or for one conversation's survey.

A link says which question it asks and nothing of anybody; who forges one gets no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import segno
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import Database
from insights.surveys.settings import SurveySettings, survey_settings
from insights.surveys.survey import SCALES, Kind, Survey
from insights.surveys.taking import LINK, comment, score

PLACE, ONE = "p", "s"
"""What a link leads to: a place that is asked about by many, or one survey."""


class DeadLink(Exception):
    """A link that was forged, or whose place is no longer asked about."""


@dataclass(frozen=True)
class Asked:
    """What a link asks."""

    kind: Kind
    touchpoint: str
    survey_id: str | None = None
    """Of the conversation whose survey it is."""


class Links:
    def __init__(self, key: str, base_url: str) -> None:
        self._links = URLSafeSerializer(key, salt="survey link")
        self._forms = URLSafeSerializer(key, salt="survey form")
        self._answers = URLSafeSerializer(key, salt="survey answer")
        self._base_url = base_url

    def to_place(self, name: str) -> str:
        """The address that asks about a place of the settings."""
        return self._address(PLACE, name)

    def to_survey(self, survey: Survey) -> str:
        """The address at which a survey that was asked can be answered, too."""
        return self._address(ONE, survey.id)

    def read(self, token: str, session: Session) -> Asked:
        """Raises DeadLink."""
        try:
            what, name = self._links.loads(token)
        except (BadSignature, ValueError, TypeError):
            raise DeadLink from None
        if what == ONE:
            survey = session.get(Survey, name)
            if survey is None:
                raise DeadLink
            return Asked(_kind(survey.kind), survey.touchpoint, survey.id)
        kind = survey_settings(session).links.get(name)
        if kind is None:
            raise DeadLink
        return Asked(_kind(kind), name)

    def new_form(self, token: str) -> str:
        """What a page that is shown is called: sent twice, it is one answer. It belongs to its link."""
        return str(self._forms.dumps([token, str(uuid4())]))

    def form_id(self, token: str, form: str) -> str:
        """Raises DeadLink."""
        try:
            of, form_id = self._forms.loads(form)
        except (BadSignature, ValueError, TypeError):
            raise DeadLink from None
        if of != token:
            raise DeadLink
        return str(form_id)

    def to_person(self, survey: Survey, locale: str) -> str:
        """The address of the chat, where whoever gave this answer goes on with a person."""
        return f"/chat?locale={locale}&brings={self._answers.dumps(survey.id)}"

    def answer_in(self, token: str) -> str:
        """The id of the survey whose answer is brought along. Raises DeadLink."""
        try:
            return str(self._answers.loads(token))
        except (BadSignature, ValueError, TypeError):
            raise DeadLink from None

    def _address(self, what: str, name: str) -> str:
        return f"{self._base_url}/s/{self._links.dumps([what, name])}"


def qr_code(address: str) -> str:
    """A picture of an address, as a data URI."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def answer(database: Database, asked: Asked, form_id: str, given: int, now: datetime) -> Survey:
    """Keeps an answer: of a place one for each form, of a conversation's survey one at all. Raises ValueError if the
    scale has no such step."""
    lowest, highest = SCALES[asked.kind]
    if not lowest <= given <= highest:
        raise ValueError(given)
    if asked.survey_id is not None:
        with database.transaction() as session:
            survey = session.get(Survey, asked.survey_id, with_for_update=True)
            assert survey is not None  # noqa: S101  the link was read a moment ago
            if survey.state in ("due", "skipped"):
                # Nobody was asked anywhere else, and whoever has the link and answers was asked by it.
                survey.state, survey.skipped, survey.channel, survey.asked_at = "asked", None, LINK, now
            score(session, survey, given, str(given), LINK, now)
            return survey
    try:
        with database.transaction() as session:
            survey = Survey(
                id=form_id,
                kind=asked.kind,
                touchpoint=asked.touchpoint,
                state="asked",
                decided_at=now,
                asked_at=now,
                channel=LINK,
                lowest=lowest,
                highest=highest,
            )
            session.add(survey)
            session.flush()
            score(session, survey, given, str(given), LINK, now)
            return survey
    except IntegrityError:  # The same form again.
        with database.transaction() as session:
            survey = session.get(Survey, form_id, with_for_update=True)
            assert survey is not None  # noqa: S101  its id was taken
            score(session, survey, given, str(given), LINK, now)
            return survey


def say_why(database: Database, survey_id: str, text: str, now: datetime) -> bool:
    """Keeps what made it hard, once: a form that is sent twice says it once."""
    with database.transaction() as session:
        survey = session.get(Survey, survey_id, with_for_update=True)
        return survey is not None and not survey.comment and comment(session, survey, text, now)


def is_low(settings: SurveySettings, survey: Survey) -> bool:
    return survey.score is not None and survey.score <= settings.low(survey.kind)


def _kind(kind: str) -> Kind:
    if kind not in SCALES:
        raise DeadLink
    return kind
