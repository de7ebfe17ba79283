"""The codes in use: those of others, and our own with their definitions.

Where LOINC or SNOMED CT has a code that says the same, it is used; no code was found for
repetitions, their tempo or smoothness, so those are ours. A code of ours never changes its
meaning; a new meaning gets a new code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.fhir.elements import Resource, coding

# The name of what is ours. It is the same at every clinic, so it is nobody's address; every
# service publishes the definitions under its own (CodeSystem, ValueSet, StructureDefinition).
CANONICAL: Final = "https://tempo90.example/fhir"
QUALITY: Final = f"{CANONICAL}/CodeSystem/exercise-quality"
EXERCISE: Final = f"{CANONICAL}/CodeSystem/exercise"
VERSION: Final = "1.0.0"

LOINC: Final = "http://loinc.org"
SNOMED: Final = "http://snomed.info/sct"
CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"

PHYSICAL_THERAPY: Final = coding(SNOMED, "91251008", "Physical therapy procedure")
EXERCISE_THERAPY: Final = coding(SNOMED, "229065009", "Exercise therapy")
PAIN: Final = (
    coding(LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported"),
    coding(SNOMED, "225908003", "Pain score"),
)
# How the pain was asked: a number from 0 to 10 (the Dutch zib PainScore's list of methods).
NUMERIC_RATING: Final = coding("urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.9.1", "NRS")
SIDES: Final[Mapping[str, Resource]] = {
    "left": coding(SNOMED, "7771000", "Left"),
    "right": coding(SNOMED, "24028007", "Right"),
}
TEST_DATA: Final = coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST")


@dataclass(frozen=True, slots=True)
class Measure:
    """A code of ours: how it is shown, what it means, and the unit of its values."""

    display: str
    definition: str
    unit: str | None = None


ONSET: Final = (
    "A phase begins and ends at the first and last instant at which the smoothed speed of the "
    "movement exceeds 5 % of that phase's own peak speed; a pause inside belongs to it."
)
_REP: Final = "{repetitions}"
MEASURES: Final[Mapping[str, Measure]] = {
    "set-quality": Measure("Exercise set quality", "How one set of an exercise was performed."),
    "repetition-values": Measure(
        "Values of each repetition",
        "The values of the repetitions of one set, in their order: one number for each "
        "repetition, E where it could not be measured. The period between them means nothing.",
    ),
    "exercise": Measure("Exercise", "The exercise that the set belongs to."),
    "set-number": Measure("Set number", "Number of the set in its session, from 1.", "1"),
    "time-in-activity": Measure(
        "Time in the activity",
        "Sum of the durations of what is measured in time and not in repetitions: the holds of a "
        "stretch, or the bouts of a sport, that were found.",
        "s",
    ),
    "repetitions": Measure("Repetitions", "Complete repetitions that were counted.", _REP),
    "repetitions-prescribed": Measure("Repetitions prescribed", "Repetitions ordered.", _REP),
    "repetitions-in-tempo": Measure(
        "Repetitions in tempo",
        "Repetitions whose eccentric phase took as long as prescribed, within the narrow band "
        "(2.5 to 3.5 s where 3 s are prescribed).",
        _REP,
    ),
    "repetitions-accepted": Measure(
        "Repetitions accepted",
        "Repetitions within the wider band that needs no correction (2.0 to 4.0 s for 3 s).",
        _REP,
    ),
    "tempo-in-band-percent": Measure(
        "Tempo in band", "Share of the counted repetitions that were in tempo.", "%"
    ),
    "eccentric-duration-mean": Measure(
        "Mean eccentric duration", f"Mean duration of the eccentric phase. {ONSET}", "s"
    ),
    "eccentric-duration-sd": Measure(
        "Spread of the eccentric duration",
        "Sample standard deviation of the eccentric durations of a set.",
        "s",
    ),
    "eccentric-duration-per-repetition": Measure(
        "Eccentric duration of each repetition", f"Duration of the eccentric phase. {ONSET}", "s"
    ),
    "eccentric-duration-uncertainty": Measure(
        "Uncertainty of the eccentric duration",
        "Half-width of the 95 % interval of the eccentric duration of each repetition.",
        "s",
    ),
    "concentric-duration-per-repetition": Measure(
        "Concentric duration of each repetition", f"Duration of the concentric phase. {ONSET}", "s"
    ),
    "hold-duration-per-repetition": Measure(
        "Hold of each repetition",
        "Time at or above 85 % of the repetition's own peak angle.",
        "s",
    ),
    "peak-angle-per-repetition": Measure(
        "Peak angle of each repetition",
        "Largest value of the exercise's movement coordinate in the repetition.",
        "deg",
    ),
    "tempo-drift": Measure(
        "Tempo drift",
        "Change of the eccentric duration from the first to the last repetition of a set, on a "
        "straight line fitted to them; negative is getting quicker.",
        "s",
    ),
    "time-under-eccentric-tension": Measure(
        "Eccentric time delivered",
        "Sum of the eccentric durations of the repetitions that count.",
        "s",
    ),
    "time-under-eccentric-tension-prescribed": Measure(
        "Eccentric time prescribed", "Repetitions ordered times their eccentric duration.", "s"
    ),
    "peak-flexion-mean": Measure(
        "Mean peak knee flexion",
        "Mean of the peak knee flexion of a set, estimated from one sensor on the shank while "
        "the thigh lies still. It is no test of the range of motion.",
        "deg",
    ),
    "leg-elevation-mean": Measure(
        "Mean peak leg elevation", "Mean of the peak elevation of the straight leg.", "deg"
    ),
    "leg-swing-mean": Measure("Mean peak leg swing", "Mean of the peak swing of the leg.", "deg"),
    "shank-tilt-mean": Measure(
        "Mean peak tilt of the lower leg", "Mean of the peak tilt of the shank.", "deg"
    ),
    "segment-rotation-mean": Measure(
        "Mean peak rotation",
        "Mean of the peak rotation of the segment that carries the sensor, from its rest pose.",
        "deg",
    ),
    "peak-angle-sd": Measure(
        "Spread of the peak angle", "Sample standard deviation of the peak angles of a set.", "deg"
    ),
    "range-of-movement-mean": Measure(
        "Mean range of movement",
        "Mean of the peak angle minus the angle at the start of the repetition.",
        "deg",
    ),
    "angle-uncertainty": Measure(
        "Uncertainty of the peak angle",
        "Half-width of the 95 % interval of the peak angle of a repetition: of the signal alone, "
        "without what the body adds (see the reference of measures).",
        "deg",
    ),
    "sparc": Measure(
        "Smoothness (SPARC)",
        "Spectral arc length of the speed in the eccentric phase, mean of the set; nearer to 0 "
        "is smoother.",
        "1",
    ),
    "signal-coverage": Measure(
        "Signal coverage", "Share of the samples that were due and arrived.", "%"
    ),
    "calibration-quality": Measure(
        "Calibration quality", "How sure the rest pose is, from 0 to 1.", "1"
    ),
    "repetitions-counted": Measure(
        "Repetitions counted after review",
        "Repetitions without those that a clinician left out, whose reasons stand in the notes. "
        "Given only where some were; the measured number stands beside it.",
        _REP,
    ),
    "repetitions-in-tempo-counted": Measure(
        "Repetitions in tempo counted after review",
        "Repetitions in tempo without those that a clinician left out.",
        _REP,
    ),
    "eccentric-duration-mean-counted": Measure(
        "Mean eccentric duration after review",
        "Mean duration of the eccentric phase of the repetitions that a clinician did not leave "
        f"out. {ONSET}",
        "s",
    ),
    "time-under-eccentric-tension-counted": Measure(
        "Eccentric time after review",
        "Sum of the eccentric durations that count, without those that a clinician left out.",
        "s",
    ),
    "left-out-per-repetition": Measure(
        "Left out, of each repetition",
        "1 for a repetition that a clinician left out, 0 for one that counts.",
        "1",
    ),
    "band": Measure("Elastic band", "The band in use: kind, colour, single or double."),
    "muscle-soreness": Measure(
        "Muscle soreness", "Soreness since the last session as told, from 0 to 10.", "{score}"
    ),
    "perceived-exertion": Measure(
        "Perceived exertion", "How hard the session was as told, from 0 to 10.", "{score}"
    ),
}


def own(code: str) -> Resource:
    """Return a code of ours."""
    return coding(QUALITY, code, MEASURES[code].display)
