import asyncio
import io
import json
import socket
from urllib.request import urlopen

import pytest
from rich.console import Console

from tests.tracker.coach_builders import SESSION, a_plan
from tests.tracker.training_builders import PROFILE, a_room
from tracker.live import LiveHub
from tracker.planning import make_plan
from tracker.serving import LocalServer, ServingError, bind_loopback
from tracker.session_store import SessionStore
from tracker.settings import DataFolder
from tracker.sitting import SittingOptions, run_sitting
from tracker.virtual_radio import run_virtually


async def train_and_leave(folder):
    """Train two repetitions, and go away without delivering them."""
    async with a_room(folder.root, a_plan(sets=1, reps=2)) as room:
        return await room.training.run()


async def sit_down_and_stop(folder, console, seconds=1.0):
    plan = make_plan("ecc_prone_helper", has_questions=False)
    options = SittingOptions(sensor="sim", is_quiet=True, port=0)
    sitting = asyncio.ensure_future(run_sitting(plan, PROFILE, folder, options, console=console))
    async with asyncio.timeout(20):
        while "sensor" not in console.file.getvalue():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await asyncio.sleep(seconds)
    sitting.cancel()  # what Ctrl-C does
    return await sitting


def test_what_waited_is_sent_and_what_was_not_done_is_not_stored(tmp_path):
    folder, console = DataFolder(tmp_path).make(), Console(file=io.StringIO(), width=200)
    run_virtually(train_and_leave(folder))

    outcome = asyncio.run(sit_down_and_stop(folder, console))

    shown = console.file.getvalue()
    assert outcome.was_interrupted
    assert outcome.path is None
    assert "Geen herhalingen: niets opgeslagen." in shown
    assert "/train" in shown
    assert [path.stem for path in folder.sent.glob("*.json")] == [str(SESSION)]
    assert not list(folder.outbox.iterdir())
    assert "sensor scanning" in (folder.log / "tempo90.log").read_text("utf-8")


def test_a_simulated_leg_is_stored_under_its_own_name_and_the_sitting_says_so(tmp_path):
    folder, console = DataFolder(tmp_path).make(), Console(file=io.StringIO(), width=200)
    plan = make_plan("ecc_prone_helper", has_questions=False, sets=1, reps=1)
    options = SittingOptions(sensor="sim", is_quiet=True, port=0)

    outcome = asyncio.run(run_sitting(plan, PROFILE, folder, options, console=console))

    assert outcome.document["patient_id"] != str(PROFILE.patient_id)
    assert "Opgeslagen: " in console.file.getvalue()
    assert "gesimuleerd been" in console.file.getvalue()


def test_a_session_that_was_cut_off_is_told_and_sent(tmp_path):
    folder, console = DataFolder(tmp_path).make(), Console(file=io.StringIO(), width=200)
    outcome = run_virtually(train_and_leave(folder))
    store = SessionStore(folder, SESSION)
    store.keep(outcome.document)
    outcome.path.with_suffix(".mcap").rename(store.recording)
    outcome.path.unlink()
    store.leave()

    asyncio.run(sit_down_and_stop(folder, console, seconds=0.1))

    assert "van ecc_prone_helper teruggehaald" in console.file.getvalue()
    stored = json.loads((folder.sent / f"{SESSION}.json").read_text())
    assert len(stored["exercise_sets"][0]["reps"]) == 2


def test_the_pages_take_another_port_when_theirs_is_taken(tmp_path):
    folder = DataFolder(tmp_path).make()
    taken = bind_loopback(0)
    port = taken.getsockname()[1]
    taken.listen()

    async def look():
        async with LocalServer(folder, LiveHub(), port=port) as server:
            answer = await asyncio.to_thread(lambda: urlopen(f"{server.url}/health").read())  # noqa: S310
            return server.url, json.loads(answer)

    with taken:
        url, health = asyncio.run(look())

    assert health["status"] == "ok"
    assert not url.endswith(f":{port}")


def test_a_fixed_port_that_is_taken_is_an_error_that_says_what_to_give():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(ServingError, match="--port"):
            bind_loopback(taken.getsockname()[1], is_fixed=True)
