"""Words that customers use when they are angry, in a hurry, threaten with the law or tell of harm: English and German.

A cue is a hint and decides nothing alone: `bot.nlu.signals` learns how much each says beside the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

PATTERNS: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))

_CUES = {
    kind: re.compile(rf"(?<!\w)(?:{'|'.join(f'(?:{pattern})' for pattern in patterns.splitlines())})(?!\w)")
    for kind, patterns in PATTERNS.items()
}

SHORTEST = 6
"""Letters; nearly every shorter word is a slip away from another."""
LONG = 10
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "", "'": ""})
_STRETCHED = re.compile(r"(\w)\1{2,}")
_WORD = re.compile(r"\w+")
_SLIPPERY = (
    "lawyer lawyers attorney solicitor police unacceptable ridiculous disgusting furious absolutely immediately "
    "urgent urgently emergency exploded smoke burned electric shocked swallowed hospital injured bleeding "
    "anwalt rechtsanwalt verklage verklagen gericht polizei strafanzeige verbraucherzentrale frechheit unverschaemt "
    "unverschaemtheit wuetend betrueger dringend umgehend sofort schnell stromschlag verbrannt explodiert verletzt"
)
"""Words of which a misspelt one is read as the cue it was meant to be."""
_SPELT = [word for word in _SLIPPERY.split() if len(word) >= SHORTEST]


def cues(text: str) -> list[str]:
    """What a text hints at, each once; `loud` if it is shouted."""
    plain = folded(text)
    spelt = _WORD.sub(_meant, plain)
    found = [kind for kind, pattern in _CUES.items() if pattern.search(plain) or pattern.search(spelt)]
    return [*found, *_loud(text)]


def folded(text: str) -> str:
    """Small letters, umlauts and apostrophes as careless people write them, stretched letters once, no punctuation."""
    small = text.lower().translate(_FOLDS)
    return " ".join(_WORD.findall(_STRETCHED.sub(r"\1", small)))


def _meant(word: re.Match[str]) -> str:
    """The cue a word is a slip away from."""
    written = word.group()
    if len(written) < SHORTEST:
        return written
    slips = 1 if len(written) < LONG else 2
    found = extractOne(written, _SPELT, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else written


def _loud(text: str) -> Iterator[str]:
    letters = [letter for letter in text if letter.isalpha()]
    if "!!" in text or (len(letters) > 8 and sum(map(str.isupper, letters)) > 0.6 * len(letters)):
        yield "loud"
