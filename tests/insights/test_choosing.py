"""What an address chooses: periods, filters, and what makes no sense in it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import utc_now
from insights.pages.asked import asked_in
from tests.insights.reading import figure
from tests.insights.told import Told, ago, counted
from tests.staff import client_of, susanne

PAGES = ("overview", "now", "effort", "comments", "self-service", "people", "knowledge", "conversations", "definitions")


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
