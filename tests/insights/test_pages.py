"""Pages of figures: who reads them, what is chosen by the address, and the way down to the conversations."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from channels.conversation import Conversation, Event, agent
from db import utc_now
from insights.facts.refreshing import refresh
from insights.numbers.all import BY_KEY, NUMBERS
from insights.numbers.number import Measured
from insights.pages import saying
from insights.pages.asked import asked_in
from insights.pages.exporting import _plain, _written
from insights.surveys.survey import Survey
from knowledge.articles import Article
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import record_search
from tests.insights.reading import Page, text_of
from tests.insights.told import Told
from tests.staff import ada, client_of, edda, mira, susanne

PAGES = ("overview", "now", "effort", "comments", "self-service", "people", "knowledge", "conversations", "definitions")


def ago(days: float = 0, minutes: float = 0) -> datetime:
    return utc_now() - timedelta(days=days, minutes=minutes)


@pytest.fixture
def supervisor(app: Flask, told: Told) -> FlaskClient:
    return client_of(app, told.database, susanne(told.database))


def figure(page: str, key: str) -> str:
    """What a page shows as a figure's value."""
    shown = page.partition(f'id="figure-{key}"')[2].partition("</li>")[0]
    value = re.search(r'class="figure-value[^"]*">(?:<a [^>]*>)?([^<]*)', shown)
    return value[1].replace("\u00a0", " ") if value else ""


def counted(told: Told) -> None:
    refresh(told.database, utc_now())


@pytest.mark.parametrize("name", PAGES)
def test_supervisors_and_admins_read_all_pages_before_anything_happened(told: Told, app: Flask, name: str) -> None:
    for user in (susanne(told.database), ada(told.database)):
        assert 200 == client_of(app, told.database, user).get(f"/insights/{name}").status_code


def test_editors_read_what_concerns_articles_and_agents_nothing(told: Told, app: Flask) -> None:
    editor, agent = (client_of(app, told.database, user(told.database)) for user in (edda, mira))
    open_to_editors = {name for name in PAGES if editor.get(f"/insights/{name}").status_code == 200}

    assert {"knowledge", "definitions"} == open_to_editors
    assert "/insights/knowledge" == editor.get("/insights/").location
    assert {403} == {
        agent.get(f"/insights/{name}").status_code for name in (*PAGES, "figures.csv", "conversations.csv")
    }
    assert 302 == app.test_client().get("/insights/overview").status_code


def test_a_score_moves_the_figure_and_stands_behind_it(told: Told, supervisor: FlaskClient) -> None:
    one, two = told.says("anna", "Can I return it?", ago(2)), told.says("ben", "Can I return it?", ago(2))
    told.scores(one, 7, ago(1))
    counted(told)
    before = supervisor.get("/insights/effort").text

    told.scores(two, 2, ago(1))
    counted(told)
    supervisor.application.extensions["insights"].look_again()
    after = supervisor.get("/insights/effort").text

    assert ("7.00", "4.50") == (figure(before, "ces"), figure(after, "ces"))
    behind = supervisor.get("/insights/conversations?figure=ces").text
    assert all(f"/desk/all/{conversation}" in behind for conversation in (one, two))
    low = supervisor.get("/insights/conversations?figure=ease&part=missed").text
    assert f"/desk/all/{two}" in low
    assert f"/desk/all/{one}" not in low
    assert 200 == supervisor.get(f"/desk/all/{two}").status_code


def test_from_the_values_of_a_chart_one_comes_to_the_conversations_behind_them(
    told: Told, supervisor: FlaskClient
) -> None:
    low, high = told.says("anna", "Can I return it?", ago(40)), told.says("ben", "Can I return it?", ago(2))
    told.scores(low, 2, ago(39))
    told.scores(high, 7, ago(1))
    counted(told)

    page = Page(supervisor.get("/insights/effort?days=90&channel=web").text)

    spread, trend = (
        [str(link["href"]) for link in page.soup.select(f"figure:has(#{key}-title) tbody a")]
        for key in ("spread-ces", "trend-ces")
    )
    for chart in (spread, trend):
        behind = [supervisor.get(href).text for href in chart]
        found = [{one for one in (low, high) if f"/desk/all/{one}" in text} for text in behind]
        assert [{low}, {high}] == found
    assert all("channel=web" in href and "figure=ces" in href for href in (*spread, *trend))


