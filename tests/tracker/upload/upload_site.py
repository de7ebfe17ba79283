"""The local service with its upload page, in a thread of its own, and recordings to give it."""

import asyncio
import threading
from contextlib import contextmanager

from firmware_bridge import write_generic_csv
from tracker.live import LiveHub
from tracker.serving import LocalServer
from tracker.settings import DataFolder
from tracker.simulator import Scenario, simulate


@contextmanager
def serve_folder(path):
    """Serve a data folder; gives the address and the folder."""
    folder = DataFolder(path).make()
    begun, address = threading.Event(), []
    loop = asyncio.new_event_loop()
    ending = asyncio.Event()

    async def run():
        async with LocalServer(folder, LiveHub(), port=0) as server:
            address.append(server.url)
            begun.set()
            await ending.wait()

    def work():
        try:
            loop.run_until_complete(run())
        finally:
            begun.set()
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait(20)
    try:
        yield address[0], folder
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(20)


def a_recording(reps=4, seed=5):
    return simulate(Scenario(reps=reps, sets=1, profile="steady", start="still"), seed=seed)


def a_csv(reps=4, seed=5):
    recording = a_recording(reps, seed)
    return write_generic_csv(recording.time_s, recording.acc_ms2, recording.gyr_rads).encode()
