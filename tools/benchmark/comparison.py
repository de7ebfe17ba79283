"""The engine beside simpler methods on the same signals."""

from collections.abc import Iterable, Sequence

import numpy as np

from benchmark.matching import spread
from benchmark.rivals import ACCELEROMETER, COMPLEMENTARY, RivalScore
from benchmark.scenarios import ScenarioScore
from benchmark.tables import Table, groups


def comparison_tables(scores: Sequence[ScenarioScore]) -> list[Table]:
    """Return counts, durations and peaks of the engine and of its rivals."""
    plain = [score for score in scores if not score.stress and score.rivals]
    return [_counts(plain), _durations(plain), _peaks(plain)] if plain else []


def _counts(scores: Sequence[ScenarioScore]) -> Table:
    rows = [
        (
            exercise,
            wear,
            _exact(s.set_off for s in group),
            _exact(r.set_off for r in _of(group, ACCELEROMETER)),
            _exact(r.set_off for r in _of(group, COMPLEMENTARY)),
            str(sum(s.ghosts for s in group)),
            str(sum(r.ghosts for r in _of(group, ACCELEROMETER))),
            str(sum(r.ghosts for r in _of(group, COMPLEMENTARY))),
        )
        for exercise, wear, group in groups(scores)
    ]
    head = ("exercise", "wear", "exact", "acc. only", "complem.", "ghosts", "acc. only", "complem.")
    return Table(
        "Counting beside simpler methods",
        "Sets with the exact count, and repetitions found in no set: the engine, and a counter"
        " with two thresholds (50 and 20 % of the person's true range, which the engine is not"
        " told) on the angle of the accelerometer alone and of a plain complementary filter.",
        head,
        rows,
    )


def _durations(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for exercise, wear, group in groups(scores):
        ours = spread([rep.eccentric_s for s in group for rep in s.reps])
        cells = [f"{ours.mae:.3f}"]
        for method in (ACCELEROMETER, COMPLEMENTARY):
            for stretched in (False, True):
                errors = [e for r in _of(group, method) for e in r.errors_s(stretched=stretched)]
                cells.append(f"{spread(errors).mae:.2f}")
        rows.append((exercise, wear, *cells))
    return Table(
        "Timing beside simpler methods",
        "Mean absolute error of the eccentric duration, in seconds: the engine, and the 10-90 %"
        " rule, told where each repetition lies, on the angle of the accelerometer alone and of a"
        " plain complementary filter; also divided by 0.8, which would be right for a way at"
        " constant speed.",
        ("exercise", "wear", "engine", "acc. 10-90 %", "/ 0.8", "complem. 10-90 %", "/ 0.8"),
        rows,
    )


def _peaks(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for exercise, wear, group in groups(scores):
        ours = spread([rep.peak_deg for s in group for rep in s.reps])
        others = [
            spread([e for r in _of(group, method) for e in r.peak_errors_deg])
            for method in (ACCELEROMETER, COMPLEMENTARY)
        ]
        cells = [f"{one.mae:.2f} ({one.p95:.1f})" for one in (ours, *others)]
        rows.append((exercise, wear, *cells))
    return Table(
        "Peak angle beside simpler methods",
        "Mean absolute error of a repetition's peak in degrees (and its 95th percentile).",
        ("exercise", "wear", "engine", "acc. only", "complem."),
        rows,
    )


def _of(group: Sequence[ScenarioScore], method: str) -> list[RivalScore]:
    return [rival for score in group for rival in score.rivals if rival.method == method]


def _exact(offs: Iterable[Sequence[int]]) -> str:
    return f"{100 * np.mean([n == 0 for off in offs for n in off]):.1f} %"