def test_of_scores_it_is_said_also_what_nine_in_ten_gave_at_least(told: Told, supervisor: FlaskClient) -> None:
    agent = mira(told.database)
    for number, score in enumerate((1, 5, 7)):
        one = told.says(f"visitor{number}", "A person, please", ago(2))
        told.replies(agent, one, ago(2, -10))
        told.scores(one, score, ago(1))
    counted(told)

    effort, people = (Page(supervisor.get(f"/insights/{page}").text).cards() for page in ("effort", "people"))

    assert (6.6, 1.8) == (effort["ces"].p90.number, effort["ces"].p10.number)  # type: ignore[union-attr]
    assert (None, 600) == (people["first_reply_clock"].p10, people["first_reply_clock"].p90.number)  # type: ignore[union-attr]


def test_behind_a_figure_each_conversation_says_what_it_began_with(told: Told, supervisor: FlaskClient) -> None:
    one = told.says("anna", "Where is my <i>parcel</i>?", ago(2))
    two = told.says("ben", f"Can I return it? {'Really. ' * 40}", ago(2))
    counted(told)

    page = Page(supervisor.get("/insights/conversations").text)

    words = {
        str(row.select_one("a")["href"]): text_of(row.select_one(".first-words"))
        for row in page.soup.select("tbody tr")
    }  # type: ignore[index]
    assert "Where is my <i>parcel</i>?" == words[f"/desk/all/{one}"]
    assert words[f"/desk/all/{two}"].startswith("Can I return it? Really.")
    assert words[f"/desk/all/{two}"].endswith(" …")


def test_behind_the_effort_a_score_stands_once(told: Told, supervisor: FlaskClient) -> None:
    told.scores(told.says("anna", "Can I return it?", ago(2)), 6, ago(1))
    counted(told)

    page = Page(supervisor.get("/insights/conversations?figure=ces").text)

    heads = [text_of(head) for head in page.soup.select("table.listed thead th")]
    assert "Score" in heads
    assert "Customer effort (CES)" not in heads


