from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import CatalogueError, UnknownExerciseError
from analysis.exercise import Coordinate, Movement, OutwardPhase, load_catalogue, parse_catalogue

EXERCISES = load_catalogue().exercises
PROGRAMME = [
    "stretch_hamstring",
    "stretch_adductor",
    "mob_knee_chest",
    "mob_knee_across",
    "ecc_prone_helper",
    "ecc_seated_solo",
    "iso_prone_raise",
    "iso_stand_ext",
    "squat_single",
    "plank_leg_raise",
    "conc_seated",
    "bridge_leg_raise",
    "step_up",
]
SPORT = ["run_intervals", "run_continuous", "sprint_sets", "cycling"]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
COLUMNS = 12

SMALLEST = """
version = "7"
[defaults]
name_en = "a"
name_nl = "a"
posture_en = "a"
posture_nl = "a"
movement = "reps"
coordinate = "shank_tilt_deg"
weeks = [1, 2]
sensor_on = "moving_shank"
side = "either"
sets = 1
eccentric_is = "return"
outward = "lift"
peak_kind = "none"
start_amplitude_deg = 30.0
min_amplitude_deg = 5.0
set_pause_s = 12.0
in_tempo_s = [2.5, 3.5]
accepted_s = [2.0, 4.0]
moving_min_s = 2.0
fast_drop_s = 1.0
shallow_fraction = [0.35, 0.78]
incomplete_return_deg = 15.0
has_helper = false
is_core = false
is_measurable = false
may_keep_pose = false
wording = "free"
absent = {band_force = "no"}
stated = []
[exercises.wave]
absent = {speed_mps = "never"}
"""


def test_the_catalogue_holds_the_programme_the_sports_and_free_movement():
    assert list(EXERCISES) == [*PROGRAMME, "free_movement", *SPORT]


def test_this_engine_measures_every_exercise():
    assert [one.id for one in EXERCISES.values() if not one.is_measurable] == []


@pytest.mark.parametrize(
    ("exercise_id", "targets"),
    [
        ("stretch_hamstring", (2, 1, None, None, 30.0, 15.0)),
        ("stretch_adductor", (2, 1, None, None, 30.0, 15.0)),
        ("mob_knee_chest", (1, 1, None, None, 30.0, None)),
        ("mob_knee_across", (1, 1, None, None, 30.0, None)),
        ("ecc_prone_helper", (3, 15, 3.0, None, None, 60.0)),
        ("ecc_seated_solo", (3, 15, 3.0, None, None, 60.0)),
        ("iso_prone_raise", (3, 20, 3.0, None, 2.0, 60.0)),
        ("iso_stand_ext", (2, 20, 3.0, 3.0, None, 60.0)),
        ("squat_single", (2, 20, 3.0, None, None, 60.0)),
        ("plank_leg_raise", (3, 20, 3.0, None, 2.0, 60.0)),
        ("conc_seated", (2, 20, 3.0, 3.0, None, 60.0)),
        ("bridge_leg_raise", (2, 20, None, None, 2.0, 60.0)),
        ("step_up", (3, 20, None, None, None, 60.0)),
    ],
)
def test_an_exercise_carries_the_targets_of_the_programme(exercise_id, targets):
    one = EXERCISES[exercise_id]

    found = (one.sets, one.reps, one.eccentric_s, one.concentric_s, one.hold_s, one.rest_s)

    assert found == targets


def test_depth_is_judged_in_the_three_knee_exercises_only():
    judged = {one.id: (one.peak_deg, one.peak_kind) for one in EXERCISES.values() if one.peak_deg}

    assert judged == {
        "ecc_prone_helper": (90.0, "target"),
        "ecc_seated_solo": (90.0, "target"),
        "conc_seated": (90.0, "limit"),
    }
    assert {
        one.id for one in EXERCISES.values() if one.coordinate == Coordinate.KNEE_FLEXION
    } == set(judged)


def test_the_way_down_is_eccentric_in_squat_and_step_and_the_way_back_elsewhere():
    outward = {one.id for one in EXERCISES.values() if one.eccentric_is == "outward"}

    assert outward == {"squat_single", "step_up"}
    assert {
        one.id for one in EXERCISES.values() if one.outward == OutwardPhase.ECCENTRIC
    } == outward


def test_only_helper_and_hands_make_a_lift():
    lifted = [one.id for one in EXERCISES.values() if one.outward == OutwardPhase.LIFT]

    assert lifted == ["ecc_prone_helper", "ecc_seated_solo"]
    assert all("concentric_s" in EXERCISES[name].absent for name in lifted)
    assert [one.id for one in EXERCISES.values() if one.has_helper] == ["ecc_prone_helper"]


