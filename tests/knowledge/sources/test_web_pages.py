"""Pages and sitemaps: each page becomes an article, with the links between them and the address it had."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from knowledge.article_text import ArticleError
from knowledge.sources import sitemap
from knowledge.sources.fetching import Fetcher
from knowledge.sources.naming import category_key, id_of_page, slug
from knowledge.sources.opening import Reading, open_urls
from tests.knowledge.sources.reading import all_of, opened
from tests.knowledge.sources.web import Site

PAGE = '<html lang="en"><main><h1>{title}</h1><p>{text} is said at some length.</p></main></html>'
XML = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def page(site: Site, path: str, title: str, text: str = "This") -> str:
    return site.put(path, PAGE.format(title=title, text=text))


def entries(*urls: str) -> str:
    return "".join(f"<url><loc> {url} </loc><lastmod>2024-01-01</lastmod></url>" for url in urls)


def test_the_pages_of_a_sitemap_become_articles(tmp_path: Path, site: Site) -> None:
    one = page(site, "/help/en/returns.html", "Returns", '<a href="../en/refunds?x=1#top">Refunds</a>')
    two = page(site, "/help/en/refunds?x=1", "Refunds")
    site.put("/sitemap.xml", XML.format(entries(one, two, "https://elsewhere.example/x")), "application/xml")
    first, second = (found.text for found in all_of(opened([f"{site.address}/sitemap.xml"], tmp_path)))
    assert first is not None
    assert ("help/returns", "en", "Returns", "general") == (first.id, first.locale, first.title, first.category)
    assert "[Refunds](article:help/refunds/x-1) is said at some length." == first.body
    assert ("/help/en/returns.html",) == first.aliases
    assert second is not None
    assert ("help/refunds/x-1", ()) == (second.id, second.aliases)


def test_a_packed_index_of_sitemaps_is_followed(tmp_path: Path, site: Site) -> None:
    site.put("/a.xml.gz", gzip.compress(XML.format(entries(page(site, "/a", "A"))).encode()), "application/x-gzip")
    index = f"<sitemapindex><sitemap><loc>{site.address}/a.xml.gz</loc></sitemap></sitemapindex>"
    site.put("/index.xml", index, "text/xml")
    assert ["a"] == [one.text.id for one in all_of(opened([f"{site.address}/index.xml"], tmp_path)) if one.text]


def test_a_page_that_moved_is_found_under_both_addresses(tmp_path: Path, site: Site) -> None:
    page(site, "/new", "New")
    [found] = all_of(opened([site.lead("/old", "/new", 301)], tmp_path))
    assert found.text is not None
    assert ("old", ("/old", "/new")) == (found.text.id, found.text.aliases)


def test_a_bad_page_is_named_with_its_reason_and_the_rest_is_taken(tmp_path: Path, site: Site) -> None:
    site.put("/fr", PAGE.format(title="F", text="x").replace('"en"', '"fr"'))
    site.put("/file.pdf", b"%PDF", "application/pdf")
    urls = [page(site, "/a", "A"), *(f"{site.address}{path}" for path in ("/gone", "/fr", "/file.pdf"))]
    found = all_of(opened([*urls, ""], tmp_path))
    assert ["a"] == [one.text.id for one in found if one.text]
    assert [f"{site.address}/gone answered with status 404.", "It is written in 'fr'"] == [
        str(found[1].problem),
        str(found[2].problem).partition(";")[0],
    ]
    assert "is application/pdf" in str(found[3].problem)


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
ENTITY = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'


@pytest.mark.parametrize(
    "content", [LAUGHS, ENTITY, "<urlset", "", "\x00\x01", "<!DOCTYPE html><html><body>x</html>", b"\x1f\x8bgarbage"]
)
def test_a_sitemap_cant_unpack_to_more_than_it_says(tmp_path: Path, site: Site, content: str | bytes) -> None:
    site.put("/sitemap.xml", content, "application/xml")
    with pytest.raises(ArticleError, match="is not a sitemap that can be read"):
        opened([f"{site.address}/sitemap.xml"], tmp_path)


def test_a_packed_sitemap_cant_fill_the_memory(tmp_path: Path, site: Site) -> None:
    site.put("/sitemap.xml", gzip.compress(b" " * 50_000_000), "application/xml")
    with pytest.raises(ArticleError, match="too large"):
        opened([f"{site.address}/sitemap.xml"], tmp_path)


def test_sitemaps_that_name_each_other_end(tmp_path: Path, site: Site) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.address}/index.xml</loc></sitemap></sitemapindex>"
    site.put("/index.xml", index, "text/xml")
    with pytest.raises(ArticleError, match="name others again"):
        opened([f"{site.address}/index.xml"], tmp_path)


def test_more_pages_than_one_import_may_have_are_refused(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 3)
    site.put("/s.xml", XML.format(entries(*(f"{site.address}/{number}" for number in range(4)))), "text/xml")
    with pytest.raises(ArticleError, match="more than 3 addresses"):
        opened([f"{site.address}/s.xml"], tmp_path)


@pytest.mark.parametrize("lines", [[], ["", " "], ["not an address"], ["file:///etc/passwd"]])
def test_what_is_no_address_is_said(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(ArticleError, match=r"no address in it|is not the address of a page"):
        opened(lines, tmp_path)


def test_a_sitemap_cant_lead_into_the_own_network(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="is not an address of the public web"):
        open_urls(["http://192.168.0.1/sitemap.xml"], Reading(tmp_path, Fetcher()))


@pytest.mark.parametrize(
    ("url", "article_id"),
    [
        ("https://a.example/", "home"),
        ("https://a.example/de/", "home"),
        ("https://a.example/en-us/Returns_and%20Refunds.html", "returns-and-refunds"),
        ("https://a.example/hc/en-us/articles/360012-Return", "zendesk-360012"),
        ("https://a.example/de/articles/6871119-ruckgabe", "intercom-6871119"),
        ("https://a.example/x?id=5", "x/id-5"),
    ],
)
def test_a_page_has_the_same_id_whenever_it_is_imported(url: str, article_id: str) -> None:
    assert article_id == id_of_page(url)


def test_names_become_keys() -> None:
    assert ("rueckgabe-strasse-cafe", "") == (slug(" Rückgabe & Straße: Café! "), slug("日本"))
    assert 64 >= len(category_key("x y " * 50))
