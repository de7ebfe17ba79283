"""Phones for the tests: one of Python that speaks the page's language, and the page itself.

`run_quickly` runs the real thing four times faster than the clock: real sockets, real browser, a
clock of the loop that runs ahead. What the phone stamps runs ahead with it.
"""

import asyncio
import io
import json
import selectors
import time
from contextlib import asynccontextmanager

from rich.console import Console

from firmware_bridge import encode_device_motion
from tests.tracker.training_builders import Messages
from tracker.live import LiveHub
from tracker.phone.desk import PhoneDesk
from tracker.phone.listener import Place
from tracker.phone.numbering import encode_numbered
from tracker.phone_training import exercises_for_phones

SPEED = 4.0
RATE_HZ = 60.0
EPOCH_S = 1.7e9
FLAT = ((0.0, 0.0, 9.81), (0.0, 0.0, 0.0))
NOT_REACHED = "WebSocket "  # how the browser's own lines about a broken line begin
LOCAL = Place(address="127.0.0.1", port=0)


class QuickLoop(asyncio.SelectorEventLoop):
    """A selector loop whose clock runs `SPEED` times too fast."""

    def __init__(self):
        super().__init__(_QuickSelector())

    def time(self):
        return time.monotonic() * SPEED


class _QuickSelector(selectors.DefaultSelector):
    def select(self, timeout=None):
        return super().select(None if timeout is None else timeout / SPEED)


def run_quickly(main, *, limit_s=120.0):
    """Run a coroutine in quick time."""

    async def limited():
        async with asyncio.timeout(limit_s):
            return await main

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(limited())


class FakeWire:
    """A connection that remembers what it was told."""

    def __init__(self):
        self.told, self.closed = [], None

    def send(self, message):
        self.told.append(json.loads(json.dumps(message)))

    def close(self, code):
        self.closed = code

    def of(self, kind):
        return [one for one in self.told if one["type"] == kind]


class FakePhone:
    """A page of Python: numbers its samples, keeps them, and sends them again when asked.

    Parameters
    ----------
    desk : PhoneDesk
        Where it comes in.
    platform : str
        What it says of itself; its signs follow `signs`, the same unless given.

    """

    def __init__(self, desk, *, platform="android", signs=None, stream="a-page", start_s=EPOCH_S):
        self.desk, self.platform, self.stream = desk, platform, stream
        self.signs = signs or platform
        self.wire, self.ticket, self.is_worn = None, "", False
        self.samples, self.sent = [], 0
        self.start_s = start_s

    def hello(self, **changes):
        said = {
            "type": "hello", "stream": self.stream, "platform": self.platform,
            "ticket": self.ticket, "worn": self.is_worn,
        } | changes  # fmt: skip
        wire = FakeWire()
        refusal = self.desk.greet(said, wire)
        if refusal is None:
            self.wire = wire
            self.ticket = wire.of("welcome")[0]["ticket"]
            self.sent = wire.of("welcome")[0]["next"]
        return refusal

    def drop(self):
        """Lose the connection."""
        wire, self.wire = self.wire, None
        self.desk.link.leave(wire)

    def measure(self, acc_ms2, gyr_rads):
        """Take samples; they wait until `send`."""
        for acc, gyr in zip(acc_ms2, gyr_rads, strict=True):
            at_s = self.start_s + len(self.samples) / RATE_HZ
            one = (at_s, tuple(acc), tuple(gyr))
            self.samples.append(encode_device_motion([one], platform=self.signs))

    def send(self, arrival_s=0.0, piece=None):
        """Send what waits, if there is a connection."""
        while self.wire is not None and self.sent < len(self.samples):
            end = min(len(self.samples), self.sent + (piece or 200))
            message = encode_numbered(self.sent, b"".join(self.samples[self.sent : end]))
            self.sent = end
            self.desk.link.binary(message, arrival_s)

    def lie_flat(self, seconds=1.5, arrival_s=0.0):
        n = round(seconds * RATE_HZ)
        self.measure([FLAT[0]] * n, [FLAT[1]] * n)
        self.send(arrival_s)

    def put_on(self):
        self.is_worn = True
        self.desk.said({"type": "worn", "worn": True})


def a_desk(hub=None, *, now_s=lambda: 0.0, **options):
    return PhoneDesk(hub or LiveHub(), now_s, exercises=exercises_for_phones(), **options)


def a_paired_phone(desk, **options):
    phone = FakePhone(desk, **options)
    assert phone.hello(code=desk.pairing.code()) is None
    return phone


def a_console():
    return Console(file=io.StringIO(), width=200)


@asynccontextmanager
async def async_browser():
    """Chromium without a window, driven from within the loop."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 (slow)

    from tests.browser import ARGUMENTS, find_chromium  # noqa: PLC0415

    path = find_chromium(has_sensors=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


FEED = """(samples) => {
  for (const [stampMs, a, r] of samples) {
    const event = new DeviceMotionEvent("devicemotion", {
      accelerationIncludingGravity: { x: a[0], y: a[1], z: a[2] },
      rotationRate: { alpha: r[0], beta: r[1], gamma: r[2] }, interval: 1000 / 60,
    });
    Object.defineProperty(event, "timeStamp", { value: stampMs });
    dispatchEvent(event);
  }
}"""


class PagePhone:
    """The page in a browser, fed with motion events made of simulated samples."""

    def __init__(self, page, source, *, sign=1.0):
        self.page, self.source, self.sign = page, source, sign
        self.is_on_leg = False
        self.n_fed = 0
        self._began_s = None
        self._task = None

    async def __aenter__(self):
        self._task = asyncio.create_task(self._feed())
        return self

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _feed(self):
        now_s = asyncio.get_running_loop().time
        began_s = now_s()
        while True:
            due = int((now_s() - began_s) * RATE_HZ) - self.n_fed
            if due > 0:
                await self.page.evaluate(FEED, self._events(due))
            await asyncio.sleep(0.05)

    def _events(self, n):
        acc_ms2, gyr_rads = self.source(n) if self.is_on_leg else ([FLAT[0]] * n, [FLAT[1]] * n)
        events = []
        for acc, gyr in zip(acc_ms2, gyr_rads, strict=True):
            stamp_ms = 1000.0 + self.n_fed * 1000.0 / RATE_HZ
            force = [round(self.sign * float(x), 1) for x in acc]
            rate = [round(float(x) * 57.29577951308232, 1) for x in gyr]
            events.append([stamp_ms, force, rate])
            self.n_fed += 1
        return events


def a_hub():
    return Messages()


SHAKE_FREE = """() => {
  window.pose = { a: [0, 0, 9.8], r: [0, 0, 0] };
  window.feeder = setInterval(() => dispatchEvent(new DeviceMotionEvent("devicemotion", {
    accelerationIncludingGravity: { x: window.pose.a[0], y: window.pose.a[1], z: window.pose.a[2] },
    rotationRate: { alpha: window.pose.r[0], beta: window.pose.r[1], gamma: window.pose.r[2] },
    interval: 1000 / 60,
  })), 1000 / 60);
}"""
"""A page that lies on a table by itself: `window.pose` is what its sensor says."""
