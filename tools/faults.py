"""`make faults`: processes killed, power cut, disks, lines and servers that fail; counted.

    make faults                            everything, some twenty minutes
    make faults ARGS="--share 0.1"         a tenth of the tries
    make faults ARGS="--only kill-import --seed 7"
    make faults ARGS=--write               also writes docs/reference/faults.md

Every try has its own random numbers, drawn from the seed, the kind and its number. Prints each
broken promise, and the table; the exit status is 1 if a promise was broken.
"""

import argparse
import os
import random
import shutil
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.faulting.kinds import KINDS  # noqa: E402
from tools.faulting.trials import Kind, Line, Trial, table  # noqa: E402
from tools.faulting.worlds import clear, scratch  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "faults.md"
HEAD = """\
# Faults that were tried

Written by `make faults ARGS=--write`; [explanation/faults.md](../explanation/faults.md) says what \
is tried and how. "Lost" is the worst of all tries. "Back after" is the median, with the longest \
in brackets, from the next start until everything was there again, on the computer of the run, \
several tries side by side.

"""


def main() -> int:
    """Try what was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of tries")
    parser.add_argument("--only", nargs="+", metavar="KIND", help="some kinds: " + _names())
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no try after that")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    kinds = [kind for kind in KINDS if not options.only or kind.id in options.only]
    began_s = time.monotonic()
    try:
        lines = try_all(
            kinds,
            seed=options.seed,
            share=options.share,
            jobs=options.jobs,
            ends_s=began_s + 60 * options.minutes,
        )
    finally:
        clear()
    took_s = time.monotonic() - began_s
    text = summary(lines, seed=options.seed, took_s=took_s)
    print(text)
    if options.write:
        write_page(PAGE, lines, seed=options.seed, took_s=took_s)
    return 1 if any(line.problems for line in lines) else 0


def try_all(
    kinds: Sequence[Kind], *, seed: int, share: float, jobs: int, ends_s: float
) -> list[Line]:
    """Try each kind of fault as often as asked, several side by side."""
    lines = [Line(kind) for kind in kinds]
    with ThreadPoolExecutor(jobs) as pool:
        for line in lines:
            n_tries = max(1, round(share * line.kind.n_usual))
            found = pool.map(lambda n, kind=line.kind: _try(kind, seed, n, ends_s), range(n_tries))
            for trial in found:
                if trial is None:
                    continue
                line.trials.append(trial)
                for problem in trial.problems:
                    print(f"{line.kind.id} #{len(line.trials) - 1}: {problem}", flush=True)
            print(f"{line.kind.id}: {len(line.trials)} tried", file=sys.stderr, flush=True)
    return lines


def _try(kind: Kind, seed: int, number: int, ends_s: float) -> Trial | None:
    if time.monotonic() > ends_s:
        return None
    folder = scratch()
    try:
        return kind.run(random.Random(f"{seed}/{kind.id}/{number}"), folder)  # noqa: S311
    except Exception as error:  # noqa: BLE001 - a try that breaks is a problem, not the end
        where = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        return Trial("not tried", (problem,))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_page(page: Path, lines: Sequence[Line], *, seed: int, took_s: float) -> None:
    """Write the table; of kinds that were not tried now the rows of before stay."""
    known = page.read_text("utf-8").splitlines() if page.exists() else []
    before = {row.split(" | ")[0]: row for row in known if row.startswith("| ")}
    tried = [line for line in lines if line.trials]
    new = {row.split(" | ")[0]: row for row in table(tried).splitlines()}
    rows = before | new
    shown = [kind for kind in KINDS if f"| {kind.title}" in rows]
    kept = [rows[f"| {kind.title}"] for kind in shown]
    tries = [int(row.split(" | ")[1]) for row in kept]
    n_kills = sum(n for kind, n in zip(shown, tries, strict=True) if kind.is_kill)
    told = f"In the table: {sum(tries)} tries, {n_kills} of them kills at random instants."
    last = _sum(lines, seed=seed, took_s=took_s)
    text = "\n".join([*table([]).splitlines(), *kept])
    page.write_text(f"{HEAD}{text}\n\n{told} {last}\n", "utf-8")


def summary(lines: Sequence[Line], *, seed: int, took_s: float) -> str:
    """Return the table with the sums below it."""
    return f"{table(lines)}\n\n{_sum(lines, seed=seed, took_s=took_s)}"


def _sum(lines: Sequence[Line], *, seed: int, took_s: float) -> str:
    n_tries = sum(len(line.trials) for line in lines)
    n_kills = sum(len(line.trials) for line in lines if line.kind.is_kill)
    n_problems = sum(len(line.problems) for line in lines)
    return (
        f"The last run: {n_tries} tries, {n_kills} of them kills at random instants; seed {seed}; "
        f"{took_s / 60:.0f} minutes. Broken promises: {n_problems}."
    )


def _names() -> str:
    return ", ".join(kind.id for kind in KINDS)


if __name__ == "__main__":
    sys.exit(main())
