"""Are the numbers of a file what their columns say? Units and signs, before anything is stored.

With another unit no repetition is found, and a session of none would tell a clinician that the
patient did nothing. Gravity gives the unit of the accelerations away, and its turning that of the
angular rates.
"""

from typing import Final

import numpy as np

from analysis import ImuSamples
from tracker.errors import TrackerError
from tracker.importing import LoadedRecording
from tracker.turn_agreement import GRAVITY_MS2, is_fitting, turn_slope

# A leg moves around 1 g, and even sprinting stays below 3 g half of the time.
_G_MS2: Final = (0.85, 1.15)
_WEIGHTLESS_MS2: Final = GRAVITY_MS2 / 20
_TOO_HEAVY_MS2: Final = 6 * GRAVITY_MS2
_TURNED: Final = 0.35  # length of a change of direction: 20 degrees
_FLOOR: Final = 1e-9


class UnitError(TrackerError, ValueError):
    """The numbers of a file have surely another unit or sign than their columns say."""


def check_units(samples: ImuSamples) -> None:
    """Refuse samples whose units or signs cannot be right.

    Raises
    ------
    UnitError
        If accelerations are in g or in thousandths of it, or lack gravity, or if angular rates are
        missing, have another unit, or turn the other way than gravity does.

    """
    middle_ms2 = float(np.median(np.linalg.norm(samples.acc_ms2, axis=1)))
    if _G_MS2[0] < middle_ms2 < _G_MS2[1]:
        raise UnitError("Accelerations seem to be in g, not in m/s²: check the export.")
    if middle_ms2 < _WEIGHTLESS_MS2:
        raise UnitError("Accelerations seem to lack gravity: check the export.")
    if middle_ms2 > _TOO_HEAVY_MS2:
        raise UnitError("Accelerations are far above gravity: export them in m/s².")
    if not np.ptp(samples.gyr_rads, axis=0).any() and _has_turned(samples):
        raise UnitError(
            "The sensor was turned, but its angular rates stand still: "
            "record with the gyroscope switched on."
        )
    slope = turn_slope(samples.time_s, samples.acc_ms2, samples.gyr_rads)
    if slope is not None and slope < 0:
        raise UnitError(
            "Angular rates turn the other way than gravity does: "
            "give both sensors the same, right-handed axes."
        )
    if not is_fitting(slope):
        raise UnitError("Angular rates seem not to be in rad/s: export them in rad/s.")


def all_notes(recording: LoadedRecording) -> tuple[str, ...]:
    """Return what there is to know about a recording, doubts about its units among it."""
    try:
        check_units(recording.samples)
    except UnitError as doubt:
        return tuple(dict.fromkeys((*recording.notes, str(doubt))))
    return recording.notes


def _has_turned(samples: ImuSamples) -> bool:
    """Tell whether gravity spent at least a tenth of the time 20 degrees from where it was most."""
    sizes = np.linalg.norm(samples.acc_ms2, axis=1)
    up = samples.acc_ms2 / np.maximum(sizes, _FLOOR)[:, None]
    away = np.linalg.norm(up - np.median(up, axis=0), axis=1)
    return float(np.quantile(away, 0.9)) > _TURNED
