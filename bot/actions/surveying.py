"""The question at the end, as a form: it asks for the score, and after a low one for what made it hard."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from bot.actions.answering import Events, hand_over, signals, slots
from bot.endings import is_refusal, is_yes
from bot.payloads import CONVERSATION_ENDED
from bot.runtime import current_turn
from bot.scores import is_tried, read_answer, reason_of
from bot.surveys import FORM, OR_PERSON, PERSON, Heard, SurveyQuestion, question_words

SCORE, COMMENT = "survey_score", "survey_comment"
GRAVE = {"safety", "legal"}
"""Heard in what made it hard: somebody looks at it now."""


class ValidateSurveyForm(FormValidationAction):
    def name(self) -> str:
        return f"validate_{FORM}"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        asked = current_turn().survey
        score = tracker.get_slot(SCORE)
        is_low = asked is not None and score is not None and score <= asked.limit
        return [SCORE, COMMENT] if is_low else [SCORE]

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if _is_person_wanted(tracker):
            said = hand_over(dispatcher, "asked")
            return [*said, *slots(**{REQUESTED_SLOT: None})]
        if _is_refused(tracker):
            current_turn().heard = Heard(is_refused=True)
            return slots(**{REQUESTED_SLOT: None})
        if _is_nothing_to_take(tracker):
            return slots(**{REQUESTED_SLOT: None})
        events: Events = await super().run(dispatcher, tracker, domain)
        return events

    def extract_survey_score(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        turn, text = current_turn(), _text(tracker)
        score = _score(turn.survey, text) if turn.survey else None
        if turn.survey is None or score is None or tracker.get_slot(REQUESTED_SLOT) is None:
            return {}
        # Who says at once what made it hard is not asked again.
        is_low = score <= turn.survey.limit
        comment = (is_low and reason_of(text, turn.survey.lowest, turn.survey.highest)) or None
        turn.heard = Heard(score, comment)
        return {SCORE: score} | ({COMMENT: comment} if comment else {})

    def extract_survey_comment(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        turn, text = current_turn(), _text(tracker)
        if turn.survey is None or turn.heard is not None or tracker.get_slot(REQUESTED_SLOT) != COMMENT:
            return {}
        # Nobody was offered whom a yes could mean.
        if is_yes(text):
            return {}
        turn.heard = Heard(comment=text)
        return {COMMENT: text}

    def validate_survey_score(
        self, score: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        return {SCORE: score}

    def validate_survey_comment(
        self, comment: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        return {COMMENT: comment}


class ActionAskSurveyScore(Action):
    def name(self) -> str:
        return f"action_ask_{SCORE}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = current_turn()
        if turn.survey is None:
            return []
        if tracker.latest_message["intent"]["name"] == CONVERSATION_ENDED:
            dispatcher.utter_message(
                **question_words(turn.survey, tracker.get_slot("language"), turn.channel).message()
            )
        else:
            labels = turn.survey.labels(tracker.get_slot("language"))
            dispatcher.utter_message(
                response="utter_survey_again",
                lowest=turn.survey.lowest,
                highest=turn.survey.highest,
                worst=labels[0],
                best=labels[-1],
            )
        return []


class ActionAskSurveyComment(Action):
    def name(self) -> str:
        return f"action_ask_{COMMENT}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = current_turn()
        if turn.survey is None:
            return []
        _offer_person(dispatcher, tracker, f"utter_survey_why_{turn.survey.kind}")
        return []


class ActionThankForScore(Action):
    def name(self) -> str:
        return "action_thank_for_score"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = current_turn()
        if turn.wants_person:
            return []
        if turn.heard and turn.heard.is_refused:
            dispatcher.utter_message(response="utter_survey_refused")
        elif _is_changed(turn.survey, turn.heard):
            dispatcher.utter_message(response="utter_survey_changed")
        elif turn.heard and turn.heard.comment:
            if GRAVE & set(signals(tracker)) and turn.people:
                return hand_over(dispatcher, next(one for one in signals(tracker) if one in GRAVE))
            is_more = turn.survey is not None and turn.survey.is_commented
            _offer_person(dispatcher, tracker, "utter_survey_more" if is_more else "utter_survey_thanks_comment")
        else:
            dispatcher.utter_message(response="utter_survey_thanks")
        return []


def _offer_person(dispatcher: CollectingDispatcher, tracker: Tracker, response: str) -> None:
    """Says it with the button for a person, or by SMS with the word."""
    turn, locale = current_turn(), tracker.get_slot("language")
    title = PERSON[locale].get(turn.channel) if turn.people else None
    dispatcher.utter_message(
        response=response,
        buttons=[{"title": title, "payload": "/wants_person"}] if title else [],
        person=OR_PERSON[locale] if turn.people and not title else "",
    )


def _is_changed(asked: SurveyQuestion | None, heard: Heard | None) -> bool:
    if asked is None or asked.score is None or heard is None or heard.score is None:
        return False
    # While what made it hard is asked, a score is thanked for like the first one.
    return asked.score != heard.score and (asked.awaiting == "score" or asked.is_commented)


def _text(tracker: Tracker) -> str:
    return tracker.latest_message.get("text") or ""


def _score(asked: SurveyQuestion, text: str) -> int | None:
    """While the comment is awaited, or once it is answered, a score takes back the one before."""
    found = (read_answer(text, asked.lowest, asked.highest, labels, given=asked.score) for labels in asked.all_labels)
    return next((score for score in found if score is not None), None)


def _is_person_wanted(tracker: Tracker) -> bool:
    intent, requested = tracker.latest_message["intent"]["name"], tracker.get_slot(REQUESTED_SLOT)
    # Where what made it hard is asked, a person is offered: that is what a yes takes.
    is_wanted = intent == "wants_person" or (requested == COMMENT and is_yes(_text(tracker)))
    return bool(requested is not None and is_wanted and current_turn().people)


def _is_nothing_to_take(tracker: Tracker) -> bool:
    """A yes where it was told already what made it hard, and nobody works who could come."""
    asked = current_turn().survey
    return asked is not None and asked.is_commented and is_yes(_text(tracker))


def _is_refused(tracker: Tracker) -> bool:
    asked, text = current_turn().survey, _text(tracker)
    if asked is None or tracker.get_slot(REQUESTED_SLOT) is None or not is_refusal(text):
        return False
    # "Passt" may end a talk, and here says how it was; "alles gut" is asked for a number once more.
    return _score(asked, text) is None and not (asked.awaiting == "score" and is_tried(text))
