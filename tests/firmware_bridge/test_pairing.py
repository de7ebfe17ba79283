from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import DamagedFrame, ImuPacket
from firmware_bridge.pairing import OrderPairing, TimePairing

PERIOD_S = 0.01


def numbered(numbers):
    return [(float(number), 0.0, 0.0) for number in numbers]


def stamped(times_s):
    return [(time_s, (time_s, 0.0, 0.0)) for time_s in times_s]


def pairs(decoded):
    return [(p.acc_ms2[0], p.gyr_rads[0]) for p in decoded if isinstance(p, ImuPacket)]


def n_dropped(decoded):
    return sum(isinstance(item, DamagedFrame) for item in decoded)


def test_samples_without_stamps_pair_in_the_order_of_arrival():
    pairing = OrderPairing()

    decoded = pairing.add(acc_ms2=numbered([1, 2, 3])) + pairing.add(
        gyr_rads=numbered([11, 12, 13])
    )

    assert pairs(decoded) == [(1, 11), (2, 12), (3, 13)]


@given(order=st.permutations(["acc", "gyr"] * 2))
def test_notifications_that_overtake_each_other_change_nothing(order):
    pairing, decoded = OrderPairing(), []
    n_sent = {"acc": 0, "gyr": 0}

    for kind in list(order) * 5:
        values = numbered(range(n_sent[kind], n_sent[kind] + 3))
        n_sent[kind] += 3
        decoded += pairing.add(**{{"acc": "acc_ms2", "gyr": "gyr_rads"}[kind]: values})

    assert pairs(decoded) == [(i, i) for i in range(30)]


def after_loss_of(lost):
    pairing, decoded = OrderPairing(), []
    for i in range(20):
        for kind in ("acc_ms2", "gyr_rads"):
            if not (i == 4 and kind == lost):
                decoded += pairing.add(**{kind: numbered(range(3 * i, 3 * i + 3))})
    return decoded


def test_after_a_lost_rate_the_streams_come_into_step_again():
    decoded = after_loss_of("gyr_rads")

    assert pairs(decoded)[-12:] == [(i, i) for i in range(48, 60)]
    assert n_dropped(decoded) == 3


def test_after_a_lost_acceleration_the_streams_are_one_notification_apart_at_most():
    decoded = after_loss_of("acc_ms2")

    assert all(abs(acc - gyr) <= 3 for acc, gyr in pairs(decoded))


def test_one_stream_alone_is_kept_within_bounds():
    pairing = OrderPairing(patience=10**9)

    decoded = [item for i in range(1000) for item in pairing.add(gyr_rads=numbered([i]))]

    assert n_dropped(decoded) == 1000 - 512


def test_each_acceleration_gets_the_rate_of_the_nearest_stamp():
    pairing = TimePairing(PERIOD_S)

    decoded = pairing.add(gyr=stamped([0.002, 0.012, 0.022, 0.032]))
    decoded += pairing.add(acc=stamped([0.000, 0.010, 0.0199, 0.030]))

    assert pairs(decoded) == [(0.000, 0.002), (0.010, 0.012), (0.0199, 0.022), (0.030, 0.032)]
    assert n_dropped(decoded) == 0


def test_an_acceleration_waits_for_its_rate():
    pairing = TimePairing(PERIOD_S)

    early = pairing.add(acc=stamped([0.0, 0.01])) + pairing.add(gyr=stamped([-0.0045]))
    late = pairing.add(gyr=stamped([0.0035, 0.0135]))

    assert early == []
    assert pairs(late) == [(0.0, 0.0035), (0.01, 0.0135)]


def test_what_has_no_partner_within_half_a_period_is_dropped_and_counted():
    pairing = TimePairing(PERIOD_S)

    decoded = pairing.add(gyr=stamped([0.00, 0.01, 0.03, 0.04]))
    decoded += pairing.add(acc=stamped([0.00, 0.01, 0.02, 0.03]))
    decoded += pairing.add(acc=stamped([0.05])) + pairing.add(gyr=stamped([0.05]))

    assert pairs(decoded) == [(0.0, 0.0), (0.01, 0.01), (0.03, 0.03), (0.05, 0.05)]
    assert [item.reason for item in decoded if isinstance(item, DamagedFrame)] == [
        "an acceleration without its angular rate",
        "an angular rate without its acceleration",
    ]


@pytest.mark.parametrize("kind", ["acc", "gyr"])
def test_a_stamped_stream_alone_is_kept_within_bounds(kind):
    pairing = TimePairing(PERIOD_S)

    decoded = [item for i in range(1000) for item in pairing.add(**{kind: stamped([i / 100])})]

    assert n_dropped(decoded) == 1000 - 512


@given(cuts=st.sets(st.integers(1, 39)), lag_s=st.floats(-0.0039, 0.0039))
def test_pairs_do_not_depend_on_how_the_streams_are_cut(cuts, lag_s):
    times_s = [i * PERIOD_S for i in range(40)]
    edges = [0, *sorted(cuts), 40]
    pairing, decoded = TimePairing(PERIOD_S), []

    for start, end in pairwise(edges):
        decoded += pairing.add(acc=stamped(times_s[start:end]))
        decoded += pairing.add(gyr=stamped([t + lag_s for t in times_s[start:end]]))

    assert pairs(decoded) == [(t, t + lag_s) for t in times_s]
    assert n_dropped(decoded) == 0