def test_the_address_says_which_conversations(told: Told, supervisor: FlaskClient) -> None:
    web = told.says("anna", "Can I return it?", ago(2))
    sms = told.says("+491511234567", "Where is my parcel?", ago(3), channel="sms", locale="de")
    old = told.says("carla", "Can I return it?", ago(40))
    counted(told)

    def found(query: str) -> set[str]:
        page = supervisor.get(f"/insights/conversations?{query}").text
        return {one for one in (web, sms, old) if f"/desk/all/{one}" in page}

    assert {web, sms} == found("") == found("days=nonsense&channel=fax&score=99&since=never&until=2026-13-99")
    assert {web} == found("channel=web")
    assert {sms} == found("locale=de") == found("topic=delivery") == found("article=track-order")
    assert {web, sms, old} == found("days=90") == found("days=90&team=-")
    assert set() == found("topic=unheard-of")
    day = ago(40).date()
    assert {old} == found(f"since={day - timedelta(days=1)}&until={day + timedelta(days=1)}")
    assert "Take away: Article" in supervisor.get("/insights/conversations?article=track-order").text


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("days=today", "2026-03-31", "2026-03-31"),
        ("days=yesterday", "2026-03-30", "2026-03-30"),
        ("days=7", "2026-03-25", "2026-03-31"),
        ("", "2026-03-04", "2026-03-31"),
        ("days=month", "2026-03-01", "2026-03-31"),
        ("days=last_month", "2026-02-01", "2026-02-28"),
        ("since=2026-03-20", "2026-03-20", "2026-03-31"),
        ("since=2026-01-02&until=2026-01-05", "2026-01-02", "2026-01-05"),
        # Of a form, in which both stand, what was changed.
        ("days=7&shown=&since=2026-01-02&until=2026-01-05", "2026-03-25", "2026-03-31"),
        ("days=28&shown=28&since=2026-01-02&until=2026-01-05", "2026-01-02", "2026-01-05"),
        ("days=&shown=28&since=2026-01-02&until=2026-01-05", "2026-01-02", "2026-01-05"),
    ],
)
def test_a_period_is_named_or_goes_from_one_day_to_another(query: str, first: str, last: str) -> None:
    asked = asked_in(dict(parse_qsl(query, keep_blank_values=True)), date(2026, 3, 31), "Europe/Berlin")
    assert (first, last) == (asked.period.first.isoformat(), asked.period.last.isoformat())
    assert () == asked.misread
    assert asked.period == asked_in(asked.query, date(2026, 3, 31), "Europe/Berlin").period


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("since=2026-03-05&until=2026-03-01", "Period"),
        ("since=2001-01-01&until=2026-01-01", "Period"),
        ("until=2026-03-01", "Period"),
        ("days=nonsense", "Period"),
        ("channel=fax&score=12", "Channel, Score"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(supervisor: FlaskClient, query: str, named: str) -> None:
    page = supervisor.get(f"/insights/overview?{query}").text
    assert f"Left out, for it makes no sense: {named}." in page


def test_what_a_form_sends_leads_to_a_short_address_that_means_the_same(supervisor: FlaskClient) -> None:
    sent = "days=28&shown=7&channel=sms&locale=&team=&topic=&since=&until="
    assert "/insights/overview?channel=sms" == supervisor.get(f"/insights/overview?{sent}").location
    assert "/insights/knowledge" == supervisor.get("/insights/knowledge?days=28&shown=7").location
    behind = supervisor.get(f"/insights/conversations?figure=ease&part=met&page=3&{sent}").location
    assert "/insights/conversations?channel=sms&figure=ease&part=met" == behind


def test_the_table_behind_a_figure_holds_the_same_conversations(told: Told, supervisor: FlaskClient) -> None:
    easy, hard = told.says("anna", "Can I return it?", ago(2)), told.says("ben", "Can I return it?", ago(2))
    told.says("carla", "Can I return it?", ago(2))
    told.scores(easy, 7, ago(1))
    told.scores(hard, 1, ago(1))
    counted(told)

    page = supervisor.get("/insights/conversations?figure=ease&part=missed").text
    path = re.search(r'href="(/insights/conversations\.csv[^"]*)"', page)
    assert path
    rows = csv.DictReader(io.StringIO(supervisor.get(unescape(path[1])).text.lstrip("\ufeff")))
    assert [hard] == [row["conversation_id"] for row in rows]


def test_articles_are_of_no_channel_and_the_page_says_so(told: Told, supervisor: FlaskClient) -> None:
    told.says("anna", "Can I return it?", ago(2))
    told.says("+491511234567", "Do you sell bicycles?", ago(2), channel="sms")
    counted(told)
    whole, part = (supervisor.get(f"/insights/knowledge{query}").text for query in ("", "?channel=sms"))
    assert "50%" == figure(whole, "answer_rate") == figure(part, "answer_rate")
    assert "here all are counted" in part
    assert "here all are counted" not in whole
    assert "channel=sms" in part.partition("figure-places")[2].partition("</nav>")[0]


@pytest.mark.parametrize(("locale", "compared"), [("en", "compared with"), ("de", "verglichen mit")])
def test_only_pages_that_compare_say_that_they_do(told: Told, app: Flask, locale: str, compared: str) -> None:
    user = susanne(told.database)
    told.corrects(type(user), {"locale": locale}, id=user.id)
    client = client_of(app, told.database, user)

    forms = {
        name: re.search(r'<p class="soft small">([^<]*)</p>', client.get(f"/insights/{name}").text) for name in PAGES
    }

    told_ones = {name for name, form in forms.items() if form and compared in form[1]}
    assert {"overview", "effort", "self-service", "people", "knowledge"} == told_ones
    zone = "Days of Europe/Berlin." if locale == "en" else "Tage in Europe/Berlin."
    assert all(form[1].endswith(zone) for name, form in forms.items() if form and name in ("comments", "conversations"))
    assert forms["comments"]
    assert forms["conversations"]


def test_a_period_that_is_not_over_says_so(supervisor: FlaskClient) -> None:
    for query, is_running in (("", True), ("days=today", True), ("days=yesterday", False), ("days=last_month", False)):
        assert is_running == ("Today counts as far as" in supervisor.get(f"/insights/overview?{query}").text)
    assert "Today counts as far as" not in supervisor.get("/insights/comments").text


def test_what_is_printed_says_what_was_chosen(told: Told, supervisor: FlaskClient) -> None:
    page = supervisor.get("/insights/effort?channel=sms&locale=de&topic=returns").text
    assert 'figure-printed">Channel: SMS · Language: Deutsch · Topic: returns' in page


@pytest.mark.parametrize("page", ["overview", "knowledge", "conversations", "effort"])
def test_an_address_with_what_no_database_takes_shows_a_page(supervisor: FlaskClient, page: str) -> None:
    for name in ("locale", "team", "topic", "article", "agent", "figure", "part"):
        assert 200 == supervisor.get(f"/insights/{page}?{name}=%00%1b'").status_code, name


def test_a_day_is_one_of_the_companys_own_time(told: Told, supervisor: FlaskClient) -> None:
    night = utc_now().replace(hour=23, minute=30, second=0) - timedelta(days=3)
    told.says("anna", "Can I return it?", night)
    counted(told)
    local = night.date() + timedelta(days=1)

    assert "1" == figure(supervisor.get(f"/insights/overview?since={local}&until={local}").text, "conversations")
    day = night.date()
    assert "Nothing to count yet" in supervisor.get(f"/insights/overview?since={day}&until={day}").text


def test_the_overview_compares_with_the_period_before(told: Told, supervisor: FlaskClient) -> None:
    for number in range(3):
        told.says(f"visitor{number}", "Can I return it?", ago(2))
    for days in (13, 9):
        told.says("anna", "Can I return it?", ago(days))
    counted(told)

    assert "+50% on the period before" in supervisor.get("/insights/overview?days=7").text


def test_people_are_compared_by_team_and_agent(told: Told, supervisor: FlaskClient) -> None:
    agent = mira(told.database)
    one = told.says("anna", "A person, please", ago(2))
    told.replies(agent, one, ago(2, -10))
    counted(told)

    page = supervisor.get("/insights/people").text

    assert "Mira Lindqvist" in page
    assert "Support" in page
    assert "10 min" == figure(page, "first_reply_clock")
    assert "Asked for a person" in supervisor.get("/insights/self-service").text


def test_why_people_are_called_is_a_share_with_its_interval_and_its_conversations(
    told: Told, supervisor: FlaskClient
) -> None:
    mira(told.database)
    handed = [told.says(who, "A person, please", ago(2)) for who in ("anna", "ben")]
    for number in range(6):
        told.says(f"visitor{number}", "Can I return it?", ago(2))
    counted(told)

    table = Page(supervisor.get("/insights/self-service").text).table("Why people were called", "reason")

    assert table
    assert {"asked"} == set(table.rows)
    rate = table.rows["asked"][table.head.index("Share of conversations") - 1]
    assert rate.value
    assert (0.25, 8) == (rate.value.number, rate.n)
    assert rate.low
    page = supervisor.get("/insights/self-service").text
    assert "figure=handoff_rate&amp;part=met&amp;reason=asked" in page
    behind = supervisor.get("/insights/conversations?figure=handoff_rate&part=met&reason=asked").text
    assert "2 conversations" in behind
    assert all(f"/desk/all/{one}" in behind for one in handed)


def test_a_table_that_is_cut_says_so_and_is_shown_whole_when_asked_for(told: Told, supervisor: FlaskClient) -> None:
    for number in range(23):
        one = told.says(f"visitor{number}", "Can I return it?", ago(2))
        told.corrects(Event, {"details": _answered_by(f"article-{number:02}")}, conversation_id=one, kind="turn")
        told.scores(one, 5, ago(1))
    counted(told)
    title = "By article that was said last"

    cut, whole, other = (supervisor.get(f"/insights/effort?{query}").text for query in ("", "all=article", "all=topic"))

    tables = [Page(page).table(title, "article") for page in (cut, whole, other)]
    assert [20, 23, 20] == [len(table.rows) for table in tables if table]
    assert "The 20 with the most conversations, of 23." in cut
    assert "/insights/effort?all=article#by-article" in cut
    assert "The 20 with the most" not in whole
    assert "All 23." in whole


def _answered_by(article: str) -> dict[str, Any]:
    answer = {"kind": "answer", "question": "Can I?", "locale": "en", "category": "returns"}
    return {"intent": "question", "answer": answer, "said": [article]}


def test_now_shows_who_waits_and_what_is_late(told: Told, supervisor: FlaskClient) -> None:
    mira(told.database)
    one = told.says("anna", "A person, please", ago(0, 12))
    asked = told.scores(told.says("ben", "Can I return it?", ago(2)), 1, ago(1))
    told.looks_after(asked, told.last["ben"], ago(1), due_at=ago(0, 30))

    page = supervisor.get("/insights/now").text

    assert re.search(rf'<a href="/desk/waiting/{one}">12\u00a0min</a>', page)
    assert '<a href="/desk/follow-ups?due=late">1 overdue</a>' in page


def test_from_every_figure_of_now_one_comes_to_what_it_counts(told: Told, supervisor: FlaskClient) -> None:
    own = agent(mira(told.database).id)
    waits, late, helped = (told.says(who, "A person, please", ago(0, 12)) for who in ("anna", "ben", "cara"))
    with told.database.transaction() as session:
        team = session.scalars(select(Conversation.team_id).filter_by(id=waits)).one()
        session.execute(update(Conversation).filter_by(id=late).values(reply_due_at=ago(0, 1)))
        session.execute(update(Conversation).filter_by(id=helped).values(owner=own))
    asked = told.scores(told.says("dora", "Can I return it?", ago(2)), 1, ago(1))
    told.looks_after(asked, told.last["dora"], ago(1), due_at=ago(0, 30), team_id=team)

    page = supervisor.get("/insights/now").text

    behind = {
        "/desk/waiting": {waits, late},
        "/desk/all?sla=late": {late},
        "/desk/all?agent=somebody": {helped},
        f"/desk/waiting?team={team}": {waits, late},
        f"/desk/all?sla=late&team={team}": {late},
        f"/desk/all?agent=somebody&team={team}": {helped},
    }
    for address, those in behind.items():
        assert f'href="{escape(address)}"' in page
        listed = supervisor.get(address).text
        assert those == {one for one in (waits, late, helped) if f"/{one}" in listed}
    for address in ("/desk/follow-ups", "/desk/follow-ups?due=late", f"/desk/follow-ups?team={team}"):
        assert f'href="{escape(address)}"' in page
        assert 'class="lane-link"' in supervisor.get(address).text
    for address in ("/desk/follow-ups?team=another", "/desk/follow-ups?team=%00&due=late"):
        found = supervisor.get(address)
        assert 200 == found.status_code
        assert ('class="lane-link"' in found.text) == ("%00" in address)


def test_what_nobody_found_is_listed_and_only_those_who_see_all_open_it(told: Told, app: Flask) -> None:
    one = told.says("anna", "Do you sell <b>bicycles</b>?", ago(1))
    told.says("ben", "Can I return it?", ago(1))
    record_search(told.database, "en", "Trampoline", 0, "home", ago(1))
    counted(told)

    for user, is_link in ((susanne, True), (edda, False)):
        page = client_of(app, told.database, user(told.database)).get("/insights/knowledge").text
        assert "Do you sell &lt;b&gt;bicycles&lt;/b&gt;?" in page
        assert "trampoline" in page
        assert is_link == (f"/desk/all/{one}" in page)
        assert "return-window" in page


def test_of_many_articles_and_searches_it_is_said_how_many_there_are_and_the_rest_is_a_click_away(
    told: Told, app: Flask
) -> None:
    one = told.says("anna", "Can I return it?", ago(2))
    told.scores(one, 5, ago(1))
    with told.database.transaction() as session:
        ids = [f"article-{number:03}" for number in range(102)]
        session.add_all(Article(id=article) for article in ids)
        session.flush()
        for number, article in enumerate(ids, 1):
            session.add(ArticleRead(article_id=article, locale="en", day=ago(1).date(), reads=number))
    for number in range(32):
        record_search(told.database, "de" if number % 2 else "en", f"=word {number:02}", 0, "home", ago(1))
    counted(told)
    editor = client_of(app, told.database, edda(told.database))

    cut, articles, searches, german = (
        editor.get(f"/insights/knowledge?{query}").text
        for query in ("", "all=articles", "all=searches", "locale=de&all=articles")
    )

    def rows(page: str) -> list[int]:
        return [len(Page(page).rows(title)) for title in ("Articles by use", "Searched for in vain")]

    assert [[100, 30], [103, 30], [100, 32], [0, 16]] == [rows(page) for page in (cut, articles, searches, german)]
    assert "The 100 that are used most, of 103." in cut
    assert "The 30 that were searched for most, of 32." in cut
    assert "/insights/knowledge?all=articles#by-articles" in cut
    assert "All 103." in articles
    assert "/insights/knowledge#by-articles" in articles.replace("?#", "#")
    assert "All 32." in searches
    assert "that were searched for most" not in german

    read, sought = (
        list(csv.DictReader(io.StringIO(editor.get(f"/insights/{name}.csv").text.lstrip("\ufeff"))))
        for name in ("articles", "searches")
    )
    assert [103, 32] == [len(read), len(sought)]
    assert ("article-101", "102") == (read[0]["article_id"], read[0]["read"])
    [answered] = [row for row in read if row["article_id"] == "return-window"]
    assert ("1", "5", "1") == (answered["said"], answered["ces"], answered["ces_cases"])
    assert {"words": "'=word 00", "locale": "en", "times": "1"} == sought[0]
    assert 16 == len(editor.get("/insights/searches.csv?locale=de").text.splitlines()) - 1


def test_of_more_questions_than_are_shown_it_is_said_that_these_are_the_newest(
    told: Told, supervisor: FlaskClient
) -> None:
    for number in range(101):
        told.says("anna", f"Do you sell bicycles of {number} inches?", ago(1))
        if number == 0:
            counted(told)
            assert "Only the newest" not in supervisor.get("/insights/knowledge").text
    counted(told)
    supervisor.application.extensions["insights"].look_again()

    page = supervisor.get("/insights/knowledge").text

    assert "Only the newest 100 stand here." in page
    assert 100 == page.count("Do you sell bicycles of ") // 2


def test_every_figure_has_its_definition_one_click_away(told: Told, app: Flask) -> None:
    user = susanne(told.database)
    told.corrects(type(user), {"locale": "de"}, id=user.id)
    told.says("anna", "Can I return it?", ago(5))
    counted(told)
    client = client_of(app, told.database, user)

    page, all_of_them = client.get("/insights/overview").text, client.get("/insights/definitions").text

    assert "Selbst geholfen" in page
    assert page.count("figure-meaning") >= 8
    assert all(f'id="{number.key}"' in all_of_them and number.definition["de"] in all_of_them for number in NUMBERS)


def test_what_customers_said_is_read_with_the_score_and_the_way_to_its_conversation(
    told: Told, supervisor: FlaskClient
) -> None:
    one = told.says("anna", "Can I return it?", ago(3))
    told.scores(one, 2, ago(2), comment="Nobody <b>knew</b>.", commented_at=ago(2))
    two = told.says("+491511234567", "Where is my parcel?", ago(3), channel="sms", locale="de")
    survey = told.scores(two, 1, ago(1), comment="Zu lange gewartet.", commented_at=ago(1), answered_in="sms")
    told.looks_after(survey, two, ago(1), cause="long_wait")
    told.scores(two, 3, ago(0.5), touchpoint="follow_up", comment="Immer noch.", commented_at=ago(0.5), channel="sms")
    old = told.says("ben", "Can I return it?", ago(50))
    told.scores(old, 1, ago(49), comment="Long ago.", commented_at=ago(49))
    link = {"touchpoint": "parcel", "channel": "link", "commented_at": ago(0.2), "kind": "csat"}
    told.scores(None, 1, ago(0.2), comment="The box was wet.", **link)
    counted(told)

    def said(query: str = "") -> list[str]:
        page = Page(supervisor.get(f"/insights/comments?{query}").text)
        return [text_of(row.select_one("blockquote")) for row in page.soup.select(".comments li")]

    page = supervisor.get("/insights/comments").text
    assert ["The box was wet.", "Immer noch.", "Zu lange gewartet.", "Nobody <b>knew</b>."] == said()
    assert all(f"/desk/all/{id}" in page for id in (one, two))
    assert "By link: parcel" in page
    assert "SMS, asked again" in page
    assert "Long ago." in said("days=90")
    assert ["Nobody <b>knew</b>."] == said("given=ces-2-7") == said("channel=web") == said("locale=en")
    assert ["Immer noch.", "Zu lange gewartet."] == said("channel=sms") == said("cause=long_wait")
    assert ["Immer noch.", "Zu lange gewartet."] == said("topic=delivery") == said("score=1")
    assert ["The box was wet."] == said("given=csat-1-5")
    assert said() == said("given=ces-1-99") == said("given='") == said("page=-3") == said("page=9")
    assert [] == said("team=nobody")
    assert "Immer noch." in supervisor.get("/insights/effort").text


def test_comments_are_read_page_by_page(told: Told, supervisor: FlaskClient) -> None:
    for number in range(27):
        given = {"touchpoint": "parcel", "comment": f"Comment {number}", "commented_at": ago(1, number)}
        told.scores(None, 2, ago(1), **given)

    first, second = (Page(supervisor.get(f"/insights/comments?page={number}").text) for number in (1, 2))

    assert [f"Comment {number}" for number in range(25)] == [
        text_of(one) for one in first.soup.select(".comments blockquote")
    ]
    assert ["Comment 25", "Comment 26"] == [text_of(one) for one in second.soup.select(".comments blockquote")]
    assert "26 to 27 of 27" in second.soup.get_text()
    assert "27 comments" in first.soup.get_text()


def test_editors_and_agents_cant_read_what_customers_said(told: Told, app: Flask) -> None:
    for user in (edda(told.database), mira(told.database)):
        assert 403 == client_of(app, told.database, user).get("/insights/comments").status_code


def test_csv_carries_figures_facts_and_comments_and_nothing_else_that_was_said(
    told: Told, supervisor: FlaskClient
) -> None:
    one = told.says("+491511234567", "Can I return my secret?", ago(2), channel="sms")
    told.scores(one, 6, ago(1), comment="=HYPERLINK(1)", commented_at=ago(1))
    counted(told)

    figures, facts = (supervisor.get(f"/insights/{name}.csv").text for name in ("figures", "conversations"))

    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(figures.lstrip("\ufeff")))}
    assert ("1", "6", "score") == (rows["ces"]["cases"], rows["ces"]["value"], rows["ces"]["unit"])
    assert {number.key for number in NUMBERS} == set(rows)
    row = next(csv.DictReader(io.StringIO(facts.lstrip("\ufeff"))))
    assert (one, "sms", "returns", "6") == (row["conversation_id"], row["channels"], row["topic"], row["ces"])
    assert ("'=HYPERLINK(1)", "") == (row["comment"], row["comment_again"])
    assert "secret" not in facts
    assert "4915" not in facts


