"""Devices that are often tried, and why they cannot be used: said before anybody connects.

What only shows on a connection, as a board without a gyroscope, is said by the `follow` of a start
step instead (`dialogue.Refusal`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from firmware_bridge.advertisement import Advertisement


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusableSensor:
    """A kind of device that cannot be used.

    Parameters
    ----------
    id : str
        For programs.
    title : str
        For people.
    reason, reason_nl : str
        One sentence on why, and what to use in its place.
    is_heard : callable
        Whether an advertisement is of this kind.

    """

    id: str
    title: str
    reason: str
    reason_nl: str
    is_heard: Callable[[Advertisement], bool]


def _named(*starts: str) -> Callable[[Advertisement], bool]:
    lowered = tuple(start.lower() for start in starts)
    return lambda heard: heard.name.lower().startswith(lowered)


def _with_service(uuid: str, *starts: str) -> Callable[[Advertisement], bool]:
    is_named = _named(*starts)
    return lambda heard: uuid in heard.service_uuids or is_named(heard)


_NO_GYROSCOPE: Final = "has no gyroscope, and without one the knee's angle cannot be followed"
_NO_GYROSCOPE_NL: Final = (
    "heeft geen gyroscoop, en zonder kan de hoek van je knie niet worden gevolgd"
)
_CLASSIC_UUID: Final = "49535343-fe7d-4ae5-8fa9-9fafd205e455"
_SENSORTAG_UUID: Final = "f000aa80-0451-4000-b000-000000000000"
_MICROBIT_UUID: Final = "e95d0753-251d-470a-a062-fa1922dfa9a8"

UNUSABLE_SENSORS: Final = (
    UnusableSensor(
        id="polar_chest_strap",
        title="Polar chest strap",
        reason=f"A Polar chest strap {_NO_GYROSCOPE}: use a Polar Verity Sense.",
        reason_nl=f"Een borstband van Polar {_NO_GYROSCOPE_NL}: gebruik een Polar Verity Sense.",
        is_heard=_named("Polar H10", "Polar H9", "Polar H7", "Polar H6"),
    ),
    UnusableSensor(
        id="polar_oh1",
        title="Polar OH1",
        reason=f"A Polar OH1 {_NO_GYROSCOPE}: its successor, the Verity Sense, has one.",
        reason_nl=f"Een Polar OH1 {_NO_GYROSCOPE_NL}: de opvolger, de Verity Sense, heeft er een.",
        is_heard=_named("Polar OH1"),
    ),
    UnusableSensor(
        id="witmotion_classic",
        title="WitMotion, classic Bluetooth",
        reason="This WitMotion model speaks classic Bluetooth in another format: use a BLE 5 model "
        "such as WT901BLECL or WT9011DCL-BT50.",
        reason_nl="Dit model van WitMotion spreekt klassiek Bluetooth in een ander formaat: "
        "gebruik een BLE 5-model zoals WT901BLECL of WT9011DCL-BT50.",
        is_heard=_with_service(_CLASSIC_UUID, "BWT901CL", "HC-06", "HC-05"),
    ),
    UnusableSensor(
        id="witmotion_vibration",
        title="WitMotion vibration sensor",
        reason="This WitMotion model measures the vibration of machines, not movement: use a "
        "WT901BLECL or WT9011DCL-BT50.",
        reason_nl="Dit model van WitMotion meet trillingen van machines, geen beweging: gebruik "
        "een WT901BLECL of WT9011DCL-BT50.",
        is_heard=lambda heard: "wtvb" in heard.name.lower(),
    ),
    UnusableSensor(
        id="sensortag",
        title="TI SensorTag",
        reason="A SensorTag sends at most 10 samples a second, too few to time a repetition: "
        "50 or more are needed.",
        reason_nl="Een SensorTag stuurt hoogstens 10 metingen per seconde, te weinig om een "
        "herhaling te timen: 50 of meer zijn nodig.",
        is_heard=_with_service(_SENSORTAG_UUID, "SensorTag", "CC2650 SensorTag", "CC1350"),
    ),
    UnusableSensor(
        id="bangle_js",
        title="Bangle.js",
        reason=f"A Bangle.js {_NO_GYROSCOPE}: a Puck.js v2 has one.",
        reason_nl=f"Een Bangle.js {_NO_GYROSCOPE_NL}: een Puck.js v2 heeft er een.",
        is_heard=_named("Bangle.js"),
    ),
    UnusableSensor(
        id="micro_bit",
        title="BBC micro:bit",
        reason=f"A BBC micro:bit {_NO_GYROSCOPE}.",
        reason_nl=f"Een BBC micro:bit {_NO_GYROSCOPE_NL}.",
        is_heard=_with_service(_MICROBIT_UUID, "BBC micro:bit"),
    ),
    UnusableSensor(
        id="thingy53",
        title="Nordic Thingy:53",
        reason="A Thingy:53 does not have the motion service of the Thingy:52: describe the lines "
        "of your own firmware in a format file.",
        reason_nl="Een Thingy:53 heeft niet de bewegingsdienst van de Thingy:52: beschrijf de "
        "regels van je eigen firmware in een formaatbestand.",
        is_heard=_named("Thingy:53", "Thingy53"),
    ),
)


def find_unusable(heard: Advertisement) -> UnusableSensor | None:
    """Return what is known to be unusable in an advertisement, or None."""
    return next((one for one in UNUSABLE_SENSORS if one.is_heard(heard)), None)
