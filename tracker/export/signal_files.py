"""The raw signal as CSV or Parquet, each with a JSON file of the same name beside it."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from firmware_bridge import write_generic_csv
from tracker.export.errors import ExportError
from tracker.export.signal import COLUMNS, Signal, sidecar

EXTRA: Final = "tempo90[clinic]"
SIDECAR_KEY: Final = b"tempo90"


def write_csv(signal: Signal, folder: Path) -> list[Path]:
    """Write the signal as CSV that `tempo90 import` and `analyse` read; return the two files."""
    path = folder / f"{signal.session.id}.csv"
    samples = signal.samples
    text = write_generic_csv(signal.time_s, samples.acc_ms2, samples.gyr_rads)
    path.write_text(text, "utf-8")
    return [path, _write_sidecar(signal, path)]


def write_parquet(signal: Signal, folder: Path) -> list[Path]:
    """Write the signal as Parquet; return the file and its sidecar.

    The columns are split byte by byte before they are packed, which makes them smaller. The
    sidecar also stands in the file's own metadata, where it cannot get lost.

    Raises
    ------
    ExportError
        If the extra with pyarrow is not installed.

    """
    try:
        import pyarrow as pa  # noqa: PLC0415  (an extra)
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise ExportError(
            f"Parquet needs an extra that is not installed: pip install '{EXTRA}'; "
            "or take --format signal-csv."
        ) from error
    path = folder / f"{signal.session.id}.parquet"
    channels = np.column_stack((signal.samples.acc_ms2, signal.samples.gyr_rads))
    # No sensor has more than 16 bits; the 24 of a single keep all of them.
    columns = [signal.time_s, *channels.astype(np.float32).T]
    table = pa.table(dict(zip(COLUMNS, columns, strict=True)))
    packed = {SIDECAR_KEY: json.dumps(sidecar(signal)).encode()}
    parquet.write_table(
        table.replace_schema_metadata(packed),
        path,
        compression="zstd",
        use_dictionary=False,
        column_encoding=dict.fromkeys(COLUMNS, "BYTE_STREAM_SPLIT"),
    )
    return [path, _write_sidecar(signal, path)]


def write_json(path: Path, document: Any) -> Path:
    """Write a JSON document for people and programs; return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", "utf-8")
    return path


def _write_sidecar(signal: Signal, path: Path) -> Path:
    return write_json(path.with_suffix(".json"), sidecar(signal))
