"""Lets Rasa in without its noise: no telemetry, no warnings on import, and no TensorFlow, which none of ours uses."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot import placeholders

_importing = threading.RLock()


@contextmanager
def importing_rasa() -> Iterator[None]:
    """Every import of Rasa's own modules stands in this block.

    Rasa imports TensorFlow wherever a class of its might be a network, and the libraries of every channel and store
    it can be connected to: six of eight seconds and 430 of 590 MB, for a bot that has neither (measured on two
    cores). Inside the block those names are placeholders; what is imported after it gets the real thing.
    """
    # Recorded, not filtered: some of the libraries set filters of their own.
    with _importing, warnings.catch_warnings(record=True), _without_progress_bars():
        warnings.simplefilter("ignore")
        _settle_environment()
        put_up = placeholders.put_up()
        try:
            yield
        finally:
            placeholders.take_down(put_up)
            hush()


def _settle_environment() -> None:
    # Rasa and TensorFlow read these and offer no other way to be told.
    for name, value in {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }.items():
        os.environ.setdefault(name, value)


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    # Read by Rasa where it trains; the name is too general to be left behind.
    before = os.environ.get("LOG_LEVEL")
    os.environ["LOG_LEVEL"] = "WARNING"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LOG_LEVEL"]
        else:
            os.environ["LOG_LEVEL"] = before


def hush() -> None:
    """Rasa writes what customers said into structlog's debug messages, which print unless somebody configured them."""
    logging.getLogger("rasa").setLevel(logging.WARNING)
    for name, module in list(sys.modules.items()):
        if name.startswith("rasa.") and hasattr(module, "structlogger"):
            vars(module)["structlogger"] = _Hushed(name)


class _Hushed:
    """Passes on to `logging` that something happened, without what was said."""

    def __init__(self, name: str) -> None:
        self._log = logging.getLogger(name)

    def debug(self, _event: str, **_said: Any) -> None:
        return None

    info = debug

    def warning(self, event: str, **_said: Any) -> None:
        self._log.warning("Rasa warns: %s", event)

    def error(self, event: str, **_said: Any) -> None:
        self._log.error("Rasa reports: %s", event)

    exception = error
