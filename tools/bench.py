"""`make bench`: accuracy and cost of the engine, in tables anyone can reproduce.

    make bench                      everything, some minutes
    make bench ARGS=--quick         a smoke run
    make bench ARGS=--write         also writes docs/reference/accuracy.md and its pictures
    make bench ARGS="--first-seed 1000 --only accuracy"   other people and situations

One core is one process: the arithmetic libraries are told to use a single thread.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
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
from benchmark.comparison import comparison_tables  # noqa: E402
from benchmark.cost import measure_cost  # noqa: E402
from benchmark.cost_tables import cost_tables  # noqa: E402
from benchmark.cutting import CutScore, cutting_table, score_cutting  # noqa: E402
from benchmark.page import Report, write_page  # noqa: E402
from benchmark.pictures import pictures  # noqa: E402
from benchmark.progress import shown  # noqa: E402
from benchmark.public_data import measure_public, public_tables  # noqa: E402
from benchmark.scenarios import EXERCISES, WEARS, ScenarioScore, score_scenario  # noqa: E402
from benchmark.sport import sport_tables  # noqa: E402
from benchmark.tables import Table, accuracy_tables  # noqa: E402
from benchmark.targets import (  # noqa: E402
    accuracy_verdicts,
    cost_verdicts,
    cutting_verdicts,
    public_verdicts,
    targets_table,
)
from benchmark.thigh import KNEES, ThighScore, score_thigh  # noqa: E402

from tracker.simulator import STRESSES, WearLevel  # noqa: E402

SCENARIOS = 60
QUICK_SCENARIOS = 1
QUICK_STRESSES = 2
ACTIVITY_SHARE = 4  # a stretch or a run is minutes long: a quarter as many
STRESS_SHARE = 8
CUT_SHARE = 24  # every recording three times, once perhaps sample by sample
Score = TypeVar("Score")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark as asked on the command line."""
    options = _parser().parse_args(arguments)
    report = Report()
    if options.only in (None, "accuracy"):
        _add_accuracy(report, options)
    if options.only in (None, "public"):
        figures = measure_public(options.data)
        report.verdicts += public_verdicts(figures)
        report.tables += _show(public_tables(figures))
    if options.only in (None, "cost"):
        costs = measure_cost(quick=options.quick)
        report.verdicts += cost_verdicts(costs)
        report.tables += _show(cost_tables(costs))
    _show([targets_table(report.verdicts)])
    if options.write:
        write_page(options.page, report, _n_scenarios(options), options.first_seed)


def _parser() -> argparse.ArgumentParser:
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
    parser.add_argument("--write", action="store_true", help="write the page and its pictures")
    parser.add_argument(
        "--page", type=Path, default=ROOT / "docs" / "reference" / "accuracy.md", help="where to"
    )
    return parser


def _add_accuracy(report: Report, options: argparse.Namespace) -> None:
    scores, cuts = _scores(options), _cut_scores(options)
    report.verdicts += accuracy_verdicts(scores) + cutting_verdicts(cuts)
    report.pictures += pictures(scores)
    if scores:
        report.tables += _show(accuracy_tables(scores) + comparison_tables(scores))
    if cuts:
        report.tables += _show([cutting_table(cuts)])
    report.tables += _show(activity_tables(_activity_scores(options)))
    sports, n = _chosen(options, SPORTS), _n_scenarios(options)
    report.tables += _show(sport_tables(sports, n, options.first_seed, options.jobs, options.data))


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
        for stress in tuple(STRESSES)[: QUICK_STRESSES if options.quick else None]
        for exercise in _chosen(options, EXERCISES)
        for seed in range(first, first + max(1, n // STRESS_SHARE))
    ]
    return _in_parallel(score_scenario, jobs, options.jobs, "exercises")


def _cut_scores(options: argparse.Namespace) -> list[CutScore]:
    n = max(1, _n_scenarios(options) // CUT_SHARE)
    jobs = [
        (exercise, wear, seed)
        for exercise in _chosen(options, (*EXERCISES, *STRETCHES, *SPORTS))
        for wear in (WEARS[:1] if options.quick else WEARS)
        for seed in range(options.first_seed, options.first_seed + n)
    ]
    return _in_parallel(score_cutting, jobs, options.jobs, "live and whole")


def _activity_scores(options: argparse.Namespace) -> list[ActivityScore]:
    n = max(1, _n_scenarios(options) // ACTIVITY_SHARE)
    jobs = [
        (exercise, wear, seed)
        for wear in WEARS
        for exercise in _chosen(options, (*STRETCHES, *SPORTS))
        for seed in range(options.first_seed, options.first_seed + n)
    ]
    return _in_parallel(score_activity, jobs, options.jobs, "stretches and sports")


def _thigh_scores(options: argparse.Namespace) -> list[ThighScore]:
    n = max(1, _n_scenarios(options) // ACTIVITY_SHARE)
    jobs = [
        (exercise, wear, seed)
        for wear in WEARS
        for exercise in _chosen(options, KNEES)
        for seed in range(options.first_seed, options.first_seed + n)
    ]
    return _in_parallel(score_thigh, jobs, options.jobs, "with the thigh")


def _n_scenarios(options: argparse.Namespace) -> int:
    return int(options.scenarios or (QUICK_SCENARIOS if options.quick else SCENARIOS))


def _chosen(options: argparse.Namespace, exercises: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in exercises if options.exercise in (None, one))


def _in_parallel(
    score: Callable[..., Score],
    jobs: Sequence[tuple[object, ...]],
    n_processes: int,
    label: str = "recordings",
) -> list[Score]:
    """Score all jobs, in their order, in so many processes; one is this one."""
    if n_processes == 1 or not jobs:
        return list(shown((score(*job) for job in jobs), len(jobs), label))
    with ProcessPoolExecutor(n_processes) as pool:
        scores: Iterable[Score] = pool.map(score, *zip(*jobs, strict=True), chunksize=2)
        return list(shown(scores, len(jobs), label))


def _show(tables: list[Table]) -> list[Table]:
    for table in tables:
        print(table.markdown(), flush=True)
    return tables


if __name__ == "__main__":
    main()
