"""The engine on recordings of others: optical truth of the vertical, known repetition counts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples, analyse_recording, vertical
from benchmark.tables import Table

_STEP: Final = 5  # 286 Hz to 57 Hz
_REPS_A_BLOCK: Final = 10
_BLOCKS: Final = {1: "correct", 2: "fast", 3: "low"}


RATES: Final = ("286 Hz", "57 Hz, every fifth", "57 Hz, means")


@dataclass(frozen=True, slots=True)
class CountedBlocks:
    """What was found in the blocks of a recording of ten repetitions each, or of none."""

    recording: str
    found: tuple[int, ...]
    true: int


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Errors of the vertical by trial, one for each of `RATES`, and counts by recording."""

    vertical_rmse_deg: dict[str, tuple[float, ...]]
    counts: list[CountedBlocks]


def measure_public(folder: Path) -> PublicFigures:
    """Analyse the public recordings in a folder; those that are not there are left out."""
    broad, counted = sorted(folder.glob("broad_*.npz")), sorted(folder.glob("pt_*.npz"))
    return PublicFigures(
        vertical_rmse_deg={one.stem.removeprefix("broad_"): _vertical(one) for one in broad},
        counts=[_counted(one) for one in counted],
    )


def public_tables(figures: PublicFigures) -> list[Table]:
    """Return the tables on public data, with a note where it is absent."""
    return [_broad_table(figures.vertical_rmse_deg), _counts_table(figures.counts)]


def _vertical(file: Path) -> tuple[float, ...]:
    with np.load(file) as data:
        moving = data["movement"] & np.isfinite(data["quat"]).all(axis=1)
        true_up = _up(data["quat"].astype(np.float64))
        signals = (data["t"], data["acc"], data["gyr"])
    fifths = ImuSamples(*(signal[::_STEP] for signal in signals))
    means = ImuSamples(*(_averaged(signal) for signal in signals))
    return (
        _rmse_deg(vertical(ImuSamples(*signals)), true_up, moving),
        _rmse_deg(vertical(fifths), true_up[::_STEP], moving[::_STEP]),
        _rmse_deg(vertical(means), _averaged(true_up), _averaged(moving) == 1.0),
    )


def _broad_table(rmse_deg: dict[str, tuple[float, ...]]) -> Table:
    rows = [(trial, *(f"{one:.2f}" for one in errors)) for trial, errors in rmse_deg.items()]
    if rows:
        medians = np.median(list(rmse_deg.values()), axis=0)
        rows.append(("median", *(f"{median:.2f}" for median in medians)))
    return Table(
        "Direction of the vertical, optical truth",
        "BROAD (Laidig, Caruso, Cereatti, Seel 2021, CC-BY 4.0; float32, renamed, otherwise"
        " unchanged): RMSE in degrees over the samples marked as movement; at 57 Hz from every"
        " fifth sample, and from means of five, as a sensor with a filter of its own would send."
        if rows
        else "The recordings are not here: skipped.",
        ("trial", *RATES),
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


def _counted(file: Path) -> CountedBlocks:
    with np.load(file) as data:
        samples = ImuSamples(data["t"], data["ankle_acc"], data["ankle_gyr"])
        edges_s = list(zip(data["block_start_s"], data["block_end_s"], strict=True))
    result = analyse_recording(samples, "free_movement")
    peaks_s = np.array([rep.peak_s for one in result.sets for rep in one.reps])
    found = tuple(int(np.sum((peaks_s >= a) & (peaks_s < b))) for a, b in edges_s)
    true = 0 if "trunk_bend" in file.stem else _REPS_A_BLOCK
    return CountedBlocks(file.stem.removeprefix("pt_"), found, true)


def _counts_table(counts: list[CountedBlocks]) -> Table:
    rows = [(one.recording, *(f"{n} / {one.true}" for n in one.found)) for one in counts]
    return Table(
        "Counted leg exercises of real people",
        "Physical Therapy Exercises (Yurtman, Barshan 2014; UCI 730, CC-BY 4.0), ankle, 25 Hz,"
        " with `free_movement`: found / done in each block. The trunk bend is a negative control."
        if rows
        else "The recordings are not here: skipped.",
        ("recording", *_BLOCKS.values()),
        rows,
    )
