"""`tempo90 analyse`: repetitions, tempo and depth of a recording."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Json, Lang, Side


def analyse(
    file: Annotated[
        Path,
        typer.Argument(help="A recording: CSV, zip, MCAP or a folder; captures with --sensor."),
    ],
    *,
    exercise: Annotated[
        str, typer.Option("--exercise", help="Exercise id, as ecc_prone_helper or free_movement.")
    ],
    side: Side = None,
    zero_deg: Annotated[
        float,
        typer.Option("--zero-deg", help="Angle of the rest pose; 90: foot flat under the knee."),
    ] = 0.0,
    sensor: Annotated[
        str | None, typer.Option("--sensor", help="The sensor that a capture comes from.")
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Count and time the repetitions of a recording."""
    import json
    import sys

    from analysis import analyse_recording, analysis_document
    from tracker.importing import load_recording

    recording = load_recording(file, sensor=sensor)
    result = analyse_recording(recording.samples, exercise, zero_deg=zero_deg)
    document = analysis_document(
        result,
        exercise=exercise,
        recording_format=recording.format,
        side=side,
        t0_s=float(recording.samples.time_s[0]),
        language=lang or "en",
    )
    for note in recording.notes:
        print(f"note: {note}", file=sys.stderr)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    from tracker.analysis_table import print_analysis

    time_s = recording.samples.time_s - recording.samples.time_s[0]
    print_analysis(Console(), document, time_s, result.angle_deg)
