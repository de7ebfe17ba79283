import numpy as np
import pytest

from firmware_bridge import (
    SENSORS,
    SIMULATED_DEVICES,
    BatteryLevel,
    DamagedFrame,
    ImuPacket,
    RegisterReply,
    Sampled,
    SimulatedDevice,
    SimulatedTextSensor,
    WriteRefusedError,
    encode_metamotion,
    make_simulated,
    read_text_format,
    uart_family,
)
from firmware_bridge.polar_control import START_STEPS
from firmware_bridge.simulated.metamotion import SimulatedMetaMotion
from firmware_bridge.simulated.witmotion import SimulatedWitMotion
from tests.firmware_bridge.conversation import Conversation

WITMOTION, THINGY52, UART = (SENSORS[one] for one in ("witmotion", "thingy52", "uart"))
MODELS = [(sensor, model) for sensor, models in SIMULATED_DEVICES.items() for model in models]
G = 9.80665


def started(sensor_id, model=""):
    return Conversation(SENSORS[sensor_id], make_simulated(sensor_id, model)).start()


def packets(family, sent):
    decoder = family.new_decoder()
    decoded = [item for one in sent for item in decoder.feed(one.data)]
    return [item for item in decoded if isinstance(item, ImuPacket)]


@pytest.mark.parametrize(("sensor_id", "model"), MODELS)
def test_a_second_of_a_started_device_is_a_second_of_samples(sensor_id, model):
    talk, family = started(sensor_id, model), SENSORS[sensor_id]
    n = round(family.nominal_rate_hz)

    talk.sample(n)

    found = packets(family, talk.sent)
    assert talk.device.rate_hz == family.nominal_rate_hz
    assert len(found) == pytest.approx(n, abs=40)
    assert np.array(found[-1].acc_ms2) == pytest.approx((0, 0, 9.81), abs=0.02)
    assert np.array(found[-1].gyr_rads) == pytest.approx((0.1, 0.2, 0.3), abs=0.002)


@pytest.mark.parametrize(("sensor_id", "model"), MODELS)
def test_a_device_that_was_switched_off_must_be_started_again(sensor_id, model):
    talk = started(sensor_id, model)
    talk.device.power_cycle()
    talk.device.link_ended()

    sent = talk.sample(40)

    keeps_its_settings = sensor_id in {"witmotion", "thingy52"}
    assert bool(sent) == keeps_its_settings


@pytest.mark.parametrize(("sensor_id", "model"), MODELS)
def test_a_write_where_nothing_may_be_written_is_refused(sensor_id, model):
    device = make_simulated(sensor_id, model)

    with pytest.raises(WriteRefusedError) as caught:
        device.write("0000180a-0000-1000-8000-00805f9b34fb", b"\x00\x00\x00", 0.0)

    assert caught.value.att_code == 3


def test_a_full_scale_is_clipped_and_not_wrapped():
    for sensor_id in SENSORS:
        talk, family = started(sensor_id), SENSORS[sensor_id]

        talk.sample(120, acc_ms2=(400.0, -400.0, 0.0), gyr_rads=(60.0, -60.0, 0.0))

        last = packets(family, talk.sent)[-1]
        assert last.acc_ms2[0] > 30 > -30 > last.acc_ms2[1], sensor_id
        assert last.gyr_rads[0] > 15 > -15 > last.gyr_rads[1], sensor_id


def test_several_frames_come_in_one_notification_where_the_model_packs_them():
    talk = started("witmotion", "bwt901ble5.0")

    sizes = [len(one.data) for one in talk.sample(80)]

    assert set(sizes) == {160}
    assert len(packets(WITMOTION, talk.sent)) >= 80


def test_frames_with_a_calendar_carry_the_time_of_the_sensor():
    talk = started("witmotion", "wt901sdcl-bt50")

    talk.sample(50)

    times_s = [one.device_time_s for one in packets(WITMOTION, talk.sent)[-40:]]
    assert np.diff(times_s) == pytest.approx(0.01, abs=0.0011)


def test_other_content_than_motion_is_set_right_by_the_start():
    device = SimulatedWitMotion()
    device.registers[0x96] = 1
    talk = Conversation(WITMOTION, device)
    before = packets(WITMOTION, talk.sample(3))

    talk.start()

    after = packets(WITMOTION, talk.sample(3))
    assert before[-1].acc_ms2 == (0.0, 0.0, 0.0)
    assert after[-1].acc_ms2[2] == pytest.approx(9.81, abs=0.01)


@pytest.mark.parametrize("config", [b"", bytes.fromhex("e803e803e8032c0100"), bytes(9)])
def test_a_thingy_refuses_a_configuration_out_of_its_limits(config):
    device = make_simulated("thingy52")

    with pytest.raises(WriteRefusedError):
        device.write(THINGY52.write_uuid, config, 0.0)

    assert device.rate_hz == 10


