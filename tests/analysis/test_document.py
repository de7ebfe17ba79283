import json
import math

import pytest

from analysis.document import analysis_document
from analysis.errors import UnknownExerciseError
from analysis.exercise import load_catalogue
from analysis.feedback import choose_feedback
from analysis.quality import set_quality
from analysis.results import (
    Bout,
    Calibration,
    Gap,
    Hold,
    RecordingInfo,
    RecordingResult,
    SetResult,
)
from analysis.samples import Side
from tests.analysis.flagged_reps import FREE, PRONE, rep

# The shape of design section 5: keys and the kind of value under each. A tuple allows any of them.
NUMBER = (int, float)
MAYBE = (int, float, type(None))
SPAN = {"start_s": NUMBER, "end_s": NUMBER}
REP = {
    **SPAN,
    "peak_s": NUMBER,
    "peak_deg": NUMBER,
    "rom_deg": NUMBER,
    "phases": [{"kind": str, **SPAN}],
    "eccentric_s": MAYBE,
    "eccentric_moving_s": MAYBE,
    "pause_s": MAYBE,
    "concentric_s": MAYBE,
    "hold_s": MAYBE,
    "sparc": MAYBE,
    "flags": [str],
}
SCHEMA = {
    "schema": str,
    "engine": str,
    "exercise": str,
    "side": (str, type(None)),
    "recording": {
        "format": str,
        "duration_s": NUMBER,
        "rate_hz": NUMBER,
        "coverage": NUMBER,
        "gaps": [SPAN],
    },
    "calibration": {"method": str, "quality": NUMBER},
    "sets": [
        {
            **SPAN,
            "reps": [REP],
            "quality": {
                "reps": int,
                "in_tempo": (int, type(None)),
                "eccentric_mean_s": MAYBE,
                "dose_s": MAYBE,
                "dose_prescribed_s": MAYBE,
            },
            "feedback": [{"code": str, "text": str}],
        }
    ],
    "summary": {"reps": int},
}


def check(value, shape, path="$"):
    if isinstance(shape, dict):
        for key, inner in shape.items():
            assert key in value, f"{path}.{key} is missing"
            check(value[key], inner, f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), path
        for i, one in enumerate(value):
            check(one, shape[0], f"{path}[{i}]")
    else:
        assert isinstance(value, shape), f"{path} is {value!r}"
        assert not isinstance(value, bool), path


def walk(value, path="$"):
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}")
    if isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, f"{path}[{i}]")


def result_of(exercise, reps=(), **changes):
    quality = set_quality(exercise, reps, coverage=0.998, calibration_quality=0.97)
    one_set = SetResult(
        start_s=103.1,
        end_s=158.9,
        quality=quality,
        reps=tuple(reps),
        feedback=choose_feedback(exercise, reps, reps_prescribed=exercise.reps),
        **changes,
    )
    return RecordingResult(
        engine="9.9.9",
        catalogue="1",
        exercise=exercise.id,
        recording=RecordingInfo(
            duration_s=61.23456,
            rate_hz=99.98765,
            coverage=0.99812345,
            gaps=(Gap(start_s=120.0, end_s=120.2),),
        ),
        calibration=Calibration(method="still-pose", quality=0.97, at_s=102.0),
        sets=(one_set,),
        warnings=("gap",),
    )


def document_of(exercise=PRONE, reps=None, **options):
    changes = {name: options.pop(name) for name in ("side_of_set",) if name in options}
    reps = [rep(exercise, start_s=105.0)] * 3 if reps is None else reps
    result = result_of(exercise, reps, side=changes.get("side_of_set"))
    options = {"recording_format": "generic-csv", "t0_s": 100.0} | options
    return analysis_document(result, exercise=exercise, **options)


def test_the_document_has_the_agreed_shape():
    document = document_of()

    check(document, SCHEMA)
    assert document["schema"] == "tempo90.analysis/1"
    assert (document["engine"], document["catalogue"]) == ("9.9.9", "1")
    assert document["exercise"] == "ecc_prone_helper"
    assert document["recording"]["format"] == "generic-csv"
    assert document["summary"] == {"reps": 3, "sets": 1}


def test_times_count_from_the_first_sample():
    document = document_of()

    assert document["sets"][0]["start_s"] == 3.1
    assert document["sets"][0]["reps"][0]["phases"] == [
        {"kind": "lift", "start_s": 5.0, "end_s": 6.0},
        {"kind": "eccentric", "start_s": 6.5, "end_s": 9.5},
    ]
    assert document["recording"]["gaps"] == [{"start_s": 20.0, "end_s": 20.2}]
    assert document["calibration"]["at_s"] == 2.0


