"""Reads the answer to a question on a scale: a digit, a word, a thumb, with what people say around it. Pure.

What is not surely an answer is none: it is a new question then, and answered as one. So a text is a score only if
nothing is left in it that could ask for something: every other word is one of those that people put around a score
(`scores.yml`), or belongs to a reason that follows it ("2, because nobody called back").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.payloads import read_payload
from bot.reasons import is_effort, is_matter, is_reason
from bot.score_words import Phrase, score_words

LONGEST = 500
"""Characters of an answer with its reason: what is longer has more to say than a score."""
MOST_WORDS = 12
"""Words of a score without a reason."""
FUZZY = 5
"""Letters from which on a word is known with a slip in it."""
LONG = 12
"""Letters from which on it is known with two."""
LEAST_ASKED = 2
"""Words of a matter beside a score."""
PAST = {"was", "war", "went", "ging", "lief"}
OTHER_SCALES = (5, 10, 100)
"""Scales on which people answer though they were asked on another one: "8/10"."""

# A word, a number alone, or one sign; "5th" and "1.5" are one word, and no number.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?[^\W\d_]+\w*|\d+[.,]\d+|\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]")
_SIGNS = set(".,;:!()[]\"'„“”‚‘*_#=+~-–—…<>|&·")
_OF = {"/", "von", "of", "aus"}
_OUT_OF = re.compile(r"\w\s*(?:/|\b(?:von|out of|of|aus)\b)\s*\w")
_STARS = {"⭐", "★", "🌟"}
_PARTED = re.compile(
    r"[.,;:!](?=\s|$)|\n|\s[-–—]+\s|\b(?:because|cos|since|weil|denn|da|but|aber|obwohl|though)\b|"
    r"\s(?=(?:nobody|niemand|keiner|took|(?:es )?hat (?:ewig|lange|zu|viel|sehr))\s)|"
    r"\s(?=(?:too|zu) (?:long|slow|complicated|lang|langsam|kompliziert|umständlich)\w*)"
)
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
# A wish at the beginning of a sentence or of a part of it.
_WISH = re.compile(
    r"(?:^|[.,;:!\n]\s*|\b(?:and|und|but|aber|so|also)\s+)(?:"
    r"(?:i|we)(?:'d| would)? (?:need|want|like)\b|please\b|order\b|cancel\b|send\b|return\b|refund\b|(?:ich|wir) "
    r"(?:brauche|brauchen|möchte|möchten|moechte|will|wollen|benötige|hätte)\b|bitte\b|bestell\w*\b|stornier\w*\b|"
    r"schick\w*\b|ruf\w*\b|call\b|help\b|tell me\b|give me\b|gebt? mir\b|geben sie mir\b|"
    r"sag\w* mir\b|noch eine frage|eine frage|another question|one more|"
    r"(?:möchte|moechte|will|brauche|hätte|kann|könnte) (?:ich|wir)\b|let me\b)"
)
_TOLD = re.compile(
    r"was (?:a|an|the|very|so|too|not|really|quite|all|just|only|hard|bad|slow|terrible|long|no)\b|"
    r"(?:could|can|did|does|would|has|have|is|are) (?:not|never)\b|(?:have|has) to\b|"
    r"have an? (?:nice|good|great|lovely|wonderful)\b|"
    r"(?:could|might) (?:have been|be) (?:better|faster|easier|quicker|simpler|worse)\b|"
    r"hat (?:nicht|nie|ewig|lang|lange|zu|sehr|so|viel|mich|mir|nichts|alles|super|gut|prima|toll|perfekt|"
    r"schnell|sofort)\b|haben (?:nicht|nie|mich|mir)\b|"
    r"ist (?:nicht|nie|zu|sehr|viel|alles)\b"
)
"""In English "was" tells; in German it asks. And whoever "could not" tells, too."""
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
        return None if pressed.score is None else _on_scale(pressed.score, lowest, highest)
    plain = _plain(text)
    if not plain or len(plain) > LONGEST or "?" in plain:
        return None
    labelled = _labelled(plain, lowest, labels)
    if labelled is not None:
        return labelled
    whole = _whole(plain, lowest, highest)
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
    plain = _plain(text)
    if read_payload(text) is not None or not plain or len(plain) > LONGEST:
        return None
    for parted in _BESIDE.finditer(plain):
        head, rest = plain[: parted.start()], _LINKED.sub("", plain[parted.end() :])
        words = _words(rest)
        score = _whole(head, lowest, highest)
        if score is None or not _has_number(head) or len(words) < LEAST_ASKED or words[0].isdecimal():
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
    plain, corrections = _plain(text), score_words().corrections
    kept = _TOKEN.sub(lambda word: "" if word[0] in corrections else word[0], plain)
    if kept == plain and is_nod(text):
        return None
    return read_score(kept.strip(" ,.;:!"), lowest, highest, labels)


def is_tried(text: str) -> bool:
    """Whether a text is meant as an answer, though it can't be read as one: one or two small numbers and nothing else,
    a mark at school ("Note 1"), that it is hard to say, or a mere "ok"."""
    said = _words(_plain(text))
    if _is_unsure(said):
        return True
    if "?" not in said and _is_mark(said):
        return _surround([word for word in said if _number(word) is None])
    words = [word for word in said if word not in {"?", "/", "or", "oder", "bis", "to", "von", "of"}]
    return 0 < len(words) <= 2 and all(re.fullmatch(r"\d{1,2}(?:[.,]\d)?", word) for word in words)


def reads_as_comment(text: str) -> bool:
    """Whether a text can be what made it hard: words, and no question or wish of its own."""
    plain = _plain(text)
    return any(sign.isalpha() for sign in plain) and not plain.startswith("/") and not _asks(plain)


def reason_of(text: str, lowest: int, highest: int) -> str:
    """What a text that is a score says beside it, as it was written; empty if it says no more than that."""
    plain = _plain(text)
    if read_payload(text) is not None:
        return ""
    if _whole(plain, lowest, highest) is not None:
        # "Took ages" says how hard it was, and why.
        return text.strip() if is_effort(_words(plain)) else ""
    return text.strip() if _before_reason(plain, lowest, highest) is not None else ""


def is_surely_score(text: str, lowest: int, highest: int) -> bool:
    """Whether a text can mean nothing but its score, though numbers were offered since to choose by: "2/7", "2, very
    hard", or with a reason beside it."""
    plain = _plain(text)
    if reason_of(text, lowest, highest) or _OUT_OF.search(plain):
        return read_score(text, lowest, highest) is not None
    bare = " ".join(word for word in _words(plain) if _number(word) is None)
    is_said = read_score(bare, lowest, highest) is not None and not is_nod(bare)
    return is_said and bare != plain and read_score(text, lowest, highest) is not None


