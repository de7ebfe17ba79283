"""`make bench-reanalyse`: sessions per second of a re-analysis, by how many work on it.

    make bench-reanalyse                          120 sessions, five ways
    make bench-reanalyse ARGS="--sessions 1000"
    make bench-reanalyse ARGS="--ways bare,here"
    make bench-reanalyse ARGS=--write             also into docs/reference/reanalysis.md

The sessions are simulated: three sets of fifteen with their rests, at 100 Hz, some different ones
and copies of them, in SQLite and as files. "bare" reads a recording and calls the engine in a loop,
and stores nothing. Rates are taken from the first result to the last, so that the start of
processes is not in them. Processor time is that of all processes and does not depend on what else
the machine does; that of workers has their start in it.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from reanalysisbench.sessions import Cohort, make_cohort  # noqa: E402
from sqlalchemy import text  # noqa: E402

from analysis import analyse_recording  # noqa: E402
from tracker.reanalysis.job import Reanalysis  # noqa: E402
from tracker.reanalysis.workers import Workers, cluster, processes  # noqa: E402
from tracker.recording_file import read_mcap  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "reanalysis.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
MILLION = 1_000_000
HOUR_S = 3600.0


@dataclass(frozen=True)
class Figures:
    """What one way of working did."""

    name: str
    n_workers: int
    per_s: float
    cpu_s: float


def main() -> None:
    """Make the sessions, work on them in each way, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=120)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="tempo90-bench-") as folder:
        cohort = make_cohort(Path(folder), given.sessions)
        found = []
        for name in given.ways.split(","):
            found.append(WAYS[name](cohort))
            print(f"{name}: {found[-1].per_s:.1f} sessions/s", flush=True)
        cohort.close()
    page = table(found, given.sessions, cohort.length_s)
    print(page)
    if given.write:
        PAGE.write_text(_with_figures(PAGE.read_text("utf-8"), page), "utf-8")


def bare(cohort: Cohort) -> Figures:
    """Read each recording and call the engine, in one loop of one process."""

    def results() -> Iterator[object]:
        for session_id in cohort.session_ids:
            samples = read_mcap(cohort.path(session_id)).samples
            yield analyse_recording(samples, cohort.exercise)

    return _measured("engine in a bare loop", 1, results)


def here(cohort: Cohort) -> Figures:
    """Work as `tempo90 reanalyse --all` does."""
    with _fresh(cohort) as job:
        return _measured("this process", 1, lambda: job.run(job.outdated(), is_once=True))


def pool_of(n_jobs: int) -> Callable[[Cohort], Figures]:
    """Work as with `--jobs N`."""

    def measure(cohort: Cohort) -> Figures:
        with _fresh(cohort) as job, processes(n_jobs) as workers:
            name = f"process pool, {n_jobs}"
            return _measured(name, n_jobs, lambda: _on(job, workers, cohort))

    return _with_ended_children(measure)


def dask_of(n_workers: int) -> Callable[[Cohort], Figures]:
    """Work as with `--scheduler`, on a LocalCluster."""

    def measure(cohort: Cohort) -> Figures:
        from distributed import LocalCluster  # noqa: PLC0415  # an extra

        local = LocalCluster(n_workers=n_workers, threads_per_worker=1, dashboard_address=None)
        with (
            local,
            cluster(local.scheduler_address, cohort.source) as workers,
            _fresh(cohort) as job,
        ):
            name = f"Dask LocalCluster, {n_workers}"
            return _measured(name, n_workers, lambda: _on(job, workers, cohort))

    return _with_ended_children(measure)


def table(found: list[Figures], n_sessions: int, length_s: float) -> str:
    """Return the figures as a table in Markdown, and what they come to for a million."""
    lines = [
        f"{n_sessions} sessions of {length_s / 60:.1f} minutes at 100 Hz.",
        "",
        "| way | sessions/s | speed-up | processor s / session | 1,000,000 sessions |",
        "|---|---:|---:|---:|---:|",
    ]
    ones = {one.name.split(",")[0]: one for one in found if one.n_workers == 1}
    for one in found:
        base = ones.get(one.name.split(",")[0], one)
        lines.append(
            f"| {one.name} | {one.per_s:.1f} | {one.per_s / base.per_s:.2f} | {one.cpu_s:.3f} | "
            f"{MILLION / one.per_s / HOUR_S:.1f} h |"
        )
    named = {one.name: one for one in found}
    loop, whole = named.get("engine in a bare loop"), named.get("this process")
    if loop is not None and whole is not None:
        share = whole.cpu_s / loop.cpu_s - 1
        core_h = MILLION * whole.cpu_s / HOUR_S
        said = (
            f"Against the bare loop, reading the stored session, comparing, storing and noting "
            f"cost {share:.0%} more processor time. A million such sessions are {core_h:.0f} "
            f"processor hours: {core_h / 16:.1f} h on 16 cores, {core_h / 200:.1f} h on 200."
        )
        lines += ["", said]
    return "\n".join(lines) + "\n"


def _on(job: Reanalysis, workers: Workers, cohort: Cohort) -> Iterator[object]:
    return job.run_on(workers, cohort.source, job.outdated(), is_once=True)


@contextmanager
def _fresh(cohort: Cohort) -> Iterator[Reanalysis]:
    """Give the job of a cohort of which nothing is done."""
    with cohort.engine.begin() as connection:
        connection.execute(text("DELETE FROM result_version"))
    yield Reanalysis(cohort.engine, cohort.source.open_recordings())


def _measured(name: str, n_workers: int, work: Callable[[], Iterator[object]]) -> Figures:
    began_cpu_s = _own_cpu_s()
    stamps = [time.perf_counter() for _ in work()]
    took_s = stamps[-1] - stamps[0]
    return Figures(
        name, n_workers, (len(stamps) - 1) / took_s, (_own_cpu_s() - began_cpu_s) / len(stamps)
    )


def _with_ended_children(measure: Callable[[Cohort], Figures]) -> Callable[[Cohort], Figures]:
    """Add the processor time of the processes that a way started: it is known when they end."""

    def measured(cohort: Cohort) -> Figures:
        before_s = _cpu_s(resource.RUSAGE_CHILDREN)
        own = measure(cohort)
        of_children_s = _cpu_s(resource.RUSAGE_CHILDREN) - before_s
        each_s = of_children_s / len(cohort.session_ids)
        return Figures(own.name, own.n_workers, own.per_s, own.cpu_s + each_s)

    return measured


def _own_cpu_s() -> float:
    return _cpu_s(resource.RUSAGE_SELF)


def _cpu_s(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _with_figures(page: str, figures: str) -> str:
    before, rest = page.split(BEGIN)
    return before + BEGIN + "\n" + figures + "\n" + END + rest.split(END)[1]


WAYS: dict[str, Callable[[Cohort], Figures]] = {
    "bare": bare,
    "here": here,
    "pool1": pool_of(1),
    "pool2": pool_of(2),
    "dask1": dask_of(1),
    "dask2": dask_of(2),
}

if __name__ == "__main__":
    main()
