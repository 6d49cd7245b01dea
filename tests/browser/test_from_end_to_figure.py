"""On each channel from the end to the figure it moves: asked, hard, looked after, counted, found, and asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from db import Database
from staff.people import User
from tests.browser.at_desks import Enter, at_desks
from tests.browser.conftest import photographed
from tests.browser.test_all_channels import of_ben
from tests.server import Server
from tests.staff import mira, susanne
from tests.waiting import until

WRITTEN = "Hello, this is Mira. What went wrong?"


@dataclass(frozen=True)
class Said:
    """What a customer says on the way, and what answers it."""

    asks: str
    answer: str
    ends: str
    question: str
    hard: str
    """The score, in words."""
    shown: str
    """The same, as staff sees it."""
    why: str
    comment: str
    thanks: str
    asked_again: str
    again: str
    better: str


ENGLISH = Said(
    "Do you deliver to Austria?",
    "Austria",
    "that was all, thank you",
    "How easy was it to get help today?",
    "it was really difficult, sorry",
    "1 of 7",
    "What made it hard?",
    "I looked at five pages first",
    "Somebody here reads this",
    "You told us it was hard. Now that we have looked after it: how easy was it to get help?",
    "6 out of 7",
    "Thank you for your answer.",
)
GERMAN = Said(
    "Liefert ihr auch nach Österreich?",
    "Österreich",
    "das war alles, danke",
    "Wie einfach war es heute, Hilfe zu bekommen?",
    "puh, schwierig",
    "2 of 7",
    "Was hat es schwierig gemacht?",
    "Ich musste alles zweimal schreiben",
    "Das liest hier ein Mensch",
    "Sie haben uns gesagt, dass es schwierig war. Nun haben wir uns darum gekümmert:",
    "6 von 7",
    "Danke für Ihre Antwort.",
)


@dataclass
class Customer:
    """At the chat, or at the page of phones."""

    page: Page
    channel: str

    def says(self, text: str, answer: str) -> None:
        """And hears it, or something with it, before anything else is said."""
        box = self.page.locator(".panel input[type=search]:visible, .panel textarea:visible, textarea.box:visible")
        box.fill(text)
        box.press("Enter")
        self.hears(answer)

    def hears(self, text: str, times: int = 1) -> None:
        expect(self._heard().filter(has_text=text)).to_have_count(times)

    def _heard(self) -> Locator:
        web = ".message-bot, .message-agent"
        return self.page.locator(web if self.channel == "web" else ".said-by-business .said")


@pytest.fixture
def customer(request: pytest.FixtureRequest, phone_server: Server, page: Page, problems: list[str]) -> Customer:
    page.set_viewport_size({"width": 1280, "height": 900})
    if request.param == "web":
        page.goto(f"{phone_server.url}/chat")
    elif request.param == "sms":
        page.goto(f"{phone_server.url}/phone?channel=sms&to=%2B491713920001&text=")
    else:
        # Somebody else's phone: one customer is asked once.
        page.goto(f"{phone_server.url}/phone")
        of_ben(page)
        page.locator(".thread-row", has_text="WhatsApp").click()
    return Customer(page, request.param)


@pytest.fixture(scope="module")
def staff(phone_database: Database) -> tuple[User, User]:
    """An agent and a supervisor."""
    return mira(phone_database), susanne(phone_database)


@pytest.fixture
def enter(browser: Browser, phone_server: Server, phone_database: Database) -> Iterator[Enter]:
    yield from at_desks(browser, phone_server.url, phone_database, "follow-ups")


@pytest.mark.parametrize(
    ("customer", "said"), [("web", ENGLISH), ("sms", ENGLISH), ("whatsapp", GERMAN)], indirect=["customer"]
)
def test_a_low_score_is_looked_after_and_found_behind_the_figure_it_moved(
    customer: Customer, said: Said, staff: tuple[User, User], enter: Enter, phone_server: Server
) -> None:
    agent, supervisor = staff
    channel = customer.channel
    figures = enter(supervisor)
    effort = f"{phone_server.url}/insights/effort?channel={channel}"
    figures.goto(effort)
    expect(figures.locator("#figure-ces")).to_have_count(0)

    # The end, the question, an answer in words, and what made it hard.
    customer.says(said.asks, said.answer)
    customer.says(said.ends, said.question)
    customer.says(said.hard, said.why)
    customer.says(said.comment, said.thanks)
    photographed(customer.page, f"loop-{channel}-1-customer")

    # Somebody looks after it: writes, in the channel in which the customer is, and closes it with the cause.
    desk = enter(agent)
    expect(desk.locator('[data-count="follow-ups"]')).to_have_text("1")
    desk.locator(".lane-item a").first.click()
    expect(desk.locator(".score-comment")).to_have_text(said.comment)
    expect(desk.locator("#score")).to_contain_text(said.shown)
    desk.get_by_role("button", name="Take it").click()
    expect(desk.locator(".talk-owner")).to_have_text("You look after it")
    desk.get_by_role("button", name="Write to the customer").click()
    expect(desk.locator(".talk-owner")).to_have_text("you have it")
    expect(desk.locator(".presence-summary")).to_be_visible()
    desk.locator("textarea.write").first.fill(WRITTEN)
    desk.get_by_role("button", name="Send").first.click()
    expect(desk.locator(".entry-agent .said")).to_have_text(WRITTEN)
    customer.hears(WRITTEN)
    desk.locator(".talk-facts a.chip").click()
    desk.get_by_label("What was the cause?").select_option("They had to say it again")
    photographed(desk, f"loop-{channel}-2-desk")
    desk.get_by_role("button", name="Close", exact=True).click()
    expect(desk.get_by_role("status").filter(has_text="Closed.")).to_be_visible()
    expect(desk.locator('[data-count="follow-ups"]')).to_be_hidden()

    # The figure has moved, and leads back to this conversation.
    def counted() -> bool:
        figures.goto(effort)
        shown = figures.locator("#figure-ces .figure-value")
        return shown.count() == 1 and shown.inner_text() == f"{said.shown[0]}.00"

    until(counted)
    photographed(figures, f"loop-{channel}-3-figure")
    figures.locator("#figure-ces .figure-value a").click()
    expect(figures.locator(".listed tbody tr")).to_have_count(1)
    figures.locator(".listed tbody a").click()
    expect(figures.locator(".entry", has_text=said.comment)).to_be_visible()
    expect(figures.locator(".entry", has_text=WRITTEN)).to_be_visible()
    photographed(figures, f"loop-{channel}-4-conversation")

    # The customer is asked once more, and it went better.
    customer.hears(said.asked_again)
    customer.says(said.again, said.better)
    desk.reload()
    expect(desk.locator(".closed-facts")).to_contain_text("6 of 7")
    photographed(customer.page, f"loop-{channel}-5-again")
