"""The page /phone as somebody uses it who has no second phone: SMS, WhatsApp, files, time and faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug import Response

from channels.phone import views
from db import Database
from tests.browser.answering import Shown, showing_phones
from tests.browser.conftest import violations
from tests.browser.held import Held
from tests.phone import ANNA, SMS_NUMBER, WHATSAPP_NUMBER


@pytest.fixture
def shown(sqlite_database: Database) -> Iterator[Shown]:
    with showing_phones(sqlite_database) as shown:
        yield shown


@pytest.fixture
def phone(page: Page, shown: Shown, problems: list[str]) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{shown.url}/phone")
    return page


def open_thread(page: Page, channel: str) -> None:
    page.locator(".thread-row", has_text=channel).click()


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message").fill(text)
    page.keyboard.press("Enter")


def last(page: Page, author: str) -> str:
    return page.locator(f".said-by-{author} .said").last.inner_text()


def test_an_sms_is_answered_and_shows_no_formatting(phone: Page) -> None:
    open_thread(phone, "SMS")
    say(phone, "*Hello* there")

    expect(phone.locator(".said-by-business")).to_have_count(1)
    assert "*Hello* there" == last(phone, "customer")
    expect(phone.locator(".said-by-customer .tick-delivered")).to_have_count(1)
    expect(phone.locator(".said-by-business .said a")).to_have_attribute("href", "https://example.com/help")


def test_whatsapp_shows_its_formatting(phone: Page) -> None:
    open_thread(phone, "WhatsApp")
    say(phone, "a *bold _and slanted_* word, ~gone~, 2*3*4 and snake_case_name, https://example.com/a_b_c")

    bubble = phone.locator(".said-by-customer .said")
    expect(bubble.locator("strong")).to_have_text("bold and slanted")
    expect(bubble.locator("em")).to_have_text("and slanted")
    expect(bubble.locator("s")).to_have_text("gone")
    expect(bubble).to_contain_text("2*3*4 and snake_case_name")
    expect(bubble.locator("a")).to_have_attribute("href", "https://example.com/a_b_c")


def test_markup_that_somebody_writes_is_shown_not_run(phone: Page) -> None:
    open_thread(phone, "WhatsApp")
    say(phone, "<img src=x onerror=alert(1)>*<b>x</b>*")
    expect(phone.locator(".said-by-customer .said")).to_have_text("<img src=x onerror=alert(1)><b>x</b>")
    assert 0 == phone.locator(".balloon img, .balloon b").count()


def test_a_button_is_pressed_once(phone: Page, shown: Shown) -> None:
    open_thread(phone, "WhatsApp")
    say(phone, "buttons")
    phone.get_by_role("button", name="Yes, it helped").click()

    expect(phone.locator(".said-by-customer").last).to_contain_text("Yes, it helped")
    expect(phone.get_by_role("button", name="Yes, it helped")).to_be_disabled()
    assert shown.simulator.settle()
    assert "/yes" == shown.product.messages()[-1]["ButtonPayload"]


def test_what_has_the_focus_keeps_it_as_the_message_is_read(phone: Page) -> None:
    held = Held(phone, "**/phone/api/read*")
    open_thread(phone, "WhatsApp")
    say(phone, "list")
    choose = phone.get_by_role("button", name="Choose")
    choose.focus()
    held.let_go()
    expect(phone.locator(".said-by-business").last).to_have_attribute("data-status", "read")
    expect(choose).to_be_focused()


def test_a_list_is_chosen_from_with_the_keyboard_alone(phone: Page, shown: Shown) -> None:
    phone.locator(".thread-row").last.focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("textbox", name="Message")).to_be_focused()
    phone.keyboard.type("list")
    phone.keyboard.press("Enter")
    choose = phone.get_by_role("button", name="Choose")
    choose.focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("dialog", name="Choose")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(choose).to_be_focused()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")

    expect(phone.locator(".said-by-customer .said").last).to_have_text("2 of 7")
    assert shown.simulator.settle()
    assert "/2" == shown.product.messages()[-1]["ListId"]


def test_what_comes_is_shown_sooner_than_the_page_would_ask_again(
    phone: Page, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "POLL_SECONDS", 120)
    open_thread(phone, "SMS")
    say(phone, "quiet")
    expect(phone.locator(".tick-delivered")).to_have_count(1)
    for number in range(5):
        shown.simulator.create({"To": "+491713920011", "From": SMS_NUMBER, "Body": f"news {number}"})
        phone.locator(".said", has_text=f"news {number}").wait_for(timeout=60_000)


def test_a_picture_a_document_and_a_place_are_sent(phone: Page, shown: Shown, tmp_path: Path) -> None:
    picture = Path(__file__).parents[2] / "knowledge" / "demo" / "pictures" / "display-e05.webp"
    document = tmp_path / "invoice.pdf"
    document.write_bytes(b"%PDF-1.7")
    open_thread(phone, "WhatsApp")
    phone.locator(".composer input[type=file]").set_input_files([picture, document])
    expect(phone.locator(".chip")).to_have_count(2)
    say(phone, "quiet")
    expect(phone.locator(".picture")).to_have_count(1)
    phone.get_by_role("button", name="Attach").click()
    phone.get_by_role("button", name="Location").click()
    phone.get_by_role("button", name="Brandenburger Tor").click()
    expect(phone.locator(".place")).to_contain_text("Pariser Platz")

    assert shown.simulator.settle()
    with_files, with_place = shown.product.messages()[:2]
    assert ("quiet", "2", "application/pdf") == tuple(
        with_files[name] for name in ("Body", "NumMedia", "MediaContentType1")
    )
    assert "52.5163" == with_place["Latitude"]
    assert phone.locator(".picture").evaluate("(picture) => picture.naturalWidth > 0")


def test_a_file_can_be_taken_back(phone: Page, tmp_path: Path) -> None:
    document = tmp_path / "secret.txt"
    document.write_text("no")
    open_thread(phone, "WhatsApp")
    phone.locator(".composer input[type=file]").set_input_files([document])
    phone.get_by_role("button", name="Remove secret.txt").click()
    expect(phone.locator(".chip")).to_have_count(0)


def test_without_a_microphone_a_sound_file_is_a_voice_note(phone: Page, shown: Shown, tmp_path: Path) -> None:
    sound = tmp_path / "note.wav"
    header = b"RIFF\x24\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x40\x1f\0\0"
    sound.write_bytes(header + bytes(range(0, 250, 2)) * 64)
    open_thread(phone, "WhatsApp")
    phone.get_by_role("button", name="Attach").click()
    phone.get_by_role("button", name="Voice note").click()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(sound)

    expect(phone.get_by_role("button", name="Play voice note, 1 s")).to_be_visible()
    assert shown.simulator.settle()
    assert shown.product.messages()[0]["MediaContentType0"].startswith("audio/")


def test_an_opted_out_phone_is_answered_by_the_number_itself(phone: Page) -> None:
    open_thread(phone, "SMS")
    say(phone, "STOP")
    expect(phone.locator(".said-by-carrier")).to_contain_text("unsubscribed")
    expect(phone.locator(".windows")).to_contain_text("Opted out of SMS")


def test_time_passes_and_the_window_closes(phone: Page, shown: Shown) -> None:
    open_thread(phone, "WhatsApp")
    say(phone, "quiet")
    expect(phone.locator(".windows")).to_contain_text("free text for another 23 h")
    phone.get_by_role("button", name="Let 24 h pass").click()
    expect(phone.locator(".windows")).to_contain_text("only templates")
    address = "whatsapp:+491713920011"
    shown.simulator.create({"To": address, "From": f"whatsapp:{WHATSAPP_NUMBER}", "Body": "too late"})

    expect(phone.locator(".missed")).to_contain_text("63016")
    expect(phone.get_by_text("24 h ahead")).to_be_visible()
    say(phone, "quiet")
    expect(phone.locator(".day").first).to_contain_text("Yesterday")


def test_a_fault_is_turned_on_and_seen_in_the_log(phone: Page, shown: Shown) -> None:
    phone.get_by_role("switch", name="Comes twice").check()
    share = phone.get_by_role("spinbutton", name="Comes twice: share in percent")
    expect(share).to_have_value("10")
    share.fill("100")
    share.press("Tab")
    open_thread(phone, "SMS")
    say(phone, "quiet")
    phone.locator(".log-box > summary").click()

    expect(phone.locator(".hook")).to_have_count(2)
    phone.locator(".hook > summary").first.click()
    expect(phone.locator(".hook dl").first).to_contain_text("MessageSid")
    assert 1.0 == shown.simulator.faults.shares["duplicate"]


def test_what_the_server_does_not_take_says_so(phone: Page, shown: Shown) -> None:
    seen = Event()

    def refuse() -> Response:
        assert seen.wait(20)
        return Response(status=400)

    shown.product.respond = refuse
    open_thread(phone, "SMS")
    say(phone, "quiet")
    expect(phone.locator(".said-by-customer .tick-sent")).to_have_count(1)
    seen.set()
    expect(phone.locator(".said-by-customer .failed-line")).to_have_text("Not delivered: the server did not take it.")
    expect(phone.locator(".said-by-customer .tick-failed")).to_have_count(1)


def test_another_phone_can_be_added(page: Page, shown: Shown) -> None:
    page.goto(f"{shown.url}/phone")
    phone = page
    phone.get_by_role("button", name="Add a phone").click()
    phone.get_by_label("Number").fill("0171 3920033")
    phone.get_by_label("Name", exact=True).fill("Dora")
    phone.get_by_role("button", name="Add", exact=True).click()
    expect(phone.locator(".add .error")).to_contain_text("begins with +")
    phone.get_by_label("Number").fill("+49 171 3920033")
    phone.get_by_role("button", name="Add", exact=True).click()

    expect(phone.get_by_role("button", name="Dora")).to_have_attribute("aria-pressed", "true")
    expect(phone.locator(".who")).to_have_text("Dora · +49 171 3920033")


def test_one_persons_messages_cant_be_seen_on_anothers_phone(phone: Page) -> None:
    open_thread(phone, "WhatsApp")
    say(phone, "only mine")
    expect(phone.locator(".said-by-customer")).to_have_count(1)
    phone.get_by_role("button", name="Ben").click()
    expect(phone.locator(".talk-log")).to_be_visible()
    expect(phone.locator(".said-by-customer")).to_have_count(0)
    expect(phone.get_by_text("only mine")).to_have_count(0)


def test_somebody_elses_new_message_is_counted(phone: Page, shown: Shown) -> None:
    shown.simulator.phone(ANNA, "Eva")
    shown.simulator.create({"To": ANNA, "From": SMS_NUMBER, "Body": "123456 is your code."})
    expect(phone.get_by_role("button", name="Eva")).to_contain_text("1 unread")


@pytest.mark.parametrize("plus", ["%2B", "+", ""])
def test_a_link_opens_the_conversation_with_its_text(page: Page, shown: Shown, problems: list[str], plus: str) -> None:
    number = WHATSAPP_NUMBER.removeprefix("+")
    page.goto(f"{shown.url}/phone?channel=whatsapp&to={plus}{number}&text=Code%20K7%20*now*")
    box = page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("Code K7 *now*")
    expect(page.locator(".talk-line")).to_contain_text("WhatsApp")
    expect(box).to_be_focused()
    box.press("Enter")
    expect(page.locator(".said-by-business")).to_have_count(1)
    page.reload()
    expect(page.locator(".inbox")).to_be_visible()


def test_a_link_to_sms_finds_a_phone_that_has_it(page: Page, shown: Shown, problems: list[str]) -> None:
    page.goto(f"{shown.url}/phone?phone=BR.1503998877665544&channel=sms&text=Hi")
    expect(page.get_by_role("button", name="Anna")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Hi")


def test_what_was_begun_in_one_conversation_is_kept_for_later(phone: Page) -> None:
    open_thread(phone, "SMS")
    phone.get_by_role("textbox", name="Message").fill("half a")
    phone.get_by_role("button", name="Back to the conversations").click()
    open_thread(phone, "WhatsApp")
    expect(phone.get_by_role("textbox", name="Message")).to_have_value("")
    phone.keyboard.press("Escape")
    open_thread(phone, "SMS")
    expect(phone.get_by_role("textbox", name="Message")).to_have_value("half a")


def test_what_could_not_be_sent_is_back_in_the_box(page: Page, shown: Shown) -> None:
    page.goto(f"{shown.url}/phone")
    open_thread(page, "SMS")
    page.route("**/phone/api/send*", lambda route: route.abort())
    say(page, "lost?")
    expect(page.locator(".talk-foot > .hint")).to_contain_text("try again")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("lost?")


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(320, 640, "light"), (360, 740, "dark"), (640, 450, "light"), (1440, 900, "dark")]
)
def test_every_width_fits_and_axe_finds_nothing(
    browser: Browser, shown: Shown, width: int, height: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="de-DE",
    )
    page = context.new_page()
    page.goto(f"{shown.url}/phone")
    page.locator(".thread-row").first.wait_for()
    assert [] == violations(page)
    page.locator(".thread-row").last.click()
    box = page.get_by_role("textbox", name="Nachricht")
    for text in ("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3, "buttons", "list"):
        box.fill(text)
        box.press("Enter")
    page.get_by_role("button", name="Choose").click()
    assert [] == violations(page)
    page.keyboard.press("Escape")
    assert [] == violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if page.locator(".swap").is_visible():
        page.locator(".swap").click()
    page.locator("#fault-delay").check()
    page.locator(".log-box > summary").click()
    page.locator(".hook > summary").first.click()
    assert [] == violations(page)
    assert page.locator(".lab").evaluate("(lab) => lab.scrollWidth - lab.clientWidth") <= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
