"""`make soak`: whole sessions over a radio on which everything goes wrong, in virtual time.

    make soak                          100 sessions of three sets, some minutes
    make soak ARGS="--sessions 5"      a smoke run
    make soak ARGS="--first-seed 17 --sessions 1"    that session again

A simulated patient trains three sets with the real coach, collector, engine and recorder, while
random faults come one after another. It must not lose a set, make up a repetition, get stuck, or
leave a task or a connection behind. Prints the figures; the exit status is 1 if anything of that
happened.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.soaking.faults import KINDS  # noqa: E402
from tools.soaking.judging import Figures, judge  # noqa: E402
from tools.soaking.session import run_session  # noqa: E402

SESSIONS = 100


def main() -> int:
    """Soak as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--without-faults", action="store_true", help="the same, undisturbed")
    options = parser.parse_args()
    began_s = time.monotonic()
    total = Figures()
    seeds = range(options.first_seed, options.first_seed + options.sessions)
    with ProcessPoolExecutor(options.jobs) as pool:
        jobs = [(seed, not options.without_faults) for seed in seeds]
        for figures in pool.map(_one, *zip(*jobs, strict=True)):
            total.add(figures)
            for problem in figures.problems:
                print(problem, flush=True)
    print(report(total))
    print(f"\n{time.monotonic() - began_s:.0f} s of computing")
    return 1 if total.problems else 0


def _one(seed: int, has_faults: bool) -> Figures:
    logging.basicConfig(level=logging.ERROR)  # faults are what is wanted here
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            return judge(run_session(seed, Path(folder), has_faults=has_faults))
        except Exception as error:  # noqa: BLE001 - a session that fails is a figure, not the end
            problem = f"seed {seed}: {type(error).__name__}: {error}"
            return Figures(n_sessions=1, problems=[problem])


def report(figures: Figures) -> str:
    """Return the figures as a table."""
    n_missing = figures.n_samples_taken_by_faults + figures.n_samples_on_the_way_back
    rows: list[tuple[str, object]] = [
        ("sessions", figures.n_sessions),
        ("sets kept", f"{figures.n_sets} of {3 * figures.n_sessions}"),
        ("faults", sum(figures.faults.values())),
        *((f"  {kind}", figures.faults[kind]) for kind in KINDS),
        ("recoveries (new links)", figures.n_recoveries),
        ("longest outage bridged", f"{figures.longest_outage_s:.1f} s"),
        ("slowest return after a fault", f"{figures.slowest_return_s:.1f} s"),
        ("samples kept", f"{figures.n_samples_kept:,}"),
        ("samples missing", f"{n_missing:,}"),
        ("  unobtainable while a fault lasted", f"{figures.n_samples_taken_by_faults:,}"),
        ("  on the way back: scan, link, start", f"{figures.n_samples_on_the_way_back:,}"),
        ("repetitions done", figures.n_reps_true),
        ("repetitions counted", figures.n_reps_measured),
        ("repetitions with a hole in their signal", figures.n_reps_hidden),
        ("problems", len(figures.problems)),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


if __name__ == "__main__":
    sys.exit(main())
