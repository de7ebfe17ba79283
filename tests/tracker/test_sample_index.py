import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import ImuPacket
from tracker.sample_index import CounterUnwrap, DeviceSeconds, SensorRestartedError


def packet(**fields):
    return ImuPacket(acc_ms2=(0, 0, 9.81), gyr_rads=(0, 0, 0), **fields)


@pytest.mark.parametrize("n_bits", [8, 15, 16, 32])
@given(
    steps=st.lists(st.integers(1, 3) | st.integers(1, 6000), min_size=1, max_size=100),
    first=st.integers(0, 2**32 - 1),
    jitter_s=st.floats(0, 0.06),
)
def test_the_number_grows_by_what_passed_however_often_the_counter_wraps(
    n_bits, steps, first, jitter_s
):
    unwrap = CounterUnwrap(n_bits, 100.0)
    at = first
    start = unwrap.add(at % (1 << n_bits), 0.0)

    for step in steps:
        at += step
        number = unwrap.add(at % (1 << n_bits), (at - first) / 100 + jitter_s)
        assert number - start == at - first


def test_a_packet_that_comes_again_has_no_number():
    unwrap = CounterUnwrap(8, 100.0)
    unwrap.add(250, 0.0)

    numbers = [unwrap.add(counter, 0.01) for counter in (251, 251, 250)]

    assert numbers == [251, None, None]


@pytest.mark.parametrize("n_bits", [16, 32])
def test_a_counter_that_begins_anew_is_noticed(n_bits):
    unwrap = CounterUnwrap(n_bits, 100.0)
    for k in range(1000):
        unwrap.add(20_000 + k, k / 100)

    def count_anew():
        for k in range(100):
            unwrap.add(k, 10 + k / 100)

    with pytest.raises(SensorRestartedError):
        count_anew()


def test_device_time_is_passed_on_and_missing_ones_are_filled_in():
    seconds = DeviceSeconds("device_time", 100.0)

    given_s = [
        seconds.add(packet(device_time_s=at), k / 100)
        for k, at in enumerate((None, 5.0, None, 5.02))
    ]

    assert given_s == [None, 5.0, 5.01, 5.02]


@pytest.mark.parametrize("anew_s", [0.0, 1e6])
def test_a_device_clock_that_is_set_anew_is_noticed(anew_s):
    seconds = DeviceSeconds("device_time", 100.0)
    for k in range(1000):
        seconds.add(packet(device_time_s=100 + k / 100), k / 100)

    with pytest.raises(SensorRestartedError):
        seconds.add(packet(device_time_s=anew_s), 10.0)
