import asyncio
import io
import json
import re
import socket
from contextlib import suppress
from urllib.request import urlopen

from rich.console import Console

from tracker.live import LiveHub
from tracker.opening import open_or_join
from tracker.running import find_running, in_use, taken
from tracker.serving import LocalServer
from tracker.settings import DataFolder


def quiet():
    return Console(file=io.StringIO(), width=200)


async def until(find, *, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not (found := find()):  # noqa: ASYNC110 - it looks at a file
            await asyncio.sleep(0.02)
        return found


def test_the_app_starts_when_it_does_not_run_and_the_browser_gets_its_address(
    tmp_path, monkeypatch
):
    folder, opened = DataFolder(tmp_path).make(), []
    monkeypatch.setattr("webbrowser.open", opened.append)

    async def start_and_stop():
        running = asyncio.create_task(open_or_join(folder, port=0, console=quiet()))
        url = await until(lambda: opened and opened[0])
        health = await asyncio.to_thread(lambda: urlopen(f"{url}/health").read())  # noqa: S310
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return health

    health = asyncio.run(start_and_stop())

    assert json.loads(health)["status"] == "ok"
    assert find_running(folder) is None


def test_a_second_open_shows_the_pages_of_the_first_and_ends(tmp_path, monkeypatch):
    folder, opened, console = DataFolder(tmp_path).make(), [], quiet()
    monkeypatch.setattr("webbrowser.open", opened.append)

    async def twice():
        async with LocalServer(folder, LiveHub(), port=0) as server:
            await open_or_join(folder, port=0, console=console)
            return server.url

    url = asyncio.run(twice())

    assert opened == [url]
    assert console.file.getvalue().strip() == url


def test_the_app_takes_another_port_when_its_own_is_taken(tmp_path):
    folder, console = DataFolder(tmp_path).make(), quiet()

    async def start_and_stop(port):
        running = asyncio.create_task(
            open_or_join(folder, port=port, opens_browser=False, console=console)
        )
        url = await until(lambda: find_running(folder))
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return url

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        url = asyncio.run(start_and_stop(port))

    assert re.fullmatch(r"http://localhost:\d+", url)
    assert not url.endswith(f":{port}")


def test_what_a_program_left_behind_that_died_is_not_taken_for_a_running_one(tmp_path):
    folder = DataFolder(tmp_path).make()
    (tmp_path / "running.json").write_text('{"url": "http://localhost:1", "pid": 1}', "utf-8")

    assert find_running(folder) is None


def test_only_an_address_on_this_computer_is_opened(tmp_path):
    folder = DataFolder(tmp_path).make()

    with taken(folder):
        (tmp_path / "running.json").write_text('{"url": "http://elsewhere.example/"}', "utf-8")

        assert find_running(folder) is None


def test_the_first_to_run_is_the_one_that_is_found(tmp_path):
    folder = DataFolder(tmp_path).make()

    with in_use(folder) as tell, in_use(folder) as tell_later:
        tell("http://localhost:1")
        tell_later("http://localhost:2")
        assert find_running(folder) == "http://localhost:1"
    assert find_running(folder) is None
