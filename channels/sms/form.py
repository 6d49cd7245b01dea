"""One message in the form of an SMS: few segments, one short link, numbered options; a person's words as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from channels.cutting import Fits, in_parts, numbered, shortened
from channels.formatting import as_plain
from channels.saying import Button, Link, Saying
from channels.sms import gsm
from channels.words import how_to_choose

LONGEST = 1600
"""Characters: https://www.twilio.com/docs/api/errors/21617"""
MOST_SEGMENTS = 10
VERDICTS = ("/helped", "/did_not_help")
"""Whether an answer helped is asked with buttons only: two more lines beneath every answer are noise."""


def sms_texts(saying: Saying, link: Link, segments: int = 2) -> tuple[str, ...]:
    """The bodies of the SMS, sent one after the other; nearly always one: only a person says more than one holds."""
    if not saying.is_whole:
        return (sms_text(saying, link, segments),)
    named = [f"{file.name}: {link(file.url)}" for file in saying.files]
    said = _plain(saying.text, saying, link) or ("" if named else saying.text)
    return tuple(in_parts(gsm.as_sent("\n".join(filter(None, (said, *named)))), LONGEST))


def sms_text(saying: Saying, link: Link, segments: int = 2) -> str:
    """The body of the SMS.

    An answer keeps to so many `segments`, and so does a choice if its titles can be cut to that; whatever else is
    said is said whole, up to what an SMS may hold.
    """
    options = [button for button in saying.buttons if button.payload not in VERDICTS]
    if options:
        return _choice(saying, options, link, segments)
    if saying.sources:
        return _answer(saying, link, segments)
    return gsm.as_sent(shortened(_plain(saying.text, saying, link), _may_be_sent))


def _answer(saying: Saying, link: Link, segments: int) -> str:
    """What is said and where it stands: all of it, or the short answer, or as much of that as fits."""
    source = saying.sources[0]
    address = link(source.url)

    def fits(text: str) -> bool:
        return _is_within(segments, f"{text}\n{address}")

    said, short = (_plain(text, saying, link) for text in (saying.text, f"{saying.opening}\n\n{source.short_answer}"))
    text = said if fits(said) else shortened(short if source.short_answer else said, fits)
    return gsm.as_sent(f"{text}\n{address}".strip())


def _choice(saying: Saying, options: Sequence[Button], link: Link, segments: int) -> str:
    question = _plain(saying.text, saying, link)
    titles = [" ".join(button.title.split()) for button in options]
    hint = how_to_choose(saying.locale, len(options))
    for allowed in range(segments, MOST_SEGMENTS + 1):
        body = _numbered_body(question, titles, hint, partial(_is_within, allowed))
        if _is_within(allowed, body):
            return gsm.as_sent(body)
    return _with_short_question(question, titles, hint)


def _numbered_body(question: str, titles: Sequence[str], hint: str, fits: Fits) -> str:
    def body(lines: str) -> str:
        return f"{question}\n{lines}\n{hint}"

    return body(numbered(titles, lambda lines: fits(body(lines))))


def _with_short_question(question: str, titles: Sequence[str], hint: str) -> str:
    """No option is left out, so the question is cut."""
    options = f"\n{numbered(titles, lambda _: False)}\n{hint}"
    return gsm.as_sent(shortened(question, lambda text: _may_be_sent(text + options)) + options)


def _plain(markdown: str, saying: Saying, link: Link) -> str:
    return as_plain(markdown, link, saying.locale)


def _is_within(segments: int, text: str) -> bool:
    return _may_be_sent(text) and gsm.segments(gsm.as_sent(text)).count <= segments


def _may_be_sent(text: str) -> bool:
    return len(gsm.as_sent(text)) <= LONGEST
