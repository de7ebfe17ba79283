import pytest

from tools.many_sensors import Part, measure
from tracker.virtual_radio import run_virtually


@pytest.mark.parametrize("until", [Part.AIR, Part.ENGINE])
def test_every_sample_of_two_sensors_at_once_comes_through(until):
    load = run_virtually(measure(until, 2, 3.0))

    assert load.n_observed == pytest.approx(200 * load.wall_s, rel=0.05)
    assert load.cpu_s > 0
    assert len(load.lags_s) >= 10
