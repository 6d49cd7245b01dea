"""Finds out which of the offered buttons a customer means who types instead of pressing."""

from __future__ import annotations

import re

# "die zweite", "the 2nd one", "Nummer zwei, bitte"
_NUMBERS = {
    1: "1 1st one first eins erste ersten erster erstes erstens top oberste obersten oberstes",
    2: "2 2nd two second zwei zweite zweiten zweiter zweites zweitens",
    3: "3 3rd three third drei dritte dritten dritter drittes drittens",
    4: "4 4th four fourth vier vierte vierten vierter viertes viertens",
    5: "5 5th five fifth fünf fünfte fünften fünfter fünftes fünftens",
    6: "6 6th six sixth sechs sechste sechsten sechster sechstes sechstens",
    7: "7 7th seven seventh sieben siebte siebten siebter siebtes siebtens",
}
_BY_WORD = {word: number for number, words in _NUMBERS.items() for word in words.split()}
_LAST = {"last", "bottom", "letzte", "letzten", "letzter", "letztes", "unterste", "untersten", "unterstes"}
_MIDDLE = {"middle", "mittlere", "mittleren", "mitte"}

Buttons = list[dict[str, str]]


def typed_button(text: str, offered: Buttons) -> str | None:
    """The payload of the button whose number or title this text is, word for word; None if it is neither."""
    said = _plain(text)
    if said.isdecimal():
        return offered[int(said) - 1]["payload"] if 1 <= int(said[:3]) <= len(offered) else None
    return next((button["payload"] for button in offered if _plain(button["title"]) == said), None)


def described_button(text: str, offered: Buttons) -> str | None:
    """The payload of the button that a phrase such as "the second one, please" or "die letzte" means."""
    words = re.findall(r"\w+", text.lower())
    position = _position(words, len(offered))
    return offered[position - 1]["payload"] if position is not None and 1 <= position <= len(offered) else None


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
