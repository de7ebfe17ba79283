import numpy as np
import pytest

from firmware_bridge import ImuPacket, encode_device_motion
from tracker.phone.gyro_check import gyro_slope
from tracker.phone.motion_check import Finding, MotionCheck
from tracker.simulator import SimulatedPatient

FLAT = (0.0, 0.0, 9.81)


def events(seconds=2.0, *, acc=FLAT, gyr=(0.0, 0.0, 0.0), rate_hz=60.0, platform="android", seed=1):
    """Bytes of a page whose phone lies still; what a browser rounds to 0.1 is noise here."""
    rng = np.random.default_rng(seed)
    n = round(seconds * rate_hz)
    forces = np.round(np.asarray(acc) + rng.normal(0, 0.03, (n, 3)), 1)
    rows = [
        (1e9 + k / rate_hz, tuple(map(float, forces[k])), tuple(map(float, gyr))) for k in range(n)
    ]
    return encode_device_motion(rows, platform=platform)


def test_an_android_phone_flat_on_a_table_is_fit_and_keeps_its_signs():
    check = MotionCheck("android")

    finding = check.feed(events())

    assert finding is Finding.FIT
    assert (check.result.platform, check.result.is_as_expected) == ("android", True)
    assert check.result.rate_hz == pytest.approx(60.0, rel=0.01)


def test_an_iphone_gives_the_opposite_sign_and_that_is_found():
    check = MotionCheck("ios")

    finding = check.feed(events(platform="ios"))

    assert finding is Finding.FIT
    assert (check.result.platform, check.result.is_as_expected) == ("ios", True)


@pytest.mark.parametrize(("expected", "signs"), [("android", "ios"), ("ios", "android")])
def test_where_pose_and_platform_contradict_a_person_says_that_the_screen_is_up(expected, signs):
    check = MotionCheck(expected)

    before = check.feed(events(platform=signs))
    after = check.confirm_screen_up()

    assert (before, after) == (Finding.UNSURE, Finding.FIT)
    assert (check.result.platform, check.result.is_as_expected) == (signs, False)


def test_a_phone_in_the_hand_is_moving():
    rng = np.random.default_rng(2)
    rows = [
        (1e9 + k / 60, tuple(rng.normal(0, 1.0, 3) + FLAT), tuple(rng.normal(0, 0.5, 3)))
        for k in range(120)
    ]

    assert MotionCheck("android").feed(encode_device_motion(rows)) is Finding.MOVING


def test_a_phone_that_turns_evenly_is_not_still():
    assert MotionCheck("android").feed(events(gyr=(0.0, 0.0, 0.5))) is Finding.MOVING


def test_a_phone_that_stands_upright_is_not_flat():
    assert MotionCheck("android").feed(events(acc=(0.0, 9.81, 0.0))) is Finding.NOT_FLAT


def test_a_phone_without_gyroscope_is_told_so():
    check = MotionCheck("android")
    row = encode_device_motion([(1e9, FLAT, (0.0, 0.0, 0.0))])
    without = row[:20] + np.full(3, np.nan, "<f4").tobytes()

    findings = [check.feed(without) for _ in range(30)]

    assert findings[0] is Finding.WAITING
    assert findings[-1] is Finding.NO_GYROSCOPE


def test_gravity_of_1_is_a_wrong_unit():
    assert MotionCheck("android").feed(events(acc=(0.0, 0.0, 1.0))) is Finding.WRONG_UNIT


def test_ten_events_a_second_are_too_few_but_may_become_more():
    check = MotionCheck("android")

    slow = check.feed(events(3.0, rate_hz=10.0))
    fast = check.feed(
        encode_device_motion([(1e9 + 4 + k / 60, FLAT, (0.0, 0.0, 0.0)) for k in range(120)])
    )

    assert (slow, fast) == (Finding.TOO_SLOW, Finding.FIT)


def test_half_a_second_is_not_enough():
    assert MotionCheck("android").feed(events(0.5)) is Finding.WAITING


def test_the_finding_does_not_depend_on_where_the_events_are_cut():
    data = events()
    whole, piecewise = MotionCheck("android"), MotionCheck("android")

    whole.feed(data)
    for at in range(0, len(data), 32):
        piecewise.feed(data[at : at + 32])

    assert piecewise.finding is whole.finding is Finding.FIT
    assert piecewise.result.platform == whole.result.platform


def test_later_movement_does_not_take_a_finding_back():
    check = MotionCheck("android")
    check.feed(events())

    rows = [(1e9 + 10 + k / 60, (0.0, 9.81, 0.0), (3.0, 0.0, 0.0)) for k in range(120)]

    assert check.feed(encode_device_motion(rows)) is Finding.FIT


def laid_down(*, unit=1.0, turn=1.0, platform="android", shake_ms2=0.0):
    """A phone that is read upright, laid down in a second, and lies still for two."""
    rate_hz, n = 60.0, 240
    time_s = np.arange(n) / rate_hz
    share = np.clip(time_s - 0.5, 0.0, 1.0)
    tilt_rad = np.pi / 2 * (1 - np.cos(np.pi * share)) / 2  # from upright to flat
    rng = np.random.default_rng(3)
    acc = 9.81 * np.column_stack([np.zeros(n), np.cos(tilt_rad), np.sin(tilt_rad)])
    acc += rng.normal(0, 0.03, (n, 3)) + shake_ms2 * rng.normal(0, 1, (n, 3)) * (share < 1)[:, None]
    gyr = np.zeros((n, 3))
    gyr[:, 0] = -turn * np.gradient(tilt_rad, time_s) * unit
    rows = [(1e9 + time_s[k], tuple(acc[k]), tuple(gyr[k])) for k in range(n)]
    return encode_device_motion(rows, platform=platform)


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_a_gyroscope_that_turns_with_gravity_is_believed(platform):
    assert MotionCheck(platform).feed(laid_down(platform=platform)) is Finding.FIT


@pytest.mark.parametrize("wrong", [{"unit": np.pi / 180}, {"turn": -1.0}])
@pytest.mark.parametrize("platform", ["android", "ios"])
def test_a_gyroscope_in_radians_or_the_other_way_round_is_refused(wrong, platform):
    assert MotionCheck(platform).feed(laid_down(platform=platform, **wrong)) is Finding.WRONG_UNIT


def test_a_phone_that_was_shaken_on_its_way_is_not_refused_for_it():
    assert MotionCheck("android").feed(laid_down(shake_ms2=0.8)) is Finding.FIT


def a_moving_leg(seed):
    patient = SimulatedPatient("ecc_prone_helper", seed=seed, rate_hz=60.0)
    patient.hear("go", reps=3)
    acc_ms2, gyr_rads = patient.next_samples(1000)
    return [
        ImuPacket(acc_ms2=tuple(acc), gyr_rads=tuple(gyr), device_time_s=1e9 + k / 60)
        for k, (acc, gyr) in enumerate(zip(acc_ms2, gyr_rads, strict=True))
    ]


def test_the_gyroscope_of_a_moving_leg_is_never_refused():
    slopes = [gyro_slope(a_moving_leg(seed)) for seed in range(6)]

    told = [slope for slope in slopes if slope is not None]
    assert len(told) >= 4
    assert told == [pytest.approx(1.0, abs=0.3)] * len(told)
