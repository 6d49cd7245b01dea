"""What the editor's pages are given by the roof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db import Database
from knowledge.editor.panels import Panel
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from knowledge.life.going_live import Rules


@dataclass(frozen=True)
class House:
    knowledge: Knowledge
    centre: HelpCentre
    panels: Sequence[Panel]
    default_locale: str
    """The language in which an article is begun, unless another one is chosen."""
    rules: Rules
    """What is asked of a publication."""

    @property
    def database(self) -> Database:
        return self.knowledge.database
