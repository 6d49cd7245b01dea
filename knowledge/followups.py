"""Follow-up questions: "and to Austria?" means delivery to Austria when delivery was asked about before."""

from __future__ import annotations

import re

OPENINGS = re.compile(
    r"^(and|but|or|also|so|then|ok(ay)?|what about|how about|what if|same for|und|aber|oder|auch|dann|also|"
    r"was ist mit|wie ist (das|es) (bei|mit)|wie sieht es mit|gilt das|gilt dies|does (that|this|it)|is (that|this|it)|"
    r"and what|und was|und wie|und wenn|for|to|in|nach|für|bei|mit)\b",
    re.IGNORECASE,
)
POINTERS = re.compile(
    r"\b(it|that|this|these|those|them|they|there|one|ones|das|dies|diese[rsnm]?|es|sie|dafür|davon|damit|dort|dazu|dabei|"
    r"dorthin|welche[rsnm]?)\b",
    re.IGNORECASE,
)
ONLY_ASKS = re.compile(
    r"((and|but|und|aber|also|then|denn|dann) )*"
    r"(how|why|when|where|who|which|what|wie|warum|wieso|weshalb|wann|wo|wer|was|"
    r"womit|wofür|wohin|woher|wodurch)"
    r"( (long|much|many|often|far|late|so|come|not|lange|viel|viele|oft|weit|nicht|genau|denn))*"
    r"( (does|do|did|will|would|is|are|can|must) (it|that|this|they|those))?"
    r"( (take|cost|last|be|happen|work|go|start|end))?"
    r"( (dauert|kostet|geht|ist|wird|kann|muss|beginnt|endet|funktioniert) (es|das|dies|der|die|sie))?"
    r"( (denn|dann|genau|normally|usually|normalerweise))?",
    re.IGNORECASE,
)
"""A question word and nothing asked about: "how long?", "und womit?", "and how long does it take?"."""
WORD = re.compile(r"\w+")
LONGEST = 9
"""Words; a longer question says by itself what it is about."""
SHORT = 3
"""So few words are not a whole question when something was asked before."""


def may_follow(question: str) -> bool:
    """Whether a question may lean on the one before it."""
    words = len(WORD.findall(question))
    if not words or words > LONGEST:
        return False
    return words <= SHORT or leans(question)


def leans(question: str) -> bool:
    """Whether a question says itself that it goes on with something: "and …", "does it …"."""
    return bool(OPENINGS.search(question.strip())) or bool(POINTERS.search(question)) or only_asks(question)


def only_asks(question: str) -> bool:
    """Whether a question names nothing, so that all of its matter is in the one before it."""
    return bool(ONLY_ASKS.fullmatch(question.strip(" ?!.,")))


def together(previous: str, question: str) -> str:
    """The question with what it leans on put in front."""
    return f"{previous.rstrip(' ?!.')}? {question}"
