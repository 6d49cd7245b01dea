"""Links between articles by id: they follow what articles are called, and lead no customer where none may go."""

from __future__ import annotations

from time import process_time

import pytest
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from channels.formatting import as_plain, as_whatsapp
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from knowledge.linking import Target, linked, linked_articles
from knowledge.noticing import Notice, notices_of
from knowledge.rendering import render, render_html
from tests.knowledge.help.roof import client_of
from tests.knowledge.shop import BENCH, RETURNS, RETURNS_DE, article

SEE = "See [how to return](article:return-an-item#Label) or [](article:return-an-item)."


@pytest.fixture
def client(sqlite_knowledge: Knowledge) -> FlaskClient:
    sqlite_knowledge.publish(article(RETURNS), article(RETURNS_DE), article(BENCH, body=SEE))
    return client_of(HelpCentre(sqlite_knowledge, MemoryStorage()))


def page(client: FlaskClient, article_id: str = "bench-fn-204518") -> str:
    return str(client.get(f"/help/en/articles/{article_id}.json").json["html"])


def test_a_link_leads_to_the_article_and_its_heading_and_is_called_as_that_is_called_now(
    client: FlaskClient, sqlite_knowledge: Knowledge
) -> None:
    assert '<a href="/help/en/articles/return-an-item#section-label"' in page(client)
    assert ">Return an item</a>." in page(client)

    sqlite_knowledge.publish(article(RETURNS, title="Send it back", category="service"))
    assert ">Send it back</a>." in page(client)
    assert 'id="section-label"' in page(client, "return-an-item")


def test_where_an_article_is_not_there_in_the_readers_language_the_other_one_is_linked(
    client: FlaskClient, sqlite_knowledge: Knowledge
) -> None:
    sqlite_knowledge.withdraw("return-an-item", "en")

    assert '<a href="/help/de/articles/return-an-item"' in page(client)
    assert ">Einen Artikel zurückschicken</a>" in page(client)


@pytest.mark.parametrize("how", ["internal", "withdrawn"])
def test_a_customer_cant_be_led_to_what_is_not_for_them(
    client: FlaskClient, sqlite_knowledge: Knowledge, how: str
) -> None:
    for each in (RETURNS, RETURNS_DE):
        if how == "internal":
            sqlite_knowledge.publish(article(each, internal=True))
        else:
            sqlite_knowledge.withdraw("return-an-item", str(each["locale"]))

    for shown in (page(client), client.get("/help/en/articles/bench-fn-204518").text):
        assert "See how to return or ." in shown
        assert "/articles/return-an-item" not in shown
        assert "Return an item" not in shown


def test_in_a_text_message_the_address_is_written_out() -> None:
    def link(path: str) -> str:
        return f"https://help.example{path}"

    written = "how to return (https://help.example/help/en/articles/return-an-item#section-label)"
    assert written in as_plain(SEE, link, "en")
    assert written in as_whatsapp(SEE, link, "en")


def test_the_bot_says_the_title_where_a_link_has_no_other_text(
    client: FlaskClient, sqlite_knowledge: Knowledge
) -> None:
    texts = [one.text for one in sqlite_knowledge.snapshot.passages if one.article_id == "bench-fn-204518"]

    assert "See how to return or Return an item." in texts


@pytest.mark.parametrize(
    "name",
    [
        "../../admin",
        "..%2f..%2fadmin",
        "",
        "%00",
        "a%0Ab",
        "x.json",
        "//evil.example",
        "javascript:alert(1)",
        "%22%20onclick=%22alert(1)",
        "a" * 300,
    ],
)
def test_an_id_cant_lead_elsewhere(name: str) -> None:
    html = render_html(f"[x](article:{name})", "en")

    assert "onclick=" not in html.replace("%20onclick%3D", "")
    assert '<a href="/help/en/articles/' in html or "<a" not in html
    assert "/.." not in html


def test_a_title_cant_bring_markup_into_another_article() -> None:
    html = render(
        "[](article:x)", "en", find=lambda _: Target("/help/en/articles/x", "<img src=x onerror=alert(1)>")
    ).html

    assert "<img" not in html
    assert "&lt;img" in html


def test_a_picture_in_a_link_that_leads_nowhere_is_still_there() -> None:
    html = render(
        "[![x](https://a.example/1.png) [y]](article:gone) [z](https://a.example)", "en", find=lambda _: None
    ).html

    assert 1 == html.count('<a href="https://a.example"')
    assert "gone" not in html


def test_brackets_twenty_thousand_deep_are_read_quickly() -> None:
    began = process_time()
    for text in (
        "[" * 20_000,
        "[]" * 10_000,
        "![" * 10_000,
        "[a](article:" * 3_200,
        "> " * 10_000,
        "[](article:x) " * 1_400,
    ):
        render_html(text, "en")
        list(linked_articles(text))
    assert process_time() - began < 10


def test_what_an_editor_should_know_is_named(client: FlaskClient, sqlite_knowledge: Knowledge) -> None:
    sqlite_knowledge.publish(article(RETURNS, id="for-us", internal=True), article(RETURNS_DE, id="nur-deutsch"))
    body = (
        "[a](article:return-an-item) [b](article:nur-deutsch) [c](article:for-us) [d](article:nowhere) "
        "[e](article:nowhere)"
        f"\n\n![](picture:{64 * '0'}.png)\n\n`[f](article:in-code)`"
    )
    with sqlite_knowledge.database.reading() as session:
        found = notices_of(session, sqlite_knowledge, body, "en")

    name = f"{64 * '0'}.png"
    assert [
        Notice("elsewhere", "nur-deutsch"),
        Notice("internal", "for-us"),
        Notice("not_live", "nowhere"),
        Notice("silent_picture", name),
        Notice("missing_picture", name),
    ] == found


def test_an_id_with_signs_of_addresses_is_understood() -> None:
    assert ("a#b/c d", "") == linked("article:a%23b/c%20d")
    assert ("größe", "maß") == linked("article:gr%C3%B6%C3%9Fe#ma%C3%9F")
    assert linked("https://a.example") is None