def test_a_puck_echoes_what_is_typed_unless_it_is_told_not_to():
    device = make_simulated("uart")

    nothing = device.write(UART.write_uuid, b"\x10Puck.version()\n", 0.0)
    loud = device.write(UART.write_uuid, b"Puck.accelOn(104)\n", 0.0)
    quiet = device.write(UART.write_uuid, b"\x10Puck.accelOff()\n", 0.0)

    assert b"Puck.accelOn(104)" in loud[0].data
    assert device.rate_hz == 104
    assert not quiet
    assert not nothing


def test_a_puck_without_its_wide_range_shows_turns_eight_times_too_large():
    device = make_simulated("uart")
    talk = Conversation(UART, device)
    for line in (b"Puck.accelOn(52)", b"Puck.on('accel',a=>Bluetooth.println(JSON.stringify(a)))"):
        device.write(UART.write_uuid, b"\x10" + line + b"\n", 0.0)

    (narrow,) = packets(UART, talk.sample(1))

    assert narrow.gyr_rads[2] == pytest.approx(8 * 0.3, rel=0.01)


def test_a_line_that_was_broken_off_by_the_link_is_forgotten():
    device = make_simulated("uart")
    device.write(UART.write_uuid, b"\x10Puck.acc", 0.0)

    device.link_ended()
    talk = Conversation(UART, device).start()

    assert talk.sample(1)


def test_text_longer_than_the_link_takes_comes_in_pieces():
    talk = Conversation(UART, make_simulated("uart"), room=20).start()

    sent = talk.sample(2)

    assert max(len(one.data) for one in sent) == 20
    decoder = UART.new_decoder()
    decoded = [item for one in sent for item in decoder.feed(one.data)]
    assert len(decoded) == 2
    assert not [item for item in decoded if isinstance(item, DamagedFrame)]


BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"


@pytest.mark.parametrize("sensor_id", ["movesense", "thingy52", "polar"])
def test_the_standard_battery_service_tells_the_percentage(sensor_id):
    device = make_simulated(sensor_id)
    device.battery_percent = 37

    assert device.read(BATTERY) == b"\x25"


@pytest.mark.parametrize("sensor_id", ["witmotion", "movesense", "metamotion"])
def test_the_battery_is_told_when_it_is_asked_for_by_command(sensor_id):
    family, device = SENSORS[sensor_id], make_simulated(sensor_id)

    sent = device.write(family.write_uuid, family.ask_battery.data, 0.0)

    decoder = family.new_decoder()
    told = [item for one in sent for item in decoder.feed(one.data)]
    assert BatteryLevel(percent=90) in told


def test_a_device_says_only_what_its_kind_says():
    class Bare(SimulatedDevice):
        factory_name = "Bare"

    device = Bare()
    still = Sampled(acc_ms2=(0, 0, G), gyr_rads=(0, 0, 0), clock_s=0.0, room=20)

    assert device.read("0000ffe4-0000-1000-8000-00805f9a34fb") == b""
    with pytest.raises(NotImplementedError):
        device.sample(still)


def test_a_witmotion_ignores_what_it_does_not_understand():
    device, where = SimulatedWitMotion(), WITMOTION.write_uuid
    unlock, save_elsewhere, no_rate = (
        bytes.fromhex(one) for one in ("ffaa6988b5", "ffaa000100", "ffaa03ee00")
    )

    said = [device.write(where, data, 0.0) for data in (b"hello", unlock, save_elsewhere, no_rate)]

    assert said == [[], [], [], []]
    assert device.rate_hz == 10


def test_a_witmotion_obeys_for_ten_seconds_after_the_unlock_and_saves_when_told():
    device, where = SimulatedWitMotion(), WITMOTION.write_uuid
    unlock, rate, save, read_rate = (
        bytes.fromhex(one) for one in ("ffaa6988b5", "ffaa030900", "ffaa000000", "ffaa270300")
    )

    device.write(where, rate, 0.0)
    locked_hz = device.rate_hz
    device.write(where, unlock, 0.0)
    device.write(where, rate, 11.0)
    late_hz = device.rate_hz
    device.write(where, unlock, 20.0)
    device.write(where, rate, 21.0)
    device.power_cycle()
    unsaved_hz = device.rate_hz
    for data in (unlock, rate, save):
        device.write(where, data, 30.0)
    device.power_cycle()
    (answer,) = device.write(where, read_rate, 40.0)

    assert (locked_hz, late_hz, unsaved_hz, device.rate_hz) == (10, 10, 10, 100)
    assert WITMOTION.new_decoder().feed(answer.data) == [
        RegisterReply(register=3, values=(9, 0, 0, 0, 0, 0, 0, 0))
    ]


def test_a_thingy_tells_its_configuration():
    talk = started("thingy52")

    assert talk.device.read(THINGY52.write_uuid).hex() == "e803e803e803640000"


def test_a_dot_tells_whether_it_measures_and_how_full_it_is():
    family = SENSORS["xsens_dot"]
    device = make_simulated("xsens_dot")
    before = device.read(family.write_uuid)
    Conversation(family, device).start()

    assert before == bytes((1, 0, 0))
    assert device.read(family.write_uuid) == bytes((1, 1, 21))
    assert device.read(family.ask_battery.characteristic) == bytes((90, 0))


