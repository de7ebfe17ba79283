import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    DamagedFrame,
    ImuPacket,
    PhyphoxBuffers,
    PhyphoxPoll,
    UnusableExperimentError,
    encode_phyphox,
)
from tests.firmware_bridge import captures

FULL = (
    "/get?acc_time=full&accX=full&accY=full&accZ=full&gyr_time=full&gyrX=full&gyrY=full&gyrZ=full"
)


def values(times_s):
    n = len(times_s)
    return {
        "acc_time": times_s,
        "accX": [0.5] * n,
        "accY": [0] * n,
        "accZ": [9.81] * n,
        "gyr_time": [t + 0.003 for t in times_s],
        "gyrX": [0] * n,
        "gyrY": [1.25] * n,
        "gyrZ": [0] * n,
    }


def answer(times_s, **status):
    return encode_phyphox(values(times_s), **status)


def packets(decoded):
    return [one for one in decoded if isinstance(one, ImuPacket)]


def config(*sources):
    inputs = [
        {"source": source, "outputs": [{k: f"{source[:3]}_{k}"} for k in ("x", "y", "z", "t")]}
        for source in sources
    ]
    return json.dumps({"title": "Knee", "inputs": inputs}).encode()


def test_buffers_are_found_by_their_source():
    buffers = PhyphoxBuffers.of_config(config("linear_acceleration", "accelerometer", "gyroscope"))

    assert buffers.acc == ("acc_t", "acc_x", "acc_y", "acc_z")
    assert buffers.gyr == ("gyr_t", "gyr_x", "gyr_y", "gyr_z")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (config("accelerometer"), "lacks the angular rate: add a simple experiment"),
        (config("linear_acceleration", "gyroscope"), "lacks acceleration with gravity"),
        (b"<html>", "not that of phyphox"),
        (b'{"inputs": 3}', "not that of phyphox"),
        (b'{"inputs": [3, {"source": "accelerometer", "outputs": [{"x": "a"}, 7]}]}', "lacks acc"),
        (b'{"inputs": [{"source": "accelerometer", "outputs": {}}]}', "lacks acceleration"),
    ],
)
def test_an_experiment_that_measures_too_little_is_refused(body, said):
    with pytest.raises(UnusableExperimentError, match=said):
        PhyphoxBuffers.of_config(body)


def test_first_all_is_asked_for_and_then_what_is_new():
    phone = PhyphoxPoll()

    first = phone.next_path
    phone.feed(answer([0.1, 0.11, 0.12]))

    assert first == FULL
    assert phone.next_path == (
        "/get?acc_time=0.12&accX=0.12|acc_time&accY=0.12|acc_time&accZ=0.12|acc_time"
        "&gyr_time=0.123&gyrX=0.123|gyr_time&gyrY=0.123|gyr_time&gyrZ=0.123|gyr_time"
    )
    assert phone.is_measuring


def test_force_and_turning_rate_come_in_si_units_with_the_time_of_the_force():
    decoded = PhyphoxPoll().feed(answer([0.1, 0.11]))

    assert packets(decoded)[0] == ImuPacket(
        acc_ms2=(0.5, 0, 9.81), gyr_rads=(0, 1.25, 0), device_time_s=0.1
    )


def test_an_empty_answer_changes_nothing():
    phone = PhyphoxPoll()
    phone.feed(answer([0.1]))
    asked = phone.next_path

    assert phone.feed(answer([])) == []
    assert phone.next_path == asked


def test_a_sample_that_rounding_brings_back_is_not_counted_twice():
    phone = PhyphoxPoll()
    first = phone.feed(answer([0.1, 0.11]))

    second = phone.feed(answer([0.11, 0.12]))

    assert len(packets(first + second)) == 3
    assert len(first + second) == 3


def test_nulls_are_dropped_and_counted():
    told = values([0.1, 0.11, 0.12])
    told["accY"][1] = math.nan
    phone = PhyphoxPoll()

    decoded = phone.feed(encode_phyphox(told))

    assert [packet.device_time_s for packet in packets(decoded)] == [0.1, 0.12]
    assert DamagedFrame(reason="a sample without a number", dropped=b"") in decoded


def test_a_buffer_that_is_ahead_waits_for_the_others():
    told = values([0.1, 0.11])
    told["acc_time"] = [0.1, 0.11, 0.12]
    phone = PhyphoxPoll()

    assert len(packets(phone.feed(encode_phyphox(told)))) == 2
    assert "acc_time=0.11&" in phone.next_path


