"""Finds out whether a message answers what was asked at the end of a conversation, and so belongs there.

What is not surely an answer belongs nowhere: it opens a conversation or goes on with the open one, and the question
goes on waiting.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.endings import has_helped, is_end, is_refusal, is_thanks, is_yes
from bot.options import may_be_chosen
from bot.payloads import Pressed, read_payload
from bot.score_words import score_words
from bot.scores import (
    is_nod,
    is_surely_score,
    is_tried,
    read_answer,
    read_beside,
    reads_as_comment,
    reason_of,
)
from bot.surveys import SurveyQuestion
from channels.conversation import BOT, Conversation, Message, lock_customers, open_conversation_of
from channels.customer import Address
from channels.inbound import Belonging, Inbound
from insights.surveys.asking import question_of
from insights.surveys.settings import survey_settings
from insights.surveys.survey import Survey
from insights.surveys.taking import (
    CORRECTION,
    GOES_ON,
    REFUSED,
    comment,
    is_waiting,
    may_change,
    may_go_on,
    may_reconsider,
    score,
    was_just_answered,
)
from insights.surveys.words import ANSWERED_BEFORE

VERDICTS = {"/helped", "/did_not_help"}
SAID_AGAIN = timedelta(days=1)
"""So long after it was said it is not said again that somebody's answer is known."""


def belongs(session: Session, address: Address, inbound: Inbound, now: datetime) -> Belonging | None:
    """`channels.inbound.Belongs`: into which ended conversation a message still belongs."""
    pressed = read_payload(inbound.text)
    if pressed and pressed.survey:
        return _pressed(session, address, pressed.survey, now)
    if inbound.attached or _latest(session, address, now) is None:
        return None
    lock_customers(session, address.customer_id)
    survey = _latest(session, address, now)
    conversation = session.get(Conversation, survey.conversation_id) if survey else None
    if survey is None or conversation is None or conversation.closed_at is None:
        return None
    open_one = open_conversation_of(session, address.customer_id)
    going_on = None if _spoke_last(survey, conversation, open_one, now) else open_one
    question = question_of(survey, survey_settings(session))
    if not _is_asked_elsewhere(session, going_on, inbound.text, question):
        beside = _beside(session, survey, question, inbound, now)
        if beside is not None:
            return beside
        if _is_one_too_many(session, survey, inbound.text, question, now):
            return _known(session, survey.id, conversation.id, now)
        if _is_answer(inbound.text, pressed, survey, question, conversation, going_on, now):
            return Belonging(conversation.id, {"survey": survey.id})
        is_all = _is_thanks(inbound.text) or is_end(inbound.text, is_asked=True)
        # There is nothing more to say to it, however long it is.
        if going_on is None and survey.state == "answered" and (is_all or is_nod(inbound.text)):
            return Belonging(conversation.id, is_silent=True)
        if open_one is None and is_all:
            return Belonging(conversation.id)
    return None


def _beside(
    session: Session, survey: Survey, question: SurveyQuestion, inbound: Inbound, now: datetime
) -> Belonging | None:
    """A score with a matter of its own beside it, "2 and I want my money back": the score is kept at once, and the rest
    is answered as what it is."""
    found = read_beside(inbound.text, question.lowest, question.highest) if survey.awaiting == "score" else None
    if found is None:
        return None
    is_low = found.score <= question.limit
    # What is told with a low score and asks for nothing is the reason for it.
    if is_low and not found.is_asked and reason_of(inbound.text, question.lowest, question.highest):
        return None
    session.scalars(select(Conversation.id).filter_by(id=survey.conversation_id).with_for_update()).one()
    session.refresh(survey, with_for_update=True)
    if not score(session, survey, found.score, inbound.text, inbound.channel, now):
        return None
    if is_low:
        comment(session, survey, inbound.text, now)
    return Belonging(None, {"matter": found.matter, "scored": "low" if is_low else "high"})


def _pressed(session: Session, address: Address, survey_id: str, now: datetime) -> Belonging | None:
    """A button names its survey: it must be this customer's."""
    lock_customers(session, address.customer_id)
    theirs = (
        select(Survey)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(Survey.id == survey_id, Conversation.customer_id == address.customer_id)
        .where(Conversation.closed_at.isnot(None))
    )
    survey = session.scalars(theirs).one_or_none()
    if survey is None or survey.conversation_id is None:
        return None
    may_be_kept = is_waiting(survey, now) if survey.score is None else may_change(session, survey, now)
    if survey.state == "expired" or may_be_kept:
        return Belonging(survey.conversation_id, {"survey": survey.id})
    return _known(session, survey.id, survey.conversation_id, now)


def _known(session: Session, survey_id: str, conversation_id: str, now: datetime) -> Belonging:
    """What can't be answered any more is taken note of, and nothing is changed."""
    reply = _told_before(session, conversation_id, now)
    return Belonging(conversation_id, {"survey": survey_id}, is_silent=True, reply=reply)


