"""What articles are good for, what nobody knew and what nobody found: from turns, reads, verdicts and searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

from tests.insights.recounting.chosen import Chosen
from tests.insights.recounting.rows import Row, Rows
from tests.insights.recounting.stories import Story

Key = tuple[str, str]
"""An article in a language."""


@dataclass(frozen=True)
class Used:
    said: int
    read: int
    helped: int
    votes: int


@dataclass(frozen=True)
class Unanswered:
    text: str
    locale: str
    at: datetime
    times: int
    conversation: str


def used(rows: Rows, chosen: Chosen) -> list[tuple[Key, Used]]:
    """Most used first; what the bot said and what is read counts for days of UTC."""
    said, read, helped, votes = Counter[Key](), Counter[Key](), Counter[Key](), Counter[Key]()
    for events in rows.events.values():
        _count_turns([one for one in events if one["kind"] == "turn"], chosen, said, helped, votes)
    for row in rows.of["article_read"]:
        if chosen.first <= row["day"] <= chosen.last:
            read[_key(row)] += row["reads"]
    for row in rows.of["article_feedback"]:
        if _is_in(row["at"], chosen):
            votes[_key(row)] += 1
            helped[_key(row)] += row["helped"]
    keys = sorted({*said, *read, *votes}, key=lambda key: (-said[key] - read[key], key))
    wanted = chosen.filters.get("locale")
    found = [(key, Used(said[key], read[key], helped[key], votes[key])) for key in keys if wanted in (None, key[1])]
    return found[:100]


def _count_turns(
    turns: list[Row], chosen: Chosen, said: Counter[Key], helped: Counter[Key], votes: Counter[Key]
) -> None:
    """A verdict is about the article that was said last before it, and each is judged once."""
    last: Key | None = None
    for turn in turns:
        details, is_in = turn["details"], chosen.first <= turn["at"].astimezone(timezone.utc).date() <= chosen.last
        if details.get("verdict"):
            if last and is_in:
                votes[last] += 1
                helped[last] += details["verdict"] == "helped"
            last = None
        if details.get("said"):
            last = (details["said"][0], details["said"][1])
            if is_in:
                said[last] += 1


def unanswered(rows: Rows, told: Iterable[Story]) -> list[Unanswered]:
    """The newest first, each in the words in which it was asked last."""
    ids = {one.id for one in told}
    turns = [one for one in rows.of["event"] if one["kind"] == "turn" and one["conversation_id"] in ids]
    asked = [one for one in turns if (one["details"].get("answer") or {}).get("kind") == "unknown"]
    by_words: dict[Key, list[Row]] = {}
    for one in sorted(asked, key=lambda one: one["at"]):
        answer = one["details"]["answer"]
        words = " ".join(answer["question"].lower().split()).rstrip("?!. ")
        by_words.setdefault((words, answer["locale"]), []).append(one)
    found = [
        Unanswered(last["details"]["answer"]["question"], locale, last["at"], len(some), last["conversation_id"])
        for (_, locale), some in by_words.items()
        for last in some[-1:]
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:100]


def in_vain(rows: Rows, chosen: Chosen) -> list[tuple[str, str, int]]:
    """What readers searched for and did not find: words, language, how often."""
    wanted = chosen.filters.get("locale")
    times = Counter(
        (row["query"].lower(), row["locale"])
        for row in rows.of["help_search"]
        if row["results"] == 0 and _is_in(row["at"], chosen) and wanted in (None, row["locale"])
    )
    found = [(words, locale, count) for (words, locale), count in times.items()]
    return sorted(found, key=lambda one: (-one[2], *one[:2]))[:30]


def _key(row: Row) -> Key:
    return row["article_id"], row["locale"]


def _is_in(at: datetime, chosen: Chosen) -> bool:
    return chosen.first <= at.astimezone(chosen.zone).date() <= chosen.last
