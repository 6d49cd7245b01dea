"""Reads a text that is a score and nothing else: a number, a word, a sign, with what people put around it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from bot.score_words import Phrase, score_words

LONGEST = 500
"""Characters of an answer with its reason: what is longer has more to say than a score."""
MOST_WORDS = 12
"""Words of a score without a reason."""
FUZZY = 5
"""Letters from which on a word is known with a slip in it."""
LONG = 12
"""Letters from which on it is known with two."""
PAST = {"was", "war", "went", "ging", "lief"}
OTHER_SCALES = (5, 10, 100)
"""Scales on which people answer though they were asked on another one: "8/10"."""
# A word, a number alone, or one sign; "5th" and "1.5" are one word, and no number.
TOKEN = re.compile(r"\d+(?:[.,]\d+)?[^\W\d_]+\w*|\d+[.,]\d+|\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]")
_SIGNS = set(".,;:!()[]\"'„“”‚‘*_#=+~-–—…<>|&·")
_OF = {"/", "von", "of", "aus"}
_STARS = {"⭐", "★", "🌟"}
# "-1" lies beside every scale of ours, and "1+" is a mark at school.
_SIGNED = re.compile(r"(?<![\w.,])[-–−]\d|(?<![\w.,-])\d[+-](?=[,;.!]|$)")
# "At 5" is said of the clock, "um 5" may be.
_AT_A_TIME = re.compile(
    r"\bat\s+\d|\b(?:heute|morgen|dann|so|bis|ab|gegen)\s+um\s+\d|\bum\s+\d+\s+(?:heute|morgen)\b|"
    r"^(?:um|ab|bis|gegen|for|to|zu|von|aus)\s+\d+\W*$"
)
# "I want 3" is an order; "I want to give a 3" is none.
_ORDERED = re.compile(r"\bich will\b(?!.*\b(?:geben|sagen|vergeben)\b)|\bwill ich\b(?!.*\b(?:geben|sagen|vergeben)\b)")
_KIND_OF = re.compile(r"\b(?:kind|sort)(?: of|a)\b")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
MARKS = range(1, 7)
"""At school in Germany, 1 being the best one."""
_FOR_ME = re.compile(r"\b(?:for me|für mich|fuer mich|von mir|from me)\b")
TOLD = re.compile(
    r"was (?:a|an|the|very|so|too|not|really|quite|all|just|only|hard|bad|slow|terrible|long|no)\b|"
    r"(?:could|can|did|does|would|has|have|is|are) (?:not|never)\b|(?:have|has) to\b|"
    r"have an? (?:nice|good|great|lovely|wonderful)\b|"
    r"(?:could|might) (?:have been|be) (?:better|faster|easier|quicker|simpler|worse)\b|"
    r"hat (?:nicht|nie|ewig|lang|lange|zu|sehr|so|viel|mich|mir|nichts|alles|super|gut|prima|toll|perfekt|"
    r"schnell|sofort)\b|haben (?:nicht|nie|mich|mir)\b|"
    r"ist (?:nicht|nie|zu|sehr|viel|alles)\b"
)
"""In English "was" tells; in German it asks. And whoever "could not" tells, too."""


def plain_of(text: str) -> str:
    """In lower case and compatible forms, without keycaps, colours of skin and other variations."""
    bare = "".join(sign for sign in text[: LONGEST * 4] if sign not in "\ufe0f\ufe0e\u20e3\u200d♂♀")
    bare = "".join(sign for sign in bare if not "\U0001f3fb" <= sign <= "\U0001f3ff")
    folded = unicodedata.normalize("NFKC", bare).lower().replace("’", "'").replace("%", " / 100")
    folded = re.sub(r"\b1a\b", "perfekt", folded)
    folded = _KIND_OF.sub("kinda", _STRETCHED.sub(r"\1", folded))
    return "\n".join(" ".join(line.split()) for line in folded.strip().splitlines())


def words_of(plain: str) -> list[str]:
    return [word for word in TOKEN.findall(plain) if word not in _SIGNS]


def on_scale(score: int, lowest: int, highest: int) -> int | None:
    return score if lowest <= score <= highest else None


def whole_score(plain: str, lowest: int, highest: int) -> int | None:
    """The score of a text of which nothing is left beside it; None if there is none, or more is said."""
    words = words_of(_FOR_ME.sub("", plain))
    known = score_words()
    if not 0 < len(words) <= MOST_WORDS or (words[0] in known.asks - {"was"} and not TOLD.match(plain)):
        return None
    if any(one.search(plain) for one in (_SIGNED, _AT_A_TIME, _ORDERED)) or is_mark(words):
        return None
    staying = [word for word in words if word not in known.farewells]
    if len(staying) < len(words) and not set(staying) - known.openers - known.around:
        # "Good, bye" ends, and says nothing of how it was.
        return None
    words = staying
    if any(position_of(words, phrase) is not None for phrase in known.no_verdict):
        return None
    number = _number_in(words, lowest, highest)
    if number is not None:
        return number
    level = None if any(number_of(word) is not None for word in words) else _level_in(words)
    return None if level is None else _step(level, lowest, highest)


def has_number(plain: str) -> bool:
    """ "One" alone begins many a sentence."""
    return any(number_of(word) is not None for word in words_of(plain) if word != "one")


def is_unsure(words: Sequence[str]) -> bool:
    """Whether words say that one can't say, or a yes where no yes is an answer; and nothing that asks for anything."""
    known = score_words()
    said_around = known.around | known.degrees | known.thanks | known.polite | known.shrugs
    for phrase in known.unsure:
        at = position_of(words, phrase)
        if at is not None:
            return said_around.issuperset([*words[:at], *words[at + len(phrase) :]])
    is_thanks = known.thanks & set(words) and (known.thanks | known.polite).issuperset(words)
    return bool(known.shrugs & set(words)) and said_around.issuperset(words) and not is_thanks


