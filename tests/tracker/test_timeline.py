import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge import DamagedFrame
from tests.tracker.radio_builders import WITMOTION, bursts, indexed, received
from tracker.timeline import Timeline
from tracker.timeline_segment import GapKind

INDEXES = ["counter8", "counter15", "counter16", "counter32", "device_time", "none"]


def n_bits_of(index):
    return int(index.removeprefix("counter")) if index.startswith("counter") else 32


def run(timeline, events):
    """What a timeline makes of notifications: numbers of the samples, and their times."""
    pieces = [timeline.add(event) for event in events] + [timeline.finish()]
    numbers = np.concatenate([piece.acc_ms2[:, 0] for piece in pieces]).astype(int)
    return numbers, np.concatenate([piece.time_s for piece in pieces])


def carried(index, arrival_s, numbers=None, **fields):
    numbers = range(len(arrival_s)) if numbers is None else numbers
    bits = n_bits_of(index)
    return [received(int(k), float(arrival_s[k]), n_bits=bits, **fields) for k in numbers]


def tempo_errors_ms(numbers, times_s, taken_s):
    """Errors of 3-second phases, one beginning every quarter second."""
    measured_s = times_s[300:] - times_s[:-300]
    true_s = taken_s[numbers[300:]] - taken_s[numbers[:-300]]
    return np.abs(measured_s - true_s)[::25] * 1000


# Mean, 95th percentile and maximum in ms. The best known method for this, a hull over the whole
# past, has 3.5, 8 and 11; at 45 ms the link hardly keeps up, and a stall takes seconds to clear.
@pytest.mark.parametrize(
    ("interval_s", "limits_ms"),
    [(0.015, (1.0, 3.0, 10.0)), (0.030, (1.5, 5.0, 14.0)), (0.045, (2.0, 6.0, 45.0))],
)
@pytest.mark.parametrize("index", ["counter16", "none"])
def test_three_second_phases_are_right_to_some_milliseconds(index, interval_s, limits_ms):
    errors_ms = []
    for seed in range(4):
        rate_error = (0.01, -0.01, 40e-6, 0.005)[seed]
        taken_s, arrival_s = bursts(6000, seed=seed, interval_s=interval_s, rate_error=rate_error)
        numbers, times_s = run(Timeline(indexed(index)), carried(index, arrival_s))
        errors_ms.append(tempo_errors_ms(numbers, times_s, taken_s))

    errors_ms = np.concatenate(errors_ms)
    measured_ms = np.array([errors_ms.mean(), np.percentile(errors_ms, 95), errors_ms.max()])
    print(index, f"{interval_s * 1000:.0f} ms:", measured_ms.round(1))  # noqa: T201 - the figures
    assert (measured_ms <= limits_ms).all()


@pytest.mark.parametrize("index", INDEXES)
def test_every_sample_comes_out_once_in_order_with_growing_times(index):
    _, arrival_s = bursts(3000, seed=5)

    numbers, times_s = run(Timeline(indexed(index)), carried(index, arrival_s))

    assert numbers.tolist() == list(range(3000))
    assert (np.diff(times_s) > 0).all()


@pytest.mark.parametrize("index", ["counter16", "device_time", "none"])
@settings(deadline=None, max_examples=15)
@given(cuts=st.sets(st.integers(1, 799)), seed=st.integers(0, 50))
def test_times_do_not_depend_on_how_packets_share_notifications(index, cuts, seed):
    _, arrival_s = bursts(800, seed=seed)
    singles = carried(index, arrival_s)
    joined = []
    for k, one in enumerate(singles):
        if joined and k not in cuts and one.arrival_s == joined[-1].arrival_s:
            packets = joined[-1].packets + one.packets
            joined[-1] = received(0, one.arrival_s, packets=packets)
        else:
            joined.append(one)

    whole = run(Timeline(indexed(index)), joined)
    cut = run(Timeline(indexed(index)), singles)

    assert whole[0].tolist() == cut[0].tolist()
    assert whole[1].tolist() == cut[1].tolist()


