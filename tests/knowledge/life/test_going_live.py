"""Publishing: tried, as it was looked at, by whom the rules let, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, get_ident
from typing import Any

import pytest
from sqlalchemy import func, select

from knowledge.articles import Revision, Translation
from knowledge.drafts import Conflict, fields_of, save_draft, seen_of
from knowledge.library import Knowledge
from knowledge.life.comments import comment, comments_of
from knowledge.life.going_live import publish_draft
from knowledge.life.keeping import set_review
from knowledge.life.opened import Shown, shown_now
from knowledge.life.refusals import Refused, Stopped
from knowledge.life.reviewing import approve, submit
from staff.audit import AuditEntry
from staff.people import User
from tests.cast import MONDAY
from tests.knowledge.life.conftest import KEY, Room, rules
from tests.knowledge.shop import article, found


def publish(room: Room, user: User, **given: Any) -> Revision:
    own = {name: given.pop(name) for name in ("gate", "must_be_reviewed") if name in given}
    return publish_draft(room.knowledge, *KEY, user, MONDAY, rules(**own), **given)


def refused(room: Room, user: User, **given: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        publish(room, user, **given)
    return refusal.value


def approved(room: Room) -> None:
    room.write(room.edda)
    room.do(submit, room.edda, "As agreed")
    room.do(approve, room.emil)


def published(room: Room) -> int:
    with room.database.reading() as session:
        return session.scalar(select(func.count(Revision.id))) or 0


def test_what_was_approved_is_published_with_its_note_and_both_names(room: Room) -> None:
    approved(room)
    room.do(comment, room.emil, "Fine")
    revision = publish(room, room.edda, must_be_reviewed=True)
    assert (room.edda.id, room.emil.id, "As agreed", 1) == (
        revision.author_id,
        revision.approved_by,
        revision.note,
        revision.number,
    )
    assert (False, ["return-an-item"]) == (room.has_draft, found(room.knowledge.snapshot, "label"))
    with room.database.reading() as session:
        assert [] == comments_of(session, *KEY)
        assert ["Fine"] == [one.text for one, _ in comments_of(session, *KEY, revision.id)]
        assert "article_published" == session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1]


def test_where_review_is_required_an_editor_cant_publish_what_nobody_approved(room: Room) -> None:
    room.write(room.edda)
    assert "must_be_approved" == refused(room, room.edda, must_be_reviewed=True).reason
    room.do(submit, room.edda)
    assert "must_be_approved" == refused(room, room.emil, must_be_reviewed=True).reason
    assert 0 == published(room)


def test_a_supervisor_may_always_publish(room: Room) -> None:
    room.write(room.susanne)
    assert None is publish(room, room.susanne, must_be_reviewed=True).approved_by


def test_an_agent_cant_publish(room: Room) -> None:
    approved(room)
    assert "no_right" == refused(room, room.mira).reason


def test_another_version_than_was_seen_cant_be_published(room: Room) -> None:
    seen = Shown(None, room.write(room.edda).version)
    room.write(room.emil, title="Nobody has read this")
    assert "changed_meanwhile" == refused(room, room.edda, shown=seen).reason
    assert (0, True) == (published(room), room.has_draft)


def test_what_somebody_else_published_meanwhile_cant_be_written_over_unseen(room: Room) -> None:
    [first] = room.knowledge.publish(article())
    draft = room.write(room.edda, title="Mine")
    room.knowledge.publish(article(title="Theirs"))
    assert "changed_meanwhile" == refused(room, room.edda, shown=Shown(first.id, draft.version)).reason


def test_saving_while_it_is_embedded_stops_the_publication_of_what_was_approved(room: Room) -> None:
    approved(room)

    def saves_meanwhile(_knowledge: Knowledge, _texts: Any) -> list[Any]:
        with room.database.reading() as session:
            seen = seen_of(session, *KEY)
        with room.database.transaction() as session:
            save_draft(session, *KEY, {"title": "Slipped in"}, seen, now=MONDAY, user_id=room.edda.id)
        return []

    assert "changed_meanwhile" == refused(room, room.edda, gate=saves_meanwhile, must_be_reviewed=True).reason
    assert (0, "Slipped in", "writing") == (published(room), room.draft.title, room.draft.stage)


def test_a_broken_question_stops_it_and_names_what_is_broken(room: Room) -> None:
    room.write(room.edda)
    stopped = refused(room, room.edda, gate=lambda _knowledge, _texts: ["another article's question"])
    assert isinstance(stopped, Stopped)
    assert ("broken", ["another article's question"]) == (stopped.reason, stopped.broken)
    assert (0, True) == (published(room), room.has_draft)


def test_what_went_live_while_a_text_was_tried_has_it_tried_again(room: Room) -> None:
    room.write(room.edda)
    tried: list[set[str]] = []

    def publishes_another(knowledge: Knowledge, _texts: Any) -> list[Any]:
        tried.append({article_id for article_id, _ in knowledge.snapshot.articles})
        if len(tried) == 1:
            knowledge.publish(article(id="another"))
        return []

    publish(room, room.edda, gate=publishes_another)
    assert [set(), {"another"}] == tried


def test_two_who_publish_at_once_make_one_publication(room: Room) -> None:
    approved(room)
    together = Barrier(2)

    waited: set[int] = set()

    def waits_for_the_other(_knowledge: Knowledge, _texts: Any) -> list[Any]:
        if get_ident() not in waited:
            waited.add(get_ident())
            together.wait(30)
        return []

    def attempt(user: User) -> str:
        try:
            publish(room, user, gate=waits_for_the_other)
        except Refused as refusal:
            return refusal.reason
        return "published"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(attempt, (room.edda, room.emil)))
    assert "published" == outcomes.pop()
    assert outcomes[0] in ("no_draft", "changed_meanwhile")
    assert 1 == published(room)


def test_saving_and_publishing_at_once_lose_nothing(room: Room) -> None:
    for turn in range(5):
        seen = room.write(room.edda, title=f"Draft {turn}")
        with room.database.reading() as session:
            before = seen_of(session, *KEY)
        save = partial(_save, room, f"Saved {turn}", before)
        with ThreadPoolExecutor(2) as pool:
            saving, publishing = pool.submit(save), pool.submit(attempt_as, room, Shown(_live(room), seen.version))
            saved, live = saving.result(), publishing.result()
        # Whoever was second was told; nobody's text is gone.
        assert sorted((saved, live)) in (["changed_meanwhile", "saved"], ["conflict", "published"])
        assert (saved == "saved") == (room.has_draft and f"Saved {turn}" == room.draft.title)


def attempt_as(room: Room, shown: Shown) -> str:
    try:
        publish(room, room.emil, shown=shown)
    except Refused as refusal:
        return refusal.reason
    return "published"


def _save(room: Room, title: str, seen: Any) -> str:
    try:
        with room.database.transaction() as session:
            save_draft(session, *KEY, fields_of(article(title=title)), seen, now=MONDAY, user_id=room.edda.id)
    except Conflict:
        return "conflict"
    return "saved"


def _live(room: Room) -> int | None:
    with room.database.reading() as session:
        return shown_now(session, *KEY).live_id


def test_a_note_is_one_line_and_has_an_end(room: Room) -> None:
    room.write(room.edda)
    assert "note_long" == refused(room, room.edda, note="x" * 1001).reason
    assert "New label" == publish(room, room.edda, note="New\x00\n label ").note


def test_a_draft_that_says_what_is_live_is_no_publication(room: Room) -> None:
    [live] = room.knowledge.publish(article())
    room.write(room.edda, title="Other")
    room.write(room.edda)
    assert live.id == publish(room, room.edda).id
    assert (1, False) == (published(room), room.has_draft)


def test_a_publication_moves_the_review_on(room: Room) -> None:
    room.write(room.edda)
    room.do(set_review, room.edda, months=6)
    publish_draft(room.knowledge, *KEY, room.edda, MONDAY + timedelta(days=30), rules())
    with room.database.reading() as session:
        assert "2027-06-16" == str(session.get(Translation, KEY).review_on)
