"""A pace for writes: faster than any person, slower than a script that would fill the disk.

What comes faster waits instead of being dropped, so that no answer is lost to it.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.ui.gate.refusing import refuse

UNIT = 4096  # bytes of a message that count as one more
MESSAGES = (50.0, 500.0)  # units a second, and at once, of one open page
WRITES = (100.0, 1000.0)  # requests a second, and at once, of one address: an upload is one a file
LONGEST_WAIT = 20.0  # seconds; a request that would wait longer is told to come again
_KEPT = 10_000  # addresses remembered
_READS = ("GET", "HEAD", "OPTIONS")


class Bucket:
    """Lets `burst` units through at once and `rate` a second in the long run."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.level, self.at = 0.0, 0.0

    def wait(self, units: float, now: float) -> float:
        """Pour `units` in; how many seconds to wait until they are through."""
        self.level = max(0.0, self.level - (now - self.at) * self.rate) + units
        self.at = now
        return max(0.0, (self.level - self.burst) / self.rate)


class Paced:
    """Holds up the messages of an open page, and requests that write, beyond their pace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.addresses: OrderedDict[str, Bucket] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait before what comes too fast is passed on; 429 where that would take too long."""
        if scope["type"] == "websocket":
            await self.app(scope, _paced(receive, Bucket(*MESSAGES)), send)
            return
        if scope["type"] == "http" and scope["method"] not in _READS:
            bucket = self._bucket(scope)
            seconds = bucket.wait(1, time.monotonic())
            if seconds > LONGEST_WAIT:
                bucket.level -= 1  # it is not let in
                await refuse(scope, receive, send, "Too many at once. Try again in a while.", 429)
                return
            await asyncio.sleep(seconds)
        await self.app(scope, receive, send)

    def _bucket(self, scope: Scope) -> Bucket:
        address = (scope.get("client") or ("",))[0]
        bucket = self.addresses.setdefault(address, Bucket(*WRITES))
        self.addresses.move_to_end(address)
        if len(self.addresses) > _KEPT:
            self.addresses.popitem(last=False)
        return bucket


def _paced(receive: Receive, bucket: Bucket) -> Receive:
    async def paced() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            size = len(message.get("bytes") or message.get("text") or "")
            await asyncio.sleep(bucket.wait(1 + size // UNIT, time.monotonic()))
        return message

    return paced
