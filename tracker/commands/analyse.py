"""`tempo90 analyse`: repetitions, tempo and depth of a recording."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Format, Json, Lang, Side, check_angle


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
        typer.Option(
            "--zero-deg",
            help="Angle of the rest pose; 90: foot flat under the knee.",
            callback=check_angle,
        ),
    ] = 0.0,
    sensor: Annotated[
        str | None, typer.Option("--sensor", help="The sensor that a capture comes from.")
    ] = None,
    text_format: Format = None,
    thigh: Annotated[
        Path | None,
        typer.Option(
            "--thigh", help="A recording of a second sensor on the thigh, on the same clock."
        ),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Count and time the repetitions of a recording."""
    import json
    import sys

    from analysis import analyse_recording, analysis_document
    from tracker.format_file import load_text_format
    from tracker.importing import load_recording
    from tracker.sensor_choice import TEXT_SENSOR, check_text_sensor
    from tracker.unit_check import all_notes

    described = load_text_format(text_format)
    if described is not None:
        sensor = sensor or TEXT_SENSOR
        check_text_sensor(sensor)
    recording = load_recording(file, sensor=sensor, text_format=described)
    second = None if thigh is None else load_recording(thigh)
    result = analyse_recording(
        recording.samples,
        exercise,
        zero_deg=zero_deg,
        thigh=None if second is None else second.samples,
    )
    document = analysis_document(
        result,
        exercise=exercise,
        recording_format=recording.format,
        side=side,
        t0_s=float(recording.samples.time_s[0]),
        language=lang or "en",
    )
    notes = [note for one in (recording, second) if one is not None for note in all_notes(one)]
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    from tracker.analysis_table import print_analysis

    time_s = recording.samples.time_s - recording.samples.time_s[0]
    print_analysis(Console(), document, time_s, result.angle_deg)
