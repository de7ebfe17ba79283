"""What was measured and told in a session, as FHIR observations.

set-<n>.<session>     one set: its quality in components
reps-<n>.<session>    its repetitions: one component for each measure, a value for each
pain-before, pain-worst, soreness, rpe.<session>       answers in the session
told-pain, told-soreness.<check-in>                    answers without training
sport-pain.<diary entry>                               the worst pain of a sport
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean
from typing import Any, Final, NamedTuple
from uuid import UUID

from analysis import Coordinate, Exercise
from api.active_time import active_s
from api.convert import set_body
from api.course_models import CheckInRow, SportDiaryRow
from api.fhir.elements import (
    Resource,
    absent,
    coding,
    concept,
    instant,
    period,
    quantity,
    reference,
)
from api.fhir.elements import without_nothing as filled
from api.fhir.gear import gear_words
from api.fhir.people import exercise_coding
from api.fhir.sittings import Sitting, engine_id, sensor_id
from api.fhir.vocabulary import (
    CANONICAL,
    CATEGORY,
    MEASURES,
    NUMERIC_RATING,
    PAIN,
    SIDES,
    own,
)
from api.models import RepRow, SetRow
from api.review.counts import count_reps
from api.set_targets import exercise_of

SET_PROFILE: Final = f"{CANONICAL}/StructureDefinition/exercise-set"
PAIN_PROFILE: Final = f"{CANONICAL}/StructureDefinition/pain-score"
SURVEY: Final = concept(coding(CATEGORY, "survey", "Survey"))
ACTIVITY: Final = concept(coding(CATEGORY, "activity", "Activity"))
PERCENT: Final = 100.0
PEAKS: Final = {
    Coordinate.KNEE_FLEXION: "peak-flexion-mean",
    Coordinate.LEG_ELEVATION: "leg-elevation-mean",
    Coordinate.LEG_SWING: "leg-swing-mean",
    Coordinate.SHANK_TILT: "shank-tilt-mean",
}
ANY_PEAK: Final = "segment-rotation-mean"
ERROR: Final = "E"  # in SampledData: no value could be measured
DISCARDED: Final = "discarded"
SAID: Final = {"discarded": "not counted", "remarked": "remarked on"}
WHY: Final = {
    "not_a_repetition": "not a repetition",
    "other_movement": "another movement",
    "helper": "helper did it differently",
    "signal": "signal not good enough",
    "other": "other reason",
}
UNMEASURED: Final = "It was not measured."


class Listed(NamedTuple):
    """A measure of every repetition: its code, its unit, and where its value is."""

    code: str
    unit: str
    value: Callable[[RepRow], float | None]


class Told(NamedTuple):
    """An answer in a session: the beginning of its id, its value, and when it was given."""

    name: str
    value: int | None
    words: str

    @property
    def is_pain(self) -> bool:
        """Whether it is about pain, the one answer that others have a code for."""
        return "pain" in self.name

    @property
    def code(self) -> Resource:
        """What was asked."""
        if self.is_pain:
            return concept(*PAIN)
        return concept(own("perceived-exertion" if self.name == "rpe" else "muscle-soreness"))


LISTED: Final = (
    Listed("eccentric-duration-per-repetition", "s", lambda rep: rep.eccentric_s),
    Listed("eccentric-duration-uncertainty", "s", lambda rep: rep.eccentric_s_u),
    Listed("concentric-duration-per-repetition", "s", lambda rep: rep.concentric_s),
    Listed("hold-duration-per-repetition", "s", lambda rep: rep.hold_scored_s),
    Listed("peak-angle-per-repetition", "deg", lambda rep: rep.peak_deg),
)


def observations(sitting: Sitting) -> Iterator[Resource]:
    """Give all observations of a session: what was told, then set by set what was measured."""
    row = sitting.row
    for told in (
        Told("pain-before", row.pain_before, "before the session"),
        Told("pain-worst", row.pain_worst, "worst during the session"),
        Told("soreness", row.soreness, "since the last session"),
        Told("rpe", row.rpe, "how hard the session was"),
    ):
        if told.value is not None:
            at = sitting.ends_at if told.name in {"pain-worst", "rpe"} else row.started_at
            one = _told(told, row.id, row.patient_id, at, row.received_at)
            yield {**one, "partOf": [reference("Procedure", row.id)]}
    for one_set in sitting.sets:
        yield _set(sitting, one_set)
        reps = sitting.reps.get(one_set.id or 0, ())
        if reps:
            yield _reps(sitting, one_set, reps)


def check_in_observations(row: CheckInRow) -> Iterator[Resource]:
    """Give what was told without a training."""
    for told in (
        Told("told-pain", row.pain, "told without training"),
        Told("told-soreness", row.soreness, "told without training"),
    ):
        if told.value is not None:
            yield _told(told, row.id, row.patient_id, row.at, row.received_at)


def diary_observations(row: SportDiaryRow) -> Iterator[Resource]:
    """Give the pain that was told of a sport."""
    if row.pain_worst is not None:
        told = Told("sport-pain", row.pain_worst, "worst during sport")
        yield _told(told, row.id, row.patient_id, row.at, row.received_at)


def observation_ids(sitting: Sitting) -> list[str]:
    """Return the references to all that was measured in a session."""
    return [
        f"Observation/{one['id']}" for one in observations(sitting) if one["category"] == [ACTIVITY]
    ]


def _told(
    told: Told, source_id: UUID, patient_id: UUID, at: datetime, received_at: datetime
) -> Resource:
    """Return an answer from 0 to 10; pain in the shape that the Dutch zib PainScore shares."""
    meta: Resource = {"lastUpdated": instant(received_at)}
    if told.is_pain:
        meta["profile"] = [PAIN_PROFILE]
    return filled(
        {
            "resourceType": "Observation",
            "id": f"{told.name}.{source_id}",
            "meta": meta,
            "status": "final",
            "category": [SURVEY],
            "code": told.code,
            "subject": reference("Patient", patient_id),
            "effectiveDateTime": instant(at),
            "performer": [reference("Patient", patient_id)],
            "valueInteger": told.value,
            "method": concept(NUMERIC_RATING) if told.is_pain else None,
            "note": [{"text": told.words}],
        }
    )


def _frame(sitting: Sitting, one: SetRow, name: str, code: str) -> Resource:
    """Return what all that was measured in a set has in common."""
    row = sitting.row
    start = row.started_at + timedelta(seconds=one.start_s)
    order = sitting.order_of(one)
    return {
        "resourceType": "Observation",
        "id": f"{name}-{one.number}.{row.id}",
        "meta": {"lastUpdated": instant(sitting.changed_at)},
        "basedOn": [reference("ServiceRequest", order.id)] if order else [],
        "partOf": [reference("Procedure", row.id)],
        "status": sitting.status,
        "category": [ACTIVITY],
        "code": concept(own(code), text=MEASURES[code].display),
        "subject": reference("Patient", row.patient_id),
        "effectivePeriod": period(start, start + timedelta(seconds=one.end_s - one.start_s)),
        "bodySite": concept(SIDES[one.side], text=f"{one.side} leg") if one.side else None,
        "device": reference("Device", engine_id(row) if row.sensor_id is None else sensor_id(row)),
    }


def _set(sitting: Sitting, one: SetRow) -> Resource:
    frame = _frame(sitting, one, "set", "set-quality")
    frame["meta"] |= {"profile": [SET_PROFILE]}
    reps = sitting.reps.get(one.id or 0, ())
    exercise = exercise_of(set_body(one, reps, None))  # with the targets that it was judged by
    components = [*_components(one, exercise, reps), *_counted(sitting, one, exercise)]
    return filled({**frame, "component": components, "note": _notes(sitting, one)})


def _components(
    one: SetRow, exercise: Exercise | None, reps: Sequence[RepRow]
) -> Iterator[Resource]:
    """Give the numbers of a set; one that a reader would look for says why it is missing."""
    yield {**_code("exercise"), "valueCodeableConcept": concept(exercise_coding(one.exercise))}
    yield {**_code("set-number"), "valueInteger": one.number}
    time_s = active_s(one.extra)
    is_counted = time_s is None  # else it was measured in time, and has no repetitions
    n_reps = (len(reps) if is_counted else None) if one.reps is None else one.reps
    percent = PERCENT * one.in_tempo / n_reps if one.in_tempo is not None and n_reps else None
    peak = PEAKS.get(exercise.coordinate, ANY_PEAK) if exercise else ANY_PEAK
    is_timed = exercise is not None and exercise.eccentric_s is not None
    values = {
        "time-in-activity": time_s,
        "repetitions": n_reps,
        "repetitions-prescribed": one.reps_prescribed,
        "repetitions-in-tempo": one.in_tempo,
        "repetitions-accepted": one.accepted,
        "tempo-in-band-percent": percent,
        "eccentric-duration-mean": one.eccentric_mean_s,
        "eccentric-duration-sd": one.eccentric_sd_s,
        "tempo-drift": one.eccentric_drift_s,
        "time-under-eccentric-tension": one.dose_s,
        "time-under-eccentric-tension-prescribed": one.dose_prescribed_s,
        peak: one.peak_mean_deg,
        "peak-angle-sd": one.peak_sd_deg,
        "range-of-movement-mean": one.rom_mean_deg,
        "angle-uncertainty": _peak_u(reps),
        "sparc": one.sparc_mean,
        "signal-coverage": None if one.coverage is None else PERCENT * one.coverage,
        "calibration-quality": one.calibration_quality,
    }
    reasons = {"eccentric-duration-mean": "eccentric_mean_s", peak: "peak_mean_deg"}
    for code, value in values.items():
        if value is not None:
            number = quantity(value, MEASURES[code].unit or "1", _unit_words(code))
            ranges = _band(exercise) if code == "eccentric-duration-mean" else []
            yield filled({**_code(code), "valueQuantity": number, "referenceRange": ranges})
        elif code in reasons and is_counted and (is_timed or code == peak):
            told = one.quality_extra.get(f"{reasons[code]}_absent")
            yield {**_code(code), "dataAbsentReason": absent("unknown", str(told or UNMEASURED))}
    yield from _unsupported(exercise)
    if words := gear_words(one.band):
        yield {**_code("band"), "valueString": words}


def _counted(sitting: Sitting, one: SetRow, exercise: Exercise | None) -> Iterator[Resource]:
    """Give the numbers again without what a clinician left out; what was measured stands beside."""
    left_out = {mark.rep_number for mark in sitting.marks_of(one) if mark.kind == DISCARDED}
    if not left_out:
        return
    body = set_body(one, sitting.reps.get(one.id or 0, ()), None)
    count = count_reps(body, exercise, left_out)
    values = {
        "repetitions-counted": count.reps,
        "repetitions-in-tempo-counted": None if one.in_tempo is None else count.in_tempo,
        "eccentric-duration-mean-counted": count.eccentric_mean_s,
        "time-under-eccentric-tension-counted": None if one.dose_s is None else count.dose_s,
    }
    for code, value in values.items():
        if value is not None:
            number = quantity(value, MEASURES[code].unit or "1", _unit_words(code))
            yield {**_code(code), "valueQuantity": number}


def _notes(sitting: Sitting, one: SetRow) -> list[Resource]:
    """Say of each marked repetition by whom, when, and why."""
    return [
        filled(
            {
                "authorString": mark.marked_by,
                "time": instant(mark.marked_at),
                "text": ". ".join(
                    part
                    for part in (
                        f"Repetition {mark.rep_number} {SAID[mark.kind]}: {WHY[mark.reason]}",
                        mark.remark,
                    )
                    if part
                ),
            }
        )
        for mark in sitting.marks_of(one)
    ]


def _unsupported(exercise: Exercise | None) -> Iterator[Resource]:
    """Say that the knee angle, which everybody asks for, cannot be seen from where the sensor is.

    In the squat and the step both segments of the knee move, and the sensor is on one of them.
    """
    if exercise is not None and exercise.coordinate is Coordinate.SHANK_TILT:
        reason = "One sensor on the shank does not see the thigh, which moves too."
        yield {**_code("peak-flexion-mean"), "dataAbsentReason": absent("unsupported", reason)}


def _reps(sitting: Sitting, one: SetRow, reps: Sequence[RepRow]) -> Resource:
    components: list[dict[str, Any]] = []
    for listed in LISTED:
        values = [listed.value(rep) for rep in reps]
        if any(value is not None for value in values):
            data = " ".join(ERROR if value is None else f"{value:.3f}" for value in values)
            sampled = {
                "origin": quantity(0, listed.unit),
                "period": 1000,  # FHIR asks for one; repetitions come when they come
                "dimensions": 1,
                "data": data,
            }
            components.append({**_code(listed.code), "valueSampledData": sampled})
    left_out = {mark.rep_number for mark in sitting.marks_of(one) if mark.kind == DISCARDED}
    if left_out:
        told = {
            "origin": quantity(0, "1"),
            "period": 1000,
            "dimensions": 1,
            "data": " ".join(str(int(rep.number in left_out)) for rep in reps),
        }
        components.append({**_code("left-out-per-repetition"), "valueSampledData": told})
    frame = _frame(sitting, one, "reps", "repetition-values")
    source = [reference("Observation", f"set-{one.number}.{sitting.row.id}")]
    return filled(
        {**frame, "derivedFrom": source, "component": components, "note": _notes(sitting, one)}
    )


def _code(code: str) -> Resource:
    return {"code": concept(own(code))}


def _unit_words(code: str) -> str | None:
    return "repetitions" if MEASURES[code].unit == "{repetitions}" else None


def _band(exercise: Exercise | None) -> list[Resource]:
    if exercise is None or exercise.eccentric_s is None:
        return []
    low, high = exercise.in_tempo_s
    words = f"in tempo; {exercise.eccentric_s:g} s prescribed"
    return [{"low": quantity(low, "s"), "high": quantity(high, "s"), "text": words}]


def _peak_u(reps: Sequence[RepRow]) -> float | None:
    known = [rep.peak_deg_u for rep in reps if rep.peak_deg_u is not None]
    return sqrt(fmean(u * u for u in known)) if known else None
