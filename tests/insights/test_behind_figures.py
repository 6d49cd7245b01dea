"""From a figure down to the conversations behind it, and the tables that carry them away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from insights.numbers.all import BY_KEY, NUMBERS
from insights.numbers.number import Measured
from insights.pages import saying
from insights.pages.exporting import _plain, _written
from tests.insights.reading import Page, figure, text_of
from tests.insights.told import Told, ago, counted
from tests.staff import mira


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
        at = ago(2)
        one = told.says(f"visitor{number}", "A person, please", at)
        told.replies(agent, one, at + timedelta(minutes=10))
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
