"""`tempo90 import`: recordings made elsewhere become sessions."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Data, Json, Lang, Side


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Recordings: CSV, zip, MCAP or a folder.")],
    *,
    exercise: Annotated[
        str,
        typer.Option("--exercise", help="Exercise id; without it repetitions are only counted."),
    ] = "free_movement",
    side: Side = None,
    zero_deg: Annotated[float, typer.Option("--zero-deg", help="Angle of the rest pose.")] = 0.0,
    sensor: Annotated[
        str | None, typer.Option("--sensor", help="The sensor that a capture comes from.")
    ] = None,
    lang: Lang = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Store recordings made elsewhere as sessions.

    The same file imported again is the same session.
    """
    import asyncio
    import json

    from tracker.import_sessions import ImportOptions, import_recordings
    from tracker.profile import load_profile, with_choices
    from tracker.settings import find_data_folder

    folder = find_data_folder(data).make()
    profile = with_choices(load_profile(folder.profile), language=lang, side=side)
    options = ImportOptions(exercise=exercise, zero_deg=zero_deg, sensor=sensor)
    imported = asyncio.run(import_recordings(files, options, profile, folder))
    if as_json:
        rows = [
            {
                "file": str(one.file),
                "session": str(one.session_id),
                "sets": one.n_sets,
                "reps": one.n_reps,
                "path": str(one.path),
            }
            for one in imported
        ]
        print(json.dumps({"imported": rows}, ensure_ascii=False))
        return
    for one in imported:
        print(f"{one.file}: {one.n_sets} sets, {one.n_reps} repetitions -> {one.path}")
