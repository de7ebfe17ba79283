import pytest

from tracker.set_watch import Finding, SetWatch
from tracker.settings import CoachSettings

SETTINGS = CoachSettings(give_up_s=180.0, lost_give_up_s=120.0, pause_asks_s=8.0)


def given_up_at(watch, links):
    """When the watch gives up, asked every second; `links` says when the sensor comes and goes."""
    for now_s in range(2000):
        if now_s in links:
            watch.sensor(links[now_s], float(now_s))
        if watch.check_waiting(15.0, float(now_s)) is Finding.GIVE_UP:
            return now_s
    return None


def test_a_link_that_comes_and_goes_does_not_keep_an_empty_room_waiting():
    watch = SetWatch(SETTINGS)
    watch.begin(0.0)
    every_half_minute = {30 * k: k % 2 == 0 for k in range(1, 60)}

    given_up_s = given_up_at(watch, every_half_minute)

    assert given_up_s == pytest.approx(2 * 180, abs=32)


def test_a_movement_before_the_link_was_lost_starts_the_clock_anew():
    watch = SetWatch(SETTINGS)
    watch.begin(0.0)
    watch.moved(100.0)

    assert given_up_at(watch, {}) == 281


def test_after_an_outage_in_mid_set_there_is_the_full_pause_before_the_question():
    watch = SetWatch(SETTINGS)
    watch.begin(0.0)
    watch.moved(10.0)
    watch.sensor(False, 17.0)
    watch.sensor(True, 40.0)

    findings = [watch.check_counting(now_s) for now_s in (41.0, 47.9, 48.1)]

    assert findings == [Finding.NOTHING, Finding.NOTHING, Finding.ASK_WHETHER_DONE]
