"""Posts signed messages as Twilio does, so many a second, from a process of its own; prints the seconds each took.

`python -m tests.benchmarks.webhook_load URL TOKEN ACCOUNT TO A_SECOND SECONDS`
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.phone_traffic import QUESTIONS

PHONES = 500


def requests(url: str, token: str, account: str, to: str, count: int) -> list[bytes]:
    """All of them, made before the first is sent."""
    validator, parts = RequestValidator(token), urlsplit(url)
    made = []
    for number in range(count):
        params = {
            "MessageSid": f"SM{number:032x}",
            "AccountSid": account,
            "From": f"+49171{4_000_000 + number % PHONES}",
            "To": to,
            "Body": QUESTIONS[number % len(QUESTIONS)],
            "NumMedia": "0",
        }
        body = urlencode(params).encode()
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
            f"X-Twilio-Signature: {validator.compute_signature(url, params)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


async def post(request: bytes, host: str, port: int) -> float:
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))
    seconds = time.perf_counter() - began
    writer.close()
    if b" 200 " not in head[:20]:
        raise RuntimeError(head)
    return seconds


async def load(url: str, made: list[bytes], a_second: int) -> list[float]:
    parts, began, posts = urlsplit(url), time.perf_counter(), []
    for number, request in enumerate(made):
        await asyncio.sleep(max(0.0, began + number / a_second - time.perf_counter()))
        posts.append(asyncio.create_task(post(request, str(parts.hostname), int(parts.port or 80))))
    return list(await asyncio.gather(*posts))


if __name__ == "__main__":
    url, token, account, to, a_second, seconds = sys.argv[1:]
    made = requests(url, token, account, to, int(a_second) * int(seconds))
    print(json.dumps(asyncio.run(load(url, made, int(a_second)))))  # noqa: T201
