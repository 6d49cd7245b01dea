"""WhatsApp's own marks as HTML, for a page that shows a message as a phone does."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'*_~]")
# At the edge of a word, and not around nothing: https://faq.whatsapp.com/539178204879377
MARKS = tuple(
    (re.compile(rf"(?<![^\W_]){sign}(?!\s)([^{sign}\n]+?)(?<!\s){sign}(?![^\W_])"), tag)
    for sign, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
)
CODE = re.compile(r"```([^`]+)```")


def shown(text: str) -> Markup:
    """Safe HTML; addresses are shown, not linked: on a page of staff nobody is led away by a slip."""
    pieces = LINK.split(text)
    addresses = LINK.findall(text)
    html = Markup()
    for piece, address in zip(pieces, [*addresses, ""], strict=True):
        html += _marked(piece)
        html += Markup('<span class="address">{}</span>').format(address) if address else ""
    return html


def _marked(text: str) -> Markup:
    pieces = CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if at % 2 else _with_tags(piece) for at, piece in enumerate(pieces)
    )


def _with_tags(text: str) -> Markup:
    html = str(escape(text))
    for mark, tag in MARKS:
        html = mark.sub(rf"<{tag}>\1</{tag}>", html)
    return Markup(html)  # noqa: S704  it was escaped before the tags were put in
