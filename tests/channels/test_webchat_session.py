"""A visitor's session can't be guessed, forged, borrowed or used for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.webchat.session import SessionError, Sessions

MONTH = timedelta(days=30)


def test_a_session_opens_with_its_token_in_every_process_that_has_the_secret() -> None:
    session = Sessions("secret", MONTH).start()

    assert session.visitor == Sessions("secret", MONTH).read(session.token).visitor


def test_no_two_sessions_are_of_one_visitor() -> None:
    sessions = Sessions("secret", MONTH)

    assert 100 == len({sessions.start().visitor for _ in range(100)})


@pytest.mark.parametrize("token", [None, "", "anna", "a.b.c", 7, {"session_id": "x"}, "x" * 100_000, "\x00", "🦊"])
def test_what_is_no_token_opens_nothing(token: object) -> None:
    with pytest.raises(SessionError, match="forged"):
        Sessions("secret", MONTH).read(token)


def test_a_token_signed_with_another_secret_cant_open_a_session() -> None:
    token = Sessions("another secret", MONTH).start().token

    with pytest.raises(SessionError, match="forged"):
        Sessions("secret", MONTH).read(token)


def test_a_token_with_another_visitor_put_in_cant_open_their_session() -> None:
    sessions = Sessions("secret", MONTH)
    anna, ben = sessions.start(), sessions.start()
    mixed = ".".join([anna.token.split(".")[0], *ben.token.split(".")[1:]])

    with pytest.raises(SessionError, match="forged"):
        sessions.read(mixed)


def test_an_old_token_opens_nothing() -> None:
    token = Sessions("secret", MONTH).start().token

    with pytest.raises(SessionError, match="expired"):
        Sessions("secret", timedelta(seconds=-1)).read(token)


def test_a_visitor_whose_token_opens_nothing_gets_a_new_session() -> None:
    assert Sessions("secret", MONTH).resume("forged").is_new
