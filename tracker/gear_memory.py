"""Which band and which step a person used last in each exercise: a small file in the data folder.

It is a convenience for the next training. What was used in a set stands in the set itself.
"""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from tracker.gear import Gear, GearKind, gear_kind, next_time
from tracker.part_file import write_text_durably
from tracker.settings import DataFolder
from tracker.training_plan import Step, TrainingPlan

SAME_BAND: Final = frozenset({"ecc_prone_helper", "ecc_seated_solo"})
"""Variants of one exercise: with a helper or alone, it is the same band."""


class GearMemory:
    """Remember the gear of one person.

    Parameters
    ----------
    folder : DataFolder
        Where the file is.
    patient_id : UUID
        Whose gear.

    """

    def __init__(self, folder: DataFolder, patient_id: UUID) -> None:
        self._path = folder.gear
        self._patient = str(patient_id)

    def of(self, exercise_id: str) -> Gear | str | None:
        """Return what was used last; None if that is not known."""
        known = self._read().get(self._patient, {})
        found = known.get(exercise_id)
        if found is None and exercise_id in SAME_BAND:
            found = next((known[one] for one in sorted(SAME_BAND) if one in known), None)
        return found if isinstance(found, dict | str) else None

    def remember(self, exercise_id: str, gear: Gear | str) -> None:
        """Keep what is used now; an empty one is forgotten."""
        everybody = self._read()
        own = everybody.get(self._patient, {})
        kept = {name: one for name, one in own.items() if name != exercise_id}
        self._write(everybody | {self._patient: kept | ({exercise_id: gear} if gear else {})})

    def forget(self) -> None:
        """Forget all gear of this person."""
        everybody = self._read()
        if everybody.pop(self._patient, None) is not None:
            self._write(everybody)

    def _read(self) -> dict[str, dict[str, Any]]:
        with suppress(OSError, ValueError):  # none yet, or another program's: begin anew
            known = json.loads(self._path.read_text("utf-8"))
            if isinstance(known, dict):
                return {who: one for who, one in known.items() if isinstance(one, dict)}
        return {}

    def _write(self, everybody: dict[str, dict[str, Any]]) -> None:
        write_text_durably(self._path, json.dumps(everybody, ensure_ascii=False, indent=1) + "\n")


def with_gear(
    plan: TrainingPlan, folder: DataFolder, patient_id: UUID, band: str | None = None
) -> TrainingPlan:
    """Return the sitting with what was used last.

    Parameters
    ----------
    plan : TrainingPlan
        What it says of a band counts where nothing else is known.
    folder, patient_id
        Where it is remembered, and of whom.
    band : str, optional
        The usual band in words, for exercises in which none is remembered.

    """
    memory = GearMemory(folder, patient_id)

    def equipped(step: Step) -> Step:
        kind = gear_kind(step.exercise)
        if kind is None:
            return step
        usual = (band or step.band) if kind is not GearKind.STEP else None
        return replace(step, band=next_time(memory.of(step.exercise.id), kind) or usual)

    return replace(plan, steps=tuple(equipped(step) for step in plan.steps))
