"""No cache of training steps: ours take seconds, and Rasa's would write a database below the working directory."""

from __future__ import annotations

from typing import Any

from rasa.engine.caching import TrainingCache


class NoCache(TrainingCache):
    def cache_output(self, *_: Any, **__: Any) -> None:
        return None

    def get_cached_output_fingerprint(self, fingerprint_key: str) -> str | None:
        return None

    def get_cached_result(self, *_: Any, **__: Any) -> None:
        return None
