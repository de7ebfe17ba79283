import pytest

from analysis import analyse_recording
from tests.builders import Stretch, leg_signal, still

FOOT_ON_THE_FLOOR = 90.0
LEG_FORWARD = 5.0


def seated_set(forward_s, *, reps=6):
    push_and_return = [
        Stretch(90.0, 1.0),
        still(0.3, 90.0),
        Stretch(LEG_FORWARD, 3.0),
        still(1.0, LEG_FORWARD),
    ]
    start = [still(2.0, FOOT_ON_THE_FLOOR), Stretch(LEG_FORWARD, 1.5)]
    moves = [*start, still(forward_s, LEG_FORWARD), *push_and_return * reps]
    return leg_signal([*moves, still(3.0, LEG_FORWARD)], start_deg=FOOT_ON_THE_FLOOR, noise_seed=3)


def reps_of(result):
    return [rep for each in result.sets for rep in each.reps]


@pytest.mark.parametrize("forward_s", [1.0, 2.0, 3.0, 5.0])
def test_a_seated_recording_that_starts_foot_on_the_floor_reads_the_knee_angle(forward_s):
    samples = seated_set(forward_s)

    found = reps_of(analyse_recording(samples, "ecc_seated_solo", zero_deg=90.0))

    assert len(found) == 6
    assert [rep.peak_deg for rep in found] == pytest.approx([90.0] * 6, abs=2.0)
    assert [rep.eccentric_s for rep in found] == pytest.approx([2.64] * 6, abs=0.1)


@pytest.mark.parametrize("forward_s", [1.0, 3.0])
def test_without_a_given_zero_the_return_is_still_told_from_the_push(forward_s):
    samples = seated_set(forward_s)

    found = reps_of(analyse_recording(samples, "ecc_seated_solo"))

    assert len(found) == 6
    assert [rep.rom_deg for rep in found] == pytest.approx([85.0] * 6, abs=2.0)
    assert [rep.eccentric_s for rep in found] == pytest.approx([2.64] * 6, abs=0.1)
