"""What a reader of files is, and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Files = Mapping[str, bytes]
"""Content by name, text with line feeds and without byte-order mark; names hold no folder."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Export:
    """A recording as a file holds it.

    Parameters
    ----------
    format : str
        Id of the format, as `generic-csv`.
    time_s : (n,) ndarray
        Seconds from the first sample, strictly increasing. Samples that are missing stay missing.
    acc_ms2, gyr_rads : (n, 3) ndarray
        Specific force in m/s² (at rest +9.81 on the axis that points up) and angular rate in
        rad/s, in the axes of the device.
    notes : tuple of str
        What was assumed, mended or left out, a sentence each.

    """

    format: str
    time_s: Array
    acc_ms2: Array
    gyr_rads: Array
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReader:
    """A format that can be read.

    Parameters
    ----------
    id, title : str
        Name in `Export.format`, and name for people.
    recognise : callable
        How surely files are of this format, by their content: 0 is no, more is surer. It looks at
        the first lines alone, and gives a low score to what is meant to be this format but is
        not quite, so that `read` can say what is wrong.
    read : callable
        Reads files that were recognised, or raises `UnreadableExportError`.

    """

    id: str
    title: str
    recognise: Callable[[Files], int]
    read: Callable[[Files], Export]
