"""What stands beside the text on the edit page: each panel is a room's own template, module and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from staff.people import User

Given = Callable[[Session, User, str, str], Mapping[str, Any]]
"""What a panel's template is given as `own`: session, who looks, the article's id and locale."""


@dataclass(frozen=True)
class Panel:
    """A tab beside the text."""

    key: str
    """Names the tab in the page's address: `#review`."""
    names: Mapping[str, str]
    """By language."""
    icon: str
    """One of look/icons.svg."""
    template: str
    """Such as `editor/life/panel.html`."""
    script: str = ""
    """Its ES module, such as `editor/life.js`; it imports what it needs from `./draft.js`."""
    style: str = ""
    """Its stylesheet, such as `editor/life.css`."""
    given: Given = lambda _session, _user, _article_id, _locale: {}
