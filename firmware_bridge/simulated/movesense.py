"""A Movesense sensor: messages of several samples, in two parts where the link is small.

Its accelerometer measures to 8 g in steps of 0.244 mg, its gyroscope to 2000 deg/s in steps of
0.07 deg/s. Firmware before 2.3 starts to send without an answer.
"""

import re
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.advertisement import short_uuid
from firmware_bridge.device import (
    BATTERY_SERVICE,
    MAX_MTU,
    GattCharacteristic,
    GattService,
    Sampled,
    Sent,
    SimulatedDevice,
)
from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.movesense import (
    GET,
    NOT_FOUND,
    NOTIFY_UUID,
    SERVICE_UUID,
    SUBSCRIBE,
    UNSUBSCRIBE,
    WRITE_UUID,
    encode_movesense,
    encode_movesense_answer,
)
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

_SAMPLES: Final = {13: 1, 26: 2, 52: 4, 104: 8, 208: 16}
_PATH: Final = re.compile(rb"/Meas/IMU6/(\d{2,4})")
_ACC_STEP_MS2: Final = 8 * STANDARD_GRAVITY_MS2 / 32768
_GYR_STEP_RADS: Final = 0.07 * RAD_PER_DEG
_GYR_MAX_RADS: Final = 2000 * RAD_PER_DEG

OLD_MTU: Final = 161
"""Before firmware 2.3: less than a message of 104 Hz."""


class SimulatedMovesense(SimulatedDevice):
    """One sensor.

    Parameters
    ----------
    name : str, optional
        The advertised name.
    max_mtu : int
        The largest packets it agrees to.
    answers_subscribe : bool
        Whether it answers a subscription before it sends.

    """

    factory_name: ClassVar[str] = "Movesense 000000000000"
    services = (
        GattService(
            SERVICE_UUID,
            (
                GattCharacteristic.of(WRITE_UUID, "write"),
                GattCharacteristic.of(NOTIFY_UUID, "notify"),
            ),
        ),
        BATTERY_SERVICE,
    )
    advertised_uuids = (short_uuid(0xFDF3), short_uuid(0x180D))
    company_id = 0x009F

    def __init__(
        self, name: str | None = None, *, max_mtu: int = MAX_MTU, answers_subscribe: bool = True
    ) -> None:
        super().__init__(name)
        self.max_mtu = max_mtu
        self.rate_hz = 104.0
        self._answers_subscribe = answers_subscribe
        self._reference: int | None = None
        self._message_size = 8
        self._acc: list[NDArray[np.float64]] = []
        self._gyr: list[NDArray[np.float64]] = []
        self._first_s = 0.0

    def link_ended(self) -> None:
        """Unsubscribe by itself."""
        self._reference = None
        self._acc.clear()
        self._gyr.clear()

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Answer a request."""
        if characteristic != WRITE_UUID or len(data) < 2:  # noqa: PLR2004 - code and reference
            return super().write(characteristic, data, now_s)
        code, status = data[0], 200
        if code == SUBSCRIBE:
            status = self._subscribe(data)
            if status == 200 and not self._answers_subscribe:  # noqa: PLR2004 - as in HTTP
                return []
        elif code == UNSUBSCRIBE:
            self.link_ended()
        elif code != GET:
            status = NOT_FOUND
        answer = encode_movesense_answer(data, battery_percent=self.battery_percent, status=status)
        return [Sent(NOTIFY_UUID, answer)]

    def _subscribe(self, request: bytes) -> int:
        wanted = _PATH.fullmatch(request[2:].rstrip(b"\0"))
        rate_hz = int(wanted[1]) if wanted else 0
        if rate_hz not in _SAMPLES:
            return NOT_FOUND
        self._reference = request[1]
        self.rate_hz = float(rate_hz)
        self._message_size = _SAMPLES[rate_hz]
        return 200

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Collect samples until a message is full; a link too small for it gets nothing."""
        if self._reference is None:
            return []
        if not self._acc:
            self._first_s = sampled.clock_s
        acc, gyr = np.asarray(sampled.acc_ms2), np.asarray(sampled.gyr_rads)
        raw = np.clip(np.rint(acc / _ACC_STEP_MS2), -32768, 32767)
        self._acc.append(raw * _ACC_STEP_MS2)
        clipped = np.clip(gyr, -_GYR_MAX_RADS, _GYR_MAX_RADS)
        self._gyr.append(np.rint(clipped / _GYR_STEP_RADS) * _GYR_STEP_RADS)
        if len(self._acc) < self._message_size:
            return []
        try:
            parts = encode_movesense(
                round(self._first_s * 1000),
                [row.tolist() for row in self._acc],
                [row.tolist() for row in self._gyr],
                max_size=sampled.room,
                reference=self._reference,
            )
        except UnencodableValueError:
            parts = ()
        self._acc.clear()
        self._gyr.clear()
        return [Sent(NOTIFY_UUID, part) for part in parts]
