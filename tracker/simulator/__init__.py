"""A simulated leg with a sensor on it: physics only, with the exact truth.

Independent of `analysis`: it shares no formula with the engine that is judged by it. How it is
built, and what it leaves out: docs/explanation/simulator.md.
"""

from tracker.simulator.curves import Array, cosine, minimum_jerk
from tracker.simulator.disturbances import DISTURBANCES
from tracker.simulator.errors import (
    UnknownCueError,
    UnknownDisturbanceError,
    UnknownProfileError,
    UnsimulatedExerciseError,
)
from tracker.simulator.human import PROFILES, HumanProfile
from tracker.simulator.patient import Cue, SimulatedPatient
from tracker.simulator.postures import simulated_exercises
from tracker.simulator.recording import SensorSignals, SimulatedRecording, simulate
from tracker.simulator.scenario import STRESSES, Placement, Scenario, Start, random_scenario
from tracker.simulator.sensor import SensorRange
from tracker.simulator.truth import (
    BoutKind,
    BoutTruth,
    Disturbance,
    HoldTruth,
    Impact,
    RepKind,
    RepTruth,
    Truth,
)
from tracker.simulator.visit import SimulatedVisit
from tracker.simulator.wear import Wear, WearLevel, perfect_wear

__all__ = [
    "DISTURBANCES",
    "PROFILES",
    "STRESSES",
    "Array",
    "BoutKind",
    "BoutTruth",
    "Cue",
    "Disturbance",
    "HoldTruth",
    "HumanProfile",
    "Impact",
    "Placement",
    "RepKind",
    "RepTruth",
    "Scenario",
    "SensorRange",
    "SensorSignals",
    "SimulatedPatient",
    "SimulatedRecording",
    "SimulatedVisit",
    "Start",
    "Truth",
    "UnknownCueError",
    "UnknownDisturbanceError",
    "UnknownProfileError",
    "UnsimulatedExerciseError",
    "Wear",
    "WearLevel",
    "cosine",
    "minimum_jerk",
    "perfect_wear",
    "random_scenario",
    "simulate",
    "simulated_exercises",
]
