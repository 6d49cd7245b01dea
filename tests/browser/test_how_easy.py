"""The end and the question in each channel: asked, answered in words, and a low answer that brings a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update

from channels.conversation import Conversation
from db import Database, utc_now
from handoff.handoffs import Handoff
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.survey import Survey
from staff.people import User
from tests.browser.conftest import COLOURS_SETTLE, ask, photographed, violations, violations_by_day_and_night
from tests.browser.test_all_channels import of_ben, said_on, sends
from tests.handoff.desk_scene import hire
from tests.server import Server
from tests.staff import ada, mira, sign_in_browser

QUESTION = "How easy was it to get help today?"


@pytest.fixture(scope="module")
def server(phone_server: Server, phone_database: Database) -> Server:
    mira(phone_database)
    return phone_server


@pytest.fixture(scope="module")
def database(phone_database: Database) -> Database:
    return phone_database


@pytest.fixture(autouse=True)
def afterwards(database: Database) -> Iterator[None]:
    """Each test has customers of its own."""
    yield
    with database.transaction() as session:
        session.execute(update(Survey).values(awaiting=None))


def answered(database: Database) -> list[tuple[int | None, str | None, str | None]]:
    with database.reading() as session:
        rows = session.scalars(select(Survey).where(Survey.score.isnot(None)).order_by(Survey.answered_at)).all()
        return [(row.score, row.answered_in, row.comment) for row in rows]


def ended(page: Page, server: Server) -> None:
    """A question, its answer, and that this was all; then the bot asks how it was."""
    page.goto(f"{server.url}/chat")
    ask(page, "Do you deliver to Austria?")
    before = page.locator(".message-bot").count()
    page.get_by_role("button", name="This helped").click()
    expect(page.locator(".message-bot")).to_have_count(before + 1)
    # The question comes right after it.
    page.get_by_role("textbox").fill("no, that was all")
    page.keyboard.press("Enter")
    expect(page.locator(".message-bot", has_text="Goodbye")).to_have_count(1)
    expect(page.locator(".message-bot").last).to_contain_text(QUESTION)


def test_in_the_chat_a_low_answer_in_words_says_what_made_it_hard(
    server: Server, database: Database, page: Page, problems: list[str]
) -> None:
    ended(page, server)
    expect(page.locator(".choices .choice")).to_have_count(7)
    photographed(page, "survey-web-question")
    assert [] == violations(page)
    assert "What made it hard?" in ask(page, "it was really difficult, sorry")
    expect(page.locator(".choices").get_by_role("button", name="Talk to a person")).to_be_visible()
    photographed(page, "survey-web-low")
    assert "Somebody here reads this" in ask(page, "I had to look at five pages first")
    expect(page.locator(".divider")).to_have_count(0)
    photographed(page, "survey-web-comment")

    assert (1, "web", "I had to look at five pages first") == answered(database)[-1]
    with database.reading() as session:
        assert 1 == len(session.scalars(select(FollowUp)).all())


def test_in_the_chat_a_new_question_is_answered_and_the_survey_waits(
    server: Server, database: Database, page: Page, problems: list[str]
) -> None:
    ended(page, server)
    assert "Switzerland" in ask(page, "Do you deliver to Switzerland within 5 days?")
    expect(page.locator(".scale .choice")).to_have_count(7)
    photographed(page, "survey-web-waits")
    before = len(answered(database))
    assert "Thank you for your answer." in ask(page, "6 out of 7")
    expect(page.locator(".scale")).to_have_count(0)
    # The answer belongs to the conversation before it: that is not a new one.
    expect(page.locator(".divider")).to_have_count(1)

    assert before + 1 == len(answered(database))
    assert 6 == (answered(database)[-1])[0]


def test_in_the_chat_the_scale_is_still_pressed_after_a_new_question(
    server: Server, database: Database, page: Page, problems: list[str]
) -> None:
    ended(page, server)
    before = len(answered(database))
    assert "Switzerland" in ask(page, "Do you deliver to Switzerland within 5 days?")
    page.get_by_role("button", name="6 · easy", exact=True).click()
    expect(page.locator(".message-bot").last).to_contain_text("Thank you for your answer.")
    expect(page.locator(".scale")).to_have_count(0)

    assert before + 1 == len(answered(database))
    assert 6 == (answered(database)[-1])[0]


def test_in_the_chat_a_button_is_pressed_and_a_person_comes(
    server: Server, database: Database, browser: Browser, page: Page, problems: list[str]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    ended(page, server)
    photographed(page, "survey-web-phone")
    page.get_by_role("button", name="2 · difficult", exact=True).click()
    expect(page.locator(".message-bot").last).to_contain_text("What made it hard?")
    page.locator(".choices").get_by_role("button", name="Talk to a person").click()
    expect(page.locator(".message-bot").last).to_contain_text("passing you on")
    photographed(page, "survey-web-person")

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    with database.reading() as session:
        agent = session.scalars(select(User)).first()
    assert agent is not None
    sign_in_browser(context, server.url, database, agent)
    desk = context.new_page()
    desk.goto(f"{server.url}/desk/waiting")
    desk.locator(".lane-item a").first.click()
    expect(desk.get_by_text("Do you deliver to Austria?").first).to_be_visible()
    expect(desk.get_by_text("The customer answered: 2/7")).to_be_visible()
    photographed(desk, "survey-desk")
    context.close()


def test_a_button_that_is_pressed_when_all_was_answered_before_gets_a_sentence(
    server: Server, database: Database, page: Page, problems: list[str]
) -> None:
    ended(page, server)
    with database.transaction() as session:
        # On the page of the link, a while ago.
        values = {"score": 6, "answered_in": "link", "state": "answered", "awaiting": None, "expires_at": None}
        waiting = update(Survey).where(Survey.awaiting.isnot(None))
        session.execute(waiting.values(**values, answered_at=utc_now() - timedelta(minutes=9)))
    page.get_by_role("button", name="2 · difficult", exact=True).click()
    expect(page.locator(".message-bot").last).to_contain_text("Thank you, we already have your answer.")
    expect(page.locator(".typing")).to_have_count(0)
    photographed(page, "survey-web-before")
    with database.reading() as session:
        assert [6] == list(session.scalars(select(Survey.score).filter_by(answered_in="link")))
    assert "Switzerland" in ask(page, "Do you deliver to Switzerland?")


def test_by_sms_a_word_and_in_whatsapp_a_list(
    server: Server, database: Database, page: Page, problems: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.url}/phone?channel=sms&to=%2B491713920001&text=")
    sends(page, "Do you deliver to Austria?")
    said_on(page, 1)
    sends(page, "that was all, thank you")
    assert "Please answer with a number from 1 (very difficult) to 7 (very easy)." in said_on(page, 3)
    photographed(page, "survey-sms")
    sends(page, "sehr einfach")
    assert "Danke für Ihre Antwort." in said_on(page, 4)
    assert (7, "sms", None) == answered(database)[-1]

    page.goto(f"{server.url}/phone")
    of_ben(page)
    page.locator(".thread-row", has_text="WhatsApp").click()
    sends(page, "Do you deliver to Austria?")
    said_on(page, 1)
    sends(page, "bye")
    assert QUESTION in said_on(page, 3)
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_role("dialog", name="Choose")).to_be_visible()
    photographed(page, "survey-whatsapp-list")
    page.get_by_text("3 · somewhat difficult").click()
    page.get_by_role("button", name="Send").last.click()
    assert "What made it hard?" in said_on(page, 4)
    photographed(page, "survey-whatsapp-low")
    assert (3, "whatsapp", None) == answered(database)[-1]


def test_the_page_of_surveys_and_the_page_behind_its_link(
    server: Server, database: Database, context: BrowserContext, page: Page, problems: list[str]
) -> None:
    sign_in_browser(context, server.url, database, ada(database))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.url}/admin/surveys")
    page.get_by_label("What it asks about").fill("parcel-slip")
    page.get_by_role("button", name="Add a link").click()
    expect(page.get_by_role("img", name="QR code of parcel-slip")).to_be_visible()
    assert [] == violations(page)
    photographed(page, "survey-admin")
    page.set_viewport_size({"width": 360, "height": 740})
    photographed(page, "survey-admin-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    address = page.locator(".link-shown").get_attribute("href")

    page.goto(f"{address}?locale=de")
    expect(page.get_by_role("heading", name="Wie einfach war es, Hilfe zu bekommen?")).to_be_visible()
    assert [] == violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    photographed(page, "survey-link")
    page.keyboard.press("Tab")
    page.get_by_label("2 · schwierig", exact=True).check()
    page.get_by_role("button", name="Absenden").click()
    page.get_by_role("textbox").fill("Der Karton war offen.")
    photographed(page, "survey-link-why")
    assert [] == violations(page)
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("heading", name="Das liest hier ein Mensch")).to_be_visible()
    assert (2, "link", "Der Karton war offen.") == answered(database)[-1]

    page.get_by_role("link", name="Jetzt mit einem Menschen sprechen").click()
    expect(page.locator(".message-customer")).to_contain_text("2 von 7. „Der Karton war offen.“")
    expect(page.locator(".message-bot").last).to_contain_text("Kolleg")
    photographed(page, "survey-link-person")
    assert "brings" not in page.url
    page.reload()
    expect(page.locator(".message-bot").last).to_contain_text("Kolleg")
    expect(page.locator(".message-customer")).to_have_count(1)
    with database.reading() as session:
        query = select(FollowUp.conversation_id).join(Survey, Survey.id == FollowUp.survey_id)
        [followed] = session.scalars(query.filter(Survey.touchpoint == "parcel-slip"))
        assert "asked" == session.scalars(select(Handoff.reason).filter_by(conversation_id=followed)).one()


def test_from_the_desk_one_asks_by_a_link_and_the_answer_counts_there(
    server: Server, database: Database, browser: Browser, page: Page, problems: list[str]
) -> None:
    page.goto(f"{server.url}/chat")
    ask(page, "Can I have my parcel sent to a pickup point?")
    with database.reading() as session:
        conversation = session.scalars(select(Conversation.id).order_by(Conversation.last_at.desc())).first()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in_browser(context, server.url, database, hire(database, "Sam Lindqvist", "supervisor", team=None))
    desk = context.new_page()
    desk.goto(f"{server.url}/desk/bot/{conversation}")
    desk.get_by_label("More").last.click()
    photographed(desk, "by-link-1-menu")
    desk.get_by_role("link", name="Ask how it went by a link").click()
    expect(desk.get_by_text("How easy was it to get help today?")).to_be_visible()
    assert [] == violations(desk)
    photographed(desk, "by-link-2-asking")
    desk.get_by_role("button", name="Make the link").click()
    expect(desk.get_by_role("img", name="QR code of the link")).to_be_visible()
    assert [] == violations_by_day_and_night(desk)
    for width, scheme in [(1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")]:
        desk.set_viewport_size({"width": width, "height": 844})
        desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        desk.evaluate(COLOURS_SETTLE)
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
        photographed(desk, f"by-link-3-made-{width}-{scheme}")
    desk.get_by_role("button", name="Copy the text").click()
    expect(desk.get_by_role("button", name="Copied.")).to_be_visible()
    text = desk.evaluate("navigator.clipboard.readText()")
    assert text.startswith("How easy was it to get help today? Your answer: http")

    page.goto(text.rpartition(" ")[2])
    page.get_by_label("2 · difficult", exact=True).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="What made it hard?")).to_be_visible()
    desk.goto(f"{server.url}/desk/bot/{conversation}")
    expect(desk.get_by_text("You asked how it was, by a link")).to_be_visible()
    expect(desk.get_by_role("link", name="Follow-up: 2 of 7")).to_be_visible()
    photographed(desk, "by-link-4-answered")
    context.close()
