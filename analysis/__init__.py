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
    "AnalysisError",
    "Bout",
    "Calibrated",
    "Calibration",
    "Catalogue",
    "CatalogueError",
    "Coordinate",
    "EmptyRecordingError",
    "Event",
    "Exercise",
    "Feedback",
    "FeedbackKind",
    "Flag",
    "Gap",
    "GapFound",
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
    "RecordingInfo",
    "RecordingResult",
    "Rep",
    "RepFinished",
    "RepStarted",
    "SampleRateError",
    "SampleShapeError",
    "SampleValueError",
    "SetAnalyzer",
    "SetFinished",
    "SetQuality",
    "SetResult",
    "Side",
    "UnknownExerciseError",
    "UnmeasurableExerciseError",
    "Warned",
    "analyse_recording",
    "analysis_document",
    "choose_feedback",
    "compare_legs",
    "feedback_text",
    "inclination_deg",
    "ldlj",
    "load_catalogue",
    "set_quality",
    "sparc",
    "tempo_verdict",
    "vertical",
    "warning_text",
]
