"""Withdrawn, archived, owned, looked at again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.articles import Translation
from knowledge.life.keeping import archive, set_owner, set_review, still_right, unarchive, withdraw
from knowledge.life.refusals import Refused
from tests.cast import MONDAY
from tests.knowledge.life.conftest import KEY, Room
from tests.knowledge.shop import article, found


def refused(room: Room, *what: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refusal:
        room.do(*what, **given)
    return refusal.value.reason


def kept(room: Room) -> Translation:
    with room.database.reading() as session:
        translation: Translation = session.get(Translation, KEY)
    return translation


def test_what_is_withdrawn_leaves_the_customers_and_stays_as_a_draft(room: Room) -> None:
    room.knowledge.publish(article())
    room.do(withdraw, room.edda)
    assert ([], True) == (found(room.knowledge.refresh(), "label"), room.has_draft)
    assert "not_live" == refused(room, withdraw, room.edda)


def test_what_is_archived_is_neither_live_nor_about_to_be(room: Room) -> None:
    room.knowledge.publish(article())
    room.do(archive, room.edda)
    assert ([], MONDAY) == (found(room.knowledge.refresh(), "label"), kept(room).archived_at)
    assert "archived_already" == refused(room, archive, room.edda)
    room.do(unarchive, room.emil)
    assert "not_archived" == refused(room, unarchive, room.emil)
    assert (None, True) == (kept(room).archived_at, room.has_draft)


def test_what_is_published_again_is_archived_no_more(room: Room) -> None:
    room.knowledge.publish(article())
    room.do(archive, room.edda)
    room.knowledge.publish(article(title="Back again"))
    assert None is kept(room).archived_at


def test_an_agent_cant_tend_an_article(room: Room) -> None:
    room.knowledge.publish(article())
    for verb, more in (
        (withdraw, {}),
        (archive, {}),
        (unarchive, {}),
        (still_right, {}),
        (set_owner, {"owner_id": room.edda.id}),
        (set_review, {"months": 6}),
    ):
        assert "no_right" == refused(room, verb, room.mira, **more)
    assert ["return-an-item"] == found(room.knowledge.refresh(), "label")


def test_an_article_has_an_owner_who_may_write(room: Room) -> None:
    room.write(room.edda)
    room.do(set_owner, room.edda, room.emil.id)
    assert room.emil.id == kept(room).owner_id
    assert "no_owner" == refused(room, set_owner, room.edda, room.mira.id)
    assert "no_owner" == refused(room, set_owner, room.edda, "nobody")
    room.do(set_owner, room.edda, None)
    assert None is kept(room).owner_id


def test_it_is_looked_at_again_after_so_many_months(room: Room) -> None:
    room.knowledge.publish(article())
    room.do(set_review, room.edda, months=6)
    assert (6, date(2027, 5, 16)) == (kept(room).review_months, kept(room).review_on)
    room.do(still_right, room.edda, now=MONDAY + timedelta(days=181))
    assert date(2027, 11, 16) == kept(room).review_on
    room.do(set_review, room.edda, months=6, on=date(2026, 12, 24))
    assert date(2026, 12, 24) == kept(room).review_on
    room.do(set_review, room.edda, months=None)
    assert (None, None) == (kept(room).review_months, kept(room).review_on)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"months": 0}, "bad_interval"),
        ({"months": 61}, "bad_interval"),
        ({"months": None, "on": date(2026, 11, 15)}, "bad_review_date"),
        ({"months": None, "on": date(2999, 1, 1)}, "bad_review_date"),
    ],
)
def test_what_is_no_review_gets_a_sentence(room: Room, given: dict[str, Any], reason: str) -> None:
    room.write(room.edda)
    assert reason == refused(room, set_review, room.edda, **given)


def test_only_what_is_live_can_still_be_right(room: Room) -> None:
    room.write(room.edda)
    assert "not_live" == refused(room, still_right, room.edda)
