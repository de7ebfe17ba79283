"""`tempo90 link`: send what is trained here to a clinic."""

from typing import Annotated

import typer

from tracker.commands.options import Data, Json

KEY_VARIABLE = "TEMPO90_KEY"  # for scripts: an option would show in lists of processes


def link(
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="The clinic, such as https://tempo.clinic.example."),
    ] = None,
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Send nothing any more.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Link this computer to a clinic, or show how it stands."""
    import os

    from tracker.commands.link_words import told_state
    from tracker.linking.here import database_of, look, make_link, person_of, unlink
    from tracker.profile import load_profile
    from tracker.settings import find_data_folder
    from tracker.updating import bring_up_to_date

    if remove and url is not None:
        raise typer.BadParameter("give an address or --remove, not both")
    folder = find_data_folder(data).make()
    profile = load_profile(folder.profile)
    bring_up_to_date(folder)
    with database_of(folder) as engine:
        if remove:
            unlink(engine, person_of(profile))
        elif url is not None:
            from tracker.linking.clinic import check_address

            check_address(url)
            typed = os.environ.get(KEY_VARIABLE) or typer.prompt(
                "Key of this computer (from the clinic's page Account)", hide_input=True, err=True
            )
            make_link(engine, person_of(profile), url, typed)
        told_state(look(engine, person_of(profile)), profile.language, as_json=as_json)