def is_mark(words: Sequence[str]) -> bool:
    """Whether words give a mark as at school, "Note 1", where 1 is the best."""
    numbers = [number for word in words if (number := number_of(word)) is not None]
    return bool(score_words().marks & set(words)) and len(numbers) == 1 and numbers[0] in MARKS


def _number_in(words: Sequence[str], lowest: int, highest: int) -> int | None:
    words = [word for at, word in enumerate(words) if not (word == "out" and words[at + 1 : at + 2] == ["of"])]
    found = [(at, number) for at, word in enumerate(words) if (number := number_of(word)) is not None]
    others = [word for at, word in enumerate(words) if at not in {place for place, _ in found}]
    if not found or not surrounds(others) or _is_pronoun(words, found[0][0]):
        return None
    if len(found) == 1:
        return None if "/" in others else _agreed(found[0][1], others, lowest, highest)
    if len(found) > 2:
        return None
    (first_at, first), (second_at, second) = found
    if second_at == first_at + 2 and words[first_at + 1] in _OF:
        return _of(first, second, lowest, highest)
    # "7, sieben": one score, said twice.
    return on_scale(first, lowest, highest) if first == second else None


def _is_pronoun(words: Sequence[str], at: int) -> bool:
    """ "that one", "the one": no number."""
    return words[at] == "one" and at > 0 and words[at - 1] in {"that", "this", "the", "my", "your", "and", "maybe"}


def _agreed(number: int, others: Sequence[str], lowest: int, highest: int) -> int | None:
    """The number; none if a word beside it says the opposite, or takes it back."""
    level = _level_in(others) if any(_level_of(word) is not None for word in others) else None
    if (level or 0) * (2 * number - lowest - highest) < 0 or set(others) & score_words().turns:
        return None
    return on_scale(number, lowest, highest)


