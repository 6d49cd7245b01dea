"""Several processes as one, over Redis; while it does not answer, each of them goes on by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Lock
from typing import Any

import redis
import structlog
from limits.storage import MemoryStorage, RedisStorage, Storage
from socketio import PubSubManager

from app.socket_rooms import OneAtATime
from channels.webchat.protocol import MISSED

log = structlog.get_logger(__name__)

CHANNEL = "handrail"
CONNECTION = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "health_check_interval": 15}
"""A customer's message waits so long for Redis, then it goes on without; seconds."""
HEAR_SECONDS = 10
AGAIN_SECONDS = 1


class FanOut(OneAtATime, PubSubManager):
    """What one process emits reaches the pages of all.

    Socket.IO's own manager would wait for ever for a Redis that hangs, and up to a minute after a break.
    """

    def __init__(self, url: str) -> None:
        super().__init__(channel=CHANNEL)
        self._redis = redis.Redis.from_url(url, **CONNECTION)

    def _publish(self, data: dict[str, Any]) -> None:
        try:
            self._redis.publish(CHANNEL, self.json.dumps(data))
        except redis.RedisError as error:
            log.warning("other_processes_not_told", error=type(error).__name__)

    def _listen(self) -> Iterator[bytes]:
        while True:
            try:
                yield from self._heard()
            except redis.RedisError as error:
                log.warning("other_processes_not_heard", error=type(error).__name__)
                time.sleep(AGAIN_SECONDS)

    def _heard(self) -> Iterator[bytes]:
        with self._redis.pubsub() as channel:
            channel.subscribe(CHANNEL)
            while True:
                heard = channel.get_message(timeout=HEAR_SECONDS)
                if heard and heard["type"] == "subscribe":
                    # Whatever was said to this process's pages before now may have passed them by.
                    self.server.emit(MISSED, ignore_queue=True)
                elif heard:
                    yield heard["data"]


def counters(redis_url: str) -> Storage:
    """Where it is counted how much comes from whom."""
    return Counters(redis_url) if redis_url else OwnCounters()


class OwnCounters(MemoryStorage):
    """Counts messages of this process by itself.

    One at a time: two at once would start the same timer of the storage, and the second message would fail; or both
    would be the last that may come.
    """

    def __init__(self) -> None:
        self._counting = Lock()
        super().__init__()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._counting:
            return bool(super().acquire_entry(key, limit, expiry, amount))


class Counters(RedisStorage):
    """Counts messages for all processes together; this one's by themselves while Redis does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(url, **CONNECTION)
        self._own = OwnCounters()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        try:
            return bool(super().acquire_entry(key, limit, expiry, amount))
        except redis.RedisError:
            return self._own.acquire_entry(key, limit, expiry, amount)
