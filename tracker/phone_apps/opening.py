"""From `--sensor sensor-logger` or `--sensor phyphox:HOST` to a source of samples."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from analysis import load_catalogue
from firmware_bridge import PLATFORMS, PhonePlatform
from tracker.phone.family import check_ankle
from tracker.phone_apps.app_family import PHYPHOX, SENSOR_LOGGER
from tracker.phone_apps.app_settings import (
    PhoneAppSettings,
    load_app_settings,
    new_token,
    remember_platform,
)
from tracker.phone_apps.errors import PhoneAppSpecError
from tracker.phone_apps.phyphox_source import PhyphoxSource
from tracker.phone_apps.push_listener import EVERY_ADDRESS, PushListener
from tracker.phone_apps.push_source import SensorLoggerSource
from tracker.sensor_choice import SensorChoice
from tracker.settings import DataFolder
from tracker.words import Text

PUSH: Final = "sensor-logger"
POLL: Final = "phyphox"
PHYPHOX_PORTS: Final = (8080, 80)  # Android's, and iOS's

PUSH_HOW: Final = Text(
    "In Sensor Logger on the phone: Settings, Data Streaming, Enable HTTP Push; as push URL\n"
    "    {url}\n"
    "and the shortest batch period. Switch on Accelerometer, Gravity and Gyroscope, then start to "
    "record. Phone and computer must be in the same network.{platform}",
    "In Sensor Logger op je telefoon: Settings, Data Streaming, Enable HTTP Push; als push-URL\n"
    "    {url}\n"
    "en de kortste batch period. Zet Accelerometer, Gravity en Gyroscope aan en start de opname. "
    "Telefoon en computer moeten in hetzelfde netwerk zitten.{platform}",
)
PLATFORM_UNKNOWN: Final = Text(
    ' On an iPhone also switch on "Standardise Units & Frames", and give '
    "--sensor sensor-logger:standardised.",
    ' Zet op een iPhone ook "Standardise Units & Frames" aan, en geef '
    "--sensor sensor-logger:standardised mee.",
)
NOTHING_MORE: Final = Text("", "")
POLL_HOW: Final = Text(
    "In phyphox on the phone: open an experiment with accelerometer and gyroscope, allow remote "
    "access in its menu, and keep it in sight. I ask {host}.",
    "In phyphox op je telefoon: open een experiment met versnellingsmeter en gyroscoop, sta "
    "toegang op afstand toe in het menu, en houd het in beeld. Ik vraag {host}.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSpec:
    """What `--sensor` asked for: an app, and where or which phone it is."""

    app: str
    host: str = ""
    ports: tuple[int, ...] = PHYPHOX_PORTS
    platform: PhonePlatform | None = None


def read_app_spec(spec: str | None) -> AppSpec | None:
    """Read what `--sensor` says; None if it means no app.

    Raises
    ------
    PhoneAppSpecError
        If it means one, but not well.

    Examples
    --------
    >>> read_app_spec("phyphox:192.168.1.20:8080").ports
    (8080,)

    """
    app, colon, rest = (spec or "").partition(":")
    if app == PUSH:
        return AppSpec(app=app, platform=_platform(rest) if colon else None)
    if app == POLL:
        return _phyphox(rest)
    return None


def is_phone_app(spec: str | None) -> bool:
    """Whether `--sensor` asks for an app on a phone."""
    return (spec or "").partition(":")[0] in {PUSH, POLL}


@asynccontextmanager
async def open_phone_app(
    spec: AppSpec, exercise_id: str, folder: DataFolder | None, *, host: str = EVERY_ADDRESS
) -> AsyncIterator[SensorChoice]:
    """Get ready for an app; the listener of a push lives as long as the context.

    Parameters
    ----------
    spec : AppSpec
        Which app.
    exercise_id : str
        What is trained.
    folder : DataFolder, optional
        Where the token and the platform are kept; without it they are new each time.
    host : str
        Address at which pushes are listened for.

    Raises
    ------
    NotOnAnkleError
        If a phone is no sensor for the exercise.
    ServingError
        If no port can be had.

    """
    check_ankle(load_catalogue()[exercise_id])
    if spec.app == POLL:
        yield SensorChoice(
            family=PHYPHOX,
            target=spec.host,
            make_source=lambda on_event: PhyphoxSource(spec.host, spec.ports, on_event),
            instructions=POLL_HOW.with_values(host=spec.host),
        )
        return
    if folder is not None and spec.platform is not None:
        remember_platform(folder, spec.platform)
    kept = load_app_settings(folder) if folder else PhoneAppSettings(token=new_token())
    platform = spec.platform or kept.platform
    async with PushListener(kept.token, host=host) as listener:
        about_platform = NOTHING_MORE if platform else PLATFORM_UNKNOWN
        yield SensorChoice(
            family=SENSOR_LOGGER,
            make_source=lambda on_event: SensorLoggerSource(listener, platform, on_event),
            instructions=Text(
                PUSH_HOW.en.format(url=listener.url, platform=about_platform.en),
                PUSH_HOW.nl.format(url=listener.url, platform=about_platform.nl),
            ),
            address=listener.url,
        )


def _platform(word: str) -> PhonePlatform:
    for platform in PLATFORMS:
        if word == platform:
            return platform
    raise PhoneAppSpecError(
        f"{PUSH}:{word} names no kind of phone: use one of "
        + ", ".join(f"{PUSH}:{one}" for one in PLATFORMS)
        + "."
    )


def _phyphox(address: str) -> AppSpec:
    wrong = PhoneAppSpecError(
        f"{address!r} is no address of a phone: phyphox shows one when remote access is on, "
        "as in --sensor phyphox:192.168.1.20:8080."
    )
    bare = address.removeprefix("http://").rstrip("/")
    try:
        parts = urlsplit(f"//{bare}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if not host or parts.path or parts.username is not None or " " in bare:
        raise wrong
    return AppSpec(app=POLL, host=host, ports=PHYPHOX_PORTS if port is None else (port,))
