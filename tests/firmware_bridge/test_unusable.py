import pytest

from firmware_bridge import SENSORS, UNUSABLE_SENSORS, Advertisement, find_unusable, make_simulated

CLASSIC = "49535343-fe7d-4ae5-8fa9-9fafd205e455"
SENSORTAG = "f000aa80-0451-4000-b000-000000000000"


@pytest.mark.parametrize(
    ("name", "services", "unusable_id", "word"),
    [
        ("Polar H10 12345678", [], "polar_chest_strap", "gyroscope"),
        ("Polar OH1 12345678", [], "polar_oh1", "Verity Sense"),
        ("BWT901CL", [], "witmotion_classic", "classic Bluetooth"),
        (None, [CLASSIC.upper()], "witmotion_classic", "BLE 5"),
        ("WTVB01-BT50", [SENSORS["witmotion"].service_uuid], "witmotion_vibration", "vibration"),
        ("CC2650 SensorTag", [], "sensortag", "10 samples a second"),
        (None, [SENSORTAG], "sensortag", "10 samples a second"),
        ("Bangle.js 3c4d", [SENSORS["uart"].service_uuid], "bangle_js", "gyroscope"),
        ("BBC micro:bit [zuvav]", [], "micro_bit", "gyroscope"),
        ("Thingy:53", [], "thingy53", "motion service"),
    ],
)
def test_what_cannot_be_used_is_told_with_the_reason(name, services, unusable_id, word):
    found = find_unusable(Advertisement.heard(name, services))

    assert found.id == unusable_id
    assert word in found.reason
    assert all(family.matches(name, services) == 0 for family in SENSORS.values())


@pytest.mark.parametrize("sensor_id", SENSORS)
def test_nothing_that_can_be_used_is_refused(sensor_id):
    device = make_simulated(sensor_id)

    assert find_unusable(Advertisement.heard(device.name, device.advertised_uuids)) is None


@pytest.mark.parametrize("one", UNUSABLE_SENSORS, ids=lambda one: one.id)
def test_every_reason_is_one_sentence_in_both_languages(one):
    for reason in (one.reason, one.reason_nl):
        assert reason[0].isupper()
        assert reason.endswith(".")
    assert one.reason != one.reason_nl
