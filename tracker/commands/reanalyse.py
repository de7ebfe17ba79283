"""`tempo90 reanalyse`: stored recordings once more through the present engine."""

from typing import Annotated, Literal
from uuid import UUID

import typer

from tracker.commands.options import Data, Json

WHICH = "say which: --session ID, or --all for those that an older engine measured."


def reanalyse(
    *,
    session: Annotated[
        list[UUID] | None,
        typer.Option("--session", help="Id of a session; may be given more than once."),
    ] = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Every session that this engine has not analysed.")
    ] = False,
    accept: Annotated[
        Literal["none", "same", "all"],
        typer.Option(
            "--accept",
            help="New results to make current at once: none, those that say the same, or all.",
        ),
    ] = "none",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Analyse stored recordings again, with the present engine.

    Shows what it says otherwise: counts, durations, angles, flags.

    Nothing changes until a new result is accepted, here or on the page of the session; the old
    one is kept. Cut off, it goes on where it was.
    """
    if bool(session) == is_all:
        raise typer.BadParameter(WHICH, param_hint="--session")
    import json

    from rich.console import Console

    from api import migrate, open_engine
    from api.recordings import RecordingFiles
    from tracker.clinic_serving import ClinicSettings
    from tracker.commands.progress import count_progress
    from tracker.reanalysis.job import Done, Reanalysis, job_document
    from tracker.reanalysis.telling import tell
    from tracker.settings import find_data_folder

    folder = find_data_folder(data).make()
    url = ClinicSettings().database_url or folder.database_url
    migrate(url)
    engine = open_engine(url)
    recordings = RecordingFiles(folder.recordings, limit_bytes=0)  # only read here
    job = Reanalysis(engine, recordings, accepting=accept)
    wanted = session or job.outdated()
    done: list[Done] = []
    with count_progress("reanalyse", len(wanted)) as advance:
        for one in job.run(wanted):
            done.append(one)
            advance()
    n_before = job.accept_waiting() if is_all else 0
    engine.dispose()
    if as_json:
        print(json.dumps(job_document(done), ensure_ascii=False))
    else:
        tell(Console(), done, n_accepted_before=n_before)
    if any(one.result is None for one in done):
        raise typer.Exit(1)