@pytest.mark.parametrize("again", [answer([0.3], session="2"), answer([0.05])])
def test_an_experiment_that_was_begun_again_is_asked_for_in_full(again):
    phone = PhyphoxPoll()
    phone.feed(answer([0.1, 0.2]))

    decoded = phone.feed(again)
    afterwards = phone.feed(answer([0.01, 0.02], session="2"))

    assert decoded[-1] == DamagedFrame(reason="the experiment was begun again", dropped=b"")
    assert [packet.device_time_s for packet in packets(afterwards)] == [0.01, 0.02]


def test_a_silence_while_it_measures_makes_it_ask_for_everything_once():
    phone = PhyphoxPoll()
    phone.feed(answer([10.0, 10.01]))

    asked = []
    for _ in range(6):
        phone.feed(answer([]))
        asked.append(phone.next_path == FULL)

    assert asked == [False, False, False, False, True, False]


def test_the_full_answer_after_a_silence_tells_whether_it_began_again():
    phone = PhyphoxPoll()
    phone.feed(answer([10.0, 10.01]))
    for _ in range(5):
        phone.feed(answer([]))

    phone.feed(answer([0.5, 0.51]))
    decoded = phone.feed(answer([0.5, 0.51, 0.52]))

    assert [packet.device_time_s for packet in packets(decoded)] == [0.5, 0.51, 0.52]


def test_a_pause_is_no_silence():
    phone = PhyphoxPoll()
    phone.feed(answer([10.0, 10.01]))

    for _ in range(9):
        phone.feed(answer([], is_measuring=False))

    assert not phone.is_measuring
    assert phone.next_path != FULL


def test_names_of_buffers_cannot_break_out_of_the_address():
    names = ("t&cmd=clear", "a b", "ü", "z")

    asked = PhyphoxPoll(PhyphoxBuffers(acc=names)).next_path

    assert asked.startswith("/get?t%26cmd%3Dclear=full&a%20b=full&%C3%BC=full&z=full&")


def test_sensors_that_share_a_buffer_of_times_wait_for_each_other():
    phone = PhyphoxPoll(PhyphoxBuffers(acc=("t", "a", "b", "c"), gyr=("t", "x", "y", "z")))
    told = {name: [1.0, 1.0] for name in "abc"} | {name: [0.0] for name in "xyz"}

    phone.feed(encode_phyphox(told | {"t": [0.1, 0.2]}))

    assert phone.next_path.startswith("/get?t=0.1&a=0.1|t&")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"buffer": [], "status": {}}', b'{"buffer": {}}', b"[" * 9999]
)
def test_what_is_no_answer_is_reported(body):
    (damage,) = PhyphoxPoll().feed(body)

    assert damage.reason == "not an answer of phyphox"


@given(
    st.recursive(st.none() | st.floats() | st.text(max_size=3), st.lists, max_leaves=12), st.data()
)
def test_any_values_in_an_answer_are_survived(junk, data):
    buffers = {
        name: data.draw(st.just({"buffer": junk}) | st.just(junk) | st.just({"buffer": [1.0, 2.0]}))
        for name in values([])
    }
    body = json.dumps({"buffer": buffers, "status": {"session": junk, "measuring": True}}).encode()
    phone = PhyphoxPoll()

    decoded = phone.feed(body) + phone.feed(body) + phone.finish()

    assert all(isinstance(one, ImuPacket | DamagedFrame) for one in decoded)


def test_the_computed_polls_ask_the_same_questions_and_give_the_expected_values():
    folder = ("computed_phone", "phyphox_get_polls")
    polls = [json.loads(line) for line in captures.content(*folder, "polls.jsonl").splitlines()]
    force = np.array(captures.rows(*folder, "expected_acc.csv"))
    phone, decoded, asked = PhyphoxPoll(), [], []

    for poll in polls:
        asked.append(phone.next_path)
        decoded += packets(phone.feed(json.dumps(poll["response"]).encode()))
    decoded += packets(phone.finish())

    assert asked == [poll["request"] for poll in polls]
    assert [packet.device_time_s for packet in decoded] == pytest.approx(force[:, 0], abs=1e-6)
    assert np.array([p.acc_ms2 for p in decoded]) == pytest.approx(force[:, 1:], abs=2e-6)
    assert not phone.is_measuring
