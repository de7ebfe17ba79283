import numpy as np
import pytest

from tracker.simulator import SensorRange, perfect_wear
from tracker.simulator.sensor import SensorModel

TIME_S = np.arange(4) * 0.01


def measured(acc_ms2, gyr_rads, limits):
    sensor = SensorModel(perfect_wear(), limits, 100.0, np.random.default_rng(1))
    return sensor.measure(TIME_S, np.full((4, 3), acc_ms2), np.full((4, 3), gyr_rads))


def test_a_perfect_sensor_without_limits_reports_the_truth():
    acc, gyr = measured(300.0, 50.0, SensorRange(acc_g=None, gyr_dps=None))

    assert (acc == 300.0).all()
    assert (gyr == 50.0).all()


def test_a_sensor_of_2_g_and_250_degrees_a_second_saturates_there():
    acc, gyr = measured(30.0, -10.0, SensorRange(acc_g=2.0, gyr_dps=250.0))

    assert acc == pytest.approx(np.full((4, 3), 19.62), abs=0.001)
    assert gyr == pytest.approx(np.full((4, 3), np.radians(-250.0)), abs=0.001)


def test_values_come_in_steps_of_16_bit():
    acc, gyr = measured(1.234567, 0.0123456, SensorRange(acc_g=16.0, gyr_dps=2000.0))

    acc_steps = acc / (16.0 * 9.81 / 32768)
    gyr_steps = np.degrees(gyr) / (2000.0 / 32768)
    assert acc_steps == pytest.approx(np.round(acc_steps))
    assert gyr_steps == pytest.approx(np.round(gyr_steps))
    assert acc == pytest.approx(np.full((4, 3), 1.234567), abs=0.0024)
