import numpy as np
import pytest

from tracker.stream_checks import DoubleFilter, RateMeter

FRAMES = [bytes([k, 255 - k]) * 10 for k in range(100)]


def kept(deliveries):
    doubles = DoubleFilter()
    return [data for data, at_s in deliveries if not doubles.is_double("ffe4", data, at_s)]


def test_every_notification_that_comes_twice_is_kept_once():
    twice = [(data, k * 0.01 + again * 2e-5) for k, data in enumerate(FRAMES) for again in (0, 1)]

    assert kept(twice) == FRAMES


def test_a_burst_of_different_notifications_is_kept_whole():
    burst = [(data, 1.0) for data in FRAMES]

    assert kept(burst) == FRAMES


def test_equal_notifications_at_different_times_are_kept():
    still = [(FRAMES[0], k * 0.01) for k in range(50)]

    assert len(kept(still)) == 50


def test_a_constant_sensor_loses_at_most_one_of_a_burst():
    constant = [(FRAMES[0], 1.0)] * 50

    assert len(kept(constant)) >= 49


def test_the_same_bytes_on_another_characteristic_are_no_double():
    doubles = DoubleFilter()

    assert not doubles.is_double("ffe4", b"one", 1.0)
    assert not doubles.is_double("ffe5", b"one", 1.0)


def test_a_rate_is_told_once_after_three_seconds():
    meter = RateMeter(3.0)

    told = [meter.add(1, k / 100) for k in range(1000)]

    [rate_hz] = [one for one in told if one is not None]
    assert rate_hz == pytest.approx(100, abs=0.5)
    assert told.index(rate_hz) == 300


def test_a_stall_starts_the_measurement_anew():
    meter = RateMeter(3.0)
    times_s = [k / 50 + (2.0 if k > 100 else 0.0) for k in range(400)]

    told = [rate for at_s in times_s if (rate := meter.add(1, at_s))]

    assert told == [pytest.approx(50, abs=0.5)]


def test_a_sensor_at_rest_that_sends_some_samples_twice_loses_none():
    rng = np.random.default_rng(0)
    double, n_dropped = DoubleFilter(), 0

    for k in range(20_000):
        value = 0 if rng.random() < 0.2 else k  # one in five is like another at rest
        n_dropped += double.is_double("ffe4", bytes([value % 251, value // 251]), (k // 2) * 0.02)

    assert n_dropped <= 5


def test_a_link_that_delivers_twice_from_some_moment_on_is_found_out_at_once():
    double = DoubleFilter()
    once = [bytes([k]) for k in range(50)]
    twice = [bytes([k]) for k in range(50, 100) for _ in range(2)]

    kept = [
        data
        for k, data in enumerate(once + twice)
        if not double.is_double("ffe4", data, data[0] * 0.01)
    ]

    assert kept[:50] == once
    assert len(kept) == pytest.approx(100, abs=3)
