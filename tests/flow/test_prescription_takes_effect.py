"""From an order over HTTP to what a patient is asked, coached and judged by."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient

from api import ApiSettings, create_app, migrate, open_engine
from tests.tracker.training_builders import PROFILE, a_room
from tracker.course_here import ordered_here, todays_sitting
from tracker.planning import make_plan
from tracker.settings import DataFolder
from tracker.today_plan import SittingWishes
from tracker.virtual_radio import run_virtually

CORE = "ecc_prone_helper"
OTHERS = (
    "stretch_hamstring",
    "stretch_adductor",
    "mob_knee_chest",
    "mob_knee_across",
    "iso_prone_raise",
)
NOW = datetime.now(UTC)  # sittings begin by the real clock, whatever the radio's time is
PATIENT = f"/api/v1/patients/{PROFILE.patient_id}"
EPISODE = "00000000-0000-4000-8000-00000000000b"


class Desk:
    """The clinician's end: the HTTP interface over the database of a patient's machine."""

    def __init__(self, client):
        self.client = client

    def enrol(self):
        name = {"name": "Synthetic patient 1", "is_synthetic": True}
        injury = {"side": "right", "cause": "overload"}
        enrolment = {
            "start_on": str(NOW.date()),
            "time_zone": "UTC",
            "injury_episode_id": EPISODE,
        }
        for path, body in (
            (PATIENT, name),
            (f"{PATIENT}/injury-episodes/{EPISODE}", injury),
            (f"{PATIENT}/enrolment", enrolment),
        ):
            assert self.client.put(path, json=body).status_code == 201

    def prescribe(self, based_on, **targets):
        """Order the core exercise alone."""
        day = {"starts_on": str(NOW.date())}
        orders = [{"exercise": CORE, "sets": 2, **day, **targets}]
        orders += [{"exercise": name, "sets": 1, "is_left_out": True, **day} for name in OTHERS]
        body = {"based_on": based_on, "reason": "calmer", "orders": orders}
        answer = self.client.post(f"{PATIENT}/prescription/versions", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["number"]


@contextmanager
def a_desk(folder):
    migrate(folder.database_url)
    engine = open_engine(folder.database_url)
    app = create_app(engine, ApiSettings(recordings_dir=folder.recordings))
    with TestClient(app, base_url="http://localhost") as client:
        desk = Desk(client)
        desk.enrol()
        yield desk
    engine.dispose()


def sitting_due(folder):
    wishes = SittingWishes(has_questions=False)
    now = datetime.now(UTC) + timedelta(seconds=1)
    return todays_sitting(folder, PROFILE, wishes, now=now).plan


def one_exercise(plan):
    """The same sitting without the card and the questions of a whole one: it starts by itself."""
    return replace(plan, is_programme=False)


def test_a_prescription_sent_over_http_is_what_the_next_sitting_asks_coaches_and_stores(tmp_path):
    folder = DataFolder(tmp_path).make()
    with a_desk(folder) as desk:
        desk.prescribe(0, reps=3, eccentric_s=4.0, peak_deg=80.0, rest_s=20.0, side="left")
        plan = sitting_due(folder)

        async def train():
            async with asyncio.timeout(600), a_room(tmp_path, one_exercise(plan)) as room:
                outcome = await room.training.run()
                return outcome, room.hub

        outcome, hub = run_virtually(train())
        session_id = plan.session_id
        stored = desk.client.put(f"/api/v1/sessions/{session_id}", json=outcome.document)
        shown = desk.client.get(f"/api/v1/sessions/{session_id}").json()

    assert [(step.exercise.id, step.sets, step.reps, step.side) for step in plan.steps] == [
        (CORE, 2, 3, "left")
    ]
    state, card = hub.of("state")[-1], hub.of("card")[0]
    assert (state["tempo_s"], state["tempo_band_s"]) == (4.0, [3.5, 4.5])
    assert (state["peak_target_deg"], state["rest_s"]) == (80.0, 20.0)
    assert (card["reps"], card["reps_target"], card["dose_prescribed_s"]) == (3, 3, 12.0)
    assert card["prescription"]["version"] == 1
    assert {rep["verdict"] for rep in card["reps_list"]} <= {
        "too_fast",
        "accepted",
    }  # 3 s is no 4 s
    assert stored.status_code == 201
    first = shown["exercise_sets"][0]
    assert first["prescription"] == shown["plan"][0]["prescription"] == card["prescription"]
    assert first["targets"]["in_tempo_s"] == [3.5, 4.5]
    assert first["quality"]["dose_prescribed_s"] == 12.0


def test_a_sitting_that_runs_goes_on_as_it_began_and_the_next_one_follows_the_change(tmp_path):
    folder = DataFolder(tmp_path).make()
    with a_desk(folder) as desk:
        desk.prescribe(0, reps=2, rest_s=10.0)
        plan = sitting_due(folder)

        async def train():
            async with asyncio.timeout(600), a_room(tmp_path, one_exercise(plan)) as room:
                running = asyncio.ensure_future(room.training.run())
                await room.until_reps(1)
                desk.prescribe(1, reps=5, rest_s=30.0)
                await running
                return room.hub

        cards = run_virtually(train()).of("card")
        following = sitting_due(folder)

    assert [(card["reps_target"], card["prescription"]["version"]) for card in cards] == [
        (2, 1),
        (2, 1),
    ]
    assert (following.first.reps, following.first.rest_s) == (5, 30.0)
    assert following.first.ordered.version == 2


def test_an_exercise_that_is_started_by_itself_follows_its_order_too(tmp_path):
    folder = DataFolder(tmp_path).make()
    with a_desk(folder) as desk:
        unordered = ordered_here(folder, PROFILE, CORE, datetime.now(UTC))
        desk.prescribe(0, reps=4, eccentric_s=5.0, side="left", band="green")
        order = ordered_here(folder, PROFILE, CORE, datetime.now(UTC) + timedelta(seconds=1))

    plan = make_plan(CORE, side="right", order=order).with_band("yellow")

    step = plan.first
    assert unordered is None
    assert (step.reps, step.side, step.band, step.ordered.version) == (4, "left", "green", 1)
    assert step.exercise.in_tempo_s == (4.5, 5.5)
    assert make_plan(CORE, reps=2, order=order).first.reps == 2


def test_a_new_change_is_told_before_the_sitting(tmp_path):
    folder = DataFolder(tmp_path).make()
    with a_desk(folder) as desk:
        desk.prescribe(0, reps=4)
        soon = datetime.now(UTC) + timedelta(seconds=1)

        told = todays_sitting(folder, PROFILE, SittingWishes(), now=soon).notes
        later = todays_sitting(folder, PROFILE, SittingWishes(), now=soon + timedelta(days=8)).notes

    assert any("exercises were changed on" in note.en for note in told)
    assert not any("exercises were changed on" in note.en for note in later)
