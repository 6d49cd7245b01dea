"""The preview shows what customers will see, and nothing that is written can run in it."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from knowledge.editor.preview.marks import shown
from knowledge.library import Knowledge
from knowledge.pictures import Size
from staff.people import User
from tests.knowledge.editor.at_work import Workplace, open_workplace
from tests.knowledge.shop import BENCH, RETURNS, RETURNS_DE, article
from tests.staff import csrf_token, edda, mira

DOOR = "/editor/api/preview/en/return-an-item"


@pytest.fixture
def at_work(sqlite_knowledge: Knowledge) -> Workplace:
    sqlite_knowledge.publish(article(RETURNS), article(RETURNS_DE), article(BENCH))
    return open_workplace(sqlite_knowledge)


@pytest.fixture
def writer(at_work: Workplace) -> User:
    return edda(at_work.knowledge.database)


def preview(at_work: Workplace, writer: User, path: str = DOOR, **fields: Any) -> Any:
    return at_work.post(writer, path, json={"fields": fields}).json


def test_what_is_not_saved_is_shown_as_the_help_centre_shows_it(at_work: Workplace, writer: User) -> None:
    body = "## One\n\n> [!TIP]\n> Keep it.\n\n## Two\n\nSee [](article:bench-fn-204518).\n\n## Three\n\nx"
    page = preview(at_work, writer, title="New title", short_answer="In short.", body=body)["page"]

    assert "<h1>New title</h1>" in page
    assert "<p>In short.</p>" in page
    assert '<nav class="toc"' in page
    assert 'class="callout callout-tip"' in page
    assert '<a target="_blank" rel="noopener" href="/help/en/articles/bench-fn-204518"' in page
    assert '<a class="anchor" href="#section-one"' in page
    assert "<script" not in page
    assert "Return an item" == at_work.knowledge.snapshot.articles["return-an-item", "en"].title


def test_every_channel_is_shown_with_its_own_form(at_work: Workplace, writer: User) -> None:
    tabs = preview(at_work, writer, short_answer="Within 30 days.", body="## Label\n\nPrint **it** “now”.")["tabs"]

    assert "Within 30 days." in tabs["widget"]
    assert "Print <strong>it</strong>" in tabs["widget"]
    assert "<strong>Return an item</strong>" in tabs["whatsapp"]
    assert 'class="address">http' in tabs["whatsapp"]
    assert "1 segment" in tabs["sms"]
    assert "of 160 characters · GSM-7" in tabs["sms"]
    assert all("Label" in tabs[channel] for channel in ("whatsapp", "sms"))


def test_a_picture_of_the_draft_is_shown_to_whoever_writes(at_work: Workplace, writer: User) -> None:
    knowledge = at_work.knowledge
    with knowledge.database.transaction() as session:
        name = knowledge.pictures.keep(session, b"x", "png", Size(30, 20), "x")
    given = preview(at_work, writer, body=f"![A label](picture:{name})")

    for html in (given["page"], given["tabs"]["widget"]):
        assert f'<img src="/editor/pictures/{name}" alt="A label" width="30" height="20"' in html


def test_what_customers_would_notice_is_said(at_work: Workplace, writer: User) -> None:
    notices = preview(at_work, writer, body=f"[x](article:nowhere)\n\n![](picture:{64 * 'a'}.png)")["notices"]

    assert [
        "The link to “nowhere” leads nowhere: there is no such live article. Customers see its text without a link.",
        "One picture has no alternative text. That is right only if it is decoration.",
        "The picture aaaaaaaaaaaa… is not there. Customers see its alternative text instead.",
    ] == notices


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b onmouseover=alert(1)>x</b>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<iframe src='https://evil.example'></iframe>",
        "<style>*{display:none}</style>",
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        "<form action=https://evil.example><input name=q></form>",
        "<base href=https://evil.example>",
        "</div></main><object data=x>",
        "`</code><script>alert(1)</script>`",
        "{{ config }} {% raw %}",
    ],
)
def test_nothing_that_is_written_can_run_in_the_preview(at_work: Workplace, writer: User, attack: str) -> None:
    given = preview(at_work, writer, title=attack, short_answer=attack, body=f"{attack}\n\n## {attack}\n\n{attack}")

    for html in (given["page"], *given["tabs"].values()):
        tags = html.replace("&lt;", "")
        for bad in (
            "<script",
            "<iframe",
            "<style",
            "<object",
            "<base",
            "onerror=alert(1)>",
            'href="javascript:',
            'href="data:',
        ):
            assert bad not in tags
        assert '<meta http-equiv="refresh"' not in tags
        assert 'action="https://evil' not in tags
        assert "<b onmouseover" not in tags
        assert "<img src=x" not in tags


def test_brackets_twenty_thousand_deep_are_shown_quickly(at_work: Workplace, writer: User) -> None:
    began = process_time()
    preview(at_work, writer, body=20_000 * "[", short_answer=300 * "*")

    assert process_time() - began < 10


def test_what_is_no_text_is_refused_with_a_sentence(at_work: Workplace, writer: User) -> None:
    for fields in (None, [], "x", {"body": 3}, {"nope": "x"}, {"body": 1_000_001 * "x"}):
        answer = at_work.post(writer, DOOR, json={"fields": fields})
        assert (answer.status_code in (413, 422), True) == (True, bool(answer.json["error"]))
    assert 404 == at_work.post(writer, "/editor/api/preview/en/nowhere", json={"fields": {}}).status_code
    assert 422 == at_work.post(writer, DOOR, data="no JSON").status_code


def test_a_draft_cant_be_previewed_by_others(at_work: Workplace) -> None:
    agent = mira(at_work.knowledge.database)

    assert 403 == at_work.post(agent, DOOR, json={"fields": {}}).status_code
    assert 400 == at_work.customer.post(DOOR, json={"fields": {}}).status_code
    assert 403 == at_work.client(agent).get("/editor/api/articles?q=return").status_code


def test_without_a_script_a_page_shows_all_four(at_work: Workplace, writer: User) -> None:
    client = at_work.client(writer)
    form = {"csrf_token": csrf_token(client, "/staff/account"), "title": 'A "quoted" <b>title</b>', "body": "Text."}
    page = client.post("/editor/preview/en/return-an-item", data=form).text

    assert (
        'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" srcdoc="&lt;!doctype html&gt;' in page
    )
    assert all(f"<h2>{name}</h2>" in page for name in ("Help centre", "Widget", "WhatsApp", "SMS"))
    assert "allow-scripts" not in page
    assert "<b>title" not in page


def test_an_article_to_link_to_is_found_by_the_same_engine(at_work: Workplace, writer: User) -> None:
    client = at_work.client(writer)

    def found(query: str, locale: str = "en") -> list[str]:
        return [
            one["id"] for one in client.get("/editor/api/articles", query_string={"q": query, "locale": locale}).json
        ]

    assert "return-an-item" == found("how do I send something back")[0]
    assert ["bench-fn-204518"] == found("bench")
    assert ["return-an-item"] == found("", "de")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _slanted_ ~gone~", "<strong>bold</strong> <em>slanted</em> <s>gone</s>"),
        ("2*3*4 a_b_c", "2*3*4 a_b_c"),
        ("```a *b* <c>```", "<code>a *b* &lt;c&gt;</code>"),
        ("*<script>*", "<strong>&lt;script&gt;</strong>"),
        ("https://a.example/_x_.", '<span class="address">https://a.example/_x</span>_.'),
    ],
)
def test_whatsapps_marks_are_shown_as_a_phone_shows_them(text: str, html: str) -> None:
    assert html == str(shown(text))
