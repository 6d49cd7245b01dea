"""Searching the help centre: by meaning, half typed, misspelt, and with anything else that gets into a search box."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from knowledge.help.centre import HelpCentre
from knowledge.help.marking import best_sentence, marked, telling_words
from knowledge.help.searches import SearchRecord
from tests.knowledge.help.roof import client_of
from tests.knowledge.shop import RETURNS, article


def ids(centre: HelpCentre, query: str, locale: str = "en") -> list[str]:
    return [result.article.id for result in centre.search(query, locale, "home", f"of {query}").results]


def suggested(centre: HelpCentre, typed: str, locale: str = "en") -> list[str]:
    return [result.article.id for result in centre.suggest(typed, locale, f"of {typed}")]


@pytest.mark.parametrize(
    ("query", "locale", "first"),
    [
        ("retrun window", "en", "return-window"),
        ("E05", "en", "error-e05-pump"),
        ("warranty", "en", "warranty-terms"),
        ("how do I send it back", "en", "return-an-item"),
        ("Garantie", "de", "warranty-terms"),
        ("Wie lange habe ich Zeit, etwas zurückzugeben?", "de", "return-window"),
        ("descal", "en", "descale-machine"),
    ],
)
def test_what_is_meant_comes_first(demo: HelpCentre, query: str, locale: str, first: str) -> None:
    assert first == ids(demo, query, locale)[0]


@pytest.mark.parametrize(("query", "locale"), [("oatmeal cookies", "en"), ("Haferkekse", "de"), ("pizza", "en")])
def test_what_no_article_knows_finds_nothing(demo: HelpCentre, query: str, locale: str) -> None:
    assert [] == ids(demo, query, locale)
    assert [] == suggested(demo, query, locale)


def test_where_nothing_is_found_articles_that_say_some_of_the_words_are_near(demo: HelpCentre) -> None:
    near = [article.id for article in demo.search("engraving", "en", "home", "anna").near]
    assert "return-window" in near
    assert () == demo.search("oatmeal cookies", "en", "home", "anna").near


@pytest.mark.parametrize(
    ("typed", "locale", "among_first_three"),
    [
        ("retu", "en", "return-an-item"),
        ("how do i desc", "en", "descale-machine"),
        ("passw", "en", "reset-password"),
        ("e0", "en", "error-codes"),
        ("rückg", "de", "return-window"),
        ("ruckg", "de", "return-window"),
        ("frist", "de", "return-window"),
        ("when will i get my money", "en", "refund-time"),
    ],
)
def test_half_typed_words_are_enough(demo: HelpCentre, typed: str, locale: str, among_first_three: str) -> None:
    assert among_first_three in suggested(demo, typed, locale)[:3]


def test_the_sentence_that_fits_is_shown_with_its_words_marked(demo: HelpCentre) -> None:
    [first, *_] = demo.search("can i use vinegar instead", "en", "home", "anna").results

    assert "descale-machine" == first.article.id
    assert "vinegar" in [piece.text.lower() for piece in first.answer_pieces if piece.is_marked]
    assert "can" not in [piece.text.lower() for piece in first.answer_pieces if piece.is_marked]


def test_a_sentence_is_cut_between_words_and_a_question_is_not_preferred(shop: HelpCentre) -> None:
    snapshot = shop.catalogue.snapshot
    words = telling_words(snapshot, "label", "en")

    assert "Print the label from your order." == best_sentence(
        "A label?\nPrint the label from your order.", words, "en"
    )
    assert best_sentence("word " * 100, words, "en").endswith("word…")
    assert [("Labels", True), (" & <b>", False)] == [(p.text, p.is_marked) for p in marked("Labels & <b>", words, "en")]
    assert "" == best_sentence(" \n ", words, "en")


def records(centre: HelpCentre) -> list[SearchRecord]:
    with centre.database.reading() as session:
        return list(session.scalars(select(SearchRecord).order_by(SearchRecord.id)))


def test_searches_are_kept_for_the_editors_with_where_they_came_from(shop: HelpCentre) -> None:
    client = client_of(shop)
    client.get("/help/en/search?q=send+it+back&from=home")
    client.get("/help/en/search?q=quantum+physics&from=%3Cscript%3E")
    client.get("/help/en/search?q=")
    client.get("/help/en/search?q=bench", headers={"User-Agent": "Googlebot/2.1"})
    found, missing = records(shop)

    assert ("en", "send it back", "home") == (found.locale, found.query, found.origin)
    assert found.results > 0
    assert ("en", "quantum physics", 0, "other") == (missing.locale, missing.query, missing.results, missing.origin)


def test_nothing_found_offers_the_chat_with_the_question(shop: HelpCentre) -> None:
    page = client_of(shop).get("/help/en/search?q=quantum+physics+%26+%22more%22").text

    assert "Nothing in our articles fits “quantum physics &amp; &#34;more&#34;”" in page
    assert 'href="/chat?locale=en&amp;q=quantum%20physics%20%26%20%22more%22"' in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "What are you looking for?"),
        ("   \t\n", "What are you looking for?"),
        ("\x00\x01\x1b", "What are you looking for?"),
        ("x" * 5000, "That was too long for a search."),
        ("?!…", "Nothing in our articles fits"),
        ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "Nothing in our articles fits"),
        ("' OR 1=1 --", ""),
        ("a" * 500, "Nothing in our articles fits"),
    ],
)
def test_anything_in_the_search_box_gets_a_sentence(client: FlaskClient, query: str, sentence: str) -> None:
    for locale in ("en", "de"):
        answered = client.get(f"/help/{locale}/search", query_string={"q": query})
        assert 200 == answered.status_code
        assert locale == "de" or sentence in answered.text
        assert isinstance(client.get(f"/help/{locale}/suggest", query_string={"q": query}).get_json(), list)


def test_bytes_that_are_no_text_get_a_page_too(client: FlaskClient, shop: HelpCentre) -> None:
    assert 200 == client.get("/help/en/search?q=%ff%fe%00send%20back").status_code
    assert "\ufffd" not in records(shop)[0].query


@pytest.mark.usefixtures("one_moment")
def test_a_network_address_cant_flood_the_search(client: FlaskClient, shop: HelpCentre) -> None:
    answered = [client.get(f"/help/en/search?q=bench+{number}") for number in range(62)]

    assert [200] * 60 + [429] * 2 == [each.status_code for each in answered]
    assert "wait a minute" in answered[-1].text
    assert 60 == len(records(shop))


def test_suggestions_are_for_every_site_and_few(demo: HelpCentre) -> None:
    client = client_of(demo)
    answered = client.get("/help/en/suggest?q=return", headers={"Origin": "https://shop.example"})
    found: list[dict[str, Any]] = answered.get_json()

    assert ("*", "public, max-age=60") == (
        answered.headers["Access-Control-Allow-Origin"], answered.headers["Cache-Control"],
    )  # fmt: skip
    assert 1 < len(found) <= 6
    assert {"id", "title", "url", "category", "sentence"} == found[0].keys()
    assert "/help/en/articles/return-an-item" in [one["url"] for one in found]
    assert "Returns and refunds" == found[0]["category"]


def test_a_withdrawn_article_is_suggested_no_more(shop: HelpCentre) -> None:
    shop.knowledge.publish(article(RETURNS, id="gone", title="Zebra crossing"))
    assert ["gone"] == suggested(shop, "zebr")
    shop.knowledge.withdraw("gone", "en")

    assert "gone" not in suggested(shop, "zebr")
