"""The raw signal of a session, with all that is needed to read it years later."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples
from api.schemas import RecordingPublic, SessionPublic
from firmware_bridge import SENSORS
from tracker.recording_file import read_mcap

SCHEMA: Final = "tempo90.signal/1"
GAP_S: Final = 0.1  # a repetition with a longer one is flagged (docs/reference/measures.md)
MISSING: Final = 1.5  # of the usual step: from here on a sample is missing between two
COLUMNS: Final = {
    "t_s": ("s", "time from the first sample"),
    "acc_x_ms2": ("m/s^2", "specific force along x: at rest +9.81 along the axis that points up"),
    "acc_y_ms2": ("m/s^2", "specific force along y"),
    "acc_z_ms2": ("m/s^2", "specific force along z"),
    "gyr_x_rads": ("rad/s", "angular rate about x, right-handed"),
    "gyr_y_rads": ("rad/s", "angular rate about y"),
    "gyr_z_rads": ("rad/s", "angular rate about z"),
}
AXES: Final = (
    "The axes are those of the sensor, right-handed, as its maker prints them on it. How it sits "
    "on the leg is not known: the mounting is arbitrary."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A recording of a session.

    Parameters
    ----------
    session : SessionPublic
        What the session says, its sets included.
    recording : RecordingPublic
        Size and hash of the raw recording.
    samples : ImuSamples
        The samples, on the clock of the recording.
    sensor : str
        Id of the sensor's family.
    nominal_rate_hz : float or None
        The rate that was asked for.
    settings : dict
        Of the sensor.
    damage : str or None
        What of the recording could not be read.

    """

    session: SessionPublic
    recording: RecordingPublic
    samples: ImuSamples
    sensor: str
    nominal_rate_hz: float | None
    settings: dict[str, Any]
    damage: str | None

    @property
    def time_s(self) -> NDArray[np.float64]:
        """Seconds from the first sample, (n,)."""
        times = self.samples.time_s
        return times - times[0] if len(times) else times

    @property
    def rate_hz(self) -> float | None:
        """The rate at which samples came, gaps apart: one over the usual step."""
        steps = np.diff(self.samples.time_s)
        return float(1.0 / np.median(steps)) if len(steps) else None

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Stretches of more than 0.1 s without a sample, from and to, in seconds."""
        times = self.time_s
        at = np.flatnonzero(np.diff(times) > GAP_S)
        return [(round(float(times[k]), 4), round(float(times[k + 1]), 4)) for k in at]

    @property
    def n_missing(self) -> int:
        """About how many samples did not come, told from the steps between those that did."""
        steps = np.diff(self.samples.time_s)
        if not len(steps):
            return 0
        counted = np.rint(steps / np.median(steps)) - 1
        return int(counted[steps > MISSING * np.median(steps)].sum())


def read_signal(path: Path, session: SessionPublic, recording: RecordingPublic) -> Signal:
    """Read the recording of a session.

    Raises
    ------
    RecordingError
        If it cannot be read.

    """
    recorded = read_mcap(path)
    return Signal(
        session=session,
        recording=recording,
        samples=recorded.samples,
        sensor=recorded.header.sensor,
        nominal_rate_hz=recorded.header.rate_hz,
        settings=dict(recorded.header.settings),
        damage=None if recorded.damage is None else recorded.damage.reason,
    )


def sidecar(signal: Signal) -> dict[str, Any]:
    """Return what stands beside the samples: where they come from and what they mean."""
    session = signal.session
    family = SENSORS.get(signal.sensor)
    told = {} if session.sensor is None else session.sensor.model_dump(exclude={"address"})
    rate_hz = signal.rate_hz
    times = signal.time_s
    return {
        "schema": SCHEMA,
        "session": str(session.id),
        "started_at": session.started_at.isoformat(),
        "exercises": list(dict.fromkeys(one.exercise for one in session.exercise_sets)),
        "sensor": {**told, "family": signal.sensor, "title": family.title if family else None},
        "settings": signal.settings,
        "sampling": {
            "nominal_rate_hz": signal.nominal_rate_hz,
            "effective_rate_hz": None if rate_hz is None else round(rate_hz, 4),
            "n_samples": len(times),
            "duration_s": round(float(times[-1]), 4) if len(times) else 0.0,
            "missing_samples": signal.n_missing,
            "gaps_s": signal.gaps,
        },
        "columns": {
            name: {"unit": unit, "meaning": meaning} for name, (unit, meaning) in COLUMNS.items()
        },
        "axes": AXES,
        "sets": [
            {
                "number": number,
                "exercise": one.exercise,
                "side": one.side,
                "start_s": one.start_s,
                "end_s": one.end_s,
                "calibration_quality": one.quality.calibration_quality,
            }
            for number, one in enumerate(session.exercise_sets, 1)
        ],
        "recording": {
            "format": "MCAP",
            "sha256": signal.recording.sha256,
            "size_bytes": signal.recording.size_bytes,
            "damage": signal.damage,
        },
        "engine": session.engine,
    }
