"""`tempo90 import`: recordings made elsewhere become sessions."""

from pathlib import Path
from typing import Annotated, Final

import typer

from tracker.commands.options import Data, Json, Lang, Side, check_angle

NEEDED: Final = "say what was done, as in --exercise ecc_prone_helper; free_movement only counts."


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Recordings: CSV, zip, MCAP or a folder.")],
    *,
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", help="Exercise id; free_movement only counts repetitions."),
    ] = None,
    side: Side = None,
    zero_deg: Annotated[
        float,
        typer.Option("--zero-deg", help="Angle of the rest pose.", callback=check_angle),
    ] = 0.0,
    sensor: Annotated[
        str | None, typer.Option("--sensor", help="The sensor that a capture comes from.")
    ] = None,
    lang: Lang = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Store recordings made elsewhere as sessions.

    The same file imported again is the same session. Asks for what is not given, where someone
    can answer. One file that cannot be read does not stop the others.
    """
    import asyncio
    import json

    from rich.console import Console

    from tracker.file_session import ImportOptions
    from tracker.import_sessions import RefusedFile, import_document, import_recordings
    from tracker.import_talk import ask_what, file_progress, show
    from tracker.keyboard import is_keyboard_there
    from tracker.profile import load_profile, with_choices
    from tracker.settings import find_data_folder

    folder = find_data_folder(data).make()
    profile = with_choices(load_profile(folder.profile), language=lang, side=side)
    out, err = Console(), Console(stderr=True)
    if exercise is None:
        if as_json or not is_keyboard_there():
            raise typer.BadParameter(NEEDED, param_hint="--exercise")
        exercise, profile = ask_what(err, profile, asks_side=side is None)
    options = ImportOptions(exercise=exercise, zero_deg=zero_deg, sensor=sensor)
    with file_progress(err, len(files)) as progress:
        imported = asyncio.run(
            import_recordings(
                files,
                options,
                profile,
                folder,
                on_begin=progress.begin,
                on_done=lambda _: progress.done(),
            )
        )
    if as_json:
        print(json.dumps(import_document(imported), ensure_ascii=False))
    for one in imported:
        show(one, profile.language, out=None if as_json else out, err=err)
    if any(isinstance(one, RefusedFile) for one in imported):
        raise typer.Exit(1)
