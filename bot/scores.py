"""Reads the answer to a question on a scale: a digit, a word, a thumb, with what people say around it. Pure.

What is not surely an answer is none: it is a new question then, and answered as one. So a text is a score only if
nothing is left in it that could ask for something: every other word is one of those that people put around a score
(`scores.yml`), or belongs to a reason that follows it ("2, because nobody called back").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.bare_scores import (
    LONGEST,
    MOST_WORDS,
    PAST,
    TOKEN,
    TOLD,
    has_number,
    is_mark,
    is_unsure,
    number_of,
    on_scale,
    plain_of,
    surrounds,
    whole_score,
    words_of,
)
from bot.payloads import read_payload
from bot.reasons import is_effort, is_matter, is_reason
from bot.score_words import score_words

LEAST_ASKED = 2
"""Words of a matter beside a score."""
_OUT_OF = re.compile(r"\w\s*(?:/|\b(?:von|out of|of|aus)\b)\s*\w")
_PARTED = re.compile(
    r"[.,;:!](?=\s|$)|\n|\s[-–—]+\s|\b(?:because|cos|since|weil|denn|da|but|aber|obwohl|though)\b|"
    r"\s(?=(?:nobody|niemand|keiner|took|(?:es )?hat (?:ewig|lange|zu|viel|sehr))\s)|"
    r"\s(?=(?:too|zu) (?:long|slow|complicated|lang|langsam|kompliziert|umständlich)\w*)"
)
# A wish at the beginning of a sentence or of a part of it.
_WISH = re.compile(
    r"(?:^|[.,;:!\n]\s*|\b(?:and|und|but|aber|so|also)\s+)(?:"
    r"(?:i|we)(?:'d| would)? (?:need|want|like)\b|please\b|order\b|cancel\b|send\b|return\b|refund\b|(?:ich|wir) "
    r"(?:brauche|brauchen|möchte|möchten|moechte|will|wollen|benötige|hätte)\b|bitte\b|bestell\w*\b|stornier\w*\b|"
    r"schick\w*\b|ruf\w*\b|call\b|help\b|tell me\b|give me\b|gebt? mir\b|geben sie mir\b|"
    r"sag\w* mir\b|noch eine frage|eine frage|another question|one more|"
    r"(?:möchte|moechte|will|brauche|hätte|kann|könnte) (?:ich|wir)\b|let me\b)"
)
_LED_IN = re.compile(r"^(?:(?:now|jetzt|so|also|ok|okay|well|nun|then|dann)\s+)+")
_LINKED = re.compile(r"^[\s,.;:!–—-]*(?:(?:and|und|but|aber)\s+)?")
_BESIDE = re.compile(rf"(?:{_PARTED.pattern}|\b(?:and|und)\b)")
# Something is still to come or to be done.
_OPEN = re.compile(
    r"\b(?:still|yet|so far)\b.*(?:\bnot?\b|n't\b|\bwaiting\b)|(?:\bnot\b|n't\b).*\byet\b|\b(?:is|are) missing\b|"
    r"\b(?:immer noch|noch immer|noch|bisher|bis jetzt)\b.*\b(?:nicht|kein\w*|offen)\b|\bwarte\b|\b(?:fehlt|fehlen)\b"
)


def read_score(text: str, lowest: int, highest: int, labels: Sequence[str] = ()) -> int | None:
    """The score that a text is, from `lowest` (the worst) to `highest`; None if it is anything else.

    `labels` are the words of the scale as they were shown, from the lowest on. Both languages are read, whichever was
    spoken. A thumb up, as a bare "easy", is the step below the best, and a thumb down that above the worst.
    """
    pressed = read_payload(text)
    if pressed is not None:
        return None if pressed.score is None else on_scale(pressed.score, lowest, highest)
    plain = plain_of(text)
    if not plain or len(plain) > LONGEST or "?" in plain:
        return None
    labelled = _labelled(plain, lowest, labels)
    if labelled is not None:
        return labelled
    whole = whole_score(plain, lowest, highest)
    return whole if whole is not None else _before_reason(plain, lowest, highest)


def read_answer(
    text: str, lowest: int, highest: int, labels: Sequence[str] = (), *, given: int | None = None
) -> int | None:
    """The score that an answer is; `given`: what was answered before, which it takes back. "No, 6" is one the first
    time as well."""
    score = read_score(text, lowest, highest, labels) if given is None else None
    return score if score is not None else read_correction(text, lowest, highest, labels)


@dataclass(frozen=True)
class Beside:
    """A score, and what was said beside it that is no reason for it but a matter of its own."""

    score: int
    matter: str
    """As it was written."""
    is_asked: bool
    """Whether something is asked or wished for; else it is told that something is so, or still open."""


def read_beside(text: str, lowest: int, highest: int) -> Beside | None:
    """A number with which a text begins, and the question, the wish or the matter that follows on it: "2 and I want my
    money back", "7 but my parcel is still not there", "2, it leaks". None of it is lost then."""
    plain = plain_of(text)
    if read_payload(text) is not None or not plain or len(plain) > LONGEST:
        return None
    for parted in _BESIDE.finditer(plain):
        head, rest = plain[: parted.start()], _LINKED.sub("", plain[parted.end() :])
        words = words_of(rest)
        score = whole_score(head, lowest, highest)
        if score is None or not has_number(head) or len(words) < LEAST_ASKED or words[0].isdecimal():
            continue
        # "1. How do I …" counts.
        if parted[0] == "." and (score == lowest or re.search(r"\d\.\s", rest) or not _WISH.match(rest)):
            continue
        if _asks(rest) or _OPEN.search(rest) or (is_matter(rest, words) and not reason_of(text, lowest, highest)):
            count = len(rest.split())
            written = text.split()[-count:] if "%" not in text else rest.split()
            return Beside(score, " ".join(written), _asks(rest))
    return None