def is_courtesy(text: str) -> bool:
    """Whether a text is thanks or a goodbye, and nothing else."""
    words, known = set(_words(_plain(text))), score_words()
    return bool(known.thanks & words) and words <= known.thanks | known.polite


def is_nod(text: str) -> bool:
    """Whether a text is no more than an "ok", a "super" or a thumb up, which after an answer of theirs says that it was
    heard what we said."""
    words, known = set(_words(_plain(text))), score_words()
    glad = {sign for sign, level in known.emoji.items() if level > 0}
    return bool(words) and words <= known.openers | known.shrugs | known.thanks | glad


def _plain(text: str) -> str:
    """In lower case and compatible forms, without keycaps, colours of skin and other variations."""
    bare = "".join(sign for sign in text[: LONGEST * 4] if sign not in "\ufe0f\ufe0e\u20e3\u200d♂♀")
    bare = "".join(sign for sign in bare if not "\U0001f3fb" <= sign <= "\U0001f3ff")
    folded = unicodedata.normalize("NFKC", bare).lower().replace("’", "'").replace("%", " / 100")
    folded = re.sub(r"\b1a\b", "perfekt", folded)
    folded = _KIND_OF.sub("kinda", _STRETCHED.sub(r"\1", folded))
    return "\n".join(" ".join(line.split()) for line in folded.strip().splitlines())


def _words(plain: str) -> list[str]:
    return [word for word in _TOKEN.findall(plain) if word not in _SIGNS]


def _on_scale(score: int, lowest: int, highest: int) -> int | None:
    return score if lowest <= score <= highest else None


def _labelled(plain: str, lowest: int, labels: Sequence[str]) -> int | None:
    """Which of the shown words a text is, with its number or without."""
    said = " ".join(re.findall(r"\w+", plain))
    for score, label in enumerate(labels, start=lowest):
        shown = " ".join(re.findall(r"\w+", _plain(label)))
        if shown and said in {shown, f"{score} {shown}", f"{shown} {score}"}:
            return score
    return None


def _whole(plain: str, lowest: int, highest: int) -> int | None:
    """A text of which nothing is left beside its score."""
    words = _words(_FOR_ME.sub("", plain))
    known = score_words()
    if not 0 < len(words) <= MOST_WORDS or (words[0] in known.asks - {"was"} and not _TOLD.match(plain)):
        return None
    if any(one.search(plain) for one in (_SIGNED, _AT_A_TIME, _ORDERED)) or _is_mark(words):
        return None
    staying = [word for word in words if word not in known.farewells]
    if len(staying) < len(words) and not set(staying) - known.openers - known.around:
        # "Good, bye" ends, and says nothing of how it was.
        return None
    words = staying
    if any(_position(words, phrase) is not None for phrase in known.no_verdict):
        return None
    number = _number_in(words, lowest, highest)
    if number is not None:
        return number
    level = None if any(_number(word) is not None for word in words) else _level_in(words)
    return None if level is None else _step(level, lowest, highest)


