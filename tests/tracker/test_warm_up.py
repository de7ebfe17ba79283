import pytest

from tracker.warm_up import WarmUp

PERIOD_S = 1 / 104


def warm_after(arrivals_s, *, per_arrival, is_counted=True):
    """When the wait is over, for so many packets at each arrival; None if it never is."""
    warming = WarmUp(PERIOD_S, is_counted=is_counted)
    for arrival_s in arrivals_s:
        for _ in range(per_arrival):
            if warming.add(arrival_s) is not None:
                return arrival_s
    return None


def test_a_stream_of_single_samples_is_warm_after_thirty():
    arrivals_s = [10 + k * PERIOD_S for k in range(100)]

    assert warm_after(arrivals_s, per_arrival=1) == arrivals_s[29]


@pytest.mark.parametrize("per_arrival", [8, 36])
def test_long_messages_are_looked_at_six_times(per_arrival):
    arrivals_s = [10 + k * 0.1 for k in range(20)]

    assert warm_after(arrivals_s, per_arrival=per_arrival) == arrivals_s[5]


def test_nobody_waits_longer_than_a_second():
    arrivals_s = [10 + k * 0.35 for k in range(20)]

    assert warm_after(arrivals_s, per_arrival=36) == pytest.approx(11.05)


def test_the_rate_of_a_sensor_that_does_not_count_is_believed_where_it_is_plausible():
    arrivals_s = [10 + k * 8 * PERIOD_S * 1.01 for k in range(60)]

    assert warm_after(arrivals_s, per_arrival=8, is_counted=False) == arrivals_s[5]
