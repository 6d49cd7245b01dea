"""A person in the web chat, as the customer sees it: waited for, writing, talking, and gone again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.settings import Settings
from app.wiring import Served, wire_web
from bot.reply import Reply, TurnContext
from channels.conversation import Conversation, agent
from channels.webchat.protocol import WRITING
from channels.webchat.views import tell_owner, tell_writing
from db import Database
from tests.browser.conftest import ask, violations
from tests.cast import echo
from tests.channels.colleague import MIRA, add_mira, belongs_to, mira_says, visitor_of
from tests.ports import free_port
from tests.serving import serving
from tests.waiting import until

WRITING_MS = 6_000
SILENT = "are you there"
NAME = "Mira Brandt"
HELLO = "Hello Anna,\nI found your parcel. It is at the **depot** and comes [tomorrow](https://parcels.example/42)."


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xd8\xa0\x48" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = {"name": "Where the parcel is.png", "url": "/files/picture", "kind": "picture", "size": 4_000}
LABEL = {"name": "return-label_2026-11-25.pdf", "url": "/files/label", "kind": "document", "size": 82_400}


@dataclass
class House:
    """A Handrail in this process, so that a test can do what its desk does."""

    url: str
    served: Served
    database: Database
    thread: str = ""

    def belongs_to(self, kind: str) -> None:
        belongs_to(self.database, agent(MIRA) if kind == "agent" else kind)
        tell_owner(self._socketio, visitor_of(self.database), kind, NAME if kind == "agent" else "")

    def writes(self) -> None:
        tell_writing(self._socketio, visitor_of(self.database), NAME)

    def says(self, text: str, *files: dict[str, Any]) -> None:
        mira_says(self.database, self.thread, text, *files)
        self.served.workers.deliver()

    @property
    def _socketio(self) -> Any:
        return self.served.app.extensions["socketio"]


def bot(state: str | None, text: str, context: TurnContext) -> Reply:
    """Echoes, without buttons."""
    reply = echo(state, text, context)
    return replace(reply, said=tuple(replace(said, buttons=()) for said in reply.said))


@pytest.fixture
def house(sqlite_database: Database) -> Iterator[House]:
    add_mira(sqlite_database)
    port = free_port()
    settings = Settings(port=port, visitor_rate="1000/minute", network_rate="1000/minute", company="Fennimor")
    served = wire_web(settings, sqlite_database, bot)
    with serving(served.app, port):
        yield House(f"http://127.0.0.1:{port}", served, sqlite_database)
    served.stop()


@pytest.fixture
def chat(page: Page, house: House, problems: list[str]) -> Page:
    begin(page, house)
    return page


def begin(page: Page, house: House, locale: str = "en") -> None:
    page.route("**/files/picture", lambda route: route.fulfill(body=png(640, 360), content_type="image/png"))
    page.goto(f"{house.url}/chat?locale={locale}")
    ask(page, "Where is my parcel?" if locale == "en" else "Wo ist mein Paket?")
    with house.database.reading() as session:
        house.thread = str(session.query(Conversation.id).scalar())


def test_a_person_has_a_name_and_another_look_than_the_bot(chat: Page, house: House) -> None:
    house.says(HELLO)
    house.says("Shall I call the depot?")

    said = chat.locator(".message-agent")
    expect(said).to_have_count(2)
    expect(said.first.locator(".who")).to_have_text(f"{NAME}: ")
    expect(chat.locator(".message-agent .who")).to_have_count(1)
    assert 2 == said.first.locator(".bubble p").first.inner_text().count("\n") + 1
    colours = [
        chat.locator(f"{one} .bubble").first.evaluate("bubble => getComputedStyle(bubble).backgroundColor")
        for one in (".message-agent", ".message-bot")
    ]
    assert colours[0] != colours[1]


def test_who_speaks_next_stands_above_the_conversation(chat: Page, house: House) -> None:
    line, person = chat.locator(".with"), chat.get_by_role("button", name="Talk to a person")
    expect(line).to_be_empty()
    expect(person).to_be_visible()

    house.belongs_to("queue")
    expect(line).to_have_text("You are waiting for a person")
    expect(person).to_be_hidden()
    house.belongs_to("agent")
    expect(line).to_have_text(f"You are talking with {NAME}")
    chat.reload()
    expect(line).to_have_text(f"You are talking with {NAME}")
    house.belongs_to("bot")
    expect(line).to_be_empty()
    expect(person).to_be_visible()


def test_the_assistant_does_not_seem_to_write_while_a_person_has_the_conversation(chat: Page, house: House) -> None:
    house.belongs_to("agent")
    expect(chat.locator(".with")).to_contain_text(NAME)
    box = chat.get_by_role("textbox")
    box.fill("Thank you")
    box.press("Enter")

    expect(chat.locator(".message-customer").last).to_contain_text("Thank you")
    expect(chat.locator(".message-customer").last.locator(".note-delivered")).to_have_count(1)
    expect(chat.locator(".typing")).to_have_count(0)


def test_a_person_who_writes_is_seen_to_write_for_a_while(page: Page, house: House, problems: list[str]) -> None:
    heard: list[str] = []

    def hear(frame: str | bytes) -> None:
        heard.extend([WRITING] if WRITING in str(frame) else [])

    page.on("websocket", lambda wire: wire.on("framereceived", hear))
    page.clock.install()
    begin(page, house)
    house.belongs_to("agent")
    page.clock.pause_at(datetime.now() + timedelta(seconds=5))
    house.writes()
    typing = page.locator(".typing")
    expect(typing).to_contain_text(f"{NAME} is writing")
    typing.evaluate("item => (item.dataset.seen = 'yes')")

    page.clock.run_for(WRITING_MS - 1000)
    house.writes()
    until(lambda: len(heard) == 2 or page.wait_for_timeout(20))
    page.clock.run_for(WRITING_MS - 1000)
    expect(page.locator(".typing[data-seen]")).to_have_count(1)  # Not announced again.
    page.clock.run_for(2000)
    expect(typing).to_have_count(0)


def test_what_a_person_says_ends_their_writing(chat: Page, house: House) -> None:
    house.writes()
    expect(chat.locator(".typing")).to_have_count(1)
    house.says("Here I am.")

    expect(chat.locator(".message-agent")).to_have_count(1)
    expect(chat.locator(".typing")).to_have_count(0)


def test_a_picture_is_seen_and_another_file_can_be_fetched(chat: Page, house: House) -> None:
    house.says("", PICTURE, LABEL)

    picture = chat.get_by_role("img", name=PICTURE["name"])
    expect(picture).to_be_in_viewport()
    assert 640 == picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    label = chat.get_by_role("link", name="return-label")
    expect(label).to_contain_text("82 kB")
    expect(label).to_have_attribute("download", LABEL["name"])
    expect(label).to_have_attribute("href", f"{house.url}/files/label")
    expect(chat.locator(".message-agent .bubble")).to_have_count(0)


def test_a_copy_to_keep_names_who_said_what(chat: Page, house: House) -> None:
    house.says("Here it is.", LABEL)
    expect(chat.locator(".message-agent")).to_have_count(1)
    with chat.expect_download() as saved:
        chat.locator(".menu summary").click()
        chat.get_by_role("button", name="Save a copy").click()

    copy = saved.value.path().read_text()
    assert f"  {NAME}\nHere it is.\n[{LABEL['name']}] {house.url}/files/label" in copy
    assert "  You\nWhere is my parcel?" in copy


def test_markup_that_a_person_writes_is_shown_not_run(chat: Page, house: House) -> None:
    house.says("<img src=x onerror=alert(1)>", {**LABEL, "name": "<b>bold</b>.pdf"})

    expect(chat.locator(".message-agent")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(chat.locator(".file")).to_contain_text("<b>bold</b>.pdf")
    assert 0 == chat.locator(".message img, .message b").count()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (1280, 800)])
@pytest.mark.parametrize(("scheme", "locale"), [("light", "en"), ("dark", "de")])
def test_it_fits_and_axe_finds_nothing(
    browser: Browser, house: House, width: int, height: int, scheme: Any, locale: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    begin(page, house, locale)
    house.belongs_to("queue")
    expect(page.locator(".with")).not_to_be_empty()
    assert [] == violations(page)
    house.belongs_to("agent")
    house.says(HELLO, PICTURE)
    house.says("", LABEL)
    house.says("Anything else?")
    expect(page.locator(".message-agent")).to_have_count(3)
    house.writes()
    expect(page.locator(".typing")).to_have_count(1)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [] == violations(page)
    context.close()
