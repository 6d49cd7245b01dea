"""Pages of figures: who reads them, what is chosen by the address, and the way down to the conversations."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.conversation import Event
from insights.numbers.all import NUMBERS
from insights.surveys.survey import Survey
from knowledge.articles import Article
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import record_search
from tests.insights.reading import Page, figure, text_of
from tests.insights.told import Told, ago, counted
from tests.staff import ada, client_of, edda, mira, susanne

PAGES = ("overview", "now", "effort", "comments", "self-service", "people", "knowledge", "conversations", "definitions")


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


def test_the_overview_compares_with_the_period_before(told: Told, supervisor: FlaskClient) -> None:
    for number in range(3):
        told.says(f"visitor{number}", "Can I return it?", ago(2))
    # Well within it: midnight may pass meanwhile.
    for who, days in (("anna", 12), ("ben", 9)):
        told.says(who, "Can I return it?", ago(days))
    counted(told)

    assert "+50% on the period before" in supervisor.get("/insights/overview?days=7").text


def test_people_are_compared_by_team_and_agent(told: Told, supervisor: FlaskClient) -> None:
    agent = mira(told.database)
    at = ago(2)
    one = told.says("anna", "A person, please", at)
    told.replies(agent, one, at + timedelta(minutes=10))
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