def test_csv_names_what_its_ids_are_and_the_way_to_each_conversation(told: Told, supervisor: FlaskClient) -> None:
    agent = mira(told.database)
    one, two = told.says("anna", "Where is my parcel?", ago(2)), told.says("ben", "Hm?", ago(2))
    told.says("anna", "A person, please", ago(2, -1))
    told.replies(agent, one, ago(2, -10))
    counted(told)

    response = supervisor.get("/insights/conversations.csv")
    assert "text/csv; charset=utf-8" == response.content_type
    text = response.text.lstrip("\ufeff")
    rows = {row["conversation_id"]: row for row in csv.DictReader(io.StringIO(text))}

    named = ("path", "team", "agent", "reason_name")
    assert [f"/desk/all/{one}", "Support", agent.name, "Asked for a person"] == [rows[one][name] for name in named]
    assert (agent.id, "track-order") == (rows[one]["agent_id"], rows[one]["article"])
    assert [f"/desk/all/{two}", "", "", ""] == [rows[two][name] for name in named]


@pytest.mark.parametrize(
    ("value", "told"),
    [(1136622.25, "1136622.25"), (2_000_000.0, "2000000"), (0.5, "0.5"), (0.0, "0"), (1 / 3e5, "0.00000333333333333")],
)
def test_a_csv_cell_holds_the_whole_number(value: float, told: str) -> None:
    assert told == _plain(value)