def read_correction(text: str, lowest: int, highest: int, labels: Sequence[str] = ()) -> int | None:
    """As `read_score`, of somebody who takes an answer back: "no, 2", "sorry, I meant 6"."""
    if "?" in text or read_payload(text) is not None:
        return read_score(text, lowest, highest, labels)
    plain, corrections = plain_of(text), score_words().corrections
    kept = TOKEN.sub(lambda word: "" if word[0] in corrections else word[0], plain)
    if kept == plain and is_nod(text):
        return None
    return read_score(kept.strip(" ,.;:!"), lowest, highest, labels)


def is_tried(text: str) -> bool:
    """Whether a text is meant as an answer, though it can't be read as one: one or two small numbers and nothing else,
    a mark at school ("Note 1"), that it is hard to say, or a mere "ok"."""
    said = words_of(plain_of(text))
    if is_unsure(said):
        return True
    if "?" not in said and is_mark(said):
        return surrounds([word for word in said if number_of(word) is None])
    words = [word for word in said if word not in {"?", "/", "or", "oder", "bis", "to", "von", "of"}]
    return 0 < len(words) <= 2 and all(re.fullmatch(r"\d{1,2}(?:[.,]\d)?", word) for word in words)


def reads_as_comment(text: str) -> bool:
    """Whether a text can be what made it hard: words, and no question or wish of its own."""
    plain = plain_of(text)
    return any(sign.isalpha() for sign in plain) and not plain.startswith("/") and not _asks(plain)


def reason_of(text: str, lowest: int, highest: int) -> str:
    """What a text that is a score says beside it, as it was written; empty if it says no more than that."""
    plain = plain_of(text)
    if read_payload(text) is not None:
        return ""
    if whole_score(plain, lowest, highest) is not None:
        # "Took ages" says how hard it was, and why.
        return text.strip() if is_effort(words_of(plain)) else ""
    return text.strip() if _before_reason(plain, lowest, highest) is not None else ""


def is_surely_score(text: str, lowest: int, highest: int) -> bool:
    """Whether a text can mean nothing but its score, though numbers were offered since to choose by: "2/7", "2, very
    hard", or with a reason beside it."""
    plain = plain_of(text)
    if reason_of(text, lowest, highest) or _OUT_OF.search(plain):
        return read_score(text, lowest, highest) is not None
    bare = " ".join(word for word in words_of(plain) if number_of(word) is None)
    is_said = read_score(bare, lowest, highest) is not None and not is_nod(bare)
    return is_said and bare != plain and read_score(text, lowest, highest) is not None


def is_nod(text: str) -> bool:
    """Whether a text is no more than an "ok", a "super" or a thumb up, which after an answer of theirs says that it was
    heard what we said."""
    words, known = set(words_of(plain_of(text))), score_words()
    glad = {sign for sign, level in known.emoji.items() if level > 0}
    return bool(words) and words <= known.openers | known.shrugs | known.thanks | glad


def _labelled(plain: str, lowest: int, labels: Sequence[str]) -> int | None:
    """Which of the shown words a text is, with its number or without."""
    said = " ".join(re.findall(r"\w+", plain))
    for score, label in enumerate(labels, start=lowest):
        shown = " ".join(re.findall(r"\w+", plain_of(label)))
        if shown and said in {shown, f"{score} {shown}", f"{shown} {score}"}:
            return score
    return None


def _before_reason(plain: str, lowest: int, highest: int) -> int | None:
    """A score, then what parts it from the rest, and a reason that asks for nothing."""
    for parted in _PARTED.finditer(plain):
        head = plain[: parted.start()]
        score = whole_score(head, lowest, highest)
        # "Good, then …": so begins anything.
        if score is None or not _is_verdict(words_of(head)):
            continue
        # "1. Open the lid" counts steps.
        if parted[0] == "." and head[-1:].isdecimal():
            continue
        reason = plain[parted.end() :].lstrip(" -–—,.;:!\n")
        words = words_of(reason)
        is_counted = any(map(str.isdecimal, words_of(head)))
        most = LONGEST if is_counted else MOST_WORDS
        if not 0 < len(words) <= most or _is_number_alone(words) or _asks(reason):
            continue
        if is_reason(reason, words, parted[0], is_high=2 * score > lowest + highest, is_counted=has_number(head)):
            return score
    return None


def _is_number_alone(words: Sequence[str]) -> bool:
    """Whether words begin with a number that counts no time: with another score, or with one of a list."""
    return words[0].isdecimal() and score_words().counted.isdisjoint(words[1:2])


def _is_verdict(words: Sequence[str]) -> bool:
    """Whether words that are a score are one also where more follows: "it was ok, but …", and not "good, then …"."""
    known, said = score_words(), set(words)
    return bool(said - known.openers - known.around) or bool(said & PAST)


def _asks(plain: str) -> bool:
    """Whether something is asked or wished for."""
    if "?" in plain:
        return True
    parts = (part.strip() for part in re.split(r"[.,;:!\n]|\b(?:and|und|but|aber|then|dann)\b", plain))
    asks = score_words().asks
    parts = (_LED_IN.sub("", part) for part in parts)
    begun = any(part.split()[0] in asks and not TOLD.match(part) for part in parts if part)
    return begun or _WISH.search(plain) is not None
