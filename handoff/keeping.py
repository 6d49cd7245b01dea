"""What is written to a person, or while one is waited for: kept, and understood where it asks for something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.endings import is_withdrawn
from bot.options import Buttons, typed_button
from bot.state import after_person
from channels.addresses import spaced
from channels.conversation import BOT, QUEUE, Conversation, Event, Message
from handoff.finding import happened
from handoff.foretelling import BACK_TO_BOT, LEAVE_NUMBER, buttons_for
from handoff.handing_over import end
from handoff.handoffs import Handoff, open_handoff
from handoff.sla import set_due
from handoff.speaking import say_to_customer, words_of
from handoff.transitions import DONE, move

NUMBER = "number"
NOTED = "noted"
"""What a message of the house asked for (`extra["asks"]`), or that it was given."""
ASKED_WITHIN = 3
"""Messages of the house in which a question is still open: others may have come between."""
KEPT = "kept"
"""The event of having said, once for each hand-off, that what is written meanwhile is kept."""
LOOKED_BACK = 10
"""Messages among which a button is looked for."""


def keep_for_person(
    session: Session, conversation: Conversation, messages: Sequence[Message], now: datetime, region: str | None = None
) -> int:
    """Keeps these messages of the customer for a person, and returns the number of the last one that was dealt with.

    Who goes back to the bot is answered by it from the next message on; who needs nobody any more and says no more than
    that leaves the queue, and the conversation is over. `region` is where phone numbers without a
    country code are from. The conversation's row must be locked.
    """
    # Whoever put it aside wants to know that the customer wrote.
    conversation.snoozed_until = None
    for at, message in enumerate(messages):
        if conversation.owner == QUEUE and _is_not_needed(messages[at:]):
            _leave(session, conversation, now)
            return messages[-1].seq
        if conversation.owner != QUEUE or not _is_understood(session, conversation, message, now, region):
            conversation.owed_since = conversation.owed_since or message.created_at
        if conversation.owner == BOT:
            return message.seq
    set_due(session, conversation, now)
    return messages[-1].seq


def _is_not_needed(messages: Sequence[Message]) -> bool:
    """Whether all that is said from here on is that nobody is needed any more."""
    return all(one.payload is None for one in messages) and is_withdrawn("\n".join(one.text for one in messages))


def _leave(session: Session, conversation: Conversation, now: datetime) -> None:
    _say(session, conversation, "not_needed", now)
    move(conversation, "resolve")
    end(session, conversation, "left", now)
    conversation.bot_state = after_person(conversation.bot_state)
    conversation.close(DONE, now)
    happened(session, conversation, "left_queue", now, by=None)


def _is_understood(
    session: Session, conversation: Conversation, message: Message, now: datetime, region: str | None
) -> bool:
    """Whether a message of somebody who waits asked for something that was done; otherwise it is for a person."""
    handoff = open_handoff(session, conversation.id)
    said = _said_last(session, conversation, message.seq)
    pressed = message.payload or typed_button(message.text, _buttons(said))
    if pressed == BACK_TO_BOT:
        _back_to_bot(session, conversation, now)
        return True
    if pressed == LEAVE_NUMBER:
        _say(session, conversation, "which_number", now, asks=NUMBER)
        return True
    if handoff and _asked(said) == NUMBER:
        return _take_number(session, conversation, handoff, message.text, now, region)
    if handoff:
        _say_once_that_it_is_kept(session, conversation, handoff, now)
    return False


def _back_to_bot(session: Session, conversation: Conversation, now: datetime) -> None:
    move(conversation, "give_back")
    end(session, conversation, "left", now)
    conversation.owed_since = None
    conversation.bot_state = after_person(conversation.bot_state)
    happened(session, conversation, "given_back", now, by=None)
    set_due(session, conversation, now)
    _say(session, conversation, "bot_again", now)


def _take_number(
    session: Session, conversation: Conversation, handoff: Handoff, text: str, now: datetime, region: str | None
) -> bool:
    found = next(iter(phonenumbers.PhoneNumberMatcher(text, region)), None)
    if found is None:
        _say(session, conversation, "no_number", now, asks=NUMBER)
        return False
    number = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
    handoff.callback = number
    happened(session, conversation, "callback", now)
    _say(session, conversation, "number_noted", now, asks=NOTED, number=spaced(number))
    return True


def _say_once_that_it_is_kept(session: Session, conversation: Conversation, handoff: Handoff, now: datetime) -> None:
    before = select(Event.id).where(Event.conversation_id == conversation.id, Event.kind == KEPT)
    if session.scalars(before.where(Event.at >= handoff.at).limit(1)).first() is None:
        happened(session, conversation, KEPT, now)
        words = words_of(conversation)
        # What one can do meanwhile stands under the newest message alone.
        say_to_customer(session, conversation, words["kept"], now, buttons_for(words, handoff.channel))


def _say(session: Session, conversation: Conversation, key: str, now: datetime, asks: str = "", **values: str) -> None:
    text = words_of(conversation)[key].format(**values)
    say_to_customer(session, conversation, text, now, extra={"asks": asks} if asks else {})


def _said_last(session: Session, conversation: Conversation, seq: int) -> list[Message]:
    """What the house said before this message, the last first."""
    said = select(Message).where(Message.conversation_id == conversation.id, Message.author == BOT, Message.seq < seq)
    return list(session.scalars(said.order_by(Message.seq.desc()).limit(LOOKED_BACK)))


def _asked(said: Sequence[Message]) -> str:
    """What the house asked for last, if it is still to be answered."""
    return next((message.extra["asks"] for message in said[:ASKED_WITHIN] if message.extra.get("asks")), "")


def _buttons(said: Sequence[Message]) -> Buttons:
    """Those that were shown last."""
    return next((message.extra["buttons"] for message in said if message.extra.get("buttons")), [])
