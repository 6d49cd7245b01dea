"""The command line, in this process."""

from __future__ import annotations

from functools import partial

import pytest

from tests.app.command_line import Handrail, call_handrail


@pytest.fixture
def handrail(capfd: pytest.CaptureFixture[str]) -> Handrail:
    return partial(call_handrail, capfd)
