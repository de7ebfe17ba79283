"""`make fuzz`: damaged input for every decoder and importer, guided by the lines it reaches.

    make fuzz                                    two minutes each, about an hour in all
    make fuzz ARGS="--seconds 5"                 a smoke run
    make fuzz ARGS="--only sensor:polar"         one of them; --list names all
    make fuzz ARGS="--repeat FOLDER/FILE.json"   what broke, again

Inputs that break something are written to a temporary folder, with the command that repeats them.
The exit status is 1 if there is one.
"""

import argparse
import contextlib
import os
import random
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.fuzzing.running import Outcome, fuzz, repeat  # noqa: E402
from tools.fuzzing.targets import all_targets  # noqa: E402

DEFAULT_S = 120.0
# Well above what such small inputs may take, and far below what a bomb would.
MEMORY_BYTES = 3 * 2**30


def main() -> int:
    """Fuzz as asked on the command line."""
    names = [target.name for target in all_targets()]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=DEFAULT_S, help="for each target")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help="a target")
    parser.add_argument("--seed", type=int, help="the same inputs again")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--repeat", type=Path, metavar="FILE", help="run a kept input again")
    parser.add_argument("--list", action="store_true", help="name the targets")
    options = parser.parse_args()
    if options.list:
        print("\n".join(names))
        return 0
    if options.repeat:
        print(repeat(options.repeat, all_targets()))
        return 0
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    print(f"seed {seed}; {options.seconds:g} s each; what breaks goes to {folder}", flush=True)
    chosen = options.only or names
    with ProcessPoolExecutor(options.jobs, initializer=_limit_memory) as pool:
        jobs = [(name, options.seconds, seed, folder) for name in chosen]
        outcomes = []
        for outcome in pool.map(_fuzz_one, *zip(*jobs, strict=True)):
            outcomes.append(outcome)
            print(_line(outcome), flush=True)
    n_failures = sum(len(outcome.failures) for outcome in outcomes)
    n_inputs = sum(outcome.n_inputs for outcome in outcomes)
    print(f"{n_inputs:,} inputs to {len(outcomes)} targets: {n_failures} failures")
    if not n_failures:
        folder.rmdir()
    return 1 if n_failures else 0


def _fuzz_one(name: str, seconds: float, seed: int, folder: Path) -> Outcome:
    target = next(target for target in all_targets() if target.name == name)
    return fuzz(target, seconds=seconds, seed=seed, folder=folder)


def _line(outcome: Outcome) -> str:
    rate = outcome.n_inputs / max(outcome.elapsed_s, 1e-9)
    return (
        f"{outcome.name:28} {outcome.n_inputs:>10,} inputs {rate:>7,.0f}/s "
        f"{outcome.n_kept:>5} kept {outcome.n_lines:>5} lines "
        f"slowest {outcome.slowest_s * 1000:6.0f} ms  {len(outcome.failures)} failures"
    )


def _limit_memory() -> None:
    """Turn unbounded memory into an error that is seen, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())