@pytest.mark.parametrize(("locale", "told"), [("en", "−40%"), ("de", "−40\u00a0%")])
def test_a_change_is_written_as_the_language_has_it(locale: str, told: str) -> None:
    assert told == saying.change(Measured(6, 6.0), Measured(10, 10.0), BY_KEY["conversations"], locale)


def test_a_csv_cell_cant_be_a_formula() -> None:
    assert "'=1+1,-5,'-a" in _written(["name", "n", "m"], [["=1+1", -5, "-a"]])


def test_scores_by_link_belong_to_no_conversation(told: Told, supervisor: FlaskClient) -> None:
    with told.database.transaction() as session:
        session.add(
            Survey(
                kind="nps",
                touchpoint="invoice",
                state="answered",
                decided_at=ago(1),
                answered_at=ago(1),
                lowest=0,
                highest=10,
                score=9,
            )
        )

    page = supervisor.get("/insights/effort").text

    assert "invoice" in page
    assert "+100" in page


def test_somebody_who_may_not_cant_read_metrics(told: Told, app: Flask) -> None:
    client = app.test_client()

    assert 401 == client.get("/metrics").status_code
    assert 401 == client.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code


def test_metrics_say_how_it_stands_and_nothing_of_anybody(told: Told, app: Flask) -> None:
    agent = mira(told.database)
    one = told.says("+491511234567", "A person, please", ago(0, 5), channel="sms")
    told.scores(told.says("ben", "Can I return my secret?", ago(2)), 6, ago(1))
    counted(told)

    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer metrics for prometheus"})

    lines = answer.text.splitlines()
    assert answer.content_type.startswith("text/plain")
    assert 'handrail_queue_waiting{team="Support"} 1.0' in lines
    assert 'handrail_figure{figure="ces"} 6.0' in lines
    assert 'handrail_figure_cases{figure="ces"} 1.0' in lines
    assert 'handrail_deliveries{channel="sms",state="pending"} 1.0' in lines
    assert any(line.startswith("process_resident_memory_bytes") for line in lines)
    assert not any(word in answer.text for word in ("secret", "4915", agent.name, agent.email, one))
