"""What programs read of the help centre: articles as JSON, feed, site map, robots, pictures."""

from __future__ import annotations

from xml.etree import ElementTree

from flask.testing import FlaskClient

from knowledge.help.centre import HelpCentre
from tests.knowledge.help.roof import client_of
from tests.knowledge.shop import article

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_an_article_as_json_can_be_shown_on_any_site(shop: HelpCentre) -> None:
    body = "## Label\n\nSee [the bench](article:bench-fn-204518)."
    shop.knowledge.publish(article(body=body))
    answered = client_of(shop).get("/help/en/articles/return-an-item.json", headers={"Origin": "https://a.example"})
    data = answered.get_json()

    assert "*" == answered.headers["Access-Control-Allow-Origin"]
    assert {"id", "locale", "title", "short_answer", "html", "url", "updated", "category", "related"} == data.keys()
    assert "/help/en/articles/return-an-item" == data["url"]
    assert '<a href="/help/en/articles/bench-fn-204518"' in data["html"]
    assert 'class="anchor"' not in data["html"]
    assert [{"id", "title", "url"}] == [set(one) for one in data["related"]]
    again = client_of(shop).get(
        "/help/en/articles/return-an-item.json", headers={"If-None-Match": answered.headers["ETag"]}
    )
    assert 304 == again.status_code


def test_json_of_what_is_not_there_is_an_error_or_the_other_language(client: FlaskClient) -> None:
    missing = client.get("/help/en/articles/nothing.json")
    other = client.get("/help/de/articles/bench-fn-204518.json")

    assert (404, ["error"]) == (missing.status_code, list(missing.get_json()))
    assert (302, "/help/en/articles/bench-fn-204518.json") == (other.status_code, other.location)
    assert "*" == other.headers["Access-Control-Allow-Origin"]


def test_the_feed_holds_what_changed_last_and_is_well_formed(shop: HelpCentre) -> None:
    shop.knowledge.publish(article(id="new", title="<New> & \uffff odd", short_answer="]]> & <b>"))
    answered = client_of(shop).get("/help/en/feed.xml")
    feed = ElementTree.fromstring(answered.text)

    assert "application/atom+xml" in answered.headers["Content-Type"]
    assert "<New> &  odd" == feed.findall(f"{ATOM}entry")[0].findtext(f"{ATOM}title")
    assert "]]> & <b>" == feed.findall(f"{ATOM}entry")[0].findtext(f"{ATOM}summary")
    assert feed.findtext(f"{ATOM}updated") == feed.findall(f"{ATOM}entry")[0].findtext(f"{ATOM}updated")


def test_the_site_map_names_every_page_with_its_other_language(client: FlaskClient) -> None:
    pages = ElementTree.fromstring(client.get("/sitemap.xml").text)
    found = {url.findtext(f"{SITEMAP}loc"): url for url in pages}

    assert {
        "http://localhost/help/en/",
        "http://localhost/help/de/",
        "http://localhost/help/en/categories/returns",
        "http://localhost/help/de/categories/returns",
        "http://localhost/help/en/categories/products",
        "http://localhost/help/en/articles/return-an-item",
        "http://localhost/help/de/articles/return-an-item",
        "http://localhost/help/en/articles/bench-fn-204518",
    } == found.keys()
    alternates = [link.get("href") for link in found["http://localhost/help/de/articles/return-an-item"][2:]]
    assert found["http://localhost/help/de/articles/return-an-item"].findtext(f"{SITEMAP}lastmod")
    assert {one for one in found if one and one.endswith("return-an-item")} == set(alternates)


def test_robots_are_shown_the_site_map(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text

    assert "Sitemap: http://localhost/sitemap.xml" in robots
    assert "Disallow: /help/en/suggest" in robots


def test_what_shows_with_no_picture_of_that_name_is_not_there(client: FlaskClient) -> None:
    for name in ("x.png", "0" * 64 + ".png", "0" * 64 + ".svg", "..%2f..%2fetc%2fpasswd"):
        assert 404 == client.get(f"/help/pictures/{name}").status_code
