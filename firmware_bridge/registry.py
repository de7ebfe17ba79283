"""The sensors we can read: one row each, with the simulated devices that go with it.

A row is a family and its devices by model; the first is the one that `sim:FAMILY` means.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from firmware_bridge.decoder import SensorFamily
from firmware_bridge.device import SimulatedDevice
from firmware_bridge.errors import UnknownSensorError
from firmware_bridge.metamotion import BMI160, METAMOTION
from firmware_bridge.movesense import MOVESENSE
from firmware_bridge.polar import POLAR
from firmware_bridge.simulated.metamotion import SimulatedMetaMotion
from firmware_bridge.simulated.movesense import OLD_MTU, SimulatedMovesense
from firmware_bridge.simulated.polar import SimulatedPolar
from firmware_bridge.simulated.thingy52 import SimulatedThingy52
from firmware_bridge.simulated.uart import SimulatedPuck
from firmware_bridge.simulated.witmotion import SimulatedWitMotion
from firmware_bridge.simulated.xsens_dot import SimulatedXsensDot
from firmware_bridge.thingy52 import THINGY52
from firmware_bridge.uart import UART
from firmware_bridge.witmotion import WITMOTION
from firmware_bridge.xsens_dot import XSENS_DOT

MakeDevice = Callable[[], SimulatedDevice]
Row = tuple[SensorFamily, Mapping[str, MakeDevice]]

_ROWS: Final[tuple[Row, ...]] = (
    (
        WITMOTION,
        {
            "wt901blecl": SimulatedWitMotion,
            "wt9011dcl-bt50": partial(SimulatedWitMotion, "WT901BLE67"),
            "bwt901ble5.0": partial(SimulatedWitMotion, "BWT901BLE5.0", frames=8),
            "wt901sdcl-bt50": partial(SimulatedWitMotion, "WTSDCL", has_calendar=True),
        },
    ),
    (
        MOVESENSE,
        {
            "movesense": SimulatedMovesense,
            "movesense-2.2": partial(SimulatedMovesense, max_mtu=OLD_MTU, answers_subscribe=False),
        },
    ),
    (THINGY52, {"thingy52": SimulatedThingy52}),
    (XSENS_DOT, {"dot": SimulatedXsensDot}),
    (
        METAMOTION,
        {
            "metamotion-s": SimulatedMetaMotion,
            "metamotion-r": partial(SimulatedMetaMotion, chip=BMI160),
        },
    ),
    (POLAR, {"verity-sense": SimulatedPolar}),
    (UART, {"puck": SimulatedPuck}),
)

SENSORS: Final[Mapping[str, SensorFamily]] = MappingProxyType(
    {family.id: family for family, _ in _ROWS}
)
SIMULATED_DEVICES: Final[Mapping[str, Mapping[str, MakeDevice]]] = MappingProxyType(
    {family.id: MappingProxyType(dict(devices)) for family, devices in _ROWS}
)


def find_sensor(sensor_id: str) -> SensorFamily:
    """Return the sensor family of that id.

    Raises
    ------
    UnknownSensorError
        If there is none; the message lists the known ones.

    """
    try:
        return SENSORS[sensor_id]
    except KeyError:
        raise UnknownSensorError(sensor_id, SENSORS) from None


def make_simulated(sensor_id: str, model: str = "") -> SimulatedDevice:
    """Switch on a simulated device of a family.

    Parameters
    ----------
    sensor_id : str
        Id of the family.
    model : str
        One of its models; the first without it.

    Raises
    ------
    UnknownSensorError
        If there is no such family or model; the message lists the known ones.

    """
    find_sensor(sensor_id)
    devices = SIMULATED_DEVICES[sensor_id]
    model = model or next(iter(devices), "")
    if model not in devices:
        known = [f"{sensor_id}/{one}" for one in devices]
        raise UnknownSensorError(f"{sensor_id}/{model}", known)
    return devices[model]()
