"""`tempo90 backup`: all data of this computer in one file."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import Data, Json


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to make, such as tempo90.zip.")
    ],
    *,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write all data into one file, also while tempo90 runs."""
    import json
    import sys

    from tracker.clinic_settings import ClinicSettings
    from tracker.commands.progress import byte_progress
    from tracker.moving import back_up
    from tracker.settings import find_data_folder

    with byte_progress("backup") as progress:
        manifest = back_up(find_data_folder(data), file, progress)
    for sentence in ClinicSettings().kept_elsewhere():
        print(sentence, file=sys.stderr)
    if as_json:
        found = {"file": str(file), "files": len(manifest.files), "bytes": manifest.n_bytes}
        print(json.dumps(found))
        return
    print(f"{len(manifest.files)} files, {manifest.n_bytes / 1e6:.1f} MB: {file}")
    print("It holds health data and is not encrypted: keep it where only you can read it.")
