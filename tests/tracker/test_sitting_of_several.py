import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.tracker.coach_builders import SESSION, a_sitting
from tests.tracker.training_builders import PROFILE, a_sitting_room
from tracker.delivery import deliver, recover
from tracker.earlier_today import done_earlier
from tracker.live import LiveHub
from tracker.recording_file import read_mcap
from tracker.serving import LocalServer
from tracker.settings import DataFolder
from tracker.virtual_radio import run_virtually

ROOT = Path(__file__).resolve().parents[2]
PLAN = a_sitting(
    ("mob_knee_chest", "left"), ("ecc_prone_helper", "left"), ("squat_single", "right")
)


HOLD_S = 12.0


def shortened(plan):
    """One hold of 12 s of each leg, one set of two repetitions of the rest."""
    stretch, *others = plan.steps
    brief = replace(stretch.exercise, hold_s=HOLD_S)
    steps = (
        replace(stretch, exercise=brief, sets=2, sides=("left", "right")),
        *(replace(step, sets=1, exercise=replace(step.exercise, sets=1)) for step in others),
    )
    return replace(plan, steps=steps)


async def train(tmp_path, plan, meanwhile=None):
    async with a_sitting_room(tmp_path, plan) as room:
        running = asyncio.ensure_future(room.training.run())
        if meanwhile is not None:
            await meanwhile(room)
        return room, await running


@pytest.fixture(scope="module")
def sitting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sitting")

    async def put_right(room):
        await room.until_state("rest")
        await room.hub.take('{"do": "hands_free", "on": true}')
        while not [card for card in room.hub.of("card") if card["step"] == 2]:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        await room.hub.take('{"do": "correct", "step": 2, "set": 1, "reps": 3}')
        await room.hub.take('{"do": "self_report", "step": 3}')

    return folder, *run_virtually(train(folder, shortened(PLAN), put_right))


def test_a_stretch_and_an_exercise_with_repetitions_become_one_session(sitting):
    _, _, outcome = sitting

    sets = outcome.document["exercise_sets"]

    assert [(one["exercise"], one["step"], one["set"], one["side"]) for one in sets] == [
        ("mob_knee_chest", 1, 1, "left"), ("ecc_prone_helper", 2, 1, "left"),
    ]  # fmt: skip
    assert sets[0]["holds"][0]["end_s"] - sets[0]["holds"][0]["start_s"] == pytest.approx(
        HOLD_S, abs=2
    )
    assert len(sets[1]["reps"]) == 2
    assert [step["exercise"] for step in outcome.document["plan"]] == [
        "mob_knee_chest", "ecc_prone_helper", "squat_single",
    ]  # fmt: skip


def test_what_was_timed_told_or_put_right_is_kept_apart_from_what_was_measured(sitting):
    _, _, outcome = sitting

    document = json.loads(outcome.path.read_text())

    assert [(one["step"], one["side"], one["held_s"]) for one in document["timed"]] == [
        (1, "right", HOLD_S)
    ]
    assert [one["exercise"] for one in document["self_reported"]] == ["squat_single"]
    assert document["exercise_sets"][1]["reps_by_patient"] == 3
    assert len(document["exercise_sets"][1]["reps"]) == 2


def test_a_page_that_joins_late_is_told_the_plan_the_state_and_the_card(sitting):
    _, room, _ = sitting

    told = {one["type"]: one for one in room.hub.snapshot()["messages"]}

    assert [step["state"] for step in told["plan"]["steps"]] == ["done", "done", "self_reported"]
    assert told["state"]["state"] == "done"
    assert told["card"]["reps_by_patient"] == 3


def test_the_pages_are_told_every_sound_and_how_long_a_pose_is_held(sitting):
    _, room, _ = sitting

    held = [frame["hold_s"] for frame in room.hub.of("frame") if "hold_s" in frame]

    assert {"go", "calibrated", "rep_good", "set_end"} <= {one["cue"] for one in room.hub.of("cue")}
    assert max(held) == pytest.approx(HOLD_S, abs=0.6)
    assert [one["n"] for one in room.hub.of("hold")] == [1, 2]


def test_the_recording_says_which_set_of_which_exercise_began_where(sitting):
    _, _, outcome = sitting

    recorded = read_mcap(outcome.path.with_suffix(".mcap"))

    notes = [note for note in recorded.annotations if note.get("event") == "set_started"]
    assert [(note["step"], note["set"]) for note in notes] == [(1, 1), (2, 1)]


def test_the_service_gets_the_session_the_self_reports_and_the_correction(sitting):
    folder = DataFolder(sitting[0])

    async def send_and_read():
        async with LocalServer(folder, LiveHub(), port=0) as server:
            report = await deliver(server.url, folder, PROFILE)
            url = f"{server.url}/api/v1/patients/{PROFILE.patient_id}/self-reports"
            body = await asyncio.to_thread(lambda: urlopen(url).read())  # noqa: S310  # our own
            return report, json.loads(body)["self_reports"]

    report, told = asyncio.run(send_and_read())

    assert report.failed == ()
    assert [(one["exercise"], one["sets"], one["reason"]) for one in told] == [
        ("squat_single", 1, "told")
    ]


KILLED = """
import asyncio, os, sys, time
from pathlib import Path
from tests.tracker.test_sitting_of_several import PLAN, shortened
from tests.tracker.training_builders import a_sitting_room
from tracker.virtual_radio import run_virtually

async def main():
    async with a_sitting_room(Path(sys.argv[1]), shortened(PLAN)) as room:
        running = asyncio.ensure_future(room.training.run())
        await room.until_reps(1)
        time.sleep(0.5)  # the disk keeps up with the real time, not with a virtual one
        os._exit(9)

run_virtually(main())
"""


def test_a_sitting_that_is_killed_keeps_every_kind_of_set_and_can_be_gone_on_with(tmp_path):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    folder = DataFolder(tmp_path)

    recovered = asyncio.run(recover(folder))
    document = json.loads((folder.outbox / f"{SESSION}.json").read_text())
    now = datetime.now(UTC)
    done = done_earlier(folder, PROFILE.patient_id, now, 7200.0)
    long_ago = done_earlier(folder, PROFILE.patient_id, now + timedelta(hours=3), 7200.0)

    assert killed.returncode == 9
    assert [one.exercise for one in recovered] == ["mob_knee_chest"]
    assert [one["exercise"] for one in document["exercise_sets"]] == [
        "mob_knee_chest", "ecc_prone_helper",
    ]  # fmt: skip
    assert document["exercise_sets"][1]["is_recovered"] is True
    assert (document["exercise_sets"][1]["step"], document["exercise_sets"][1]["set"]) == (2, 1)
    assert len(document["timed"]) == 1
    assert done == [("mob_knee_chest", None, 2), ("ecc_prone_helper", "left", 1)]
    assert long_ago == []
