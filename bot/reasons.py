"""Tells a reason for a score, "took too long", from a matter of its own, "it leaks". Pure.

A reason tells how the help was: it names the help, or its effort, or tells of what is over. What is not surely one is
none, and so asks to be answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.bare_scores import position_of
from bot.score_words import score_words

_FIRST = re.compile(r"(?:i|we|ich|wir)\b")
_PAST = re.compile(
    r"\b(?:was|were|wasn't|weren't|had|got|took|went|came|did|didn't|could|couldn't|made|said|told|gave|kept|sent|felt|found|"
    r"been|(?!need|speed|indeed|feed)\w{3,}ed|war|waren|hatten?|mussten?|konnten?|wollten?|wurden?|worden|kam|kamen|"
    r"ging|gab|wussten?|dauerte|stimmten?|sagten?|fanden?)\b|"
    r"\b(?:hat|habe?|haben|bin|ist)\b.*\b(?!gerät|gegen|gelb|genau)(?:\w*ge\w{2,}(?:t|en)|\w+iert|"
    r"(?:ver|be|er)\w{3,}(?:t|en))\b"
)
_STREET = re.compile(r"\w(?:straße|strasse|str|gasse|allee|platz|weg)\b|\b(?:street|road|avenue|lane|\d{5})\b")
_QUESTION = {"question", "frage"}
_BECAUSE = {"because", "cos", "weil", "denn"}
_AND = re.compile(r"^(?:and|und|but|aber|so|also)\s+")


def is_reason(plain: str, words: Sequence[str], parted: str, *, is_high: bool, is_counted: bool) -> bool:
    """Whether what follows a score says why it was given.

    `parted`: what parts it from the score. `is_high`: a high score has another reason than a low one; `is_counted`: the
    score is a number, and no word with which one may begin to say anything.
    """
    plain, is_of_effort = _AND.sub("", plain), is_effort(words)
    words = [word for at, word in enumerate(words) if at or word not in {"and", "und", "but", "aber", "so", "also"}]
    tells_of_help = _has(words, score_words().help)
    if words and _is_of_a_thing(words) and not tells_of_help and not is_of_effort:
        # "My kettle works again".
        return is_high and is_praise(words) and not _has(words, score_words().problems)
    if len(words) < 2:
        return is_of_effort
    is_past = _PAST.search(plain) is not None
    if _QUESTION & set(words) and not is_past:
        return False
    if is_of_effort or parted in _BECAUSE or (tells_of_help and (is_past or not is_high)):
        return True
    if is_high:
        return is_praise(words)
    is_told = is_past and (is_counted or _FIRST.match(plain) is not None)
    return is_told or _is_verdict(words) or (is_counted and (is_praise(words) or words[0] in score_words().complaints))


def is_effort(words: Sequence[str]) -> bool:
    """Whether words say how long it took, how often one had to ask, or that one was sent to and fro."""
    known = score_words()
    is_long = {"long", "lang", "lange"} & set(words) and known.lasts & set(words)
    is_to_and_fro = any(position_of(words, phrase) is not None for phrase in known.to_and_fro)
    return bool(is_long) or is_to_and_fro or _has(words, known.effort)


def is_praise(words: Sequence[str]) -> bool:
    known = score_words()
    is_good = _has(words, known.praise) or any(known.levels.get(word, 0) > 0 for word in words)
    return is_good and not known.turns & set(words) and not any(word.endswith("n't") for word in words)


def is_matter(plain: str, words: Sequence[str]) -> bool:
    """Whether words tell of something that is so, and is no address and no thing that one would like: "it leaks"."""
    known = score_words()
    is_problem = _has(words, known.problems)
    if _STREET.search(plain) and not is_problem:
        return False
    is_sentence = words[0] in known.subjects or (words[0] in known.owned and known.tells & set(words[1:]))
    return bool(is_problem or _QUESTION & set(words) or (is_sentence and len(words) > 1 and not is_praise(words)))


def _is_of_a_thing(words: Sequence[str]) -> bool:
    known = score_words()
    return words[0] in known.owned or _has(words, known.problems)


def _is_verdict(words: Sequence[str]) -> bool:
    levels = score_words().levels
    return any(levels.get(word, 0) < 0 for word in words)


def _has(words: Sequence[str], wanted: re.Pattern[str]) -> bool:
    return any(wanted.fullmatch(word) for word in words)
