"""The phone as a kind of sensor, and the exercises for which it never goes on the ankle."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from analysis import Exercise, Movement
from firmware_bridge import PLATFORMS, Decoder, DeviceMotionDecoder, PhonePlatform, SensorFamily
from tracker.errors import TrackerError
from tracker.profile import Language
from tracker.words import Text

PHONE_SPEC: Final = "phone"
"""What `--sensor` says for a phone by its browser."""

NOT_FOR_ANKLES: Final = frozenset({Movement.GAIT, Movement.CYCLING, Movement.STEPS})
"""Steps become springing jumps: 200 g on an ankle come off at the landing."""

NOT_ON_ANKLE: Final = Text(
    "Never a phone on the ankle for {name}: it comes loose and breaks, or makes you fall. "
    "Use a small sensor, or import a recording.",
    "Nooit een telefoon om de enkel bij {name}: hij raakt los en gaat stuk, of je valt erdoor. "
    "Gebruik een kleine sensor, of importeer een opname.",
)


class NotOnAnkleError(TrackerError, ValueError):
    """A phone on the ankle is no sensor for this exercise."""


def suits_ankle(exercise: Exercise) -> bool:
    """Whether a phone may sit on the ankle during an exercise.

    Never for running, sprints, cycling and steps that become springing ones.
    """
    return exercise.movement not in NOT_FOR_ANKLES


def check_ankle(exercise: Exercise, language: Language = "en") -> None:
    """Refuse an exercise that a phone on the ankle does not suit, in the patient's language.

    Raises
    ------
    NotOnAnkleError
        If it does not.

    """
    if not suits_ankle(exercise):
        name = exercise.name_nl if language == "nl" else exercise.name_en
        raise NotOnAnkleError(NOT_ON_ANKLE.with_values(name=name.lower()).to(language))


def phone_family(platform: PhonePlatform, rate_hz: float) -> SensorFamily:
    """Return the kind of sensor that one phone is.

    Parameters
    ----------
    platform : {"android", "ios", "standardised"}
        Whose signs its browser follows.
    rate_hz : float
        Events a second, as measured before the training: browsers choose it, mostly 60.

    """
    return replace(
        _PHONE, nominal_rate_hz=rate_hz, notify_uuid=raw_name(platform), make_decoder=_decoder
    )


def raw_name(platform: PhonePlatform) -> str:
    """Return the name of a phone's raw messages in a recording: it tells whose signs they have."""
    return f"{PHONE_SPEC}-{platform}"


def _decoder(settings: Mapping[str, object]) -> Decoder:
    named = {str(platform): platform for platform in PLATFORMS}
    return DeviceMotionDecoder(named.get(str(settings.get("platform")), "android"))


_PHONE: Final = SensorFamily(
    id=PHONE_SPEC,
    title="Phone, by the page /phone",
    service_uuid="",
    notify_uuid=raw_name("android"),
    write_uuid="",
    index="device_time",
    nominal_rate_hz=60.0,
    start=(),
    stop=(),
    ask_battery=None,
    score=lambda _seen: 0,  # never found by scanning
    make_decoder=_decoder,
)
