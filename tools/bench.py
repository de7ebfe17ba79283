"""`make bench`: accuracy and cost of the engine, in tables anyone can reproduce.

    make bench                      everything, some minutes
    make bench ARGS=--quick         a smoke run
    make bench ARGS=--write         also writes docs/reference/accuracy.md

One core is one process: the arithmetic libraries are told to use a single thread.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from benchmark.activities import (  # noqa: E402
    SPORTS,
    STRETCHES,
    ActivityScore,
    activity_tables,
    score_activity,
)
from benchmark.cost import cost_tables  # noqa: E402
from benchmark.page import write_page  # noqa: E402
from benchmark.public_data import public_tables  # noqa: E402
from benchmark.scenarios import EXERCISES, WEARS, ScenarioScore, score_scenario  # noqa: E402
from benchmark.sport import sport_tables  # noqa: E402
from benchmark.tables import Table, accuracy_tables  # noqa: E402
from benchmark.thigh import KNEES, ThighScore, score_thigh, thigh_tables  # noqa: E402

from tracker.simulator import STRESSES, WearLevel  # noqa: E402

SCENARIOS = 60
QUICK_SCENARIOS = 4
ACTIVITY_SHARE = 4  # a stretch or a run is minutes long: a quarter as many
STRESS_SHARE = 8
Score = TypeVar("Score")


def main() -> None:
    """Run the benchmark as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--scenarios", type=int, help="random scenarios an exercise and wear")
    parser.add_argument("--first-seed", type=int, default=0, help="seed of the first scenario")
    parser.add_argument(
        "--exercise", choices=(*EXERCISES, *STRETCHES, *SPORTS), help="only this exercise"
    )
    parser.add_argument("--only", choices=("accuracy", "public", "cost"), help="only this part")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="public recordings"
    )
    parser.add_argument("--write", action="store_true", help="write docs/reference/accuracy.md")
    options = parser.parse_args()
    tables: list[Table] = []
    if options.only in (None, "accuracy"):
        tables += _show(accuracy_tables(_scores(options)))
        tables += _show(activity_tables(_activity_scores(options)))
        sports, n = _chosen(options, SPORTS), _n_scenarios(options)
        tables += _show(sport_tables(sports, n, options.first_seed, options.jobs, options.data))
        tables += _show(thigh_tables(_thigh_scores(options)))
    if options.only in (None, "public"):
        tables += _show(public_tables(options.data))
    if options.only in (None, "cost"):
        tables += _show(cost_tables(repeats=1 if options.quick else 5))
    if options.write:
        write_page(ROOT / "docs" / "reference" / "accuracy.md", tables)


def _scores(options: argparse.Namespace) -> list[ScenarioScore]:
    n = _n_scenarios(options)
    first = options.first_seed
    jobs = [
        (exercise, wear, seed, "")
        for wear in WEARS
        for exercise in _chosen(options, EXERCISES)
        for seed in range(first, first + n)
    ]
    jobs += [
        (exercise, WearLevel.TYPICAL, seed, stress)
        for stress in STRESSES
        for exercise in _chosen(options, EXERCISES)
        for seed in range(first, first + max(1, n // STRESS_SHARE))
    ]
    return _in_parallel(score_scenario, jobs, options.jobs)


def _activity_scores(options: argparse.Namespace) -> list[ActivityScore]:
    n = max(1, _n_scenarios(options) // ACTIVITY_SHARE)
    jobs = [
        (exercise, wear, seed)
        for wear in WEARS
        for exercise in _chosen(options, (*STRETCHES, *SPORTS))
        for seed in range(options.first_seed, options.first_seed + n)
    ]
    return _in_parallel(score_activity, jobs, options.jobs)


def _thigh_scores(options: argparse.Namespace) -> list[ThighScore]:
    n = max(1, _n_scenarios(options) // ACTIVITY_SHARE)
    jobs = [
        (exercise, wear, seed)
        for wear in WEARS
        for exercise in _chosen(options, KNEES)
        for seed in range(options.first_seed, options.first_seed + n)
    ]
    return _in_parallel(score_thigh, jobs, options.jobs)


def _n_scenarios(options: argparse.Namespace) -> int:
    return int(options.scenarios or (QUICK_SCENARIOS if options.quick else SCENARIOS))


def _chosen(options: argparse.Namespace, exercises: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in exercises if options.exercise in (None, one))


def _in_parallel(
    score: Callable[..., Score], jobs: Sequence[tuple[object, ...]], n_processes: int
) -> list[Score]:
    if not jobs:
        return []
    with ProcessPoolExecutor(n_processes) as pool:
        return list(pool.map(score, *zip(*jobs, strict=True), chunksize=2))


def _show(tables: list[Table]) -> list[Table]:
    for table in tables:
        print(table.markdown(), flush=True)
    return tables


if __name__ == "__main__":
    main()
