"""What was published is kept, can be compared and brought back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.comparing import Change, Unchanged, compare, compare_lines, compare_words, side_by_side
from knowledge.drafts import fields_of
from knowledge.life.history import publications, restore
from knowledge.life.opened import Shown
from knowledge.life.refusals import Refused
from knowledge.publishing import By
from tests.knowledge.life.conftest import KEY, Room
from tests.knowledge.shop import article


def refused(room: Room, *what: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refusal:
        room.do(*what, **given)
    return refusal.value.reason


def test_every_publication_is_told_with_who_and_why(room: Room) -> None:
    room.knowledge.publish(article())
    room.knowledge.publish(article(title="New", internal=True), by=By(room.edda.id, "A new label", room.emil.id))
    with room.database.reading() as session:
        found, count = publications(session, *KEY)
    told = [(one.revision.number, one.author, one.approver, one.revision.note, one.is_live) for one in found]
    assert [(2, "Edda Storm", "Emil Roth", "A new label", True), (1, "", "", "", False)] == told
    assert (2, True) == (count, found[0].revision.internal)


def test_what_is_restored_becomes_a_draft_and_nothing_else(room: Room) -> None:
    room.knowledge.publish(article())
    [live] = room.knowledge.publish(article(title="New"))
    room.do(restore, room.edda, 1, note="As in publication 1")
    draft = room.draft
    assert ("Return an item", "As in publication 1", room.edda.id, "writing") == (
        draft.title,
        draft.note,
        draft.saved_by,
        draft.stage,
    )
    assert live.id == draft.base_revision_id
    assert {(live.article_id, live.locale)} == set(room.knowledge.snapshot.articles)


def test_a_draft_that_nobody_showed_cant_be_written_over(room: Room) -> None:
    room.knowledge.publish(article())
    [live] = room.knowledge.publish(article(title="New"))
    draft = room.write(room.emil, title="An hour of work")
    assert "changed_meanwhile" == refused(room, restore, room.edda, 1, shown=Shown(live.id, 0))
    room.do(restore, room.edda, 1, shown=Shown(live.id, draft.version))
    assert "Return an item" == room.draft.title


def test_what_is_live_needs_no_restoring(room: Room) -> None:
    room.knowledge.publish(article())
    assert "is_live" == refused(room, restore, room.edda, 1)


def test_a_revision_of_another_article_cant_be_restored_here(room: Room) -> None:
    room.knowledge.publish(article(), article(id="another"))
    room.knowledge.publish(article(id="another", title="Their second"))
    for number in (2, 0, -1, 10**12):
        assert "no_publication" == refused(room, restore, room.edda, number)
    assert not room.has_draft


def test_an_agent_cant_restore(room: Room) -> None:
    room.knowledge.publish(article())
    room.knowledge.publish(article(title="New"))
    assert "no_right" == refused(room, restore, room.mira, 1)


def test_words_that_differ_are_found_within_their_sentence() -> None:
    pieces = compare_words("Send it back within 30 days, please.", "Send it back within 60 days, please.")
    assert [("same", "Send it back within "), ("gone", "30"), ("new", "60"), ("same", " days, please.")] == [
        (piece.kind, piece.text) for piece in pieces
    ]


def test_two_changes_with_nothing_but_a_space_between_are_one() -> None:
    pieces = compare_words("a red bench", "a blue chair")
    assert [("same", "a "), ("gone", "red bench"), ("new", "blue chair")] == [(one.kind, one.text) for one in pieces]


def test_far_away_lines_are_folded() -> None:
    lines = [f"Line {number}" for number in range(40)]
    changed = [*lines[:20], "Another line", *lines[21:]]
    before, change, after = compare_lines("\n".join(lines), "\n".join(changed))
    assert isinstance(before, Unchanged)
    assert isinstance(change, Change)
    assert isinstance(after, Unchanged)
    assert (17, "Line 17\nLine 18\nLine 19\n") == (before.count, before.last)
    assert ("Line 21\nLine 22\nLine 23\n", 16, "") == (after.first, after.count, after.last)


def test_fields_that_are_the_same_are_not_told() -> None:
    before, after = fields_of(article()), fields_of(article(title="Other", tags=["parcel", "post"]))
    title, tags = sorted(compare(before, after), key=lambda one: one.name, reverse=True)
    assert ("title", "tags") == (title.name, tags.name)
    assert tags.items is not None
    assert (["parcel"], ["returns"], ["post"]) == (tags.items.kept, tags.items.gone, tags.items.new)


@given(st.text("ab ,\n", max_size=60), st.text("ab ,\n", max_size=60))
def test_both_texts_can_be_read_from_what_differs(before: str, after: str) -> None:
    pieces = compare_words(before, after)
    assert before == "".join(piece.text for piece in pieces if piece.kind != "new")
    assert after == "".join(piece.text for piece in pieces if piece.kind != "gone")
    said = compare_lines(before, after)
    told = ["".join(p.text for p in one.after) if isinstance(one, Change) else _whole(one) for one in said]
    assert after + "\n" == "".join(told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 100_000, "b\n" * 100_000),
        ("\n".join(map(str, range(30_000))), "\n".join(map(str, reversed(range(30_000))))),
        ("x y " * 50_000, "y x z " * 33_000),
        ("\n".join(map(str, range(19_000))), "\n".join(map(str, range(1, 19_000, 2)))),
    ],
    ids=["nothing in common", "backwards", "one long line", "every other line"],
)
def test_the_longest_texts_cant_hold_anybody_up(before: str, after: str) -> None:
    began = time.thread_time()
    compare_lines(before, after)
    assert time.thread_time() - began < 3


def _whole(one: Unchanged) -> str:
    return one.first + one.hidden + one.last


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Pack it very well.\nPrint the label.", "Pack it quite well.\nPrint the label."),
        ("one\ntwo", "one\ntwo\n"),
        ("", "new"),
        ("gone", ""),
        ("", ""),
        ("a\n\nb\n", "\n\nb"),
    ],
)
def test_side_by_side_both_texts_are_whole(before: str, after: str) -> None:
    left, right = side_by_side(before, after)
    assert (before, after) == ("".join(one.text for one in left), "".join(one.text for one in right))
    assert {"same", "gone"} >= {one.kind for one in left}
    assert {"same", "new"} >= {one.kind for one in right}


def test_side_by_side_only_the_words_that_differ_are_marked() -> None:
    left, right = side_by_side("Pack it very well.\nPrint it.", "Pack it quite well.\nPrint it.")
    assert ["very"] == [piece.text for piece in left if piece.kind == "gone"]
    assert ["quite"] == [piece.text for piece in right if piece.kind == "new"]
