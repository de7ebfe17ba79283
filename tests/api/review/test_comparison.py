import re
from dataclasses import replace

import pytest

from api.access import Role
from api.pages.language import MINUS
from api.pages.words import find_exercise
from api.review.comparison import compare, counted
from api.schemas import RepBody
from tests.api.access.people import open_clinic
from tests.api.builders import exercise_set, rep, session

PRONE = find_exercise("ecc_prone_helper")
RAISE = find_exercise("iso_stand_ext")


def reps(*eccentrics_s, u=0.1, **fields):
    return [
        RepBody(**rep(4.0 * n, eccentric_s=took_s) | {"eccentric_s_u": u} | fields)
        for n, took_s in enumerate(eccentrics_s)
    ]


def called(name, first, second, exercise=PRONE):
    return next(one for one in compare(first, second, exercise, exercise) if one.name == name)


def test_each_session_counts_by_the_targets_that_it_was_judged_by():
    slow = replace(PRONE, eccentric_s=4.0, in_tempo_s=(3.5, 4.5), accepted_s=(3.0, 5.0))
    first, second = reps(3.0, 3.1, 2.9, 3.0), reps(4.0, 4.1, 3.9, 4.0)

    told = next(
        one for one in compare(first, second, PRONE, slow) if one.name == "in_tempo_percent"
    )

    assert (told.first.value, told.second.value) == (100.0, 100.0)


def test_half_a_second_between_steady_sessions_is_a_difference():
    one = called("eccentric_s", reps(2.9, 3.0, 3.1, 3.0), reps(2.4, 2.5, 2.6, 2.5))

    assert one.difference == pytest.approx(-0.5)
    assert one.u == pytest.approx(0.23, abs=0.03)
    assert one.verdict == "less"


def test_a_tenth_of_a_second_is_too_close_to_call():
    one = called("eccentric_s", reps(2.9, 3.0, 3.1, 3.0), reps(3.0, 3.1, 3.2, 3.1))

    assert one.difference == pytest.approx(0.1)
    assert one.verdict == "too_close"


def test_the_same_half_second_between_unsteady_sessions_is_too_close_to_call():
    one = called("eccentric_s", reps(2.0, 4.0, 3.0, 3.0), reps(1.5, 3.5, 2.5, 2.5))

    assert one.difference == pytest.approx(-0.5)
    assert one.verdict == "too_close"


def test_many_repetitions_do_not_make_a_mean_surer_than_the_measurement():
    one = called("eccentric_s", reps(*[3.0] * 45, u=0.2), reps(*[3.2] * 45, u=0.2))

    assert one.u == pytest.approx(0.28, abs=0.01)
    assert one.verdict == "too_close"


@pytest.mark.parametrize(
    ("exercise", "change_deg", "expected"),
    [(PRONE, 5.0, "too_close"), (PRONE, 7.0, "more"), (RAISE, 5.0, "more")],
)
def test_a_knee_angle_has_to_change_by_six_degrees(exercise, change_deg, expected):
    first = reps(3.0, 3.0, 3.0, peak_deg=80.0, peak_deg_u=1.4)
    second = reps(3.0, 3.0, 3.0, peak_deg=80.0 + change_deg, peak_deg_u=1.4)

    assert called("peak_deg", first, second, exercise).verdict == expected


def test_two_repetitions_are_shown_but_not_compared():
    one = called("eccentric_s", reps(3.0, 3.0), reps(2.0, 2.0, 2.0))

    assert one.difference == pytest.approx(-1.0)
    assert one.verdict == "unknown"


def test_a_share_in_tempo_is_uncertain_by_the_repetitions_too_close_to_a_limit():
    clear = reps(3.0, 3.0, 3.0, 3.0)
    half = reps(3.0, 3.0, 2.2, 2.2)
    close = reps(3.0, 3.0, 2.4, 2.4, flags=["too_close_to_call"])

    assert called("in_tempo_percent", clear, half).verdict == "less"
    assert called("in_tempo_percent", clear, close).verdict == "too_close"
    assert called("in_tempo_percent", clear, clear).verdict == "too_close"


def test_what_only_one_session_has_is_shown_without_a_difference():
    one = called("concentric_s", reps(3.0, 3.0), reps(3.0, 3.0, concentric_s=1.0))

    assert (one.first, one.difference, one.verdict) == (None, None, "unknown")


def test_a_dropped_leg_gives_no_eccentric_time():
    one = called("dose_s", reps(3.0, 3.0, 3.0), reps(3.0, 3.0, 0.6))

    assert (one.first.value, one.second.value) == (9.0, 6.0)
    assert one.verdict == "less"


def test_what_is_left_out_is_not_among_the_repetitions_that_count():
    assert [one.eccentric_s for one in counted(reps(3.0, 2.0, 1.0), {2})] == [3.0, 1.0]


@pytest.fixture
def pair(clinic):
    """Two sessions of one patient, a week apart; the second one is quicker."""
    calm, _ = clinic.put_session(session(sets=[exercise_set((3.0, 3.1, 2.9, 3.0))]))
    quick = session(sets=[exercise_set((2.2, 2.1, 2.3, 2.2))], started_at="2026-05-19T08:30:00Z")
    hurried, _ = clinic.put_session(quick | {"engine": "0.2.0"})
    return clinic.client, calm, hurried


def test_the_page_compares_with_the_session_before_and_puts_the_earlier_one_first(pair):
    client, calm, hurried = pair

    page = client.get(f"/sessions/{hurried}/compare").text
    same = client.get(f"/sessions/{calm}/compare?other={hurried}").text

    assert f"{MINUS}0.8 ± 0.2 s" in page
    assert "too close to call" in page
    assert "Measured by different engines: 0.1.0 and 0.2.0." in page
    assert page.count('class="rep-median of-1"') == 1
    assert page.index("12 May 2026, 10:30</th>") < page.index("19 May 2026, 10:30</th>")
    assert f"{MINUS}0.8 ± 0.2 s" in same


def test_a_mark_counts_on_the_page_too(pair):
    client, calm, hurried = pair
    mark = {"kind": "discarded", "reason": "signal"}
    client.put(f"/api/v1/sessions/{calm}/sets/1/reps/1/mark", json=mark)

    page = client.get(f"/sessions/{hurried}/compare").text

    assert re.search(r'data-label="12 May 2026, 10:30">3</td>', page)


def test_a_session_without_a_counterpart_says_so(clinic):
    alone, _ = clinic.put_session()

    page = clinic.client.get(f"/sessions/{alone}/compare").text

    assert "This patient has no other session with one of these exercises." in page


def test_sessions_of_two_patients_are_never_held_against_each_other():
    with open_clinic() as opened:
        physio = opened.add(Role.CLINICIAN, "physio")
        anna, bert = (opened.add(Role.PATIENT, name) for name in ("anna", "bert"))
        for patient in (anna, bert):
            opened.treat(physio, patient)
        one, other = opened.session_of(anna), opened.session_of(bert)

        answer = physio.client.get(f"/sessions/{one}/compare?other={other}")

        assert answer.status_code == 404
