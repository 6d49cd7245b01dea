"""Stands in for the libraries that Rasa imports for features this bot doesn't have."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
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


def put_up() -> list[MetaPathFinder]:
    """Imports of this thread find placeholders from now on; nothing if the real TensorFlow is in use already."""
    if "tensorflow" in sys.modules:
        return []
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    return [finder]


def take_down(finders: list[MetaPathFinder]) -> None:
    """What is imported after this gets the real thing."""
    for finder in finders:
        sys.meta_path.remove(finder)
    for name in [name for name, module in sys.modules.items() if isinstance(module, _Module)]:
        del sys.modules[name]


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


class _Finder(MetaPathFinder, Loader):
    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        is_ours = threading.get_ident() == self._thread and name.partition(".")[0] in UNUSED
        return ModuleSpec(name, self, is_package=True) if is_ours else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, _module: ModuleType) -> None:
        return None
