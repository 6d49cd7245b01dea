"""One conversation over three channels: asked in the chat, followed up in WhatsApp, then by SMS, read in the chat."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ask
from tests.server import Server


def said_on(phone: Page, count: int) -> str:
    """The newest message of the company in the thread that is open, once there are so many."""
    bubbles = phone.locator(".said-by-business .said")
    expect(bubbles).to_have_count(count)
    return bubbles.last.inner_text()


def sends(phone: Page, text: str) -> None:
    box = phone.locator("textarea:visible")
    box.fill(text)
    box.press("Enter")


def of_ben(phone: Page) -> None:
    """To Ben's phone, which is shown only once the server has been asked for it."""
    phone.get_by_text("Ben", exact=True).first.click()
    expect(phone.get_by_role("button", name="Ben")).to_have_attribute("aria-pressed", "true")


def test_a_question_in_the_chat_is_followed_up_in_whatsapp_and_by_sms_and_all_of_it_is_in_the_chat(
    phone_server: Server, context: BrowserContext, page: Page, problems: list[str]
) -> None:
    page.goto(f"{phone_server.url}/chat")
    assert "We deliver to Austria" in ask(page, "Do you deliver to Austria?")
    page.get_by_role("button", name="Continue on your phone").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    link = page.get_by_role("link", name="Open WhatsApp").get_attribute("href")

    phone = context.new_page()
    phone.goto(str(link))
    phone.locator("textarea:visible").press("Enter")
    assert "NOT ME" in said_on(phone, 1)
    expect(page.get_by_text("Connected with +49 ··· 11")).to_be_visible()
    sends(phone, "and how long does it take?")
    answer = said_on(phone, 2)
    assert "web chat" in answer
    assert "Austria: 3–5 working days" in answer

    phone.goto(f"{phone_server.url}/phone?channel=sms&to=%2B491713920001&text=")
    sends(phone, "and to switzerland?")
    answer = said_on(phone, 1)
    assert "Switzerland" in answer
    assert "/a/" in answer

    page.get_by_role("button", name="Back to the conversation").click()
    for _ in range(2):
        customer = page.locator(".message-customer .bubble")
        expect(customer.filter(has_text="Do you deliver to Austria?")).to_have_count(1)
        expect(customer.filter(has_text="and how long does it take?")).to_have_count(1)
        expect(customer.filter(has_text="and to switzerland?")).to_have_count(1)
        expect(page.locator(".message-bot .via").filter(has_text="SMS")).to_have_count(1)
        page.reload()
    assert "Switzerland" in page.locator(".message-bot").last.inner_text()
