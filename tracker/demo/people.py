"""The synthetic patients of the demo: habits and a timetable. What they achieve is measured.

Nothing here is a result. Pain and soreness are left open: no engine can measure them, and they
are not made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("c2f8a1de-90b4-5c1e-8f0a-7a1f4de09090")  # ours, for everything synthetic
MORNING: Final = time(8, 30)
EVENING: Final = time(19, 15)
SETS: Final = 3
REPS: Final = 15
REST_S: Final = 60.0
DAYS_SO_FAR: Final = timedelta(days=3)  # all sessions of the timetable lie in them


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticPatient:
    """A pattern of movement that walks through a week of the programme.

    Parameters
    ----------
    number : int
        From 1; part of the name.
    habit : {"en", "nl"} texts
        What the name says of the movement.
    profile : str
        One of `tracker.simulator.PROFILES`.
    exercise_id : str
        The variant of the core exercise.
    side : {"left", "right"}
        The leg.
    half_days : tuple of int
        When the sessions were, in half days before the newest: 0 is the evening before today,
        1 the morning before, 2 the evening before that.

    """

    number: int
    habit_en: str
    habit_nl: str
    profile: str
    exercise_id: str
    side: Literal["left", "right"]
    half_days: tuple[int, ...]

    @property
    def id(self) -> UUID:
        """The same on every machine."""
        return uuid5(NAMESPACE, f"patient/{self.number}")

    def enrolment(self, today: date, time_zone: str) -> dict[str, Any]:
        """Return the programme that they follow, in its first week, as the service takes it."""
        return {
            "injury_episode_id": str(uuid5(NAMESPACE, f"injury/{self.number}")),
            "start_on": (today - DAYS_SO_FAR).isoformat(),
            "time_zone": time_zone,
            "choices": [self.exercise_id],
        }

    def name(self, language: str) -> str:
        """Return what lists show: plainly no person."""
        if language == "nl":
            return f"Nagebootste patiënt {self.number} ({self.habit_nl})"
        return f"Synthetic patient {self.number} ({self.habit_en})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticSession:
    """One sitting of a synthetic patient."""

    patient: SyntheticPatient
    started_at: datetime
    seed: int

    def id(self, version: str) -> UUID:
        """Return the session's id; results of another engine are another session."""
        at = self.started_at.date().isoformat()
        return uuid5(NAMESPACE, f"session/{version}/{self.patient.number}/{self.seed}/{at}")


PATIENTS: Final = (
    SyntheticPatient(
        number=1,
        habit_en="steady",
        habit_nl="rustig",
        profile="steady",
        exercise_id="ecc_prone_helper",
        side="left",
        half_days=(0, 1, 2, 3, 4, 5),
    ),
    SyntheticPatient(
        number=2,
        habit_en="starts too fast",
        habit_nl="begint te snel",
        profile="beginner_too_fast",
        exercise_id="ecc_prone_helper",
        side="right",
        half_days=(0, 2, 3, 4),
    ),
    SyntheticPatient(
        number=3,
        habit_en="tires within a set",
        habit_nl="wordt moe in een serie",
        profile="fatiguing",
        exercise_id="ecc_seated_solo",
        side="left",
        half_days=(0, 1, 2, 4, 5),
    ),
    SyntheticPatient(
        number=4,
        habit_en="slow and careful",
        habit_nl="langzaam en voorzichtig",
        profile="careful_slow",
        exercise_id="ecc_prone_helper",
        side="right",
        half_days=(1, 3, 5),
    ),
    SyntheticPatient(
        number=5,
        habit_en="stops half way",
        habit_nl="blijft halverwege",
        profile="half_way",
        exercise_id="ecc_seated_solo",
        side="right",
        half_days=(0, 1, 3, 4),
    ),
)


def timetable(
    today: date, patients: Sequence[SyntheticPatient] = PATIENTS
) -> Iterator[SyntheticSession]:
    """Give all sessions, the newest of every patient first, so that lists fill evenly."""
    most = max(len(patient.half_days) for patient in patients)
    for nth in range(most):
        for patient in patients:
            if nth < len(patient.half_days):
                half_day = patient.half_days[nth]
                day = today - timedelta(days=1 + half_day // 2)
                at = datetime.combine(day, MORNING if half_day % 2 else EVENING)
                seed = 100 * patient.number + half_day
                yield SyntheticSession(patient=patient, started_at=at.astimezone(), seed=seed)
