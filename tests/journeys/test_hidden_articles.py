"""Drafts and articles for staff alone can't be reached by customers, whichever door they try.

Each door is tried with an article for staff, one that customers could read once, and a draft; and, so that it is known
that the door is open at all, with an article that everybody may read.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from channels.phone.simulator import TwilioSimulator
from channels.short_links import short_path
from db import Database, utc_now
from knowledge.article_text import ArticleText, checked
from knowledge.drafts import fields_of, save_draft
from knowledge.embedding import load_embedder
from knowledge.help.reading import ArticleRead
from knowledge.library import Knowledge
from tests.conftest import MODELS, demo_copy
from tests.journeys.test_two_processes import Page
from tests.phone import ACCOUNT_SID, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, running_simulator
from tests.ports import free_port
from tests.server import Server

SECRET, FORMER, PUBLIC = "Quaggawald", "Okapiwiese", "Lamahof"
"""Words that stand in every field of what is hidden, in what was public once, and in what is public."""
ASKED = "How do I groom a {animal} with a curry comb?"
READS = 5_000


@dataclass(frozen=True)
class Case:
    id: str
    animal: str


HIDDEN = (Case("zebra-goodwill", "zebra"), Case("giraffe-care", "giraffe"), Case("hippo-bath", "hippo"))
"""For staff; public once, and then for staff; a draft."""
OPEN = Case("llama-care", "llama")
LINKER = Case("keepers-reading", "walrus")
"""A public article that links to all the others."""


def text(case: Case, word: str, **more: object) -> ArticleText:
    fields = {
        "id": case.id,
        "locale": "en",
        "title": f"Grooming a {case.animal} at {word}",
        "short_answer": f"At {word} a {case.animal} is groomed with a curry comb every day.",
        "body": f"Every {case.animal} at {word} has its own curry comb.\n\n## Days\n\nIt takes two days at {word}.",
        "category": "animals",
        "tags": [word.lower()],
        "questions": [ASKED.format(animal=case.animal), f"What is {word}?"],
        "aliases": [f"/old/{case.id}"],
    }
    return checked(**{**fields, **more})  # type: ignore[arg-type]


@dataclass
class House:
    server: Server
    simulator: TwilioSimulator
    short: dict[str, str]
    """By article, its short address."""


@pytest.fixture(scope="module")
def house(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, simulated = tmp_path_factory.mktemp("hidden"), free_port()
    server = demo_copy(
        demo_template,
        folder,
        REST_TOKEN="token",
        TWILIO_ACCOUNT_SID=ACCOUNT_SID,
        TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        TWILIO_API_URL=f"http://127.0.0.1:{simulated}/phone/twilio",
        SMS_NUMBERS=SMS_NUMBER,
        WHATSAPP_NUMBERS=WHATSAPP_NUMBER,
    )
    database = Database(f"sqlite:///{folder / 'handrail.db'}")
    short = stock(database)
    database.close()
    with running_simulator(server.url, port=simulated) as simulator:
        server.start()
        yield House(server, simulator, short)
        server.stop()


def stock(database: Database) -> dict[str, str]:
    internal, former, draft = HIDDEN
    knowledge = Knowledge(database, load_embedder("multilingual-e5-small+all-MiniLM-L6-v2", MODELS))
    links = " ".join(f"[](article:{case.id}), [this](article:{case.id}#days)." for case in (*HIDDEN, OPEN))
    linker = text(LINKER, PUBLIC, body=f"Whoever keeps a walrus reads {links}")
    knowledge.publish(text(OPEN, PUBLIC), linker, text(former, FORMER, title="Grooming a giraffe"))
    knowledge.publish(text(internal, SECRET, internal=True), text(former, SECRET, internal=True))
    with database.transaction() as session:
        save_draft(session, draft.id, "en", fields_of(text(draft, SECRET)))
        session.flush()
        for case in (*HIDDEN, OPEN):
            session.add(ArticleRead(article_id=case.id, locale="en", day=utc_now().date(), reads=READS))
    return {case.id: short_path(database, f"/help/en/articles/{case.id}") for case in (*HIDDEN, OPEN)}


def get(house: House, path: str, form: bytes | None = None) -> str:
    """What a customer reads there, wherever they are led."""
    headers = {"User-Agent": "Mozilla/5.0", "Accept": "text/html"}
    request = urllib.request.Request(f"{house.server.url}{path}", form, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.geturl() + answer.read().decode()
    except urllib.error.HTTPError as refused:
        return str(refused.read().decode())


def listed(path: str) -> Callable[[House, Case], str]:
    """A page on which an article may be named without being asked for: its id must not stand there either."""
    return lambda house, case: get(house, path.format(id=case.id, asked=quote(ASKED.format(animal=case.animal))))


def rest(house: House, message: str) -> str:
    body = {"sender": f"customer-{time.monotonic_ns()}", "message": message}
    headers = {"Content-Type": "application/json", "Authorization": "Bearer token"}
    address = f"{house.server.url}/webhooks/rest/webhook"
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answered:
        return str(answered.read().decode())


def over_rest(house: House, case: Case) -> str:
    return rest(house, ASKED.format(animal=case.animal))


def chosen(house: House, case: Case) -> str:
    """The button of a choice, as the widget would send it."""
    return rest(house, "/chooses_option" + json.dumps({"option": case.id}))


def while_reading(house: House, case: Case) -> str:
    """A page says that the article is open, and asks for what stands in it."""
    page = Page(house.server)
    try:
        message = ASKED.format(animal=case.animal)
        body = {"session_id": page.session, "message": message, "customData": {"reading": case.id}}
        page._socket.call("user_uttered", body, timeout=60)
        return json.dumps(page.wait_for("bot_uttered"))
    finally:
        page.close()


_numbers = count(4_000_000)


def by_phone(to: str, channel: str) -> Callable[[House, Case], str]:
    def ask(house: House, case: Case) -> str:
        phone = house.simulator.phone(f"+49171{next(_numbers)}", "Anna")
        phone.send(to, ASKED.format(animal=case.animal), channel)  # type: ignore[arg-type]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if said := [one.body for one in phone.messages if not one.is_inbound]:
                house.simulator.settle(10)
                return "\n".join(said)
            time.sleep(0.05)
        raise AssertionError("Nothing was answered.")

    return ask


Door = Callable[[House, Case], str]
NAMING: dict[str, Door] = {
    "page": listed("/help/en/articles/{id}"),
    "page in the other language": listed("/help/de/articles/{id}"),
    "JSON": listed("/help/en/articles/{id}.json"),
    "old address": listed("/help/en/{id}"),
    "alias": listed("/old/{id}"),
    "short link": lambda house, case: get(house, house.short[case.id]),
    "choice": chosen,
    "reading": while_reading,
    "verdict": lambda house, case: get(house, f"/help/en/feedback/{case.id}", b"helped=yes"),
}
"""Doors at which one names the article."""
LISTING: dict[str, Door] = {
    "search": listed("/help/en/search?q={asked}"),
    "suggestions": listed("/help/en/suggest?q={asked}"),
    "suggestions by half a title": listed("/help/en/suggest?q=Grooming+a"),
    "suggestions in the other language": listed("/help/de/suggest?q={asked}"),
    "category": listed("/help/en/categories/animals"),
    "home, with what is popular": listed("/help/en/"),
    "chat, with what is popular": listed("/chat?locale=en"),
    "related": listed(f"/help/en/articles/{OPEN.id}"),
    "related, as JSON": listed(f"/help/en/articles/{OPEN.id}.json"),
    "links": listed(f"/help/en/articles/{LINKER.id}"),
    "links, as JSON": listed(f"/help/en/articles/{LINKER.id}.json"),
    "links, said by the bot": lambda house, _case: rest(house, "What does somebody read who keeps a walrus?"),
    "site map": listed("/sitemap.xml"),
    "feed": listed("/help/en/feed.xml"),
    "bot": over_rest,
    "SMS": by_phone(SMS_NUMBER, "sms"),
    "WhatsApp": by_phone(WHATSAPP_NUMBER, "whatsapp"),
}
"""Doors at which articles are found or named by themselves."""


@pytest.mark.parametrize("door", [*NAMING, *LISTING])
def test_every_door_leads_to_what_everybody_may_read(house: House, door: str) -> None:
    said = (NAMING | LISTING)[door](house, OPEN)
    assert PUBLIC in said or OPEN.id in said


@pytest.mark.parametrize("case", HIDDEN, ids=["for staff", "public once", "draft"])
@pytest.mark.parametrize("door", NAMING)
def test_a_customer_who_names_a_hidden_article_cant_read_it(house: House, door: str, case: Case) -> None:
    said = NAMING[door](house, case)
    assert [] == [word for word in (SECRET, FORMER) if word.lower() in said.lower()]


@pytest.mark.parametrize("door", LISTING)
def test_a_hidden_article_cant_be_found(house: House, door: str) -> None:
    for case in HIDDEN:
        said = LISTING[door](house, case)
        assert [] == [word for word in (SECRET, FORMER, case.id) if word.lower() in said.lower()]


@pytest.mark.parametrize("path", ["/desk/articles/en/{id}", "/editor/articles/en/{id}", "/editor/history/en/{id}"])
def test_the_pages_of_staff_cant_be_read_without_signing_in(house: House, path: str) -> None:
    for case in HIDDEN:
        said = get(house, path.format(id=case.id))
        assert "/staff/sign-in" in said
        assert SECRET not in said
