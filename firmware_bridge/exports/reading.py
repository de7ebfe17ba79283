"""Any file that may hold a recording to samples. A new format is one file and one row here."""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.archive import open_files
from firmware_bridge.exports.generic_csv import GENERIC_CSV
from firmware_bridge.exports.metabase import METABASE
from firmware_bridge.exports.movesense_csv import MOVESENSE_CSV
from firmware_bridge.exports.movesense_json import MOVESENSE_JSON
from firmware_bridge.exports.movesense_sbem import MOVESENSE_SBEM
from firmware_bridge.exports.phone_messages import PHYPHOX_POLLS, SENSOR_LOGGER_PUSH
from firmware_bridge.exports.phyphox import PHYPHOX
from firmware_bridge.exports.physics_toolbox import PHYSICS_TOOLBOX
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.sensor_logger import SENSOR_LOGGER
from firmware_bridge.exports.sensor_logger_json import SENSOR_LOGGER_JSON
from firmware_bridge.exports.sensorlog import SENSORLOG
from firmware_bridge.exports.table import first_lines
from firmware_bridge.exports.witmotion_log import WITMOTION_LOG
from firmware_bridge.exports.witmotion_text import WITMOTION_TEXT
from firmware_bridge.exports.xsens_dot import XSENS_DOT
from firmware_bridge.units import STANDARD_GRAVITY_MS2

READERS: Final[tuple[ExportReader, ...]] = (
    GENERIC_CSV,
    SENSOR_LOGGER,
    SENSOR_LOGGER_JSON,
    SENSOR_LOGGER_PUSH,
    PHYPHOX,
    PHYPHOX_POLLS,
    XSENS_DOT,
    MOVESENSE_JSON,
    MOVESENSE_CSV,
    MOVESENSE_SBEM,
    METABASE,
    SENSORLOG,
    PHYSICS_TOOLBOX,
    WITMOTION_TEXT,
    WITMOTION_LOG,
)

# Eleven bytes a frame, told by their second.
_WIRED_LOG: Final = re.compile(rb"\x55[\x50-\x5f].{9}\x55[\x50-\x5f]", re.DOTALL)
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"

# Beyond any sensor: 1000 g, 57,000 deg/s, a week.
_LARGEST_ACC_MS2: Final = 1e4
_LARGEST_GYR_RADS: Final = 1e3
_LONGEST_S: Final = 7 * 86400.0


def read_export(files: Mapping[str, bytes]) -> Export:
    r"""Read the recording in a file, a folder or a zip archive, whatever app made it.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by name: one file, several of a folder, or one zip archive. The format is told
        from the content; names matter only where an app tells its files apart by nothing else.

    Raises
    ------
    UnreadableExportError
        If the format is not known, or the content is damaged, empty, or too large.

    Notes
    -----
    Text may be UTF-8 or UTF-16, with or without byte-order mark, with any line ends. Memory stays
    within a small multiple of 256 MB whatever an archive unpacks to.

    Examples
    --------
    >>> rows = "0.00,0,0,9.81,0,0,0\n0.01,0,0,9.81,0,0,0"
    >>> header = "t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads"
    >>> read_export({"still.csv": f"{header}\n{rows}".encode()}).acc_ms2.shape
    (2, 3)

    """
    opened = open_files(files)
    scores = [reader.recognise(opened) for reader in READERS]
    best = int(np.argmax(scores))
    if scores[best] == 0:
        raise _unknown(opened)
    export = READERS[best].read(opened)
    _check(export)
    return _with_unit_note(export)


def _check(export: Export) -> None:
    """Refuse what no leg does: damaged digits give numbers, too."""
    is_sensible = (
        np.abs(export.acc_ms2).max() <= _LARGEST_ACC_MS2
        and np.abs(export.gyr_rads).max() <= _LARGEST_GYR_RADS
        and export.time_s[-1] <= _LONGEST_S
        and np.all(np.diff(export.time_s) > 0)
    )
    if not is_sensible:
        raise UnreadableExportError(
            "The recording holds accelerations, angular rates or times that cannot be",
            "check the units, and export it again",
        )


def _unknown(files: Files) -> UnreadableExportError:
    for content in files.values():
        head = "\n".join(first_lines(content)[:2])
        if '"hex"' in head or '"capture"' in head:
            return UnreadableExportError(
                "This is a capture of raw notifications", "say which sensor it is from"
            )
        if content.startswith(_OLD_WORKBOOK):
            return UnreadableExportError("This is an Excel workbook", "export as CSV instead")
        if _WIRED_LOG.match(content):
            return UnreadableExportError(
                "This is a log of a wired WitMotion sensor",
                "turn it into text with the maker's program, and give that",
            )
        if "\x00" in head:
            return UnreadableExportError(
                "This is not a text file", "export the recording as CSV in UTF-8"
            )
    formats = "; ".join(reader.title for reader in READERS)
    return UnreadableExportError(
        "No known recording was found in what was given", f"formats that can be read are: {formats}"
    )


def _with_unit_note(export: Export) -> Export:
    """Say so when accelerations look like g: most of a recording is near 1 g."""
    middle_ms2 = float(np.median(np.linalg.norm(export.acc_ms2, axis=1)))
    looks_like_g = abs(middle_ms2 - 1) < 0.15  # noqa: PLR2004 - a leg moves around 1 g
    looks_weightless = middle_ms2 < STANDARD_GRAVITY_MS2 / 20
    if not (looks_like_g or looks_weightless):
        return export
    problem = "be in g, not in m/s²" if looks_like_g else "lack gravity"
    return Export(
        format=export.format,
        time_s=export.time_s,
        acc_ms2=export.acc_ms2,
        gyr_rads=export.gyr_rads,
        notes=(*export.notes, f"Accelerations seem to {problem}: check the export."),
    )
