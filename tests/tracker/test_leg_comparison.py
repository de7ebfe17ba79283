from analysis import SetQuality, SetResult, load_catalogue
from tests.tracker.coach_builders import a_rep
from tracker.leg_comparison import LegComparison

EXERCISES = load_catalogue()


def a_set_of(*, eccentric_s=3.0, rom_deg=25.0):
    reps = tuple(a_rep(5.0 * k) for k in range(20))
    quality = SetQuality(reps=20, eccentric_mean_s=eccentric_s, rom_mean_deg=rom_deg)
    return [SetResult(start_s=0.0, end_s=99.0, reps=reps, quality=quality)]


def compared(exercise_id, left, right):
    comparison = LegComparison()
    comparison.take(EXERCISES[exercise_id], "left", left)
    return comparison.take(EXERCISES[exercise_id], "right", right)


def test_a_clear_difference_between_the_legs_is_said_in_one_sentence():
    said = compared("iso_stand_ext", a_set_of(eccentric_s=3.2), a_set_of(eccentric_s=2.4))

    assert said["text"]["nl"] == "De weg terug duurde links 0,8 s langer dan rechts."
    assert said["text"]["en"] == "The way back took 0.8 s longer left than right."


def test_how_far_is_compared_too_and_the_larger_leg_is_named():
    said = compared("conc_seated", a_set_of(rom_deg=70.0), a_set_of(rom_deg=85.0))

    assert said["text"]["nl"] == "Je kwam rechts 15° verder dan links."


def test_what_is_no_more_than_noise_is_not_said():
    assert compared("squat_single", a_set_of(eccentric_s=3.0), a_set_of(eccentric_s=3.4)) is None


def test_legs_are_not_compared_where_one_trains_for_the_others_sake():
    difference = a_set_of(eccentric_s=2.0), a_set_of(eccentric_s=4.0)

    assert compared("bridge_leg_raise", *difference) is None
    assert compared("ecc_prone_helper", *difference) is None


def test_one_leg_alone_is_compared_with_nothing():
    comparison = LegComparison()

    assert comparison.take(EXERCISES["squat_single"], "left", a_set_of()) is None
    assert comparison.take(EXERCISES["squat_single"], None, a_set_of()) is None
