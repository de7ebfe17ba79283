"""Which reader reads which kind of movement: one row each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analysis.exercise import Movement
from analysis.gait_reader import SportReader
from analysis.hold_reader import HoldReader
from analysis.movement_reader import MakeReader
from analysis.rep_reader import RepReader
from analysis.step_reader import StepReader

READERS: Final[Mapping[Movement, MakeReader]] = MappingProxyType(
    {
        Movement.REPS: RepReader,
        Movement.STEPS: StepReader,
        Movement.GAIT: SportReader,
        Movement.CYCLING: SportReader,
        Movement.STILLNESS: HoldReader,
    }
)