def _has_number(plain: str) -> bool:
    """ "One" alone begins many a sentence."""
    return any(_number(word) is not None for word in _words(plain) if word != "one")


def _is_unsure(words: Sequence[str]) -> bool:
    """Whether words say that one can't say, or a yes where no yes is an answer; and nothing that asks for anything."""
    known = score_words()
    said_around = known.around | known.degrees | known.thanks | known.polite | known.shrugs
    for phrase in known.unsure:
        at = _position(words, phrase)
        if at is not None:
            return said_around.issuperset([*words[:at], *words[at + len(phrase) :]])
    return bool(known.shrugs & set(words)) and said_around.issuperset(words) and not is_courtesy(" ".join(words))


def _is_mark(words: Sequence[str]) -> bool:
    numbers = [number for word in words if (number := _number(word)) is not None]
    return bool(score_words().marks & set(words)) and len(numbers) == 1 and numbers[0] in MARKS


def _before_reason(plain: str, lowest: int, highest: int) -> int | None:
    """A score, then what parts it from the rest, and a reason that asks for nothing."""
    for parted in _PARTED.finditer(plain):
        head = plain[: parted.start()]
        score = _whole(head, lowest, highest)
        # "Good, then …": so begins anything.
        if score is None or not _is_verdict(_words(head)):
            continue
        # "1. Open the lid" counts steps.
        if parted[0] == "." and head[-1:].isdecimal():
            continue
        reason = plain[parted.end() :].lstrip(" -–—,.;:!\n")
        words = _words(reason)
        is_counted = any(map(str.isdecimal, _words(head)))
        most = LONGEST if is_counted else MOST_WORDS
        if not 0 < len(words) <= most or words[0].isdecimal() or _asks(reason):
            continue
        if is_reason(reason, words, parted[0], is_high=2 * score > lowest + highest, is_counted=_has_number(head)):
            return score
    return None


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
    begun = any(part.split()[0] in asks and not _TOLD.match(part) for part in parts if part)
    return begun or _WISH.search(plain) is not None


def _number_in(words: Sequence[str], lowest: int, highest: int) -> int | None:
    words = [word for at, word in enumerate(words) if not (word == "out" and words[at + 1 : at + 2] == ["of"])]
    found = [(at, number) for at, word in enumerate(words) if (number := _number(word)) is not None]
    others = [word for at, word in enumerate(words) if at not in {place for place, _ in found}]
    if not found or not _surround(others) or _is_pronoun(words, found[0][0]):
        return None
    if len(found) == 1:
        return None if "/" in others else _agreed(found[0][1], others, lowest, highest)
    if len(found) > 2:
        return None
    (first_at, first), (second_at, second) = found
    if second_at == first_at + 2 and words[first_at + 1] in _OF:
        return _of(first, second, lowest, highest)
    # "7, sieben": one score, said twice.
    return _on_scale(first, lowest, highest) if first == second else None


def _is_pronoun(words: Sequence[str], at: int) -> bool:
    """ "that one", "the one": no number."""
    return words[at] == "one" and at > 0 and words[at - 1] in {"that", "this", "the", "my", "your", "and", "maybe"}


def _agreed(number: int, others: Sequence[str], lowest: int, highest: int) -> int | None:
    """The number; none if a word beside it says the opposite, or takes it back."""
    level = _level_in(others) if any(_level_of(word) is not None for word in others) else None
    if (level or 0) * (2 * number - lowest - highest) < 0 or set(others) & score_words().turns:
        return None
    return _on_scale(number, lowest, highest)


def _of(first: int, second: int, lowest: int, highest: int) -> int | None:
    if second == highest:
        return _on_scale(first, lowest, highest)
    return max(lowest, round(first / second * highest)) if second in OTHER_SCALES and first <= second else None


def _number(word: str) -> int | None:
    return int(word[:5]) if word.isdecimal() and word.isascii() else score_words().numbers.get(word)


def _surround(words: Sequence[str]) -> bool:
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
    if not _surround(rest):
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
        at = _position(words, phrase)
        if at is not None:
            return [*words[:at], *words[at + len(phrase) :]], [level]
    return list(words), []


def _position(words: Sequence[str], phrase: Phrase) -> int | None:
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
