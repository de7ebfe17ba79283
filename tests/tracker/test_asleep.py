import ast
import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from tests.tracker.coach_builders import a_plan
from tests.tracker.training_builders import ADDRESS, a_room
from tracker import waking_clock
from tracker.recording_file import read_mcap
from tracker.virtual_radio import run_virtually
from tracker.waking_clock import WakingLoop, run_awake

ROOT = Path(__file__).resolve().parents[2]

# What may look at another clock than the event loop's, and why.
OTHER_CLOCKS = {
    "tracker/calendar_clock.py": {"datetime.now"},  # which day it is for the patient
    "tracker/sensor_recording.py": {"datetime.now"},  # the date of a recording, and its name
    "tracker/live.py": {"time.monotonic"},  # how old a message is, in any thread
    "tracker/upload/trays.py": {"time.time"},  # how old a file is that was handed in
    "tracker/phone/certificates.py": {"datetime.now"},  # from when to when one is good
    "tracker/commands/restore.py": {"datetime.now"},  # the name of what is put aside
    "tracker/settings.py": {"datetime.now"},  # the same, of what waited for the next start
    "tracker/moving/backing_up.py": {"datetime.now"},  # the date of a backup
    "tracker/radio_trace.py": {"datetime.now"},  # the date of a trace, read once
    "tracker/clinic_serving.py": {"datetime.now"},  # up to when what a list says is made anew
    "tracker/commands/export.py": {"datetime.now"},  # the date of a report
    "tracker/commands/doctor.py": {"datetime.now"},  # the date of a check
    "tracker/linking/here.py": {"datetime.now"},  # when something was sent
    "tracker/processes/workers.py": {"time.monotonic"},  # how often processes die; no event loop
    "tracker/reanalysis/one_session.py": {"datetime.now"},  # the date of a result
    "tracker/demo/clinic.py": {"datetime.now"},  # the dates of synthetic patients
    "tracker/updating.py": {"datetime.now"},  # up to when what a list says is made anew
    "tracker/working.py": {"datetime.now"},  # when a job is done
    "tracker/waking_clock.py": {"time.monotonic", "time.clock_gettime"},  # is the loop's clock
}


def clocks_of(path):
    """The clocks that a source file reads."""
    names = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    clocks = ("time.time", "time.monotonic", "time.perf_counter", "time.clock_gettime")
    return names & {*clocks, "datetime.now", "datetime.utcnow", "date.today"}


def test_all_times_of_a_session_are_those_of_the_event_loop():
    found = {
        path.relative_to(ROOT).as_posix(): clocks_of(path)
        for path in (ROOT / "tracker").rglob("*.py")
    }

    unknown = {name: clocks - OTHER_CLOCKS.get(name, set()) for name, clocks in found.items()}

    assert {name: clocks for name, clocks in unknown.items() if clocks} == {}


def test_the_loop_has_a_clock_that_goes_on_while_the_computer_sleeps():
    async def look():
        return asyncio.get_running_loop().time()

    now_s = waking_clock.now_s()

    assert run_awake(look()) == pytest.approx(now_s, abs=0.5)
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert now_s == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=0.5)


def test_what_was_due_in_an_hour_of_sleep_is_done_at_once_on_waking(monkeypatch):
    slept_s = 0.0
    monkeypatch.setattr(waking_clock, "now_s", lambda: time.monotonic() + slept_s)

    async def sleep_through():
        nonlocal slept_s
        waiting = asyncio.ensure_future(asyncio.sleep(1800))
        await asyncio.sleep(0.01)
        slept_s = 3600.0
        await asyncio.wait({waiting}, timeout=3600 * 2)
        return waiting.done()

    with asyncio.Runner(loop_factory=WakingLoop) as runner:
        began_s = time.monotonic()
        is_done = runner.run(sleep_through())

    assert is_done
    assert time.monotonic() - began_s < 1.0


async def train_and_sleep(folder, plan, seconds):
    """Train; after the second repetition the laptop is shut for a while."""
    async with a_room(folder, plan) as room:
        running = asyncio.ensure_future(room.training.run())
        await room.until_reps(2)
        room.radio.go_silent(ADDRESS)
        asyncio.get_running_loop().jump(seconds)
        await asyncio.sleep(0.2)
        room.radio.come_back(ADDRESS)
        return room, await running


def test_after_a_nap_of_20_s_the_set_goes_on_and_the_gap_has_its_length(tmp_path):
    _, outcome = run_virtually(train_and_sleep(tmp_path, a_plan(sets=1, reps=10), 20.0))

    recorded = read_mcap(outcome.path.with_suffix(".mcap"))
    steps_s = np.diff(recorded.samples.time_s)
    [nap] = [note for note in recorded.annotations if note["event"] == "stood_still"]
    [one] = outcome.document["exercise_sets"]
    assert 20 < steps_s.max() < 26
    assert nap["for_s"] == pytest.approx(20, abs=0.5)
    assert len(one["reps"]) > 2
    assert all(rep["end_s"] - rep["start_s"] < 15 for rep in one["reps"]), "none lasts for the nap"


def test_after_five_minutes_asleep_the_session_is_closed_and_kept(tmp_path):
    room, outcome = run_virtually(
        train_and_sleep(tmp_path, a_plan(sets=3, reps=15), 300.0), limit_s=7200
    )

    [one] = outcome.document["exercise_sets"]
    assert len(one["reps"]) == 2
    assert "heeft tussendoor geslapen" in room.console.file.getvalue()
    assert [state for state, _ in room.hub.states()][-1] == "done"
    assert read_mcap(outcome.path.with_suffix(".mcap")).is_finished
