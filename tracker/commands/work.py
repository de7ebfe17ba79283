"""`tempo90 work`: work on the jobs of a clinic's service."""

from typing import Annotated

import typer

from tracker.commands.options import Data


def work(
    *,
    n_at_once: Annotated[
        int, typer.Option("--at-once", min=1, help="So many jobs at a time.", metavar="N")
    ] = 1,
    data: Data = None,
) -> None:
    """Work on what was asked for in the background, on PostgreSQL.

    Reports of many patients, re-analysis, erasing old recordings. Start as many as you like, on
    any computer that reaches the database and the recordings; Ctrl-C or SIGTERM ends one.
    """
    import asyncio

    from api.operations.slow_statements import log_slow_statements
    from tracker.clinic_operations import logging_as
    from tracker.clinic_settings import ClinicSettings
    from tracker.settings import find_data_folder
    from tracker.source_finding import find_source
    from tracker.working import open_worker
    from tracker.working import work as run

    settings = ClinicSettings()
    source = find_source(find_data_folder(data).make())
    with logging_as(settings.log):
        app, engine = open_worker(source, time_zone=settings.time_zone)
        log_slow_statements(engine, settings.slow_statement_ms)
        try:
            asyncio.run(run(app, n_at_once))
        finally:
            engine.dispose()
