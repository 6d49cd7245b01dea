"""Whatever stands in an article, an address, a query or a form: nothing of it runs, and nobody frames the pages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from knowledge.categories import Category, CategoryText, store_categories
from knowledge.help.centre import HelpCentre
from tests.knowledge.help.roof import client_of
from tests.knowledge.shop import article

SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
LINKS = {"href", "src", "action", "formaction", "content"}
FORBIDDEN = {"style", "iframe", "object", "embed", "base", "applet", "math", "foreignobject"}


class Harm(HTMLParser):
    """What in a page could run: a browser's view of it, not a pattern's."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        ours = named.get("type") == "application/ld+json" or (named.get("src") or "").startswith(
            ("/assets/", "/widget.js")
        )
        if tag in FORBIDDEN or (tag == "script" and not ours):
            self.found.append(tag)
        for name, value in attrs:
            runs = name in LINKS and (value or "").strip().lower().startswith(("javascript:", "data:", "vbscript:"))
            if runs or name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")


def harm(page: str) -> list[str]:
    return Harm(page).found


@pytest.fixture
def attacked(shop: HelpCentre) -> FlaskClient:
    """An article and a topic with script wherever text can stand."""
    texts = {"title": SCRIPT, "short_answer": SCRIPT, "body": f"# {SCRIPT}\n\n## {SCRIPT}\n\n### {SCRIPT}\n\n{SCRIPT}"}
    shop.knowledge.publish(article(**texts, id="attack", tags=[SCRIPT[:60]], questions=[SCRIPT], category="attack"))
    with shop.database.transaction() as session:
        store_categories(session, [Category("attack", "box", {"en": CategoryText(SCRIPT[:60], SCRIPT)})])
    shop.knowledge.refresh()
    return client_of(shop)


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/",
        "/help/en/categories/attack",
        "/help/en/articles/attack",
        "/help/en/articles/attack?feedback=00000000-0000-0000-0000-000000000000",
        "/help/en/search?q=script+alert+onerror+svg",
        "/help/en/feed.xml",
        "/sitemap.xml",
    ],
)
def test_script_in_an_article_or_topic_cant_run_on_any_page(attacked: FlaskClient, path: str) -> None:
    answered = attacked.get(path)

    assert 200 == answered.status_code
    assert [] == harm(answered.text)


def test_article_text_cant_leave_the_data_that_search_engines_read(attacked: FlaskClient) -> None:
    for path in ("/help/en/categories/attack", "/help/en/articles/attack"):
        page = attacked.get(path).text
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        assert 2 == len(blocks)
        assert SCRIPT[:100] in json.dumps([json.loads(block) for block in blocks], ensure_ascii=False).replace(
            '\\"', '"'
        )


def test_the_json_of_an_article_holds_no_markup_that_runs(attacked: FlaskClient) -> None:
    data = attacked.get("/help/en/articles/attack.json")

    assert "application/json" in data.headers["Content-Type"]
    assert [] == harm(data.get_json()["html"])
    assert "nosniff" == data.headers["X-Content-Type-Options"]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_script_in_a_query_cant_run(client: FlaskClient, locale: str) -> None:
    for query in (
        SCRIPT,
        "</title><script>alert(1)</script>",
        '" autofocus onfocus=alert(1) x="',
        "javascript:alert(1)",
    ):
        page = client.get(f"/help/{locale}/search", query_string={"q": query, "from": query}).text
        assert [] == harm(page), query


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/<script>alert(1)</script>",
        "/help/<script>alert(1)<script>/",
        '/help/en/articles/"><script>alert(1)</script>',
        "/help/en/categories/<img src=x onerror=alert(1)>",
        "/help/en/articles/return-an-item?from=<script>alert(1)</script>&feedback=<script>alert(1)</script>",
        "/help/de/articles/bench-fn-204518?from=javascript:alert(1)",
    ],
)
def test_script_in_an_address_cant_run(client: FlaskClient, path: str) -> None:
    answered = client.get(path, follow_redirects=True)

    assert answered.status_code in (200, 404)
    assert [] == harm(answered.text)


def test_script_in_feedback_cant_run(client: FlaskClient) -> None:
    answered = client.post(
        "/help/en/feedback/return-an-item", data={"id": SCRIPT, "reason": SCRIPT, "comment": SCRIPT * 20}
    )

    assert 400 == answered.status_code
    assert [] == harm(answered.text)


@pytest.mark.parametrize("path", ["/help/en/", "/help/en/articles/return-an-item", "/help/en/search?q=x", "/nothing"])
def test_no_page_can_be_framed_or_run_what_is_not_ours(client: FlaskClient, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]

    for part in (
        "frame-ancestors 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "default-src 'none'",
        "base-uri 'none'",
    ):
        assert part in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/help/en//evil.example", "/help/en/articles//evil.example", "/help/en/%2F%2Fevil.example"]
)
def test_no_address_leads_to_another_site(client: FlaskClient, path: str) -> None:
    answered = client.get(path)

    assert not (answered.location or "").startswith(("//", "http://evil", "https://"))


def test_what_would_run_is_seen_by_these_tests() -> None:
    for page in ('<a onclick="x">', "<script>x</script>", "<p style=x>", "<a href=' JavaScript:x'>", "<iframe src=/x>"):
        assert harm(page), page