def test_the_amplitude_expected_at_first_is_that_of_the_exercise():
    expected = {
        "ecc_prone_helper": 90.0,
        "ecc_seated_solo": 90.0,
        "conc_seated": 90.0,
        "iso_prone_raise": 20.0,
        "iso_stand_ext": 25.0,
        "squat_single": 30.0,
        "plank_leg_raise": 12.0,
        "bridge_leg_raise": 110.0,
        "free_movement": 30.0,
    }

    assert {name: EXERCISES[name].start_amplitude_deg for name in expected} == expected
    assert EXERCISES["free_movement"].min_amplitude_deg == 10.0
    assert EXERCISES["plank_leg_raise"].min_amplitude_deg == 5.0


def test_sport_has_its_own_targets():
    assert EXERCISES["cycling"].movement == Movement.CYCLING
    assert EXERCISES["cycling"].cadence_min_per_min == 85.0
    assert (EXERCISES["sprint_sets"].sets, EXERCISES["sprint_sets"].reps) == (3, 4)
    assert EXERCISES["sprint_sets"].rest_s == 300.0
    assert {EXERCISES[name].movement for name in SPORT[:3]} == {Movement.GAIT}


@pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
def test_every_entry_is_complete_and_uses_the_closed_vocabulary(one):
    assert one.name_nl
    assert one.name_en
    assert one.posture_nl
    assert one.posture_en
    assert one.sensor_on in {
        "affected_shank",
        "moving_shank",
        "standing_shank",
        "leading_shank",
        "optional",
    }
    assert one.side in {"affected", "both", "alternate", "either"}
    assert one.eccentric_is in {"return", "outward"}
    assert one.peak_kind in {"target", "limit", "none"}
    assert (one.peak_deg is None) == (one.peak_kind == "none") == (one.peak_good_deg is None)
    assert one.accepted_s[0] <= one.in_tempo_s[0] <= one.in_tempo_s[1] <= one.accepted_s[1]
    assert one.weeks[0] <= one.weeks[1]
    assert "band_force" in one.absent
    assert all(getattr(one, name) is not None for name in one.stated)


def test_the_bands_lie_around_the_three_seconds_that_are_prescribed():
    timed = [one for one in EXERCISES.values() if one.eccentric_s is not None]

    assert {one.eccentric_s for one in timed} == {3.0}
    assert {(one.in_tempo_s, one.accepted_s) for one in timed} == {((2.5, 3.5), (2.0, 4.0))}


def test_a_prescription_is_an_entry_with_some_fields_replaced():
    prescribed = replace(EXERCISES["ecc_prone_helper"], reps=12)

    assert (prescribed.sets, prescribed.reps) == (3, 12)


def test_an_unknown_exercise_is_refused_with_the_known_ones():
    with pytest.raises(UnknownExerciseError, match="ecc_prone_helper"):
        load_catalogue()["nordic"]


def test_what_is_absent_everywhere_is_absent_in_each_exercise():
    catalogue = parse_catalogue(SMALLEST)

    assert catalogue.version == "7"
    assert catalogue["wave"].absent == {"band_force": "no", "speed_mps": "never"}
    assert catalogue["wave"].reps is None


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[exercises.wave]", "[exercises.wave]\ncolour = 1", "wave.*unknown.*colour"),
        ("set_pause_s = 12.0", "", "wave.*missing.*set_pause_s"),
        ('movement = "reps"', 'movement = "dance"', "wave.*dance"),
    ],
)
def test_a_faulty_entry_is_refused_by_name(old, new, complaint):
    faulty = SMALLEST.replace(old, new)

    with pytest.raises(CatalogueError, match=complaint):
        parse_catalogue(faulty)


def shown(value):
    return "-" if value is None else f"{value:g}"


def documented_row(one):
    reps = f"{one.sets} x {one.reps}" if one.reps else f"{one.sets}"
    cells = (
        f"`{one.id}`",
        one.name_en,
        one.name_nl,
        f"{one.weeks[0]}-{one.weeks[1]}",
        reps,
        shown(one.eccentric_s),
        shown(one.concentric_s),
        shown(one.hold_s),
        shown(one.rest_s),
        shown(one.peak_deg) + (" at most" if one.peak_kind == "limit" else ""),
        f"`{one.coordinate}`",
        "yes" if one.is_measurable else "not yet",
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_of_exercises_shows_the_catalogue_row_for_row():
    page = (DOCS / "exercises.md").read_text("utf-8").splitlines()

    rows = [line for line in page if line.startswith("| `") and line.count(" | ") == COLUMNS - 1]

    assert rows == [documented_row(one) for one in EXERCISES.values()]


def test_the_page_of_exercises_says_what_each_cannot_give_and_why():
    page = (DOCS / "exercises.md").read_text("utf-8")

    missing = [
        f"{one.id}: {reason}"
        for one in EXERCISES.values()
        for reason in one.absent.values()
        if reason not in page
    ]

    assert not missing
