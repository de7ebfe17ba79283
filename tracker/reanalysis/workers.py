"""Who works: this process, more processes of this computer, or the workers of a Dask cluster."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from tracker.data_source import DataSource
from tracker.errors import TrackerError
from tracker.reanalysis.batches import check_source, close_sources
from tracker.reanalysis.one_session import versions_here

EXTRA: Final = "tempo90[cluster]"
ANSWER_S: Final = 15  # a scheduler that says nothing for so long is not there
TRIES: Final = 2  # a batch whose worker went away is done by another one


class WorkersError(TrackerError, RuntimeError):
    """The workers that were asked for cannot be had."""


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and how many pieces of work it does at a time."""

    executor: Executor
    n_at_once: int


@contextmanager
def processes(n_jobs: int) -> Iterator[Workers]:
    """Start processes of this computer, and end them.

    They are started afresh: a copy of this process would share its connections.
    """
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_jobs, mp_context=fresh) as pool:
        try:
            yield Workers(pool, n_jobs)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


@contextmanager
def cluster(address: str, source: DataSource) -> Iterator[Workers]:
    """Use the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, such as "tcp://10.0.0.5:8786".
    source : DataSource
        What each worker has to be able to open.

    Raises
    ------
    WorkersError
        If Dask is not installed, no scheduler answers, it has no workers, they run another
        version, or they cannot reach the data.

    """
    try:
        import distributed  # noqa: PLC0415  # an extra, and a second
    except ModuleNotFoundError as error:
        raise WorkersError(
            f"--scheduler needs an extra that is not installed: pip install '{EXTRA}'; "
            "or use the processors of this computer with --jobs."
        ) from error
    connect: Any = distributed.Client  # it has no types
    try:
        client = connect(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise WorkersError(f"No scheduler of Dask answers at {address}.") from error
    with client:
        n_at_once = sum(client.nthreads().values())
        if not n_at_once:
            raise WorkersError(f"The scheduler at {address} has no workers: start some first.")
        _check_workers(client, source)
        try:
            yield Workers(client.get_executor(pure=False, retries=TRIES), n_at_once)
        finally:
            client.run(close_sources, on_error="ignore")


def _check_workers(client: Any, source: DataSource) -> None:
    """Refuse workers whose results would be others, or who cannot read and write the data."""
    answers: dict[str, Any] = client.run(check_source, source, on_error="return")
    for worker, answer in answers.items():
        if isinstance(answer, BaseException):
            raise WorkersError(
                f"The worker at {worker} cannot work for this tempo90 ({answer}): install the "
                "same version there, with its extras."
            )
        (engine, catalogue), missing = answer
        if (engine, catalogue) != versions_here():
            raise WorkersError(
                f"The worker at {worker} has engine {engine} and catalogue {catalogue}, and not "
                f"{' and '.join(versions_here())}: install the same version there."
            )
        if missing is not None:
            raise WorkersError(f"For the worker at {worker} {missing}.")
