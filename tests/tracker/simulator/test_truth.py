import numpy as np
import pytest

from tracker.simulator.curves import Curve, Move, SpeedProfile, cosine, minimum_jerk
from tracker.simulator.truth import PlannedRep, fast_span, rep_truth


def measured(descent_shape, *, eccentric_s=3.0, peak_deg=90.0, return_deg=0.0, top_pause_s=0.5):
    """One repetition: lifted in 1 s, held, let down."""
    coordinate = Curve()
    coordinate.add(Move(0.0, 1.0, peak_deg))
    release_s = 1.0 + top_pause_s
    coordinate.add(Move(release_s, eccentric_s, return_deg - peak_deg, descent_shape))
    planned = PlannedRep(
        set_index=0,
        lift_start_s=0.0,
        lift_end_s=1.0,
        release_s=release_s,
        landing_s=release_s + eccentric_s,
        kinds=frozenset(),
    )
    return rep_truth(planned, coordinate.evaluate)


def constant_speed(edge_s, duration_s=3.0):
    edge = edge_s / duration_s
    return SpeedProfile([0, edge, 1 - edge, 1], [0, 1, 1, 0])


@pytest.mark.parametrize(
    ("shape", "reads_s"),
    [(constant_speed(0.001), 3.0), (cosine, 2.904), (minimum_jerk, 2.643)],
    ids=["constant speed", "cosine", "minimum jerk"],
)
def test_a_lowering_of_three_seconds_reads_as_the_five_percent_rule_says(shape, reads_s):
    rep = measured(shape)

    assert rep.eccentric_s == pytest.approx(reads_s, abs=0.002)


def test_speed_at_exactly_five_percent_is_the_edge():
    time_s = np.linspace(0.0, 2.0, 4001)
    triangle = 1.0 - np.abs(time_s - 1.0)

    span_s = fast_span(time_s, triangle)

    assert span_s == pytest.approx((0.05, 1.95), abs=1e-4)


def test_a_pause_on_the_way_down_belongs_to_the_phase_and_is_given_beside_it():
    stepwise = SpeedProfile([0, 0.1, 1.4, 1.5, 2.5, 2.6, 3.9, 4.0], [0, 1, 1, 0, 0, 1, 1, 0])

    rep = measured(stepwise, eccentric_s=4.0)

    assert rep.eccentric_s == pytest.approx(4.0, abs=0.03)
    assert rep.pause_s == pytest.approx(1.0, abs=0.03)
    assert rep.eccentric_moving_s == pytest.approx(rep.eccentric_s - rep.pause_s)


def test_peak_range_and_hold_are_those_of_the_movement():
    rep = measured(minimum_jerk, peak_deg=88.0, return_deg=12.0, top_pause_s=0.6)

    assert rep.peak_deg == pytest.approx(88.0)
    assert rep.rom_deg == pytest.approx(88.0)
    assert rep.end_deg == pytest.approx(12.0)
    assert 0.6 < rep.hold_s < 1.0
    assert rep.hold_scored_s > rep.hold_s


def test_the_way_out_is_measured_by_the_same_rule():
    rep = measured(minimum_jerk)

    assert rep.lift[1] - rep.lift[0] == pytest.approx(0.881, abs=0.002)
