"""`tempo90 sync`: send now what waits for the clinic."""

from typing import Annotated

import typer

from tracker.commands.options import Data, Json


def sync(
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Also what the clinic refused before.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Send what waits for the clinic, and show how it stands."""
    import time

    from tracker.commands.link_words import told_state
    from tracker.commands.progress import share_progress
    from tracker.linking.errors import LinkError
    from tracker.linking.here import database_of, look, person_of, send_now
    from tracker.profile import load_profile
    from tracker.settings import find_data_folder
    from tracker.updating import bring_up_to_date

    folder = find_data_folder(data).make()
    profile = load_profile(folder.profile)
    bring_up_to_date(folder)
    with database_of(folder) as engine:
        with share_progress("sync") as progress:
            came_to = send_now(
                engine,
                folder,
                person_of(profile),
                sleep=time.sleep,
                again=again,
                on_progress=progress,
            )
        if came_to is None:
            raise LinkError("This computer is linked to no clinic: begin with tempo90 link URL.")
        told_state(look(engine, person_of(profile)), profile.language, as_json=as_json)
        if came_to.trouble is not None:
            raise typer.Exit(1)
