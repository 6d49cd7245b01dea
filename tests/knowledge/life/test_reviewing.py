"""A second person looks at a draft: who may say what, and what an approval is worth."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from knowledge.articles import Translation
from knowledge.drafts import save_draft
from knowledge.life.comments import comment, comments_of, reopen, resolve
from knowledge.life.keeping import discard
from knowledge.life.opened import Shown
from knowledge.life.refusals import Refused
from knowledge.life.reviewing import approve, ask_for_changes, submit, take_back
from staff.audit import AuditEntry
from tests.knowledge.life.conftest import KEY, Room
from tests.knowledge.shop import article


def refused(room: Room, *what: object, **given: object) -> str:
    with pytest.raises(Refused) as refusal:
        room.do(*what, **given)  # type: ignore[arg-type]
    return refusal.value.reason


def said(room: Room) -> list[tuple[str, str, bool]]:
    """The comments on the text of today: author, text, whether it is done."""
    with room.database.reading() as session:
        return [(name, one.text, one.resolved_at is not None) for one, name in comments_of(session, *KEY)]


def test_a_draft_is_submitted_and_approved_by_somebody_else(room: Room) -> None:
    room.write(room.edda)
    room.do(submit, room.edda, "New label, since May")
    assert ("submitted", room.edda.id, "New label, since May") == (
        room.draft.stage,
        room.draft.submitted_by,
        room.draft.note,
    )
    room.do(approve, room.emil)
    assert ("approved", room.emil.id) == (room.draft.stage, room.draft.approved_by)
    with room.database.reading() as session:
        log = [(one.action, one.subject) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [("article_submitted", "en/return-an-item"), ("article_approved", "en/return-an-item")] == log


def test_an_editor_cant_approve_what_they_wrote_last(room: Room) -> None:
    room.write(room.edda)
    room.do(submit, room.emil)
    assert "own_text" == refused(room, approve, room.edda)
    room.do(approve, room.emil)
    assert "approved" == room.draft.stage


def test_a_supervisor_cant_approve_their_own_text_either(room: Room) -> None:
    room.write(room.susanne)
    room.do(submit, room.susanne)
    assert "own_text" == refused(room, approve, room.susanne)


def test_an_agent_cant_do_any_of_it(room: Room) -> None:
    room.write(room.edda)
    room.do(submit, room.edda)
    for verb, more in ((approve, ()), (take_back, ()), (submit, ()), (comment, ("Hm",)), (ask_for_changes, ("Hm",))):
        assert "no_right" == refused(room, verb, room.mira, *more)
    assert ("submitted", []) == (room.draft.stage, said(room))


def test_what_was_saved_after_somebody_looked_cant_be_approved_unseen(room: Room) -> None:
    seen = Shown(None, room.write(room.edda).version)
    room.do(submit, room.edda)
    room.write(room.edda, title="Something else altogether")
    room.do(submit, room.edda)
    assert "changed_meanwhile" == refused(room, approve, room.emil, seen)


def test_whoever_saves_an_approved_text_takes_the_approval_away(room: Room) -> None:
    room.write(room.edda)
    room.do(submit, room.edda)
    room.do(approve, room.emil)
    room.write(room.edda, title="A word more")
    assert ("writing", None) == (room.draft.stage, room.draft.approved_by)


def test_a_submitted_draft_can_be_taken_back(room: Room) -> None:
    room.write(room.edda)
    assert "not_submitted" == refused(room, take_back, room.edda)
    room.do(submit, room.edda)
    assert "submitted_already" == refused(room, submit, room.edda)
    room.do(take_back, room.edda)
    assert "writing" == room.draft.stage


def test_what_is_not_finished_cant_be_submitted(room: Room) -> None:
    with room.database.transaction() as session:
        save_draft(session, *KEY, {"title": "Only a title"})
    assert "unfinished" == refused(room, submit, room.edda)


def test_there_must_be_a_draft(room: Room) -> None:
    room.knowledge.publish(article())
    assert "no_draft" == refused(room, submit, room.edda)


def test_asking_for_changes_gives_it_back_with_a_reason(room: Room) -> None:
    room.write(room.edda)
    room.do(submit, room.edda)
    assert "comment_missing" == refused(room, ask_for_changes, room.emil, "  ")
    assert "submitted" == room.draft.stage
    room.do(ask_for_changes, room.emil, "Which label?", "Print the label")
    assert "writing" == room.draft.stage
    with room.database.reading() as session:
        [(one, name)] = comments_of(session, *KEY)
    assert ("Emil Roth", "Which label?", "Print the label") == (name, one.text, one.quote)


def test_a_comment_is_resolved_and_opened_again(room: Room) -> None:
    room.write(room.edda)
    one = room.do(comment, room.emil, "Which label?")
    room.do(resolve, room.edda, one.id)
    assert [("Emil Roth", "Which label?", True)] == said(room)
    room.do(reopen, room.emil, one.id)
    assert [("Emil Roth", "Which label?", False)] == said(room)


def test_a_comment_on_another_article_cant_be_resolved_from_here(room: Room) -> None:
    room.write(room.edda)
    room.write(room.edda, id="another")
    one = room.do(comment, room.emil, "Which label?", key=("another", "en"))
    assert "no_comment" == refused(room, resolve, room.edda, one.id)


def test_a_comment_is_plain_and_has_an_end(room: Room) -> None:
    room.write(room.edda)
    assert "comment_long" == refused(room, comment, room.emil, "x" * 2001)
    assert "quote_long" == refused(room, comment, room.emil, "x", "y" * 501)
    room.do(comment, room.emil, "a\x00b\r\n<script>alert(1)</script>")
    assert [("Emil Roth", "ab\n<script>alert(1)</script>", False)] == said(room)


def test_nobody_can_comment_on_what_is_not_there(room: Room) -> None:
    assert "no_article" == refused(room, comment, room.emil, "Where?")


def test_a_discarded_draft_takes_its_open_comments_and_a_never_published_article_along(room: Room) -> None:
    room.write(room.edda)
    room.do(comment, room.emil, "Which label?")
    room.do(discard, room.edda)
    assert [("Emil Roth", "Which label?", True)] == said(room)
    with room.database.reading() as session:
        assert None is session.get(Translation, KEY)


def test_a_draft_that_was_changed_meanwhile_cant_be_discarded_unseen(room: Room) -> None:
    seen = Shown(None, room.write(room.edda).version)
    room.write(room.emil, title="An hour of work")
    assert "changed_meanwhile" == refused(room, discard, room.edda, seen)
    assert "An hour of work" == room.draft.title
