"""The help centre's pages: what they show, where they lead, and what they tell search engines."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from knowledge.categories import Category, CategoryText, store_categories
from knowledge.help import centre as centre_module
from knowledge.help.centre import HelpCentre
from knowledge.help.reading import ArticleRead, count_read
from knowledge.help.words import WORDS
from tests.knowledge.help.roof import SETTINGS, client_of
from tests.knowledge.shop import BENCH, RETURNS, article


def structured(page: str) -> dict[str, Any]:
    """What a page says in JSON-LD, by kind."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return {block["@type"]: block for block in map(json.loads, blocks)}


def test_the_front_door_leads_to_the_help_centre_in_the_visitors_language(client: FlaskClient) -> None:
    for door in ("/", "/help", "/help/"):
        german = client.get(door, headers={"Accept-Language": "de-AT,en;q=0.5"}, follow_redirects=True)
        assert ("/help/de/", 200) == (german.request.path, german.status_code)
    assert "/help/en/" == client.get("/", headers={"Accept-Language": "fr"}).location
    assert "Accept-Language" in client.get("/").headers["Vary"]


def test_home_shows_search_topics_and_articles(client: FlaskClient) -> None:
    page = client.get("/help/en/").text

    assert page.index('name="q"') < page.index("Returns") < page.index("Popular articles")
    assert 'href="/help/en/categories/returns"' in page
    assert 'href="/help/en/articles/return-an-item"' in page
    assert 'hreflang="de" href="http://localhost/help/de/"' in page
    assert "SearchAction" == structured(page)["WebSite"]["potentialAction"]["@type"]


def test_topics_stand_in_the_order_of_their_entries_and_those_without_one_after_them(shop: HelpCentre) -> None:
    shop.knowledge.publish(article(BENCH, id="chair", category="chair-repair"))
    entry = Category("products", "box", {"en": CategoryText("Our <products>", "What we make.")})
    with shop.database.transaction() as session:
        store_categories(session, [Category("empty", "box"), entry])
    shop.knowledge.refresh()
    page = client_of(shop).get("/help/en/").text

    names = re.findall(r"<h3>(.*?)</h3>", page)
    assert ["Our &lt;products&gt;", "Chair repair", "Returns"] == names


def test_a_topic_lists_its_articles_and_says_so_to_search_engines(client: FlaskClient) -> None:
    page = client.get("/help/en/categories/returns")
    data = structured(page.text)

    assert "You can send an item back within 30 days." in page.text
    assert "Return an item" == data["FAQPage"]["mainEntity"][0]["name"]
    assert ["Help", "Returns"] == [crumb["name"] for crumb in data["BreadcrumbList"]["itemListElement"]]
    assert 200 == client.get("/help/de/categories/products").status_code  # German readers see that it is empty
    assert 404 == client.get("/help/en/categories/nothing").status_code


def test_a_long_topic_has_several_pages_and_an_article_only_its_neighbours(shop: HelpCentre) -> None:
    many = [article(BENCH, id=f"b{number:02}", title=f"Bench {number:02}", category="benches") for number in range(41)]
    shop.knowledge.publish(*many)
    client = client_of(shop)
    first, last = client.get("/help/en/categories/benches").text, client.get("/help/en/categories/benches?page=9").text

    assert ("Page 1 of 2" in first, "Bench 39" in first, "Bench 40" in first) == (True, True, False)
    assert ("Page 2 of 2" in last, "Bench 39" in last, "Bench 40" in last) == (True, False, True)
    for page in ("0", "-1", "x", "9" * 99):
        assert 200 == client.get(f"/help/en/categories/benches?page={page}").status_code
    side = re.search(r'<nav class="help-side".*?</nav>', client.get("/help/en/articles/b40").text, re.S)
    assert side
    assert 16 == side[0].count("Bench ")


