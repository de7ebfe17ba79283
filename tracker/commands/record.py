"""`tempo90 record`: keep what a sensor sends, without coaching."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Format, Sensor


def record(
    *,
    sensor: Sensor = None,
    text_format: Format = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.5, help="Stop after this long; else Ctrl-C.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The recording to write (MCAP); else named by the time, here."
        ),
    ] = None,
    capture: Annotated[
        Path | None,
        typer.Option("--capture", help="Also write the raw notifications as JSON lines."),
    ] = None,
) -> None:
    """Record a sensor until Ctrl-C, without coaching."""
    import contextlib

    from tracker.format_file import load_text_format
    from tracker.sensor_recording import RecordingSession, recording_path
    from tracker.waking_clock import run_awake

    path = output or recording_path(Path.cwd())
    session = RecordingSession(path, capture, load_text_format(text_format))
    with contextlib.suppress(KeyboardInterrupt):
        run_awake(session.run(sensor, seconds, say=print))
    print(f"{session.n_samples} samples, {session.duration_s:.1f} s: {path}")
    if capture is not None:
        print(f"{session.n_notifications} notifications: {capture}")
