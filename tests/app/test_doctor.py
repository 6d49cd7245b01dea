"""What the doctor says of the account at Twilio."""

from __future__ import annotations

import pytest

from app.doctor import CHECKS, Problem
from app.settings import Settings
from tests.phone import ACCOUNT_SID, AUTH_TOKEN, SMS_NUMBER, running_simulator


def asked(api_url: str, token: str = AUTH_TOKEN, numbers: tuple[str, ...] = (SMS_NUMBER,)) -> str:
    account = {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": token, "twilio_api_url": api_url}
    return CHECKS["Twilio"](Settings(**account, sms_numbers=numbers))


def test_an_account_with_its_numbers_is_well() -> None:
    with running_simulator("http://127.0.0.1:9") as simulator:
        assert "answers, and the numbers are this account's" == asked(simulator.api_url)


def test_a_number_of_somebody_else_is_named() -> None:
    with running_simulator("http://127.0.0.1:9") as simulator, pytest.raises(Problem, match=r"\+4915735980009"):
        asked(simulator.api_url, numbers=(SMS_NUMBER, "+4915735980009"))


def test_a_wrong_token_is_said_in_words() -> None:
    with running_simulator("http://127.0.0.1:9") as simulator, pytest.raises(Problem, match="credentials"):
        asked(simulator.api_url, token="another one")


def test_a_twilio_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(Problem, match="can't be reached"):
        asked("http://127.0.0.1:9")
