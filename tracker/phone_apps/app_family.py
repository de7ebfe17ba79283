"""The two apps as kinds of sensor, for the timeline, the recording and the stored session."""

from typing import Final

from firmware_bridge import (
    Decoder,
    PhyphoxPoll,
    SensorFamily,
    SensorLoggerPush,
)

PHONE_RATE_HZ: Final = 100.0  # of most phones; the timeline learns the true one from the stamps


def _app(id_: str, title: str, decoder: type[Decoder]) -> SensorFamily:
    """Describe an app: it has no radio service, and is never found by scanning."""
    return SensorFamily(
        id=id_,
        title=title,
        service_uuid="",
        notify_uuid=id_,
        write_uuid="",
        index="device_time",
        nominal_rate_hz=PHONE_RATE_HZ,
        start=(),
        stop=(),
        ask_battery=None,
        score=lambda _seen: 0,
        make_decoder=lambda _settings: decoder(),
    )


SENSOR_LOGGER: Final = _app("sensor_logger", "Sensor Logger", SensorLoggerPush)
PHYPHOX: Final = _app("phyphox", "phyphox", PhyphoxPoll)
