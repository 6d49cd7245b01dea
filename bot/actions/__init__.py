"""The custom actions of the bot, ordinary rasa_sdk classes: executed in process, or by `rasa run actions`."""

from bot.actions.answering import ActionAnswer
from bot.actions.choosing import ActionChoose
from bot.actions.person import ActionNoPerson, ActionPerson
from bot.actions.starting_over import ActionStartOver
from bot.actions.surveying import (
    ActionAskSurveyComment,
    ActionAskSurveyScore,
    ActionThankForScore,
    ValidateSurveyForm,
)
from bot.actions.verdict import ActionDidNotHelp, ActionHelped

ACTIONS = (
    ActionAnswer,
    ActionChoose,
    ActionHelped,
    ActionDidNotHelp,
    ActionPerson,
    ActionNoPerson,
    ActionStartOver,
    ValidateSurveyForm,
    ActionAskSurveyScore,
    ActionAskSurveyComment,
    ActionThankForScore,
)

__all__ = [action.__name__ for action in ACTIONS]