def test_numbers_are_rounded_to_what_they_can_mean():
    document = document_of(reps=[rep(start_s=105.123456, eccentric_s=2.987654, peak_deg=88.98765)])
    one = document["sets"][0]["reps"][0]

    assert (one["start_s"], one["eccentric_s"], one["peak_deg"]) == (5.123, 2.988, 88.99)
    assert document["recording"] | {"gaps": []} == {
        "format": "generic-csv",
        "duration_s": 61.235,
        "rate_hz": 99.99,
        "coverage": 0.9981,
        "gaps": [],
    }


def test_the_uncertainty_stands_beside_the_number():
    one = document_of()["sets"][0]["reps"][0]

    assert (one["eccentric_s"], one["eccentric_s_u"]) == (3.0, 0.1)
    assert (one["peak_deg"], one["peak_deg_u"]) == (90.0, 2.0)


def test_a_number_that_is_null_has_its_reason_beside_it():
    document = document_of(reps=[rep(eccentric_s=None)])

    for path, value in walk(document):
        if isinstance(value, dict):
            nulls = [key for key, inner in value.items() if inner is None]
            unexplained = {key for key in nulls if f"{key}_absent" not in value}
            assert unexplained <= {"side", "verdict"}, path
    one = document["sets"][0]["reps"][0]
    assert one["concentric_s_absent"].startswith("The helper lifts the foot")
    assert "eccentric_s_u" not in one


def test_no_number_is_ever_nan_or_infinite():
    odd = [rep(eccentric_s=math.nan, peak_deg=math.inf)]

    document = document_of(reps=odd)

    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["sets"][0]["reps"][0]["peak_deg"] is None


def test_verdict_and_flags_are_words():
    one = document_of(reps=[rep(eccentric_s=1.5)])["sets"][0]

    assert one["reps"][0]["verdict"] == "too_fast"
    assert one["reps"][0]["flags"] == ["too_fast"]
    assert one["quality"]["flags"] == {"too_fast": 1}


def test_feedback_and_warnings_speak_the_language_asked_for():
    dutch = document_of(language="nl")
    english = document_of(language="en")

    assert dutch["sets"][0]["feedback"][0]["text"].endswith("Mooi rustig.")
    assert english["sets"][0]["feedback"][0]["text"].endswith("Nice and calm.")
    assert dutch["warnings"][0]["code"] == "gap"
    assert dutch["warnings"][0]["text"] != english["warnings"][0]["text"]


def test_the_side_is_stated_when_known():
    assert document_of()["side"] is None
    assert "side" not in document_of()["sets"][0]
    assert document_of(side="left")["sets"][0]["side"] == "left"
    assert document_of(side_of_set=Side.RIGHT)["sets"][0]["side"] == "right"
    with pytest.raises(ValueError, match="middle"):
        document_of(side="middle")


def test_a_recording_without_a_rest_pose_says_so():
    result = result_of(PRONE)
    result = RecordingResult(
        engine=result.engine,
        catalogue=result.catalogue,
        exercise=result.exercise,
        recording=result.recording,
        calibration=Calibration(method="none", quality=0.0),
    )

    document = analysis_document(result, exercise="ecc_prone_helper", recording_format="x")

    assert document["calibration"]["at_s"] is None
    assert document["calibration"]["at_s_absent"] == "No rest pose was found."
    assert document["sets"] == []


def test_exercises_without_reps_carry_holds_or_bouts_in_their_place():
    stretch, run = load_catalogue()["stretch_hamstring"], load_catalogue()["run_intervals"]
    hold = Hold(
        start_s=105.0, end_s=135.0, interruptions=1, still_s=28.5, still_s_u=0.9, pose_deg=61.0
    )
    bout = Bout(kind="jog", start_s=105.0, end_s=165.0, cadence_per_min=160.04)
    short = Bout(kind="walk", start_s=165.0, end_s=166.0, cadence_per_min=None)

    still = analysis_document(
        result_of(stretch, holds=(hold,)), exercise=stretch, recording_format="x", t0_s=100.0
    )["sets"][0]
    gait = analysis_document(
        result_of(run, bouts=(bout, short)), exercise=run, recording_format="x", t0_s=100.0
    )["sets"][0]

    assert still["holds"] == [
        {
            "start_s": 5.0,
            "end_s": 35.0,
            "interruptions": 1,
            "still_s": 28.5,
            "still_s_u": 0.9,
            "pose_deg": 61.0,
        }
    ]
    assert gait["bouts"][0] == {
        "kind": "jog",
        "start_s": 5.0,
        "end_s": 65.0,
        "cadence_per_min": 160.0,
    }
    assert gait["bouts"][1]["cadence_per_min"] is None
    assert "reps" not in still
    assert "reps" not in gait


def test_the_reason_depends_on_the_exercise():
    one = document_of(FREE, [rep(FREE)])["sets"][0]["reps"][0]

    assert one["concentric_s_absent"] == "The signal did not show it."
    assert one["hold_scored_s_absent"] == "No hold is prescribed."


def test_an_unknown_exercise_is_refused():
    with pytest.raises(UnknownExerciseError):
        analysis_document(result_of(PRONE), exercise="nordic", recording_format="x")
