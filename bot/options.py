"""Finds out which of the offered buttons a customer means who types instead of pressing."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

# "die zweite", "the 2nd one", "Nummer zwei, bitte"
_NUMBERS = {
    1: "1 1st one first eins erste ersten erster erstes erstens top oberste obersten oberstes",
    2: "2 2nd two second zwei zweite zweiten zweiter zweites zweitens",
    3: "3 3rd three third drei dritte dritten dritter drittes drittens",
    4: "4 4th four fourth vier vierte vierten vierter viertes viertens",
    5: "5 5th five fifth fünf fünfte fünften fünfter fünftes fünftens",
    6: "6 6th six sixth sechs sechste sechsten sechster sechstes sechstens",
    7: "7 7th seven seventh sieben siebte siebten siebter siebtes siebtens",
    8: "8 8th eight eighth acht achte achten achter achtes achtens",
    9: "9 9th nine ninth neun neunte neunten neunter neuntes neuntens",
    10: "10 10th ten tenth zehn zehnte zehnten zehnter zehntes zehntens",
}
_BY_WORD = {word: number for number, words in _NUMBERS.items() for word in words.split()}
_LAST = {"last", "bottom", "letzte", "letzten", "letzter", "letztes", "unterste", "untersten", "unterstes"}
_MIDDLE = {"middle", "mittlere", "mittleren", "mitte"}

# What may stand around the number where that is all somebody says: "I'll take the second one, please".
_FILLING = (
    "the please option number nr answer choice i ll take want choose pick "
    "die der das den dem bitte nummer punkt antwort auswahl ich nehme möchte wähle"
)
_AROUND = frozenset(_FILLING.split())
_NAMES_ONE = {"one", "option", "number", "answer", "choice"}
"""With these a phrase begins in which "one" is the number; in "the second one" and "I want one" it is not."""
# "No" only before a digit: "no one" is not the first.
_NUMBER_SIGN = re.compile(r"\b(?:no|nr|num)\.?\s*(?=\d)")
_CUT_TITLE = 12
"""Letters of a title that are enough to mean it, where a channel has shown no more of it."""
_NONE = frozenset(["none", "neither", "keins", "keine", "keines", "keinen", "keiner", "nichts", "weder"])
_TITLE_WORD = 4
"""Letters of a word from which on it is looked for in the titles."""
_SLIPS_FROM = 6
"""Letters from which on it is found with a slip in it, or another ending."""

Buttons = list[dict[str, str]]


def typed_button(text: str, offered: Buttons) -> str | None:
    """The payload of the button that this text is, and nothing else: its number, in digits or words, or its title."""
    said = _plain(text)
    titled = [button["payload"] for button in offered if _plain(button["title"]) == said]
    return next(iter(titled or _numbered(said, offered) or _begun(said, offered)), None)


def _numbered(said: str, offered: Buttons) -> list[str]:
    words = _NUMBER_SIGN.sub("", said).split()
    meant = [word for word in words if word not in _AROUND]
    if "one" in meant and (len(meant) > 1 or words[0] not in _NAMES_ONE):
        meant.remove("one")
    position = _place(meant[0], len(offered)) if len(meant) == 1 else None
    return [button["payload"] for number, button in enumerate(offered, 1) if number == position]


def _place(word: str, count: int) -> int | None:
    if word.isdecimal():
        return int(word[:3])
    return _position([word], count)


def _begun(said: str, offered: Buttons) -> list[str]:
    found = [button["payload"] for button in offered if _plain(button["title"]).startswith(said)]
    return found if len(said) >= _CUT_TITLE and len(found) == 1 else []


def described_button(text: str, offered: Buttons) -> str | None:
    """The payload of the button that a phrase such as "the second one, please" or "die letzte" means."""
    words = re.findall(r"\w+", text.lower())
    position = _position(words, len(offered))
    return offered[position - 1]["payload"] if position is not None and 1 <= position <= len(offered) else None


def may_be_chosen(text: str, offered: Buttons, passed_over: frozenset[str] = frozenset()) -> bool:
    """Whether a text may be meant for what is offered: the place of one of the buttons, a word of a title, that it is
    none of them, or a mere sign. `passed_over`: words by which no title is meant, such as "very"."""
    words = _plain(text).split()
    if not words:
        return True
    if typed_button(text, offered) or described_button(text, offered) or _NONE & set(words):
        return True
    titled = {word for button in offered for word in _plain(button["title"]).split() if len(word) >= _TITLE_WORD}
    said = {word for word in words if len(word) >= _TITLE_WORD} - passed_over
    return any(_is_near(one, other) for one in said for other in titled)


def _is_near(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SLIPS_FROM and (longer.startswith(shorter) or OSA.distance(one, other) <= 1)


def _position(words: list[str], count: int) -> int | None:
    if _LAST & set(words):
        return count
    if _MIDDLE & set(words):
        return (count + 1) // 2
    # "the second one": in English the last word is a number, too.
    numbers = [_BY_WORD[word] for word in words if word in _BY_WORD]
    return next((number for number in numbers if number != 1), numbers[0] if numbers else None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
