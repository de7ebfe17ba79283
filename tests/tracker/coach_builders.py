from uuid import UUID

from analysis import (
    Calibrated,
    Calibration,
    Flag,
    Phase,
    PhaseKind,
    Rep,
    RepFinished,
    SetQuality,
    SetResult,
    load_catalogue,
)
from tracker.coach import Coach
from tracker.coach_cues import (
    Keep,
    Play,
    Publish,
    Say,
    StartMeasuring,
    StopMeasuring,
)
from tracker.planning import make_plan, make_step
from tracker.training_plan import TrainingPlan

SESSION = UUID("00000000-0000-4000-8000-000000000090")


def a_plan(**changes):
    wanted = {"sets": 2, "reps": 3, "side": "left", "has_questions": False} | changes
    return make_plan(wanted.pop("exercise_id", "ecc_prone_helper"), session_id=SESSION, **wanted)


def a_sitting(*steps, **changes):
    """A sitting of (exercise, side) with two sets of two repetitions where they are counted."""
    made = tuple(
        make_step(load_catalogue()[exercise_id], sets=2, reps=2, rest_s=20.0, side=side)
        for exercise_id, side in steps
    )
    wanted = {"has_questions": False, "is_programme": True} | changes
    return TrainingPlan(steps=made, session_id=SESSION, **wanted)


def a_rep(start_s=0.0, *, eccentric_s=3.0, peak_deg=90.0, flags=()):
    end_s = start_s + 2.0 + eccentric_s
    return Rep(
        start_s=start_s,
        peak_s=start_s + 1.5,
        end_s=end_s,
        peak_deg=peak_deg,
        peak_deg_u=2.0,
        rom_deg=peak_deg,
        rom_deg_u=2.0,
        phases=(Phase(kind=PhaseKind.ECCENTRIC, start_s=end_s - eccentric_s, end_s=end_s),),
        eccentric_s=eccentric_s,
        eccentric_moving_s=eccentric_s,
        pause_s=0.0,
        flags=tuple(Flag(flag) for flag in flags),
    )


def a_set(reps, *, in_tempo=None):
    seconds = [rep.eccentric_s for rep in reps]
    return SetResult(
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        reps=tuple(reps),
        quality=SetQuality(
            reps=len(reps),
            in_tempo=len(reps) if in_tempo is None else in_tempo,
            dose_s=sum(seconds),
            dose_prescribed_s=9.0,
        ),
    )


STILL = Calibrated(calibration=Calibration(method="still-pose", quality=1.0), at_s=0.0)


class Person:
    """Drives a coach the way the runner does, and keeps the reps of the running set."""

    def __init__(self, *, of=None, is_hands_free=False, **plan):
        self.coach = Coach(of or a_plan(**plan), is_hands_free=is_hands_free)
        self.now_s = 100.0
        self.outputs = []
        self.reps = []
        self.is_measuring = False
        self.stored = []

    def take(self, outputs):
        self.outputs += outputs
        for output in outputs:
            if isinstance(output, StartMeasuring):
                assert not self.is_measuring or not self.reps  # a rest pose may be taken again
                self.is_measuring, self.reps = True, []
            elif isinstance(output, StopMeasuring):
                assert self.is_measuring
                self.is_measuring = False
                results = [a_set(self.reps)] if self.reps else []
                self.stored += self.reps
                self.take(self.coach.set_result(results, self.now_s))

    def start(self):
        self.take(self.coach.start(self.now_s))
        return self

    def connect(self):
        self.take(self.coach.sensor(True, self.now_s))
        return self

    def wait(self, seconds, step_s=0.25):
        for _ in range(round(seconds / step_s)):
            self.now_s += step_s
            self.take(self.coach.tick(self.now_s))
        return self

    def hold_still(self):
        self.take(self.coach.events([STILL], 0.0, self.now_s))
        return self.wait(2.5)

    def rep(self, **rep):
        if self.is_measuring:
            done = a_rep(5.0 * len(self.reps), **rep)
            self.reps.append(done)
            self.take(self.coach.events([RepFinished(rep=done, at_s=0.0)], 0.0, self.now_s))
        return self

    def key(self, key):
        self.take(self.coach.key(key, self.now_s))
        return self

    def state(self):
        return self.coach.state.value

    def kept(self):
        return [
            (output.what.value, dict(output.item))
            for output in self.outputs
            if isinstance(output, Keep)
        ]

    def told(self, kind):
        messages = [output.message for output in self.outputs if isinstance(output, Publish)]
        return [message for message in messages if message["type"] == kind]

    def sounds(self):
        return [output.cue for output in self.outputs if isinstance(output, Play)]

    def said(self):
        return [output.text for output in self.outputs if isinstance(output, Say)]

    def cards(self):
        messages = [output.message for output in self.outputs if isinstance(output, Publish)]
        return [message for message in messages if message["type"] == "card"]
