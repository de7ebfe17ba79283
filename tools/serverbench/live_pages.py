"""How many live pages one core feeds: the service's channel beside a bare WebSocket route.

One training publishes what its engine sees, thirty times a second by the real clock; so many
pages listen. Counted is the processor time of the server for each second of each page.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect

from analysis import ImuSamples, SetAnalyzer, load_catalogue
from api import ApiSettings, migrate, open_engine
from serverbench.serving import HOST, Server, serving
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.live_messages import frame_message
from tracker.simulator import Scenario, simulate

FRAMES_PER_S: Final = 30
PATH: Final = "/ws/live"
EXERCISE: Final = "ecc_prone_helper"


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePages:
    """What one server did for its pages."""

    name: str
    pages: int
    frames_per_s: float
    ms_per_page_s: float
    kb_per_page: float

    @property
    def per_core(self) -> int:
        """How many pages keep one core busy."""
        return int(1_000 / self.ms_per_page_s)


def measure_live_pages(n_pages: int, seconds: float) -> list[LivePages]:
    """Return the figures of the service and of the bare route."""
    return [
        _measure(name, make, n_pages, seconds)
        for name, make in (("tempo90", live_service), ("bare Starlette", _bare))
    ]


def live_service(_: str, folder: str) -> Any:
    """Make the app of a patient's own computer, with a training that runs."""
    url = f"sqlite:///{folder}/tempo90.db"
    migrate(url)
    hub = LiveHub()
    settings = ApiSettings(recordings_dir=Path(folder))
    app = create_app(open_engine(url), settings, hub)
    _every_frame(hub.publish)
    return app


def _bare(_: str, __: str) -> Any:
    """Make an app that sends every page the newest frame, and nothing else."""
    newest: dict[str, Any] = {}

    async def tell(socket: WebSocket) -> None:
        await socket.accept()
        told = None
        with suppress(WebSocketDisconnect):
            while True:
                await asyncio.sleep(1 / FRAMES_PER_S)
                if (message := newest.get("frame")) is not told:
                    told = message
                    await socket.send_json(message)

    _every_frame(lambda message: newest.update(frame=message))
    return Starlette(routes=[WebSocketRoute(PATH, tell)])


def _every_frame(publish: Callable[[dict[str, Any]], object]) -> None:
    frames = list(_frames())

    def run() -> None:
        due_s = time.monotonic()
        for number, frame in enumerate(cycle(frames)):
            publish(frame | {"t": round(number / FRAMES_PER_S, 3)})
            due_s += 1 / FRAMES_PER_S
            time.sleep(max(0.0, due_s - time.monotonic()))

    threading.Thread(target=run, daemon=True).start()


def _frames() -> list[dict[str, Any]]:
    made = simulate(Scenario(exercise_id=EXERCISE, reps=5), seed=1)
    analyzer = SetAnalyzer(load_catalogue()[EXERCISE])
    begin_s, told, due_s = float(made.time_s[0]), [], 0.0
    for first in range(0, len(made.time_s) - 5, 5):
        piece = slice(first, first + 5)
        samples = ImuSamples(made.time_s[piece], made.acc_ms2[piece], made.gyr_rads[piece])
        analyzer.update(samples)
        if float(made.time_s[first]) - begin_s >= due_s:
            due_s += 1 / FRAMES_PER_S
            told.append(frame_message(analyzer.live, begin_s, 0))
    return told


def _measure(name: str, make: Callable[[str, str], Any], n_pages: int, seconds: float) -> LivePages:
    with serving(make, "") as server:
        return asyncio.run(_listen(server, name, n_pages, seconds))


async def _listen(server: Server, name: str, n_pages: int, seconds: float) -> LivePages:
    n_frames = 0

    async def hear(socket: Any) -> None:
        nonlocal n_frames
        async for text in socket:
            n_frames += '"frame"' in text

    held = server.memory_bytes()
    address = f"ws://{HOST}:{server.port}{PATH}"
    sockets = [await connect(address) for _ in range(n_pages)]
    tasks = [asyncio.create_task(hear(socket)) for socket in sockets]
    await asyncio.sleep(1)
    n_frames, used_s, began = 0, server.processor_s(), time.perf_counter()
    await asyncio.sleep(seconds)
    passed_s = time.perf_counter() - began
    used_s = server.processor_s() - used_s
    found = LivePages(
        name=name,
        pages=n_pages,
        frames_per_s=n_frames / n_pages / passed_s,
        ms_per_page_s=1e3 * used_s / n_pages / passed_s,
        kb_per_page=(server.memory_bytes() - held) / n_pages / 1e3,
    )
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
    return found
