"""From the end of a conversation to the figure it moves, on each channel: asked, low, looked after, counted, found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from channels.conversation import Conversation
from db import Database
from insights.surveys.survey import Survey
from tests.browser.at_desks import Enter, at_desks
from tests.browser.conftest import ask, photographed
from tests.browser.test_all_channels import said_on, sends
from tests.server import Server
from tests.staff import mira, susanne
from tests.waiting import until

QUESTION = "How easy was it to get help today?"
ASKED = "Do you deliver to Austria?"
WRITTEN = "Hello, this is Mira. What went wrong with your delivery?"


@dataclass
class Customer:
    """At the chat, or at the page of phones."""

    page: Page
    channel: str

    def says(self, text: str) -> str:
        """The company's reply."""
        if self.channel == "web":
            return ask(self.page, text)
        before = self._bubbles().count()
        sends(self.page, text)
        return said_on(self.page, before + 1)

    def hears(self, text: str) -> None:
        """It comes without being asked for."""
        expect(self._bubbles().last).to_contain_text(text, timeout=20_000)

    def _bubbles(self) -> object:
        return self.page.locator(".message-bot, .message-agent" if self.channel == "web" else ".said-by-business .said")
