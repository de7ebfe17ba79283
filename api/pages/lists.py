"""A session as one line of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.pages import words
from api.pages.figures import total
from api.pages.language import N_, NOTHING, Language
from api.schemas import SessionSummary, SetSummary


@dataclass(frozen=True, slots=True)
class Line:
    """A session in a list."""

    url: str
    day: str
    time: str
    iso: str
    patient: str
    patient_id: UUID
    is_synthetic: bool
    exercises: str
    reps: str
    in_tempo: str
    dose: str
    pain: str

    @property
    def has_reps(self) -> bool:
        """Whether there was anything to count one by one."""
        return self.reps != NOTHING


def line(session: SessionSummary, language: Language) -> Line:
    """Show a session in a list."""
    sets, worst = session.sets, session.pain.worst
    return Line(
        url=f"/sessions/{session.id}",
        day=language.short_day(session.started_at),
        time=language.time(session.started_at),
        iso=session.started_at.isoformat(),
        patient=session.patient_name,
        patient_id=session.patient_id,
        is_synthetic=session.is_synthetic,
        exercises=exercises(sets, language),
        reps=" ".join(total(sets, "reps", language)).rstrip(),
        in_tempo=" ".join(total(sets, "in_tempo", language)).rstrip(),
        dose=" ".join(total(sets, "dose_s", language)).rstrip(),
        pain=NOTHING if worst is None else str(worst),
    )


def exercises(sets: Sequence[SetSummary], language: Language) -> str:
    """Name the exercises of a session, each once."""
    names = dict.fromkeys(words.exercise_name(one.exercise, language) for one in sets)
    return ", ".join(names) or language.say(N_("No sets"))
