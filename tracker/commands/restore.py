"""`tempo90 restore`: the data of a backup in the place of those of this computer."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Data, Json


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of `tempo90 backup`.")],
    *,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take a backup in; the data that were here are kept aside."""
    import json
    from datetime import datetime

    from tracker.commands.progress import byte_progress
    from tracker.moving import restore as take_in
    from tracker.settings import find_data_folder

    folder = find_data_folder(data)
    with byte_progress("restore") as progress:
        aside = take_in(folder, file, now=datetime.now().astimezone(), progress=progress)
    if as_json:
        kept = None if aside is None else str(aside)
        print(json.dumps({"data": str(folder.root), "kept": kept}))
        return
    print(f"Restored: {folder.root}")
    if aside is not None:
        print(f"What was there before is kept in {aside}")