def test_an_article_says_what_it_is_and_where_it_stands(client: FlaskClient) -> None:
    page = client.get("/help/en/articles/return-an-item").text
    data = structured(page)

    assert '<link rel="canonical" href="http://localhost/help/en/articles/return-an-item">' in page
    assert '<link rel="alternate" hreflang="de" href="http://localhost/help/de/articles/return-an-item">' in page
    assert '<meta name="description" content="You can send an item back within 30 days.">' in page
    assert '<meta property="og:type" content="article">' in page
    assert ("Return an item", "en") == (data["Article"]["headline"], data["Article"]["inLanguage"])
    assert 3 == len(data["BreadcrumbList"]["itemListElement"])
    assert '<a href="/help/de/articles/return-an-item" lang="de" hreflang="de">' in page


def test_the_address_of_the_setting_is_the_one_that_is_told(shop: HelpCentre) -> None:
    page = client_of(shop, replace(SETTINGS, public_url="https://help.example")).get("/help/en/articles/return-an-item")

    assert 'rel="canonical" href="https://help.example/help/en/articles/return-an-item"' in page.text
    assert "http://localhost" not in page.text


def test_a_table_of_contents_stands_where_there_are_three_headings(shop: HelpCentre) -> None:
    shop.knowledge.publish(article(id="two", body="## A\n\n## B"), article(id="three", body="## A\n\n## B\n\n### B 1"))
    client = client_of(shop)

    assert 'class="toc"' not in client.get("/help/en/articles/two").text
    assert 'href="#section-b-1">B 1</a>' in client.get("/help/en/articles/three").text


def test_an_article_in_the_other_language_only_is_shown_there_with_a_notice(client: FlaskClient) -> None:
    answered = client.get("/help/de/articles/bench-fn-204518")
    page = client.get(answered.location).text

    assert (302, "/help/en/articles/bench-fn-204518?from=de") == (answered.status_code, answered.location)
    assert '<p class="notice" lang="de">' in page
    assert "Diesen Artikel gibt es nur auf Englisch." in page
    assert "Deutsch</a>" in page  # and the way to the German home


def test_old_addresses_of_articles_lead_to_the_new_ones(client: FlaskClient) -> None:
    for locale in ("en", "de"):
        answered = client.get(f"/help/{locale}/return-an-item")
        assert (301, f"/help/{locale}/articles/return-an-item") == (answered.status_code, answered.location)
    assert 404 == client.get("/help/en/no-such-article").status_code


def test_aliases_lead_to_the_article_from_anywhere_unless_something_else_is_there(shop: HelpCentre) -> None:
    old = ["/hc/en-us/articles/360012-Rückgabe", "/help/en/articles/old-name", "/health", "/help/fr/x"]
    shop.knowledge.publish(article(aliases=old))
    client = client_of(shop)

    for path in ("/hc/en-us/articles/360012-R%C3%BCckgabe/", "/HC/en-us/articles/360012-rückgabe", *old[1:2], old[3]):
        answered = client.get(path)
        assert (301, "/help/en/articles/return-an-item") == (answered.status_code, answered.location), path
    assert 200 == client.get("/health").status_code
    shop.knowledge.withdraw("return-an-item", "en")
    assert 404 == client.get(old[0]).status_code


def test_a_withdrawn_article_is_gone_and_a_draft_was_never_there(shop: HelpCentre) -> None:
    shop.knowledge.publish(article(BENCH, id="bench-two", title="Assemble the bench FN-204519"))
    shop.knowledge.withdraw("bench-two", "en")
    shop.knowledge.save_draft(article(id="secret-plans", title="Secret plans"))
    client = client_of(shop)
    gone = client.get("/help/en/articles/bench-two")

    assert 410 == gone.status_code
    assert "was taken down" in gone.text
    assert "/help/en/articles/bench-fn-204518" in gone.text
    assert 404 == client.get("/help/en/articles/secret-plans").status_code


