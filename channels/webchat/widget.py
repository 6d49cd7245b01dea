"""What a page needs to show the chat: words, best articles, the company's face, and whether the page may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.webchat.words import PAGE, refusal
from knowledge.locales import LANGUAGES


@dataclass(frozen=True)
class Widget:
    """How the widget looks and speaks on this installation."""

    company: str
    default_locale: str
    """Of pages whose reader names no language that we speak."""
    logo: str
    """The address of the logo; empty: none."""
    texts: Mapping[str, Mapping[str, str]]
    """By language, `greeting` and `intro`; an empty one is the widget's own."""
    launcher: str
    """What stands on the button; empty: only its sign; `none`: no button."""
    side: str
    """`left` or `right`."""
    privacy_url: str
    needs_consent: bool
    message_chars: int
    allowed_origins: tuple[str, ...]
    brand_css: Callable[[str], str]
    """The custom properties of a colour; of the company's own one for text that is no colour."""
    is_colour: Callable[[str], bool]
    best_articles: Callable[[str], list[dict[str, str]]]
    """The articles to begin with in a language: `id`, `title`, `url`."""
    asset: Callable[[str], str]
    """The address of a static file."""
    phone: Mapping[str, str | None] | None = None
    """Our numbers, by channel, where the conversation can be continued; None: nowhere."""

    def may_show(self, origin: str | None, own_origin: str) -> bool:
        """Whether a page of this origin may show the chat; None is a page of this installation."""
        return origin in (None, own_origin) or "*" in self.allowed_origins or origin in self.allowed_origins

    def config(self, locale: str, colour: str = "") -> dict[str, Any]:
        """All that `static/widget.js` and `static/app.js` are told. Addresses are paths on this installation."""
        return {
            "locale": locale,
            "languages": LANGUAGES,
            "company": self.company,
            "logo": self.logo,
            "words": self._words(locale),
            "launcher": self.launcher,
            "side": self.side,
            "privacy": {"url": self.privacy_url, "consent": self.needs_consent},
            "message_chars": self.message_chars,
            "best": self.best_articles(locale),
            "phone": self.phone,
            "styles": [
                self.asset(f"{name}.css") for name in ("look/tokens", "look/base", "look/components", "chat/chat")
            ],
            "brand_css": self.brand_css(colour),
            "color_taken": self.is_colour(colour),
            "app": self.asset("chat/app.js"),
        }

    def _words(self, locale: str) -> dict[str, str]:
        own = {name: text for name, text in self.texts[locale].items() if text}
        return PAGE[locale] | {"too_long": refusal("too_long", locale, self.message_chars)} | own
