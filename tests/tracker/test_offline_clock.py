import numpy as np
import pytest

from firmware_bridge import encode_witmotion
from tests.tracker.radio_builders import WITMOTION, bursts, header, indexed, received
from tests.tracker.test_timeline import carried, run, tempo_errors_ms
from tracker.offline_clock import fit_again, retimed
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap
from tracker.timeline import Timeline


def again(index, events):
    """Numbers of the samples and their times, with hindsight."""
    samples = fit_again(indexed(index), events)
    return samples.acc_ms2[:, 0].astype(int), samples.time_s


@pytest.mark.parametrize("interval_s", [0.015, 0.030, 0.045])
@pytest.mark.parametrize("index", ["counter16", "none"])
def test_with_hindsight_three_second_phases_are_no_worse_and_mostly_better(index, interval_s):
    live_ms, after_ms = [], []
    for seed in range(2):
        rate_error = (0.01, -0.01, 40e-6, 0.005)[seed]
        taken_s, arrival_s = bursts(6000, seed=seed, interval_s=interval_s, rate_error=rate_error)
        events = carried(index, arrival_s)
        live_ms.append(tempo_errors_ms(*run(Timeline(indexed(index)), events), taken_s))
        after_ms.append(tempo_errors_ms(*again(index, events), taken_s))

    live_ms, after_ms = np.concatenate(live_ms), np.concatenate(after_ms)
    print(  # noqa: T201 - the figures
        f"{index} {interval_s * 1000:.0f} ms: live {live_ms.mean():.2f} / {live_ms.max():.1f}, "
        f"after {after_ms.mean():.2f} / {after_ms.max():.1f}"
    )
    assert after_ms.mean() <= 0.5 * live_ms.mean() + 0.05
    assert after_ms.max() <= live_ms.max() + 0.1


def test_absolute_times_are_late_by_the_least_latency_from_the_first_sample_on():
    taken_s, arrival_s = bursts(6000, seed=1, rate_error=0.008, interval_s=0.015)

    numbers, times_s = again("counter16", carried("counter16", arrival_s))

    late_ms = (times_s - taken_s[numbers]) * 1000
    assert np.ptp(late_ms) < 2.0
    assert 0 < late_ms.mean() < 8


def test_a_short_link_after_a_long_one_knows_the_rate_of_the_sensor():
    _, arrival_s = bursts(12_000, seed=4, rate_error=0.009)
    first = carried("none", arrival_s, range(9000))
    second = carried("none", arrival_s, range(9500, 9900), link=2)

    numbers, times_s = again("none", first + second)

    is_short = numbers >= 9500
    rate = np.polyfit(numbers[is_short], times_s[is_short], 1)[0] / 0.01
    assert rate == pytest.approx(1.009, abs=3e-4)
    assert (np.diff(times_s) > 0).all()


def test_a_loss_that_proved_to_be_none_is_taken_back_from_where_it_was_said():
    arrival_s = 1000 + np.arange(2500) * 0.01
    arrival_s[700:800] += 0.3
    arrival_s[800:830] = np.maximum(arrival_s[800:830], arrival_s[799])
    events = carried("none", arrival_s)

    _, live_s = run(Timeline(WITMOTION), events)
    _, times_s = again("none", events)

    even_s = times_s[0] + np.arange(2500) * 0.01
    assert np.abs(live_s - live_s[0] - np.arange(2500) * 0.01).max() > 0.1
    assert np.abs(times_s - even_s).max() < 0.012


def test_a_rate_that_wanders_with_temperature_is_followed_over_minutes():
    n = 70_000
    wander = 1 + 30e-6 * np.sin(np.arange(n) / n * 2 * np.pi)
    taken_s = 1000 + np.cumsum(0.01 * wander)
    arrival_s = np.ceil(taken_s / 0.015) * 0.015 + 0.001

    numbers, times_s = again("counter32", carried("counter32", arrival_s))

    late_ms = (times_s - taken_s[numbers]) * 1000
    assert np.ptp(late_ms) < 16
    assert (np.diff(times_s) > 0).all()


def test_a_recording_is_decoded_and_timed_again_from_what_the_sensor_sent(tmp_path):
    _, arrival_s = bursts(3000, seed=2, rate_error=0.004)
    timeline = Timeline(WITMOTION)
    with Recorder(tmp_path / "one.mcap", header()) as recorder:
        for k, at_s in enumerate(arrival_s):
            acc_ms2 = (0.01 * (k % 500), 0.0, 9.81)
            packets = tuple(WITMOTION.new_decoder().feed(encode_witmotion(acc_ms2, (0, 0, 0))))
            event = received(k, float(at_s), packets=packets)
            data = encode_witmotion(acc_ms2, (0, 0, 0))
            event = type(event)(
                packets=packets, data=data, characteristic=event.characteristic,
                arrival_s=event.arrival_s, link=event.link,
            )  # fmt: skip
            recorder.add_raw(event)
            recorder.add_samples(timeline.add(event))
        recorder.add_samples(timeline.finish())

    session = read_mcap(tmp_path / "one.mcap")
    samples = retimed(session)

    assert samples.acc_ms2.tolist() == session.samples.acc_ms2.tolist()
    assert samples.time_s != pytest.approx(session.samples.time_s, abs=1e-6)
    assert samples.time_s == pytest.approx(session.samples.time_s, abs=0.04)


def test_nothing_received_gives_no_samples():
    assert fit_again(WITMOTION, []).n_samples == 0
