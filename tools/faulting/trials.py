"""What a fault is here, what came of trying it once, and the table of all of them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Trial:
    """What one try of a fault came to.

    Parameters
    ----------
    hit : str
        What was in the middle of happening, in a word or two; counted in the table.
    problems : tuple of str
        Promises that were broken; empty is good.
    lost_s : float
        Seconds of signal that were received and are not there afterwards.
    back_s : float, optional
        From the next start until everything was there again.
    said : str
        The sentence that the user saw, where there was one.

    """

    hit: str
    problems: tuple[str, ...] = ()
    lost_s: float = 0.0
    back_s: float | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what it is, what is promised, and how it is tried.

    Parameters
    ----------
    id, title : str
        For the command line and for the table.
    sees : str
        What the user sees of it.
    lost : str
        What may be lost; checked by `run`, not only written down.
    n_usual : int
        How often it is tried in a whole run.
    run : callable
        Takes random numbers and an empty folder, and tries the fault once.
    is_kill : bool
        Whether it is one of the processes killed at a random instant.

    """

    id: str
    title: str
    sees: str
    lost: str
    n_usual: int
    run: Callable[[random.Random, Path], Trial]
    is_kill: bool = False


@dataclass(slots=True)
class Line:
    """One kind of fault in the table: the sum of its trials."""

    kind: Kind
    trials: list[Trial] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Every broken promise."""
        return [problem for trial in self.trials for problem in trial.problems]

    def hits(self) -> str:
        """Say what was hit how often."""
        counted: dict[str, int] = {}
        for trial in self.trials:
            counted[trial.hit] = counted.get(trial.hit, 0) + 1
        return ", ".join(f"{n} {name}" for name, n in sorted(counted.items()))

    def said(self) -> str:
        """Return a sentence that was seen; else what stands in the kind."""
        return next((trial.said for trial in self.trials if trial.said), self.kind.sees)

    def lost(self) -> str:
        """Say what was lost at most."""
        worst_s = max((trial.lost_s for trial in self.trials), default=0.0)
        return f"{worst_s:.2f} s of signal" if worst_s > 0 else NOTHING

    def back(self) -> str:
        """Say how long it took until everything was there again: median, and longest."""
        known = sorted(t.back_s for t in self.trials if t.back_s is not None)
        if not known:
            return "at once"
        return f"{known[len(known) // 2]:.1f} s ({known[-1]:.1f} s)"


def table(lines: Sequence[Line]) -> str:
    """Return the table as Markdown."""
    head = "| fault | tried | what was hit | what the user sees | promised | lost | back after |"
    rows = [head, "|---|---|---|---|---|---|---|"]
    for line in lines:
        cells = (
            line.kind.title,
            str(len(line.trials)),
            line.hits(),
            line.said(),
            line.kind.lost,
            line.lost() if not line.problems else f"**{len(line.problems)} problems**",
            line.back(),
        )
        rows.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(rows)