def test_a_dot_takes_no_rate_that_it_does_not_have():
    family = SENSORS["xsens_dot"]
    device = make_simulated("xsens_dot")
    control = bytearray(32)
    control[0], control[24] = 0x10, 120

    device.write("15171002-4947-11e9-8646-d663bd873d93", bytes(control), 0.0)

    assert device.rate_hz == family.nominal_rate_hz


def test_a_board_that_runs_for_nobody_sends_nothing():
    family, device = SENSORS["metamotion"], make_simulated("metamotion")
    Conversation(family, device).start()
    still = Sampled(acc_ms2=(0, 0, G), gyr_rads=(0, 0, 0), clock_s=0.0, room=20)

    device.write(family.write_uuid, bytes.fromhex("030500"), 0.0)
    mixed = device.sample(still)
    device.write(family.write_uuid, bytes.fromhex("030401"), 0.0)

    assert mixed == device.sample(still) == []
    assert len(encode_metamotion([(0, 0, G)], [(0, 0, 0)])) == 2


def test_a_board_of_the_first_revision_sends_no_threes():
    family, device = SENSORS["metamotion"], SimulatedMetaMotion(revision=0)
    Conversation(family, device).start()
    for data in ("030400", "130400", "030501", "130501"):
        device.write(family.write_uuid, bytes.fromhex(data), 0.0)

    assert Conversation(family, device).sample(9) == []


def test_a_movesense_knows_no_other_requests():
    device = make_simulated("movesense")

    (answer,) = device.write(SENSORS["movesense"].write_uuid, b"\x05\x07", 0.0)

    assert answer.data == bytes.fromhex("01079401")


def polar_error(device, hex_data):
    (answer,) = device.write(SENSORS["polar"].control_uuid, bytes.fromhex(hex_data), 0.0)
    return answer.data[3]


def test_a_polar_refuses_with_the_makers_errors():
    device = make_simulated("polar")
    acc_at = "0202 0001{} 00 01011000 0201{} 00 040103"

    errors = {
        "ecg": polar_error(device, "0200"),
        "104 Hz outside SDK mode": polar_error(device, acc_at.format("68", "08")),
        "2 g outside SDK mode": polar_error(device, acc_at.format("34", "02")),
        "no settings": polar_error(device, "0202"),
        "an empty setting": polar_error(device, "0202 0000"),
        "SDK settings outside SDK mode": polar_error(device, "0402"),
        "status": polar_error(device, "0502"),
        "stop before start": polar_error(device, "0302"),
    }
    first, again = (polar_error(device, acc_at.format("34", "08")) for _ in range(2))
    in_stream = polar_error(device, "0209")

    assert errors == {
        "ecg": 2, "104 Hz outside SDK mode": 8, "2 g outside SDK mode": 9, "no settings": 8,
        "an empty setting": 8, "SDK settings outside SDK mode": 3, "status": 1,
        "stop before start": 6,
    }  # fmt: skip
    assert (first, again, in_stream) == (0, 6, 12)
    assert device.rate_hz == 52


def test_a_polar_offers_its_plain_settings_outside_sdk_mode():
    (answer,) = make_simulated("polar").write(SENSORS["polar"].control_uuid, b"\x01\x02", 0.0)

    assert answer.data.hex() == "f001020000" + "00013400" + "01011000" + "02010800" + "040103"


def test_settings_that_were_refused_are_told_and_a_strange_reading_says_nothing():
    [ask] = [step for step in START_STEPS if getattr(step, "data", b"") == b"\x04\x02"]

    refused = ask.answer.follow(bytes.fromhex("f004020300"))

    assert "error 3" in refused.reason
    assert START_STEPS[0].follow(b"") == START_STEPS[0].follow(b"\x01\x02") == ()


def test_a_sensor_that_somebody_built_begins_and_ends_at_its_lines():
    text_format = read_text_format(
        """
        rate_hz = 50
        columns = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z", "counter"]
        start = ["rate 50", "go"]
        stop = ["halt"]
        """
    )
    family, device = uart_family(text_format), SimulatedTextSensor(text_format)
    talk = Conversation(family, device)
    before = talk.sample(3)

    during = talk.start().sample(3)
    after = talk.stop().sample(3)
    talk.start()
    device.power_cycle()

    decoder = family.new_decoder()
    counters = [item.counter for one in during for item in decoder.feed(one.data)]
    assert np.diff(counters).tolist() == [1, 1]
    assert before == after == talk.sample(3) == []


def test_fields_whose_paths_cross_are_still_printed():
    text_format = read_text_format(
        """
        rate_hz = 50
        [fields]
        acc_x = "a"
        acc_y = "a.y"
        acc_z = "z"
        gyr_x = "g.x"
        gyr_y = "g.y"
        gyr_z = "g.z"
        """
    )

    talk = Conversation(uart_family(text_format), SimulatedTextSensor(text_format))

    assert b'"g"' in talk.sample(1)[0].data
