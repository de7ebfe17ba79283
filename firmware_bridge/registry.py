"""The sensors we can read: one row each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from firmware_bridge.decoder import SensorFamily
from firmware_bridge.errors import UnknownSensorError
from firmware_bridge.metamotion import METAMOTION
from firmware_bridge.movesense import MOVESENSE
from firmware_bridge.polar import POLAR
from firmware_bridge.thingy52 import THINGY52
from firmware_bridge.uart import UART
from firmware_bridge.witmotion import WITMOTION
from firmware_bridge.xsens_dot import XSENS_DOT

_FAMILIES: Final = (WITMOTION, MOVESENSE, THINGY52, XSENS_DOT, METAMOTION, POLAR, UART)

SENSORS: Final[Mapping[str, SensorFamily]] = MappingProxyType(
    {family.id: family for family in _FAMILIES}
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
