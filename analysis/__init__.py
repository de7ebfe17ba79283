"""Samples to repetitions, tempo and depth; and the words of the clinic for them.

`SetAnalyzer` is the engine: it takes samples in any pieces and says what they decide.
`analyse_recording` feeds it once. The exercises are data (`load_catalogue`). Every number is
defined in docs/reference/measures.md.
"""

from analysis.document import analysis_document
from analysis.errors import (
    AnalysisError,
    CatalogueError,
    EmptyRecordingError,
    MissingThighError,
    SampleRateError,
    SampleShapeError,
    SampleValueError,
    StartAngleError,
    UnknownExerciseError,
    UnmeasurableExerciseError,
)
from analysis.events import (
    Calibrated,
    Event,
    GapFound,
    PhaseChanged,
    RepFinished,
    RepStarted,
    SetFinished,
    Warned,
)
from analysis.exercise import (
    Catalogue,
    Coordinate,
    Exercise,
    Movement,
    OutwardPhase,
    load_catalogue,
)
from analysis.feedback import choose_feedback, feedback_text, warning_text
from analysis.live_state import LiveState
from analysis.orientation import inclination_deg, vertical
from analysis.prescribing import (
    Targets,
    orderable,
    peak_tolerance_deg,
    prescribed,
    tempo_tolerance_s,
)
from analysis.programme import AdviceKind, Programme, SeriesBy, SportDay
from analysis.programme_advice import Advice, advice_text, advise
from analysis.programme_calendar import (
    first_training_date,
    local_date,
    programme_day,
    week_of,
)
from analysis.programme_history import (
    Enrolment,
    History,
    Prescription,
    SessionRecord,
    SetRecord,
    SportRecord,
)
from analysis.programme_plan import (
    DayKind,
    PlannedExercise,
    PlannedSport,
    Today,
    core_ids,
    day_kind,
    plan_today,
)
from analysis.programme_reading import load_programme
from analysis.quality import set_quality, tempo_verdict
from analysis.results import (
    Bout,
    Calibration,
    Feedback,
    FeedbackKind,
    Flag,
    Gap,
    Hold,
    Phase,
    PhaseKind,
    RecordingInfo,
    RecordingResult,
    Rep,
    SetQuality,
    SetResult,
)
from analysis.samples import ImuSamples, Side
from analysis.set_analyzer import SetAnalyzer, analyse_recording
from analysis.smoothness import ldlj, sparc
from analysis.symmetry import LegDifference, compare_legs
from analysis.version import ENGINE_VERSION

__all__ = [
    "ENGINE_VERSION",
    "Advice",
    "AdviceKind",
    "AnalysisError",
    "Bout",
    "Calibrated",
    "Calibration",
    "Catalogue",
    "CatalogueError",
    "Coordinate",
    "DayKind",
    "EmptyRecordingError",
    "Enrolment",
    "Event",
    "Exercise",
    "Feedback",
    "FeedbackKind",
    "Flag",
    "Gap",
    "GapFound",
    "History",
    "Hold",
    "ImuSamples",
    "LegDifference",
    "LiveState",
    "MissingThighError",
    "Movement",
    "OutwardPhase",
    "Phase",
    "PhaseChanged",
    "PhaseKind",
    "PlannedExercise",
    "PlannedSport",
    "Prescription",
    "Programme",
    "RecordingInfo",
    "RecordingResult",
    "Rep",
    "RepFinished",
    "RepStarted",
    "SampleRateError",
    "SampleShapeError",
    "SampleValueError",
    "SeriesBy",
    "SessionRecord",
    "SetAnalyzer",
    "SetFinished",
    "SetQuality",
    "SetRecord",
    "SetResult",
    "Side",
    "SportDay",
    "SportRecord",
    "StartAngleError",
    "Targets",
    "Today",
    "UnknownExerciseError",
    "UnmeasurableExerciseError",
    "Warned",
    "advice_text",
    "advise",
    "analyse_recording",
    "analysis_document",
    "choose_feedback",
    "compare_legs",
    "core_ids",
    "day_kind",
    "feedback_text",
    "first_training_date",
    "inclination_deg",
    "ldlj",
    "load_catalogue",
    "load_programme",
    "local_date",
    "orderable",
    "peak_tolerance_deg",
    "plan_today",
    "prescribed",
    "programme_day",
    "set_quality",
    "sparc",
    "tempo_tolerance_s",
    "tempo_verdict",
    "vertical",
    "warning_text",
    "week_of",
]
