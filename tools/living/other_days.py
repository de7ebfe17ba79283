"""Days that are not trained through the coach: signals simulated, analysed by the engine, sent."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import uuid4

from analysis import ImuSamples, analyse_recording, load_catalogue
from tools.living.home import Home
from tracker.session_record import SessionRecord, set_documents
from tracker.simulator import Scenario, simulate
from tracker.today_plan import steps_of
from tracker.training_plan import Leg, Step, TrainingPlan
from tracker.uploader import write_durably

SEED: Final = 12
REST_S: Final = 60.0
"""Between two sets, as prescribed: less is one set to the engine, which has no coach here."""


def train_elsewhere(
    home: Home, exercise_ids: list[str], side: Leg, answers: dict[str, int | None]
) -> None:
    """Store a sitting of these exercises at this moment, by way of the outbox.

    Parameters
    ----------
    home : Home
        Whose.
    exercise_ids : list of str
        What was done, with the catalogue's sets and repetitions.
    side : {"left", "right"}
        The injured leg.
    answers : dict
        To the coach's questions, by code.

    """
    catalogue = load_catalogue()
    steps = [step for one in exercise_ids for step in steps_of(catalogue[one], side)]
    plan = TrainingPlan(steps=tuple(steps), session_id=uuid4(), is_programme=True)
    at: datetime = home.calendar.now()
    record = SessionRecord(
        plan=plan,
        patient_id=home.profile.patient_id,
        started_at=at.astimezone(),
        sensor={"family": "witmotion", "is_simulated": True, "rate_hz": 100.0},
        language=home.profile.language,
        catalogue=catalogue.version,
        answers=dict(answers),
    )
    for number, step in enumerate(steps, 1):
        record.exercise_sets += [one | {"step": number} for one in measured(step)]
    home.uploader.introduce(home.profile)
    write_durably(home.folder.outbox / f"{plan.session_id}.json", record.document())
    home.uploader.send(plan.session_id)


def measured(step: Step) -> list[dict[str, Any]]:
    """Return what the engine makes of the sets of a step."""
    return [
        replaced | {"side": step.side}
        for replaced in _measured(step.exercise.id, step.sets, step.reps or 1)
    ]


@cache
def _measured(exercise_id: str, sets: int, reps: int) -> tuple[dict[str, Any], ...]:
    exercise = load_catalogue()[exercise_id]
    scenario = Scenario(exercise_id=exercise_id, sets=sets, reps=reps, rest_s=REST_S, bout_s=30.0)
    signals = simulate(replace(scenario, profile="steady"), seed=SEED)
    samples = ImuSamples(signals.time_s, signals.acc_ms2, signals.gyr_rads)
    result = analyse_recording(samples, exercise)
    step = Step(exercise=exercise, sets=sets, reps=reps, rest_s=REST_S)
    found = set_documents(result, step, samples.time_s, t0_s=0.0, language="nl")
    return tuple(found)
