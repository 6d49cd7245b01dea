"""How it stands now, and what a monitoring system is told of it."""

from __future__ import annotations

import re
from html import escape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from channels.conversation import Conversation, agent
from tests.insights.told import Told, ago, counted
from tests.staff import mira


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
