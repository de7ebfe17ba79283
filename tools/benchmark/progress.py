"""A bar on the terminal, or a line each tenth where there is none."""

import sys
from collections.abc import Iterable, Iterator
from typing import Final, TextIO, TypeVar

Item = TypeVar("Item")
_WIDTH: Final = 30
_STEPS_WITHOUT_TERMINAL: Final = 10


def shown(
    items: Iterable[Item], total: int, label: str, stream: TextIO | None = None
) -> Iterator[Item]:
    """Pass items on, and say on the error output how many of them have come."""
    out = sys.stderr if stream is None else stream
    steps = total if out.isatty() else min(total, _STEPS_WITHOUT_TERMINAL)
    told = -1
    for n, item in enumerate(items, start=1):
        yield item
        step = n * steps // total
        if step > told:
            told = step
            _tell(out, label, n, total)
    if out.isatty() and total:
        out.write("\n")


def _tell(out: TextIO, label: str, n: int, total: int) -> None:
    done = n * _WIDTH // total
    bar = "#" * done + "." * (_WIDTH - done)
    start, end = ("\r", "") if out.isatty() else ("", "\n")
    out.write(f"{start}{label:<24} [{bar}] {n}/{total}{end}")
    out.flush()
