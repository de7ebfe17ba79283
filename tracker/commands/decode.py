"""`tempo90 decode`: what a decoder makes of a capture or an export, as generic CSV."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Format


def decode(
    sensor: Annotated[
        str, typer.Argument(help="Sensor of the capture, or auto: any recording or export.")
    ],
    file: Annotated[Path, typer.Argument(help="The file, zip or folder.")],
    *,
    text_format: Format = None,
) -> None:
    """Print the samples of a capture or export as generic CSV.

    A summary of damage goes to the error output.
    """
    import sys

    from firmware_bridge import find_sensor, write_generic_csv
    from tracker.format_file import load_text_format
    from tracker.importing import load_capture, load_recording, read_files
    from tracker.sensor_choice import check_text_sensor

    described = load_text_format(text_format)
    if described is not None:
        check_text_sensor(sensor)
    if sensor == "auto":
        recording = load_recording(file)
        samples, notes = recording.samples, (f"format: {recording.format}", *recording.notes)
    else:
        find_sensor(sensor)  # an unknown name is told before a missing file
        content = next(iter(read_files(file).values()))
        decoded = load_capture(content, sensor, text_format=described)
        samples = decoded.samples
        count = f"{decoded.n_notifications} notifications, {decoded.n_packets} packets"
        notes = (count, *(decoded.notes or ("no damage",)))
    time_s = samples.time_s - samples.time_s[0] if len(samples) else samples.time_s
    sys.stdout.write(write_generic_csv(time_s, samples.acc_ms2, samples.gyr_rads))
    sys.stdout.flush()
    for note in notes:
        print(note, file=sys.stderr)
