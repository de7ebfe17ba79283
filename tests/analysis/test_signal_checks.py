import numpy as np

from analysis.signal_checks import SignalChecks
from tests.analysis.flagged_reps import rep
from tests.builders import rotation

UP = np.array([0.0, 0.0, 1.0])


def test_a_code_is_new_once():
    checks = SignalChecks()

    assert checks.add("gap")
    assert not checks.add("gap")
    assert checks.codes == ("gap",)


LEVEL, STEEP = (rotation([1, 0, 0], deg) @ UP for deg in (90.0, 5.0))


def test_what_is_wrong_with_a_repetition_is_warned_of_once():
    checks = SignalChecks()
    bad = rep(is_saturated=True)

    first, second = checks.of_rep(bad, STEEP, UP), checks.of_rep(bad, STEEP, UP)

    assert first == ["saturated", "axis_near_vertical"]
    assert second == []
    assert checks.codes == ("saturated", "axis_near_vertical")


def test_a_good_repetition_about_a_level_axis_gives_no_warning():
    assert SignalChecks().of_rep(rep(), LEVEL, UP) == []
