"""Whatever `--sensor` can name, ready to be used: a sensor on the radio, or an app on a phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from analysis import load_catalogue
from firmware_bridge import TextFormat
from tracker.phone.family import PHONE_SPEC, check_ankle
from tracker.phone_apps.opening import is_phone_app, open_phone_app, read_app_spec
from tracker.sensor_choice import SensorChoice, SensorSpecError, open_sensor
from tracker.settings import DataFolder


def is_phone(spec: str | None) -> bool:
    """Whether the sensor that is asked for is a phone: by its browser, or by an app."""
    return spec == PHONE_SPEC or is_phone_app(spec)


def check_sensor_spec(spec: str | None, exercise_id: str) -> None:
    """Refuse early what will not do: a badly named phone, or one that must not be on the ankle.

    Raises
    ------
    PhoneAppSpecError, NotOnAnkleError
        If it will not.

    """
    if is_phone_app(spec):
        check_ankle(load_catalogue()[exercise_id])
        read_app_spec(spec)


def check_thigh_spec(spec: str | None, thigh: str | None) -> None:
    """Raise SensorSpecError for a second sensor beside a phone: their clocks are not one."""
    if thigh is not None and is_phone(spec):
        raise SensorSpecError(
            "A second sensor goes with a Bluetooth sensor on the ankle, not with a phone."
        )


@asynccontextmanager
async def open_any_sensor(
    spec: str | None,
    exercise_id: str,
    *,
    seed: int = 1,
    folder: DataFolder | None = None,
    text_format: TextFormat | None = None,
    thigh: str | None = None,
) -> AsyncIterator[SensorChoice]:
    """Get the sensor that was asked for; it is there as long as the context.

    Parameters
    ----------
    spec : str, optional
        What `open_sensor` takes, or `sensor-logger[:PHONE]`, or `phyphox:HOST[:PORT]`.
    exercise_id : str
        What is trained.
    seed : int
        Of a simulated patient.
    folder : DataFolder, optional
        Where it is kept how an app was set up.
    text_format : TextFormat, optional
        What the lines of a sensor mean that somebody built.
    thigh : str, optional
        A second sensor, on the thigh; see `open_sensor`.

    Raises
    ------
    SensorSpecError
        If the first one is an app on a phone: its clock is not that of the second.

    """
    check_thigh_spec(spec, thigh)
    app = read_app_spec(spec)
    if app is None:
        async with open_sensor(
            spec, exercise_id, seed=seed, text_format=text_format, thigh=thigh
        ) as choice:
            yield choice
        return
    async with open_phone_app(app, exercise_id, folder) as choice:
        yield choice
