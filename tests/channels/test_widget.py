"""What the widget is told, by whom it may be shown, and what its pages pass on with a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Served, wire_web
from channels.conversation import CUSTOMER, Message
from channels.webchat.words import PAGE, REFUSED
from db import Database
from tests.cast import echo
from tests.channels.test_webchat import Page

SHOP = "https://shop.example"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    return Settings(
        company="Fennimor",
        allowed_origins=(SHOP,),
        logo=logo,
        greeting_de="Servus!",
        brand_color="#ffd000",
        widget_side="left",
    )


@pytest.fixture
def served(settings: Settings, sqlite_database: Database) -> Iterator[Served]:
    served = wire_web(settings, sqlite_database, echo, best_articles=lambda locale: [{"id": "a", "locale": locale}])
    yield served
    served.stop()


def test_an_allowed_site_is_told_all_that_the_widget_needs(served: Served) -> None:
    answer = served.app.test_client().get("/widget/config?locale=de-AT", headers={"Origin": SHOP})

    assert SHOP == answer.headers["Access-Control-Allow-Origin"]
    config = answer.json
    assert config is not None
    assert ("Fennimor", "de", "left", "Servus!") == (
        config["company"],
        config["locale"],
        config["side"],
        config["words"]["greeting"],
    )
    assert [{"id": "a", "locale": "de"}] == config["best"]
    assert "--brand: #ffd000" in config["brand_css"]


def test_every_file_the_widget_is_told_of_is_there_for_any_site(served: Served) -> None:
    client = served.app.test_client()
    config = client.get("/widget/config").json
    assert config is not None
    for address in (*config["styles"], config["app"], config["logo"], "/widget.js"):
        answer = client.get(address, buffered=True)
        assert 200 == answer.status_code, address
        assert "cross-origin" == answer.headers["Cross-Origin-Resource-Policy"]
    assert "immutable" in client.get(config["app"], buffered=True).headers["Cache-Control"]
    old = client.get(config["app"].replace("/assets/", "/assets/old"), buffered=True)
    assert "immutable" not in old.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "address", ["/assets/x/chat/../views.py", "/assets/x/app/settings.py", "/assets/x/chat/none.js"]
)
def test_no_other_file_is_served(served: Served, address: str) -> None:
    assert 404 == served.app.test_client().get(address).status_code


def test_a_site_that_is_not_allowed_is_told_so_in_words(served: Served) -> None:
    answer = served.app.test_client().get("/widget/config?locale=en", headers={"Origin": "https://evil.example"})

    assert 403 == answer.status_code
    assert "https://evil.example may not show this chat" in (answer.json or {})["error"]
    assert "https://evil.example" == answer.headers["Access-Control-Allow-Origin"]  # so that its console can show it


def test_a_colour_from_the_address_is_a_colour_or_nothing(served: Served) -> None:
    client = served.app.test_client()
    red = client.get("/widget/config", query_string={"color": "#ff0000"}).json or {}
    evil = client.get("/widget/config", query_string={"color": "#ff0000; } * { display: none"}).json or {}

    assert "--brand: #ff0000" in red["brand_css"]
    assert "display" not in evil["brand_css"]
    assert "--brand: #ffd000" in evil["brand_css"]


def test_a_drawing_as_logo_runs_nothing(served: Served) -> None:
    client = served.app.test_client()
    answer = client.get((client.get("/widget/config").json or {})["logo"])

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_pages_are_framed_by_nobody(served: Served) -> None:
    answer = served.app.test_client().get("/chat")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def said(database: Database) -> list[Message]:
    with database.reading() as session:
        return list(session.scalars(select(Message).filter_by(author=CUSTOMER)).all())


def test_where_the_customer_was_is_kept_without_what_may_be_private(served: Served, sqlite_database: Database) -> None:
    page = {"url": "https://me:secret@shop.example/basket?token=secret#secret", "title": "Basket", "reading": "refunds"}
    Page(served).say("hello", customData=page)

    [message] = said(sqlite_database)
    assert {"reading": "refunds", "page": {"url": "https://shop.example/basket", "title": "Basket"}} == message.extra


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://[", 5, None, "x" * 5000, "//shop.example"])
def test_an_address_that_is_none_is_left_out(served: Served, sqlite_database: Database, url: object) -> None:
    assert Page(served).say("hello", customData={"url": url, "title": "x"})["ok"]
    assert {} == said(sqlite_database)[0].extra


def test_a_standing_button_is_shown_by_its_name(served: Served, sqlite_database: Database) -> None:
    Page(served).say("/wants_person", customData={"locale": "de"})

    [message] = said(sqlite_database)
    assert ("Mit einem Menschen sprechen", "/wants_person") == (message.text, message.payload)


def test_where_consent_is_needed_no_message_is_taken_without_it(sqlite_database: Database) -> None:
    served = wire_web(Settings(privacy_consent=True), sqlite_database, echo)
    page = Page(served)
    refused = page.say("hello")
    assert (False, "consent") == (refused["ok"], refused["reason"])
    assert "agree" in refused["error"]
    assert "consent" == page.say("hello", customData={"consent": "yes"})["reason"]  # only a plain true is one
    assert [] == said(sqlite_database)

    assert page.say("hello", customData={"consent": True})["ok"]
    assert {"consent": True} == said(sqlite_database)[0].extra
    served.stop()


def test_a_script_in_a_name_is_shown_not_run(sqlite_database: Database) -> None:
    served = wire_web(Settings(company="<script>alert(1)</script>"), sqlite_database, echo)
    client = served.app.test_client()
    for page in ("/chat", "/nothing-here"):
        assert "<script>alert" not in client.get(page, headers={"Accept": "text/html"}).text
    served.stop()


def test_both_languages_have_the_same_words() -> None:
    assert set(PAGE["en"]) == set(PAGE["de"])
    assert set(REFUSED["en"]) == set(REFUSED["de"])


@pytest.mark.usefixtures("one_moment")
def test_the_rate_limit_says_so_and_lets_the_message_come_again(sqlite_database: Database) -> None:
    served = wire_web(replace(Settings(), visitor_rate="2/minute"), sqlite_database, echo)
    page = Page(served)
    answers = [page.say(f"message {number}", message_id=str(number)) for number in range(4)]
    served.stop()

    assert [True, True, False, False] == [answer["ok"] for answer in answers]
    assert "wait a moment" in answers[-1]["error"]
    assert 2 == len(said(sqlite_database))


@pytest.mark.parametrize(("wanted", "locale"), [("", "de"), ("fr", "de"), ("fr, en-GB;q=0.5", "en"), ("de-AT", "de")])
def test_a_page_speaks_the_readers_language_or_the_companys(
    sqlite_database: Database, wanted: str, locale: str
) -> None:
    served = wire_web(Settings(default_locale="de"), sqlite_database, echo)
    page = served.app.test_client().get("/chat", headers={"Accept-Language": wanted})
    served.stop()

    assert f'<html lang="{locale}">' in page.text