def test_a_page_that_is_not_there_offers_the_search_in_the_readers_language(client: FlaskClient) -> None:
    for path, language in (("/help/de/articles/x", "en"), ("/nothing", "de"), ("/help/fr/", "de")):
        answered = client.get(path, headers={"Accept-Language": language})
        assert 404 == answered.status_code
        assert "Diese Seite gibt es hier nicht" in answered.text
        assert 'name="q"' in answered.text
    as_json = client.get("/nothing", headers={"Accept": "application/json"})
    assert (404, ["error"]) == (as_json.status_code, list(as_json.get_json()))


def test_what_is_published_shows_at_once(shop: HelpCentre) -> None:
    client = client_of(shop)
    client.get("/help/en/articles/return-an-item")
    shop.knowledge.publish(article(title="Send it back", body="By post."))
    page = client.get("/help/en/articles/return-an-item").text

    assert "<h1>Send it back</h1>" in page
    assert "<p>By post.</p>" in page
    assert "Send it back" in client.get("/help/en/").text


def test_what_is_read_most_is_popular(shop: HelpCentre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centre_module, "POPULAR_SECONDS", 0)
    now = datetime(2026, 11, 16, tzinfo=timezone.utc)
    assert ["bench-fn-204518", "return-an-item"] == [one.id for one in shop.popular("en", now)]  # by topic
    for article_id, reads, days_ago in (
        ("return-an-item", 2, 1),
        ("bench-fn-204518", 1, 2),
        ("bench-fn-204518", 9, 40),
    ):
        for _ in range(reads):
            count_read(shop.database, article_id, "en", now - timedelta(days=days_ago))

    assert ["return-an-item", "bench-fn-204518"] == [one.id for one in shop.popular("en", now)]
    shop.knowledge.withdraw("return-an-item", "en")
    assert ["bench-fn-204518"] == [one.id for one in shop.popular("en", now)]


def reads(centre: HelpCentre) -> int:
    with centre.database.reading() as session:
        return sum(session.scalars(select(ArticleRead.reads)))


def test_readers_are_counted_and_programs_are_not(shop: HelpCentre) -> None:
    client = client_of(shop)
    address = "/help/en/articles/return-an-item"
    for headers in ({"User-Agent": "Googlebot/2.1"}, {"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}):
        client.get(address, headers=headers).close()
    client.head(address).close()
    client.get(f"{address}?feedback=thanks").close()
    assert 0 == reads(shop)
    for _ in range(9):
        client.get(address, headers={"User-Agent": "Mozilla/5.0"}).close()

    assert 5 == reads(shop)  # the same reader, five times an hour at most


def test_both_languages_say_the_same() -> None:
    assert WORDS["en"].keys() == WORDS["de"].keys()
    for key, english in WORDS["en"].items():
        assert re.findall(r"{\w+}", english) == re.findall(r"{\w+}", WORDS["de"][key]), key


def test_an_empty_help_centre_says_so(sqlite_database: Any, embedder: Any) -> None:
    from limits.storage import MemoryStorage

    from knowledge.library import Knowledge

    client = client_of(HelpCentre(Knowledge(sqlite_database, embedder), MemoryStorage()))
    assert "There is nothing here in English yet." in client.get("/help/en/").text
    assert 200 == client.get("/help/de/search?q=Rückgabe").status_code
    assert [] == client.get("/help/en/suggest?q=return").get_json()
    assert 200 == client.get("/help/en/feed.xml").status_code


@pytest.mark.parametrize("id", ["About/Why us?.md", "50 % off", "ü", "a&b=c", "search", "x.js"])
def test_an_article_of_any_id_has_its_page(shop: HelpCentre, id: str) -> None:
    shop.knowledge.publish(article(id=id, title="Odd", category=RETURNS["category"]))
    found = shop.article(id, "en")
    assert found is not None
    client = client_of(shop)

    assert "<h1>Odd</h1>" in client.get(found.url).text
    assert id == client.get(f"{found.url}.json").get_json()["id"]
    assert 303 == client.post(found.url.replace("/articles/", "/feedback/"), data={"helped": "yes"}).status_code