def _of(first: int, second: int, lowest: int, highest: int) -> int | None:
    if second == highest:
        return on_scale(first, lowest, highest)
    return max(lowest, round(first / second * highest)) if second in OTHER_SCALES and first <= second else None


def number_of(word: str) -> int | None:
    """Of a word for a number, or its digits."""
    return int(word[:5]) if word.isdecimal() and word.isascii() else score_words().numbers.get(word)


def surrounds(words: Sequence[str]) -> bool:
    """Whether all of them are words that people put around a score."""
    known = score_words()
    may = known.around | known.degrees | _OF | _STARS | known.faint
    return all(word in may or word in known.emoji or _level_of(word) is not None for word in words)


def _level_in(words: Sequence[str]) -> int | None:
    """How good words say it was, from 3 to -3; None if they say nothing of it, or two things, or something else."""
    known = score_words()
    rest, levels = _without_phrase(words)
    stars = sum(word in _STARS for word in rest)
    emoji = [known.emoji[word] for word in rest if word in known.emoji]
    rest = [word for word in rest if word not in known.emoji and word not in _STARS]
    if not surrounds(rest):
        return None
    levels += [_loudest(emoji)] if emoji else []
    levels += [{1: -3, 2: -2, 3: 0, 4: 2}.get(stars, 3)] if stars else []
    places = [at for at, word in enumerate(rest) if _level_of(word) is not None]
    # "super einfach": a word of degree before another word is no verdict of its own.
    places = [at for at in places if not (rest[at] in known.more and at + 1 in places)]
    if len(places) > 1 or levels or not known.recalls & set(rest):
        places = [at for at in places if rest[at] not in known.faint]
    levels += [_graded(rest, at) for at in places]
    if not levels or min(levels) < 0 < max(levels):
        return None
    return max(levels, key=abs)


def _without_phrase(words: Sequence[str]) -> tuple[list[str], list[int]]:
    for phrase, level in score_words().phrases:
        at = position_of(words, phrase)
        if at is not None:
            return [*words[:at], *words[at + len(phrase) :]], [level]
    return list(words), []


def position_of(words: Sequence[str], phrase: Phrase) -> int | None:
    """Where in the words a phrase begins."""
    places = (at for at in range(len(words) - len(phrase) + 1) if tuple(words[at : at + len(phrase)]) == phrase)
    return next(places, None)


def _loudest(levels: Sequence[int]) -> int:
    """Of several signs: two thumbs are more than one."""
    most = max(levels, key=abs)
    return (3 if most > 0 else -3) if len(levels) > 1 and most else most


def _graded(words: Sequence[str], at: int) -> int:
    """A word of a verdict with what stands before it: "very easy", "eher schwierig", "not at all easy"."""
    known = score_words()
    level = _level_of(words[at]) or 0
    before = words[max(0, at - 4) : at]
    sign = 1 if level > 0 else -1
    if known.turns & set(before):
        is_strong = known.at_all & {*before, *words[at + 1 :]} - {"all"}
        return -sign * (3 if is_strong else 1 if words[at - 1] in known.more else 2)
    if abs(level) != 2:
        return level
    if known.more & set(before) and not known.less & set(before):
        return 3 * sign
    return sign if known.less & set(before) else level


def _level_of(word: str) -> int | None:
    """A word's own degree; a slip of the finger is forgiven in a longer one."""
    known = score_words()
    if word in known.levels:
        return known.levels[word]
    if len(word) < FUZZY or word in known.around | known.degrees | known.asks | known.corrections:
        return None
    near = [(OSA.distance(word, one), one) for one in known.levels if len(one) >= FUZZY and one[0] == word[0]]
    distance, nearest = min(near, default=(99, ""))
    return known.levels[nearest] if distance <= (1 if len(word) < LONG else 2) else None


def _step(level: int, lowest: int, highest: int) -> int:
    """A level as a step of the scale: the seven levels are laid over its length."""
    exact = (lowest + highest) / 2 + level * (highest - lowest) / 6
    return int(exact + 0.5)
