"""Every figure there is, one line each."""

from __future__ import annotations

from insights.numbers.answers import ANSWER_RATE, HANDOFF_RATE, SELF_SERVICE, UNKNOWN, WRONG
from insights.numbers.effort import CES, CSAT, EASE, NPS, RESPONSE, SATISFACTION
from insights.numbers.following_up import AGAIN, FOLLOW_UPS, IN_TIME, REACHED
from insights.numbers.matters import CONVERSATIONS
from insights.numbers.outcome import FIRST_CONTACT, REOPENED, RESOLUTION_TIME, RESOLVED, SWITCHED
from insights.numbers.waiting import FIRST_REPLY, FIRST_REPLY_CLOCK, LEFT_QUEUE, MISSED, QUEUE_TIME, UNREPLIED

NUMBERS = (
    CONVERSATIONS,
    CES,
    EASE,
    CSAT,
    SATISFACTION,
    NPS,
    RESPONSE,
    RESOLVED,
    FIRST_CONTACT,
    RESOLUTION_TIME,
    REOPENED,
    SWITCHED,
    SELF_SERVICE,
    ANSWER_RATE,
    UNKNOWN,
    WRONG,
    HANDOFF_RATE,
    FIRST_REPLY,
    FIRST_REPLY_CLOCK,
    QUEUE_TIME,
    LEFT_QUEUE,
    UNREPLIED,
    MISSED,
    FOLLOW_UPS,
    IN_TIME,
    REACHED,
    AGAIN,
)
BY_KEY = {number.key: number for number in NUMBERS}