def test_frames_of_one_notification_are_spaced_by_the_period():
    events = []
    for k in range(50):
        packets = tuple(received(8 * k + i, 0.0).packets[0] for i in range(8))
        events.append(received(0, 1000.08 + k * 0.08, packets=packets))

    _, times_s = run(Timeline(WITMOTION), events)

    assert np.diff(times_s) == pytest.approx(0.01, abs=0.0006)


@pytest.mark.parametrize("index", INDEXES)
def test_a_link_lost_for_five_seconds_is_a_gap_of_five_seconds(index):
    arrival_s = 1000 + np.arange(2500) * 0.01
    before = carried(index, arrival_s, range(1000))
    after = carried(index, arrival_s, range(1500, 2500), link=2)
    timeline = Timeline(indexed(index))

    numbers, times_s = run(timeline, before + after)

    steps_s = np.diff(times_s)
    assert len(numbers) == 2000
    assert steps_s.max() == pytest.approx(5.01, abs=0.01)
    assert (np.sort(steps_s)[:-1] < 0.011).all()
    assert [gap.kind for gap in timeline.quality.gaps] == [GapKind.LINK]


@pytest.mark.parametrize(
    "index", ["counter8", "counter15", "counter16", "counter32", "device_time"]
)
def test_a_counted_gap_has_its_length_and_is_not_renumbered(index):
    arrival_s = 1000 + np.arange(1000) * 0.01
    timeline = Timeline(indexed(index))

    numbers, times_s = run(timeline, carried(index, arrival_s, [*range(500), *range(537, 1000)]))

    [gap] = timeline.quality.gaps
    assert (gap.kind, gap.n_lost) == (GapKind.COUNTED, 37)
    assert gap.end_s - gap.start_s == pytest.approx(0.38, abs=0.005)
    assert times_s - times_s[0] == pytest.approx(numbers * 0.01, abs=0.005)


def test_without_a_counter_a_stall_that_comes_back_whole_is_no_gap():
    arrival_s = 1000 + np.arange(1500) * 0.01
    arrival_s[700:780] = 1000 + 7.8  # 0.8 s of silence, then all at once
    timeline = Timeline(WITMOTION)

    _, times_s = run(timeline, carried("none", arrival_s))

    assert timeline.quality.n_gaps == 0
    assert np.diff(times_s) == pytest.approx(0.01, abs=0.0006)


@pytest.mark.parametrize("n_kept", [0, 24])
def test_without_a_counter_a_stall_that_cost_samples_is_a_probable_gap(n_kept):
    arrival_s = 1000 + np.arange(2000) * 0.01
    arrival_s[700 : 700 + n_kept] = 1000 + 8.0
    kept = [*range(700 + n_kept), *range(800, 2000)]
    timeline = Timeline(WITMOTION)

    numbers, times_s = run(timeline, carried("none", arrival_s, kept))

    [gap] = timeline.quality.gaps
    assert gap.kind == GapKind.PROBABLE
    assert gap.n_lost == pytest.approx(100 - n_kept, abs=1)
    off_s = np.abs(times_s - times_s[0] - numbers * 0.01)
    assert (off_s > 0.02).sum() <= 3, "a few beside the gap cannot be placed"


def test_without_a_counter_losses_without_a_silence_are_made_good_in_the_end():
    rng = np.random.default_rng(0)
    taken_s, arrival_s = bursts(6000, seed=2)
    kept = np.flatnonzero(rng.random(6000) > 0.05)

    numbers, times_s = run(Timeline(WITMOTION), carried("none", arrival_s, kept))

    late_s = times_s - taken_s[numbers]
    assert np.abs(late_s[200:] - np.median(late_s)).max() < 0.25, "a pure count would be 3 s off"


def test_a_stall_without_loss_is_not_held_back_for_longer_than_it_takes_to_clear():
    arrival_s = 1000 + np.arange(1500) * 0.01
    arrival_s[700:750] = 1000 + 7.5
    timeline = Timeline(WITMOTION)

    n_out = 0
    for k, event in enumerate(carried("none", arrival_s)):
        n_out += timeline.add(event).n_samples
        if k >= 750:
            assert n_out == k + 1


