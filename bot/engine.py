"""The bot in process: one thread-safe `reply`, within a deadline, whatever a customer sends and whatever fails."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot import incoming, quiet
from bot.endings import is_refusal
from bot.handing_over import handing_over, is_for_people
from bot.incoming import Incoming
from bot.lanes import Lanes
from bot.languages import LANGUAGES, Languages
from bot.payloads import CHOOSE, GOODBYE, HELPED, THANKS
from bot.reply import Button, Reply, Said, TurnContext, Verdict
from bot.runtime import Answering, Turn, taking
from bot.scores import read_answer
from bot.state import DialogueState, read_state
from bot.surveys import FORM, OR_PERSON, PERSON, Heard, SurveyQuestion, question_words
from bot.words import Words, words_for
from knowledge.answers import Answer, QuestionContext, Source

if TYPE_CHECKING:
    from bot.dialogue import Outcome

log = logging.getLogger(__name__)

Result = TypeVar("Result")

WANTS_PERSON = "/wants_person"

NEEDS_NOBODY = (HELPED, "start_over", "nothing", GOODBYE, THANKS)
"""What may be pressed, or not said at all, without a need for anybody while the dialogue is out of order."""

VERDICTS: dict[str, Verdict] = {"action_helped": "helped", "action_did_not_help": "did_not_help"}
PRESSED: dict[str, Verdict] = {HELPED: "helped", "did_not_help": "did_not_help"}

KNOWN_ELSEWHERE = {channel: f"utter_knows_elsewhere_{channel}" for channel in ("web", "sms", "whatsapp")}


class Engine:
    """Make it after a fork, not before: it has threads. `runtime.use(embedder=...)` comes first."""

    def __init__(
        self,
        model: Path,
        knowledge: Answering,
        *,
        contact: str = "",
        language: str = "en",
        deadline: float = 3.0,
        lanes: int = 4,
    ) -> None:
        """`contact` tells how people are reached and may be empty; `language` is spoken until another is detected.

        A turn that isn't done after `deadline` seconds is answered by search alone, which has as long again.
        """
        with quiet.importing_rasa():
            from bot.dialogue import Dialogue

            self._dialogue = Dialogue(model)
        self._model = model.name
        self._knowledge, self._contact, self._language = knowledge, contact, language
        self._deadline = deadline
        self._turns, self._searches = Lanes(lanes, "bot"), Lanes(lanes, "bot-search")

    def reply(self, state: str | None, text: str, context: TurnContext) -> Reply:
        """Answers a message. `state` is that of the reply before it; `text`, what was typed or a button's payload.

        Raises nothing; what went wrong is said in `Reply.degraded`.
        """
        before = _in_form(read_state(state, self._model), context.survey)
        message = incoming.read(text, before, on_a_scale=context.survey is not None)
        languages = self._languages(before, context)
        return self._opened(self._thanked(self._answered(before, message, languages, context), context), context)

    def ask(self, state: str | None, context: TurnContext) -> Reply:
        """Asks how it was (`TurnContext.survey`) in a conversation that has ended. Raises nothing."""
        before = _in_form(read_state(state, self._model), None)
        return self._answered(before, incoming.ENDED, self._languages(before, context), context)

    def _answered(self, before: DialogueState, message: Incoming, languages: Languages, context: TurnContext) -> Reply:
        turn = Turn(
            self._knowledge,
            self._contact,
            context.reading,
            context.people,
            context.people_only,
            context.channel,
            context.survey,
        )
        try:
            return self._reply(self._take(turn, before, message, languages, context), turn)
        except Late:
            return self._search_alone(before, message, languages, context, "late")
        except Exception:
            log.exception("The dialogue failed in conversation %s.", context.conversation_id)
            return self._search_alone(before, message, languages, context, "failed")

    def wording(self, response: str, locale: str, channel: str) -> str:
        """The text of a response of the domain, as it is."""
        return str(self._dialogue.say(Words(response), locale, channel)["text"])

    def said(self, answer: Answer, channel: str) -> Said:
        """What is said to a question that was not asked in any conversation, when knowledge answers this."""
        return _said(self._dialogue.say(_words(answer), answer.locale, channel))

    def close(self) -> None:
        self._turns.close()
        self._searches.close()

    def _opened(self, reply: Reply, context: TurnContext) -> Reply:
        """With a sentence before it that what was written in another channel is known."""
        if context.elsewhere not in KNOWN_ELSEWHERE:
            return reply
        opening = self.wording(KNOWN_ELSEWHERE[context.elsewhere], reply.locale, context.channel)
        first, *others = reply.said
        return replace(reply, said=(replace(first, text=f"{opening}\n\n{first.text}", opening=opening), *others))

    def _thanked(self, reply: Reply, context: TurnContext) -> Reply:
        """With thanks before it for the score that was given beside the question; after a low one a person is offered
        with the answer."""
        if context.scored is None:
            return reply
        opening = self.wording(f"utter_survey_thanks_{context.scored}", reply.locale, context.channel)
        first, *others = reply.said
        *before, last = (replace(first, text=f"{opening}\n\n{first.text}", opening=opening), *others)
        if context.scored == "low" and context.people and reply.wants_person is None:
            last = _with_person(last, reply.locale, context.channel)
        return replace(reply, said=(*before, last))

    def _languages(self, before: DialogueState, context: TurnContext) -> Languages:
        page = (context.locale or "").partition("-")[0].lower()
        so_far = before.language or (page if page in LANGUAGES else None)
        return Languages(so_far or self._language, so_far)

    def _take(
        self, turn: Turn, before: DialogueState, message: Incoming, languages: Languages, context: TurnContext
    ) -> Outcome:
        async def work() -> Outcome:
            with taking(turn):
                return await self._dialogue.turn(before, message, languages, context.channel)

        return _within(self._deadline, self._turns.submit(work))

    def _reply(self, outcome: Outcome, turn: Turn) -> Reply:
        said = tuple(_said(message) for message in outcome.said)
        understood = outcome.understood
        return Reply(
            said=said,
            state=_offering(outcome.state, said, outcome.state.asks_anew).as_json(self._model),
            locale=outcome.locale,
            intent=understood.intent,
            intent_confidence=understood.confidence,
            answer=turn.answer,
            verdict=next((VERDICTS[action] for action in turn.actions if action in VERDICTS), None),
            wants_person=turn.wants_person,
            ends="utter_goodbye" in turn.actions,
            survey=turn.heard,
            signals=understood.signals,
            mood=understood.mood,
            trace={
                "intents": understood.ranking,
                "language": understood.detected,
                "actions": turn.actions,
                "slots": outcome.changed,
            },
        )

    def _search_alone(
        self, before: DialogueState, message: Incoming, languages: Languages, context: TurnContext, why: str
    ) -> Reply:
        locale = languages.spoken
        if context.survey is not None:
            return self._survey_alone(before, message, locale, context.survey, context, why)
        answer = self._search(message, locale, context)
        reason = _reason(before, message, answer, context) if context.people else None
        is_end = message.pressed is not None and message.pressed.intent == GOODBYE
        words = handing_over(reason) if reason else Words("utter_goodbye") if is_end else _words(answer)
        said = (_said(self._dialogue.say(words, locale, context.channel)),)
        state = replace(before.after(words.slots), language=locale)
        return Reply(
            said=said,
            state=_offering(state, said, "asked" in words.slots).as_json(self._model),
            locale=locale,
            intent=message.pressed.intent if message.pressed else "question",
            intent_confidence=0.0,
            answer=answer,
            verdict=PRESSED.get(message.pressed.intent) if message.pressed else None,
            wants_person=reason,
            ends=is_end,
            degraded=why,
        )

    def _survey_alone(
        self,
        before: DialogueState,
        message: Incoming,
        locale: str,
        asked: SurveyQuestion,
        context: TurnContext,
        why: str,
    ) -> Reply:
        """The question, or thanks for the answer, without the dialogue: nothing is asked about it then."""
        is_asking = message is incoming.ENDED
        heard = None if is_asking else _heard(asked, message)
        thanks = Words("utter_survey_refused" if heard and heard.is_refused else "utter_survey_thanks")
        words = question_words(asked, locale, context.channel) if is_asking else thanks
        return Reply(
            said=(_said(self._dialogue.say(words, locale, context.channel)),),
            state=replace(before, language=locale).as_json(self._model),
            locale=locale,
            intent=message.pressed.intent if message.pressed else "score",
            intent_confidence=0.0,
            survey=heard,
            degraded=why,
        )

    def _search(self, message: Incoming, locale: str, context: TurnContext) -> Answer | None:
        async def work() -> Answer | None:
            if message.pressed is None:
                return self._knowledge.answer(message.text, locale, QuestionContext(reading=context.reading))
            option = message.pressed.option
            return self._knowledge.article(option, locale) if option else None

        try:
            return _within(self._deadline, self._searches.submit(work))
        except Late:
            log.warning("Search alone was late, too, in conversation %s.", context.conversation_id)
        except Exception:
            log.exception("Search alone failed, too, in conversation %s.", context.conversation_id)
        return None


def _in_form(state: DialogueState, asked: SurveyQuestion | None) -> DialogueState:
    """A form waits only for the answers to a question that waits for them: the survey says which."""
    if asked is None:
        return state.in_form("", "")
    return state.in_form(FORM, f"survey_{asked.awaiting}")


def _heard(asked: SurveyQuestion, message: Incoming) -> Heard:
    found = (
        read_answer(message.text, asked.lowest, asked.highest, labels, given=asked.score) for labels in asked.all_labels
    )
    score = next((one for one in found if one is not None), None)
    if score is None and message.pressed is None and is_refusal(message.text):
        return Heard(is_refused=True)
    is_comment = score is None and asked.awaiting == "comment" and message.pressed is None
    return Heard(score, message.text if is_comment else None)


def _with_person(said: Said, locale: str, channel: str) -> Said:
    if any(button.payload == WANTS_PERSON for button in said.buttons):
        return said
    title = PERSON[locale].get(channel)
    if title is None:
        return replace(said, text=said.text + OR_PERSON[locale])
    return replace(said, buttons=(*said.buttons, Button(title, WANTS_PERSON)))


def _words(answer: Answer | None) -> Words:
    return (answer and words_for(answer)) or Words("utter_rephrase" if answer else "utter_unavailable")


def _reason(before: DialogueState, message: Incoming, answer: Answer | None, context: TurnContext) -> str | None:
    """Why a person takes over where the dialogue is out of order and search alone is asked."""
    pressed = message.pressed.intent if message.pressed else None
    if pressed == "wants_person":
        return "failures" if before.asked == "person" else "asked"
    if is_for_people(answer, context.people, context.people_only):
        return "people_only"
    is_answered = answer is not None and words_for(answer) is not None
    return None if is_answered or pressed in NEEDS_NOBODY else "bot_down"


def _within(seconds: float, future: Future[Result]) -> Result:
    try:
        return future.result(seconds)
    finally:
        future.cancel()


def _said(message: dict[str, Any]) -> Said:
    """From a message as Rasa sends it. Articles come first among the buttons, then what else can be pressed."""
    buttons = [Button(button["title"], button["payload"]) for button in message.get("buttons") or ()]
    sources = (message.get("custom") or {}).get("sources", ())
    return Said(
        text=message.get("text") or "",
        buttons=tuple(sorted(buttons, key=lambda button: not button.payload.startswith(CHOOSE))),
        sources=tuple(Source(**source) for source in sources),
    )


def _offering(state: DialogueState, said: tuple[Said, ...], asks_anew: bool) -> DialogueState:
    """With the buttons kept that were shown last, so that they can be typed.

    What asks something anew without buttons, such as an answer by SMS, takes the place of those before it.
    """
    shown = next((message.buttons for message in reversed(said) if message.buttons), ())
    if not shown and not asks_anew:
        return state
    offered = [{"title": button.title, "payload": button.payload} for button in shown]
    return state.after({"offered": offered})
