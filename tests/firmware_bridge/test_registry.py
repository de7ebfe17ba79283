import pytest

from firmware_bridge import SENSORS, FirmwareBridgeError, UnknownSensorError, find_sensor


def test_a_sensor_is_found_by_its_id():
    assert find_sensor("witmotion") is SENSORS["witmotion"]


def test_an_unknown_sensor_is_answered_with_the_known_ones():
    with pytest.raises(UnknownSensorError, match="witmotion") as caught:
        find_sensor("wristwatch")

    assert caught.value.sensor_id == "wristwatch"
    assert set(caught.value.known) == set(SENSORS)
    assert isinstance(caught.value, FirmwareBridgeError)


@pytest.mark.parametrize("family", SENSORS.values(), ids=lambda family: family.id)
def test_every_family_can_be_talked_to(family):
    uuids = [family.service_uuid, family.notify_uuid, family.write_uuid, *family.data_uuids]

    assert all(uuid == uuid.lower() and len(uuid) == 36 for uuid in uuids)
    assert 20 <= family.nominal_rate_hz <= 1000
    assert all(command.purpose and command.data for command in (*family.start, *family.stop))
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
