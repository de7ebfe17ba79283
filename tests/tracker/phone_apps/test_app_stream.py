import pytest

from firmware_bridge import DamagedFrame, ImuPacket
from tracker.collector_events import CollectorState, RateChecked, Received, StateChanged
from tracker.phone_apps.app_stream import LEAST_STALL_S, LONGEST_STALL_S, AppStream

DAMAGE = DamagedFrame(reason="half a message", dropped=b"{")


def packets(*times_s):
    up, still = (0.0, 0.0, 9.81), (0.0, 0.0, 0.0)
    return [ImuPacket(acc_ms2=up, gyr_rads=still, device_time_s=time_s) for time_s in times_s]


def a_stream():
    events = []
    return AppStream("phyphox", events.append), events


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def test_a_clock_that_goes_back_begins_a_new_link_and_loses_no_sample():
    stream, events = a_stream()

    stream.take([*packets(5.0, 5.01), DAMAGE, *packets(4.5, 4.51)], b"body", 100.0)
    stream.take(packets(4.52), b"more", 100.1)

    told = [(one.link, len(one.packets), one.data) for one in of(events, Received)]
    assert told == [(1, 3, b"body"), (2, 2, b""), (2, 1, b"more")]
    assert all(one.is_batch for one in of(events, Received))


def test_a_message_without_samples_is_recorded_but_starts_no_stream():
    stream, events = a_stream()

    stream.take([DAMAGE], b"{", 100.0)

    assert [one.packets for one in of(events, Received)] == [(DAMAGE,)]
    assert stream.state is None


def test_silence_is_told_after_more_than_the_usual_pause_between_messages():
    stream, events = a_stream()
    for k in range(6):
        stream.take(packets(2.0 * k, 2.0 * k + 1.0), b"x", 100.0 + 2.0 * k)

    stream.check_silence(110.0 + 4.9, "nothing comes")
    before = stream.state
    stream.check_silence(110.0 + 5.1, "nothing comes")

    assert before is CollectorState.STREAMING
    assert stream.state is CollectorState.STALLED
    assert of(events, StateChanged)[-1].reason == "nothing comes"


@pytest.mark.parametrize(("pause_s", "stall_s"), [(0.1, LEAST_STALL_S), (60.0, LONGEST_STALL_S)])
def test_patience_has_its_limits(pause_s, stall_s):
    stream, _ = a_stream()

    for k in range(4):
        stream.take(packets(pause_s * k), b"x", 100.0 + pause_s * k)

    assert stream.stall_s == stall_s


def test_the_rate_is_told_once_by_the_clock_of_the_phone():
    stream, events = a_stream()

    for k in range(400):
        stream.take(packets(k / 60), b"x", 100.0 + (k // 60))

    (rate,) = of(events, RateChecked)
    assert rate.measured_hz == pytest.approx(60.0, rel=0.01)
    assert not rate.is_off


def test_a_phone_that_is_too_slow_is_told_to_be_faster():
    stream, events = a_stream()

    for k in range(60):
        stream.take(packets(k / 10), b"x", 100.0 + k / 10)

    assert "10 samples a second" in of(events, StateChanged)[-1].reason
    assert stream.state is CollectorState.STREAMING


def test_a_state_is_told_where_it_or_its_reason_is_new():
    stream, events = a_stream()

    for reason in ("waiting", "waiting", None, "other"):
        stream.enter(CollectorState.SCANNING, 1.0, reason)

    assert [one.reason for one in of(events, StateChanged)] == ["waiting", "other"]
