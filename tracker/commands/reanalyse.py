"""`tempo90 reanalyse`: stored recordings once more through the present engine."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from tracker.commands.options import Data, Json

if TYPE_CHECKING:
    from tracker.data_source import DataSource
    from tracker.reanalysis.job import Reanalysis
    from tracker.reanalysis.report import ChangeReport
    from tracker.reanalysis.workers import Workers

WHICH = "say which: --session ID, or --all for those that an older engine measured."
BOTH = "--jobs and --scheduler exclude each other: say where to work."


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
    jobs: Annotated[
        int,
        typer.Option("--jobs", min=1, help="So many processes of this computer.", metavar="N"),
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            help="Work on a Dask cluster, such as tcp://10.0.0.5:8786.",
            metavar="ADDRESS",
        ),
    ] = None,
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
    if scheduler is not None and jobs > 1:
        raise typer.BadParameter(BOTH, param_hint="--jobs")
    import json

    from rich.console import Console

    from tracker.reanalysis.job import Reanalysis
    from tracker.reanalysis.telling import tell
    from tracker.settings import find_data_folder
    from tracker.source_finding import find_source
    from tracker.updating import make_ready

    folder = find_data_folder(data).make()
    source = find_source(folder)
    make_ready(source, folder)
    engine = source.open_database()
    try:
        job = Reanalysis(engine, source.open_recordings(), accepting=accept)
        with _workers(source, jobs, scheduler) as workers:
            report = _run(job, source, workers, session)
        report.n_accepted_before = job.accept_waiting() if is_all else 0
    finally:
        engine.dispose()
    if as_json:
        print(json.dumps(report.document(), ensure_ascii=False))
    else:
        tell(Console(), report)
    if report.n_failed:
        raise typer.Exit(1)


@contextmanager
def _workers(
    source: "DataSource", n_jobs: int, scheduler: str | None
) -> "Iterator[Workers | None]":
    from tracker.reanalysis.workers import cluster, processes

    with ExitStack() as stack:
        if scheduler is not None:
            yield stack.enter_context(cluster(scheduler, source))
        elif n_jobs > 1:
            yield stack.enter_context(processes(n_jobs))
        else:
            yield None


def _run(
    job: "Reanalysis",
    source: "DataSource",
    workers: "Workers | None",
    sessions: list[UUID] | None,
) -> "ChangeReport":
    from tracker.commands.progress import count_progress
    from tracker.reanalysis.report import ChangeReport

    report = ChangeReport()
    is_once = not sessions  # who names a session wants it done
    n_all = len(sessions) if sessions else job.count_outdated()
    wanted = sessions or job.outdated()
    with count_progress("reanalyse", n_all) as advance:
        done = (
            job.run(wanted, is_once=is_once)
            if workers is None
            else job.run_on(workers, source, wanted, is_once=is_once)
        )
        for one in done:
            report.add(one)
            advance()
    return report
