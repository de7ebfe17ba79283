import pytest

from firmware_bridge import (
    SENSORS,
    SIMULATED_DEVICES,
    FirmwareBridgeError,
    UnknownSensorError,
    find_sensor,
    make_simulated,
)


def test_a_sensor_is_found_by_its_id():
    assert find_sensor("witmotion") is SENSORS["witmotion"]


def test_an_unknown_sensor_is_answered_with_the_known_ones():
    with pytest.raises(UnknownSensorError, match="witmotion") as caught:
        find_sensor("wristwatch")

    assert caught.value.sensor_id == "wristwatch"
    assert set(caught.value.known) == set(SENSORS)
    assert isinstance(caught.value, FirmwareBridgeError)


def test_the_first_model_is_meant_where_none_is_named():
    assert type(make_simulated("metamotion")) is type(make_simulated("metamotion", "metamotion-s"))


def test_an_unknown_model_is_answered_with_the_known_ones():
    with pytest.raises(UnknownSensorError, match=r"witmotion/bwt901ble5\.0"):
        make_simulated("witmotion", "wt1")


@pytest.mark.parametrize("sensor_id", SENSORS)
def test_every_simulated_device_is_known_by_what_it_advertises(sensor_id):
    for make in SIMULATED_DEVICES[sensor_id].values():
        device = make()
        companies = [] if device.company_id is None else [device.company_id]
        heard = device.name, device.advertised_uuids, companies

        scores = {family.id: family.matches(*heard) for family in SENSORS.values()}

        assert max(scores, key=scores.get) == sensor_id
        assert sum(score > 0 for score in scores.values()) == 1


@pytest.mark.parametrize("family", SENSORS.values(), ids=lambda family: family.id)
def test_every_family_can_be_talked_to(family):
    uuids = [family.service_uuid, family.notify_uuid, family.write_uuid, *family.data_uuids]

    assert all(uuid == uuid.lower() and len(uuid) == 36 for uuid in uuids)
    assert 20 <= family.nominal_rate_hz <= 1000
    assert all(step.purpose for step in (*family.start, *family.stop))
    assert family.subscriptions[-1] == family.notify_uuid
    assert family.matches("Somebody's toothbrush", []) == 0


@pytest.mark.parametrize("family", SENSORS.values(), ids=lambda family: family.id)
def test_every_decoder_survives_any_bytes(family):
    for size in (0, 1, 2, 3, 4, 5, 7, 19, 20, 28, 63, 400):
        for filling in (0x00, 0xFF, 0x55, 0x02, 0x0A, 0x7B):
            decoder = family.new_decoder()

            decoded = decoder.feed(bytes([filling]) * size) + decoder.feed(b"")

            assert len(decoded) <= size + 1


def test_a_captured_family_has_the_rate_of_its_capture():
    family = find_sensor("polar").as_captured({"rate_hz": 52}, [])

    assert family.nominal_rate_hz == 52
