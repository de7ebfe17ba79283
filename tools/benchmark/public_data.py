"""The engine on recordings of others: optical truth of the vertical, known repetition counts."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples, analyse_recording, vertical
from benchmark.tables import Table

_STEP: Final = 5  # 286 Hz to 57 Hz
_BLOCKS: Final = {1: "correct", 2: "fast", 3: "low"}


def public_tables(folder: Path) -> list[Table]:
    """Return the tables on public data, or a note where it is absent."""
    return [_broad(sorted(folder.glob("broad_*.npz"))), _exercises(sorted(folder.glob("pt_*.npz")))]


def _broad(files: list[Path]) -> Table:
    rows = []
    for file in files:
        with np.load(file) as data:
            moving = data["movement"] & np.isfinite(data["quat"]).all(axis=1)
            true_up = _up(data["quat"].astype(np.float64))
            signals = (data["t"], data["acc"], data["gyr"])
            rmses = [
                _rmse_deg(vertical(ImuSamples(*signals)), true_up, moving),
                _rmse_deg(
                    vertical(ImuSamples(*(signal[::_STEP] for signal in signals))),
                    true_up[::_STEP],
                    moving[::_STEP],
                ),
                _rmse_deg(
                    vertical(ImuSamples(*(_averaged(signal) for signal in signals))),
                    _averaged(true_up),
                    _averaged(moving) == 1.0,
                ),
            ]
        rows.append((file.stem.removeprefix("broad_"), *(f"{rmse:.2f}" for rmse in rmses)))
    if rows:
        medians = [np.median([float(row[i]) for row in rows]) for i in (1, 2, 3)]
        rows.append(("median", *(f"{median:.2f}" for median in medians)))
    return Table(
        "Direction of the vertical, optical truth",
        "BROAD (Laidig, Caruso, Cereatti, Seel 2021, CC-BY 4.0; float32, renamed, otherwise"
        " unchanged): RMSE in degrees over the samples marked as movement; at 57 Hz from every"
        " fifth sample, and from means of five, as a sensor with a filter of its own would send."
        if rows
        else "The recordings are not here: skipped.",
        ("trial", "286 Hz", "57 Hz, every fifth", "57 Hz, means"),
        rows,
    )


def _averaged(signal: NDArray[Any]) -> NDArray[np.float64]:
    """Return the means of each five samples in a row."""
    n = len(signal) // _STEP
    shape = (n, _STEP, *signal.shape[1:])
    return np.asarray(signal[: n * _STEP].reshape(shape).mean(axis=1, dtype=np.float64))


def _up(quaternion: NDArray[np.float64]) -> NDArray[np.float64]:
    w, x, y, z = quaternion.T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)


def _rmse_deg(
    found: NDArray[np.float64], true: NDArray[np.float64], where: NDArray[np.bool_]
) -> float:
    true = true / np.linalg.norm(true, axis=1, keepdims=True)
    cosine = np.clip(np.sum(found * true, axis=1), -1.0, 1.0)
    return float(np.sqrt(np.mean(np.degrees(np.arccos(cosine[where])) ** 2)))


def _exercises(files: list[Path]) -> Table:
    rows = []
    for file in files:
        with np.load(file) as data:
            samples = ImuSamples(data["t"], data["ankle_acc"], data["ankle_gyr"])
            result = analyse_recording(samples, "free_movement")
            peaks_s = np.array([rep.peak_s for one in result.sets for rep in one.reps])
            edges_s = zip(data["block_start_s"], data["block_end_s"], strict=True)
            counts = [int(np.sum((peaks_s >= a) & (peaks_s < b))) for a, b in edges_s]
        is_control = "trunk_bend" in file.stem
        cells = [f"{n} / {0 if is_control else 10}" for n in counts]
        rows.append((file.stem.removeprefix("pt_"), *cells))
    return Table(
        "Counted leg exercises of real people",
        "Physical Therapy Exercises (Yurtman, Barshan 2014; UCI 730, CC-BY 4.0), ankle, 25 Hz,"
        " with `free_movement`: found / done in each block. The trunk bend is a negative control."
        if rows
        else "The recordings are not here: skipped.",
        ("recording", *_BLOCKS.values()),
        rows,
    )
