import pytest

from tools.live_page import frames


def test_a_set_comes_as_a_sensor_sends_it_with_the_angle_of_the_newest_sample():
    told = list(frames(16.0))
    came_s = [at_s for at_s, messages in told if not messages]
    newest = [(at_s, message) for at_s, messages in told for message in messages]

    moving = [(at_s, one["t"]) for at_s, one in newest if one["phase"] == "eccentric"]
    late_s = [
        at_s - t for at_s, t in moving if at_s > 8.0
    ]  # the axis is known after one repetition

    assert len(came_s) == len(newest) == pytest.approx(800, abs=2)  # 100 samples a second, by two
    assert len(late_s) > 100
    assert late_s == pytest.approx([0.0] * len(late_s), abs=0.002)
