"""`handrail` as it is called on the command line: in a process of its own, or here, which takes no seconds to begin."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest
import structlog

from tests.conftest import ROOT

Handrail = Callable[..., "CompletedProcess[str]"]
"""Arguments and settings to what was printed and the exit status."""


def start_handrail(*arguments: str, **settings: str) -> CompletedProcess[str]:
    """As it is installed."""
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(
        command, check=False, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=300
    )


def call_handrail(capfd: pytest.CaptureFixture[str], *arguments: str, **settings: str) -> CompletedProcess[str]:
    """The same `main` with the same arguments and environment, and what it and its children print."""
    capfd.readouterr()
    status = 0
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # As in a process of its own; Typer is behind Click.
        warnings.simplefilter("ignore", DeprecationWarning)
        from app import cli

        patch.chdir(ROOT)
        # How a process logs is for all of it, and for good; what others here log meanwhile belongs to nothing that is
        # printed.
        patch.setattr(cli, "configure_logs", lambda settings: None)
        before = structlog.get_config()["logger_factory"]
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        patch.setattr(sys, "argv", ["handrail", *arguments])
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            cli.main()
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            structlog.configure(logger_factory=before)
    return CompletedProcess(list(arguments), status, *capfd.readouterr())