def _told_before(session: Session, conversation_id: str, now: datetime) -> str:
    """That the answer is known; empty if that was said lately: whoever goes on pressing is not written to each time."""
    said = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.author == BOT,
        Message.text.in_(ANSWERED_BEFORE.values()),
        Message.created_at > now - SAID_AGAIN,
    )
    if session.scalars(said.limit(1)).first() is not None:
        return ""
    locale = session.scalars(select(Conversation.locale).filter_by(id=conversation_id)).first()
    return ANSWERED_BEFORE[locale if locale in ANSWERED_BEFORE else "en"]


def _latest(session: Session, address: Address, now: datetime) -> Survey | None:
    """What this customer was asked last, if it can still be answered, or its answer changed."""
    query = (
        select(Survey)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(
            Conversation.customer_id == address.customer_id,
            or_(
                Survey.awaiting.isnot(None),
                Survey.answered_at >= now - CORRECTION,
                Survey.commented_at >= now - GOES_ON,
                (Survey.skipped == REFUSED) & (Survey.expires_at >= now),
            ),
        )
        .order_by(Survey.asked_at.desc())
        .limit(1)
    )
    found: Survey | None = session.scalars(query).first()
    if found is None:
        return None
    is_open = is_waiting(found, now) or was_just_answered(found, now) or may_go_on(found, now)
    return found if is_open or (may_reconsider(found, now) and not _has_begun_more(session, found)) else None


def _has_begun_more(session: Session, survey: Survey) -> bool:
    """Whether this customer has begun something else since: who refused and writes a number then means that."""
    ended = session.get(Conversation, survey.conversation_id)
    if ended is None or ended.closed_at is None:
        return True
    others = select(Conversation.id).where(
        Conversation.customer_id == ended.customer_id,
        Conversation.id != ended.id,
        Conversation.opened_at >= ended.closed_at,
    )
    return session.scalars(others.limit(1)).first() is not None


def _is_answer(
    text: str,
    pressed: Pressed | None,
    survey: Survey,
    question: SurveyQuestion,
    conversation: Conversation,
    going_on: Conversation | None,
    now: datetime,
) -> bool:
    is_told = survey.awaiting == "comment" or may_go_on(survey, now)
    if pressed is not None:
        return pressed.intent == "wants_person" and is_told and going_on is None
    if survey.awaiting == "score":
        # Who has just sent a score and goes on writing says why.
        goes_on = conversation.waiting_since is not None and reads_as_comment(text)
        return _reads(text, question) or (going_on is None and (is_tried(text) or is_refusal(text) or goes_on))
    if was_just_answered(survey, now) and _reads(text, question):
        return True
    if may_reconsider(survey, now):
        return going_on is None and _reads(text, question)
    if not is_told or going_on is not None:
        return False
    if is_yes(text) or is_refusal(text):
        return True
    return reads_as_comment(text) and not _is_thanks(text) and not is_nod(text)


def _is_thanks(text: str) -> bool:
    """Whether somebody thanks, or says that it has helped, and nothing else."""
    return is_thanks(text) or has_helped(text)


def _spoke_last(survey: Survey, conversation: Conversation, other: Conversation | None, now: datetime) -> bool:
    """Whether what made it hard was asked since anything was said in the other conversation, which is with the bot."""
    if other is None or other.owner != BOT or other.waiting_since is not None:
        return False
    is_told = survey.awaiting == "comment" or may_go_on(survey, now)
    return (
        is_told and conversation.last_at is not None and (other.last_at is None or other.last_at < conversation.last_at)
    )


def _is_one_too_many(session: Session, survey: Survey, text: str, question: SurveyQuestion, now: datetime) -> bool:
    """Whether it would change an answer that was changed often enough, and says nothing else."""
    if not was_just_answered(survey, now) or may_change(session, survey, now):
        return False
    return _reads(text, question) and not (survey.awaiting == "comment" and reads_as_comment(text))


def _reads(text: str, question: SurveyQuestion) -> bool:
    found = (
        read_answer(text, question.lowest, question.highest, labels, given=question.score)
        for labels in question.all_labels
    )
    return any(score is not None for score in found)


def _is_asked_elsewhere(session: Session, going_on: Conversation | None, text: str, question: SurveyQuestion) -> bool:
    """Whether something else was asked since in the open conversation, to which this may be the answer."""
    if going_on is None:
        return False
    if going_on.owner != BOT:
        return True
    said = select(Message).where(Message.conversation_id == going_on.id, Message.author == BOT)
    last = session.scalars(said.order_by(Message.seq.desc()).limit(1)).first()
    if last is None:
        return False
    buttons: list[dict[str, str]] = list(last.extra.get("buttons", ()))
    payloads = {str(button["payload"]) for button in buttons}
    if last.extra.get("asks"):
        return True
    if payloads - VERDICTS:
        return _is_choice(text, buttons, question)
    # After an answer a thumb or a "good" is said of that answer.
    return bool(payloads or last.extra.get("sources")) and not re.search(r"\d", text)


def _is_choice(text: str, offered: list[dict[str, str]], question: SurveyQuestion) -> bool:
    """Whether it may be meant for what is offered: "6" of three isn't, and "very hard" says how it was."""
    if is_surely_score(text, question.lowest, question.highest):
        return False
    known = score_words()
    return is_nod(text) or is_yes(text) or may_be_chosen(text, offered, known.around | known.degrees)
