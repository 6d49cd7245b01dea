"""Lets Rasa in without its noise: no telemetry, no warnings on import, and no TensorFlow, which none of ours uses."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NETWORKS = "tensorflow tensorflow_hub tensorflow_text tensorflow_addons keras"
CONNECTORS = (
    "aiogram aio_pika boto3 botocore confluent_kafka fbmessenger mattermostwrapper pymongo questionary prompt_toolkit "
    "rocketchat_API sanic_cors sanic_jwt slack_sdk twilio webexteamssdk"
)
PLOTS = "matplotlib"
UNUSED = frozenset(f"{NETWORKS} {CONNECTORS} {PLOTS}".split())

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
        placeholders = [] if "tensorflow" in sys.modules else [_Placeholders()]
        sys.meta_path[:0] = placeholders
        try:
            yield
        finally:
            for finder in placeholders:
                sys.meta_path.remove(finder)
                for name in [name for name, module in sys.modules.items() if isinstance(module, _Module)]:
                    del sys.modules[name]
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


class _Names(type):
    """Answers any attribute, index or call of a placeholder with the placeholder, so that class bodies can be read."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not _Placeholder:
            return super().__call__(*args, **kwargs)
        is_decorated = len(args) == 1 and callable(args[0]) and not kwargs
        return args[0] if is_decorated else _Placeholder

    def __getitem__(cls, _key: object) -> Any:
        return _Placeholder

    def __or__(cls, _other: object) -> Any:
        return _Placeholder

    __ror__ = __or__


class _Placeholder(metaclass=_Names):
    pass


class _Module(ModuleType):
    __path__ = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder


class _Placeholders(MetaPathFinder, Loader):
    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        is_ours = threading.get_ident() == self._thread and name.partition(".")[0] in UNUSED
        return ModuleSpec(name, self, is_package=True) if is_ours else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, _module: ModuleType) -> None:
        return None
