"""The loop: take an input, damage it, run it, keep it if it did something new."""

import json
import random
import shlex
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.fuzzing.coverage import ReachedLines
from tools.fuzzing.mutation import Input, mutate
from tools.fuzzing.targets import Target

SLOW_S = 10.0
_MAX_CORPUS = 2000
_MAX_FAILURES = 10
_BETWEEN_CLOCKS = 16


class TooSlowError(Exception):
    """An input took longer than any should."""


@dataclass(slots=True)
class Outcome:
    """What fuzzing one target came to.

    Parameters
    ----------
    name : str
        Of the target.
    seed : int
        What makes the same inputs again.
    n_inputs, n_kept, n_lines : int
        How many were run, how many did something new, how many lines they reached.
    elapsed_s, slowest_s : float
        Time in all, and of the slowest input.
    failures : list of Path
        Files with the inputs that broke something.

    """

    name: str
    seed: int
    n_inputs: int = 0
    n_kept: int = 0
    n_lines: int = 0
    elapsed_s: float = 0.0
    slowest_s: float = 0.0
    failures: list[Path] = field(default_factory=list)


def fuzz(target: Target, *, seconds: float, seed: int, folder: Path) -> Outcome:
    """Fuzz a target for some seconds; the seeds themselves are run in any case.

    Parameters
    ----------
    target : Target
        What to fuzz.
    seconds : float
        For how long.
    seed : int
        Of the random numbers.
    folder : Path
        Where inputs that break something are written.

    """
    rng = random.Random(f"{target.name} {seed}")  # noqa: S311 - not for secrets
    outcome = Outcome(target.name, seed)
    reached = ReachedLines()
    seen: set[str] = set()
    broken: set[str] = set()
    corpus = list(target.seeds) or [(("", b""),)]
    began_s = time.monotonic()
    waiting = list(corpus)
    while len(outcome.failures) < _MAX_FAILURES:
        if not waiting and outcome.n_inputs % _BETWEEN_CLOCKS == 0:
            outcome.elapsed_s = time.monotonic() - began_s
            if outcome.elapsed_s >= seconds:
                break
        given = waiting.pop() if waiting else mutate(rng, corpus)
        run_began_s = time.perf_counter()
        outcome.n_inputs += 1
        try:
            with _alarm(SLOW_S):
                signature, is_new = reached.watch(lambda given=given: target.run(given))
        except Exception as error:  # noqa: BLE001 - whatever it is, that is what we look for
            where = f"{type(error).__name__} {traceback.extract_tb(error.__traceback__)[-1]}"
            if where not in broken:
                broken.add(where)
                outcome.failures.append(_keep(folder, target, given, error))
            continue
        outcome.slowest_s = max(outcome.slowest_s, time.perf_counter() - run_began_s)
        if is_new or signature not in seen:
            seen.add(signature)
            outcome.n_kept += 1
            if len(corpus) < _MAX_CORPUS:
                corpus.append(given)
            else:
                corpus[rng.randrange(_MAX_CORPUS)] = given
    outcome.elapsed_s = time.monotonic() - began_s
    outcome.n_lines = len(reached.seen)
    return outcome


def repeat(path: Path, targets: tuple[Target, ...]) -> str:
    """Run a kept input again, and return what became of it; it raises what it raised."""
    kept = json.loads(path.read_text("utf-8"))
    target = next(one for one in targets if one.name == kept["target"])
    return target.run(tuple((name, bytes.fromhex(content)) for name, content in kept["parts"]))


def _keep(folder: Path, target: Target, given: Input, error: Exception) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    name = target.name.replace(":", "-")
    path = folder / f"{name}-{len(list(folder.glob(f'{name}-*.json')))}.json"
    kept = {"target": target.name, "parts": [(name, content.hex()) for name, content in given]}
    path.write_text(json.dumps(kept), "utf-8")
    print(f"{target.name}: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"  again: python tools/fuzz.py --repeat {shlex.quote(str(path))}", file=sys.stderr)
    return path


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` inside the block once it has taken so long, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_number: int, _frame: object) -> None:
        raise TooSlowError(f"more than {seconds:g} s")

    earlier = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