def test_the_first_samples_come_after_thirty_packets():
    timeline = Timeline(WITMOTION)

    out = [timeline.add(received(k, 1000 + k * 0.01)).n_samples for k in range(40)]

    assert out == [0] * 29 + [30] + [1] * 10


def test_what_is_held_back_comes_out_at_the_end():
    timeline = Timeline(WITMOTION)
    for k in range(10):
        timeline.add(received(k, 1000 + k * 0.01))

    assert timeline.finish().n_samples == 10
    assert timeline.finish().n_samples == 0


def test_samples_of_an_unsettled_link_are_left_out():
    timeline = Timeline(WITMOTION)

    events = [received(k, 1000 + k * 0.1, is_settled=False) for k in range(50)]

    assert run(timeline, events)[0].size == 0


@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_a_sensor_at_another_rate_is_timed_by_the_rate_it_has(rate_hz):
    arrival_s = 1000 + np.arange(1000) / rate_hz
    timeline = Timeline(WITMOTION)

    _, times_s = run(timeline, carried("none", arrival_s))

    assert timeline.rate_hz == pytest.approx(rate_hz, rel=0.001)
    assert np.diff(times_s) == pytest.approx(1 / rate_hz, rel=0.06)


def test_doubled_and_late_packets_are_dropped_and_counted():
    arrival_s = 1000 + np.arange(500) * 0.01
    timeline = Timeline(indexed("counter16"))
    events = carried("counter16", arrival_s)
    doubled = [event for one in events for event in (one, one)]

    numbers, _ = run(timeline, doubled)

    assert numbers.tolist() == list(range(500))
    assert timeline.quality.n_late == 500


def test_a_sensor_that_counts_anew_begins_a_new_segment():
    arrival_s = 1000 + np.arange(1000) * 0.01
    first = carried("counter32", arrival_s, range(500, 1000))
    again = [received(k, 1011 + k * 0.01) for k in range(500)]
    timeline = Timeline(indexed("counter32"))

    numbers, times_s = run(timeline, first + again)

    assert timeline.quality.n_segments == 2
    assert timeline.n_restarts == 1
    assert len(numbers) >= 990
    assert (np.diff(times_s) > 0).all()
    assert times_s[-1] == pytest.approx(1016, abs=0.1)


def test_quality_tells_the_rate_the_jitter_and_the_damage():
    _, arrival_s = bursts(6000, rate_error=0.005, interval_s=0.030)
    timeline = Timeline(WITMOTION)
    damaged = received(0, 999.0, packets=(DamagedFrame(reason="noise", dropped=b"\0"),))

    numbers, _ = run(timeline, [damaged, *carried("none", arrival_s)])

    quality = timeline.quality
    assert (quality.n_samples, quality.n_damaged) == (len(numbers), 1)
    assert quality.clock_ppm == pytest.approx(5000, abs=300)
    assert 0.02 < quality.jitter_s < 0.1
    assert timeline.rate_hz == pytest.approx(100 / 1.005, rel=0.001)


def test_memory_is_bounded_whatever_comes():
    timeline = Timeline(WITMOTION)

    n_out = sum(timeline.add(received(k, 1000.0)).n_samples for k in range(10_000))

    assert n_out > 7000


def test_listed_gaps_are_bounded():
    timeline = Timeline(indexed("counter32"))

    run(timeline, [received(3 * k, 1000 + k * 0.03) for k in range(1000)])

    assert timeline.quality.n_gaps == 999
    assert len(timeline.quality.gaps) == 256


def test_samples_taken_for_lost_that_come_after_all_are_counted_again():
    arrival_s = 1000 + np.arange(2500) * 0.01
    arrival_s[700:800] += 0.3  # a second of steady delay looks like a loss, until it is over
    arrival_s[800:830] = np.maximum(arrival_s[800:830], arrival_s[799])
    timeline = Timeline(WITMOTION)

    _, times_s = run(timeline, carried("none", arrival_s))

    assert timeline.quality.n_gaps == 1
    assert timeline.quality.n_lost == 0
    assert (np.diff(times_s) > 0).all()
    assert times_s[-1] - times_s[0] == pytest.approx(24.99, abs=0.02)
