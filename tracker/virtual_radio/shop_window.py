"""One simulated sensor of every family in one air, and one that cannot be used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from numpy.typing import NDArray

from firmware_bridge import SENSORS, make_simulated
from tracker.ble import Backend
from tracker.virtual_radio.radio import VirtualRadio

NEAREST_DBM = -50
CHEST_STRAP = "Polar H10 00000000"


def _lying(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.tile([0.0, 0.0, 9.81], (n, 1)), np.zeros((n, 3))


@asynccontextmanager
async def all_sensors() -> AsyncIterator[Backend]:
    """Switch them all on, each a little further away than the one before."""
    devices = [make_simulated(sensor_id) for sensor_id in SENSORS]
    strap = make_simulated("polar")
    strap.name = CHEST_STRAP
    async with VirtualRadio() as radio:
        for number, device in enumerate([*devices, strap], start=1):
            address = f"C6:90:00:00:00:{number:02X}"
            radio.link.rssi_dbm[address] = NEAREST_DBM - 3 * number
            await radio.add(device, address, _lying)
        yield radio.backend
