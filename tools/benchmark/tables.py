"""Numbers to tables: the same Markdown on the screen and on the accuracy page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.matching import Spread, spread
from benchmark.scenarios import EXERCISES, WEARS, RepError, ScenarioScore


@dataclass(frozen=True, slots=True)
class Table:
    """A title, a note on what is in it, a head and rows of text."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def markdown(self) -> str:
        """Return it as Markdown, columns padded so that it also reads as plain text."""
        cells = [self.head, *self.rows]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.head))]
        lines = [
            "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
            for row in cells
        ]
        rule = "|" + "|".join("-" * (w + 2) for w in widths) + "|"
        parts = [f"## {self.title}", "", self.note, "", lines[0], rule, *lines[1:], ""]
        return "\n".join(parts)


def accuracy_tables(scores: Sequence[ScenarioScore]) -> list[Table]:
    """Return all tables on simulated recordings."""
    plain = [score for score in scores if not score.stress]
    stressed = [score for score in scores if score.stress]
    tables = [
        _counts(plain),
        _durations(plain),
        _other_phases(plain),
        _angles(plain),
        _latency(plain),
        _by_kind(plain),
        _worst(plain),
    ]
    return [*tables, _by_stress(stressed)] if stressed else tables


def groups(scores: Sequence[ScenarioScore]) -> Iterable[tuple[str, str, list[ScenarioScore]]]:
    """Return the scores by exercise and wear, where there are any."""
    for wear in WEARS:
        for exercise in EXERCISES:
            group = [s for s in scores if s.exercise == exercise and s.wear == wear]
            if group:
                yield exercise, wear.value, group


def _counts(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for exercise, wear, group in groups(scores):
        off = np.array([n for s in group for n in s.set_off])
        naive = np.array([n for s in group for n in s.naive_off])
        idle_min = sum(s.idle_s for s in group) / 60.0
        ghosts, naive_ghosts = sum(s.ghosts for s in group), sum(s.naive_ghosts for s in group)
        rows.append(
            (
                exercise,
                wear,
                str(len(off)),
                f"{100 * np.mean(off == 0):.1f} %",
                str(int(np.sum(np.abs(off) > 1))),
                f"{ghosts} ({10 * ghosts / idle_min:.2f})",
                f"{100 * np.mean(naive == 0):.1f} %",
                f"{naive_ghosts} ({10 * naive_ghosts / idle_min:.2f})",
            )
        )
    return Table(
        "Repetitions",
        "Sets with the exact count, sets off by more than one, repetitions found outside all sets"
        " (and for each ten minutes outside them). Naive: a counter with two thresholds on the"
        " same angle.",
        ("exercise", "wear", "sets", "exact", "off > 1", "ghosts", "naive exact", "naive ghosts"),
        rows,
    )


def _durations(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for exercise, wear, group in groups(scores):
        reps = [rep for s in group for rep in s.reps]
        errors = spread([rep.eccentric_s for rep in reps])
        naive = spread([rep.ten_to_ninety_s for rep in reps])
        rows.append(
            (
                exercise,
                wear,
                str(errors.n),
                f"{errors.mae:.3f}",
                f"{errors.bias:+.3f}",
                f"{errors.p95:.3f}",
                f"{errors.largest:.2f}",
                f"{spread([r.start_s for r in reps]).bias:+.3f}",
                f"{spread([r.end_s for r in reps]).bias:+.3f}",
                str(sum(s.no_eccentric for s in group)),
                f"{naive.mae:.2f}",
            )
        )
    head = ("exercise", "wear", "reps", "MAE s", "bias s", "95 % s", "max s")
    return Table(
        "Eccentric duration",
        "Found minus true by the 5 % rule, in seconds; the mean errors of its start and end;"
        " repetitions without a duration. Last column: what the 10-90 % rule makes of the true"
        " angle.",
        (*head, "start s", "end s", "absent", "10-90 % MAE s"),
        rows,
    )


def _other_phases(scores: Sequence[ScenarioScore]) -> Table:
    """Return the errors of the other way and of the hold, where an exercise has them."""
    rows = []
    for exercise, wear, group in groups(scores):
        reps = [rep for s in group for rep in s.reps]
        ways = spread([r.concentric_s for r in reps if r.concentric_s is not None])
        holds = spread([r.hold_scored_s for r in reps if r.hold_scored_s is not None])
        rows.append((exercise, wear, *_three(ways), *_three(holds)))
    head = ("exercise", "wear", "way MAE s", "bias", "95 %", "hold MAE s", "bias", "95 %")
    return Table(
        "The other way, and holds",
        "Found minus true, in seconds: the way that is not eccentric, by the 5 % rule, where the"
        " patient does it; and the time at or above 85 % of the repetition's own peak.",
        head,
        rows,
    )


def _three(errors: Spread) -> tuple[str, str, str]:
    if not errors.n:
        return ("-", "-", "-")
    return (f"{errors.mae:.3f}", f"{errors.bias:+.3f}", f"{errors.p95:.3f}")


def _by_stress(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for stress in dict.fromkeys(s.stress for s in scores):
        for exercise in EXERCISES:
            group = [s for s in scores if s.stress == stress and s.exercise == exercise]
            if not group:
                continue
            off = np.array([n for s in group for n in s.set_off])
            errors = spread([rep.eccentric_s for s in group for rep in s.reps])
            rows.append(
                (
                    stress,
                    exercise,
                    str(len(off)),
                    f"{100 * np.mean(off == 0):.0f} %",
                    str(int(np.sum(np.abs(off) > 1))),
                    str(sum(s.ghosts for s in group)),
                    f"{errors.mae:.3f}",
                    f"{errors.p95:.3f}",
                )
            )
    return Table(
        "Under stress",
        "Typical wear with one thing made difficult on purpose: counts, and the errors of the"
        " eccentric duration.",
        ("stress", "exercise", "sets", "exact", "off > 1", "ghosts", "MAE s", "95 % s"),
        rows,
    )


def _angles(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for exercise, wear, group in groups(scores):
        peaks = spread([rep.peak_deg for s in group for rep in s.reps])
        flags = [
            rep.shallow_right for s in group for rep in s.reps if rep.shallow_right is not None
        ]
        returns = [
            rep.incomplete_right
            for s in group
            for rep in s.reps
            if rep.incomplete_right is not None
        ]
        rows.append(
            (
                exercise,
                wear,
                f"{peaks.mae:.2f}",
                f"{peaks.bias:+.2f}",
                f"{peaks.p95:.2f}",
                f"{_mean(s.angle_rmse_deg for s in group):.2f}",
                f"{_mean(s.acc_rmse_deg for s in group):.2f}",
                f"{_mean(s.complementary_rmse_deg for s in group):.2f}",
                f"{100 * np.mean(flags):.1f} %" if flags else "-",
                f"{100 * np.mean(returns):.1f} %" if returns else "-",
            )
        )
    head = ("exercise", "wear", "peak MAE", "peak bias", "peak 95 %", "RMSE")
    return Table(
        "Angle",
        "Degrees. Peak: found minus true. RMSE: mean over recordings, within the sets; for"
        " comparison the accelerometer alone and a plain complementary filter, both without a"
        " hinge axis. Last columns: `shallow` and `incomplete_return` set rightly, where the truth"
        " is 3 and 2 degrees or more from the limit.",
        (*head, "acc. only", "complem.", "shallow", "incomplete"),
        rows,
    )


def _latency(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for exercise, wear, group in groups(scores):
        late = np.array([r.late_s for s in group for r in s.reps if r.late_s is not None])
        if len(late):
            p50, p95, p100 = np.percentile(late, [50, 95, 100])
            rows.append((exercise, wear, f"{p50:.3f}", f"{p95:.3f}", f"{p100:.2f}"))
    return Table(
        "Delay of the report",
        "Seconds from the true end of a repetition to the sample that decided its event.",
        ("exercise", "wear", "median s", "95 % s", "max s"),
        rows,
    )


def _by_kind(scores: Sequence[ScenarioScore]) -> Table:
    rows = []
    for wear in WEARS:
        reps = [r for s in scores if s.wear == wear for r in s.reps]
        for kind in ["plain", *sorted({k.value for r in reps for k in r.kinds})]:
            of_kind = [r for r in reps if _is_kind(r, kind)]
            if not of_kind:
                continue
            errors = spread([r.eccentric_s for r in of_kind])
            peaks = spread([r.peak_deg for r in of_kind])
            rows.append(
                (
                    kind,
                    wear.value,
                    str(len(of_kind)),
                    f"{errors.mae:.3f}",
                    f"{errors.bias:+.3f}",
                    f"{errors.p95:.3f}",
                    f"{peaks.mae:.2f}",
                )
            )
    return Table(
        "By kind of repetition",
        "Errors of the eccentric duration (s) and of the peak (degrees), all exercises together.",
        ("kind", "wear", "reps", "MAE s", "bias s", "95 % s", "peak MAE"),
        rows,
    )


def _is_kind(rep: RepError, kind: str) -> bool:
    return not rep.kinds if kind == "plain" else kind in rep.kinds


def _worst(scores: Sequence[ScenarioScore], n: int = 12) -> Table:
    """Return the scenarios to look at first: wrong counts, ghosts, the largest errors."""
    rows: list[tuple[float, tuple[str, ...]]] = []
    for s in scores:
        wrong = sum(abs(off) for off in s.set_off) + s.ghosts
        numbered = zip((abs(r.eccentric_s) for r in s.reps), s.rep_numbers, strict=True)
        largest, at = max(numbered, default=(0.0, -1))
        peak = max((abs(r.peak_deg) for r in s.reps), default=0.0)
        cells = (
            s.exercise,
            s.wear.value,
            str(s.seed),
            s.note,
            str(s.set_off),
            str(s.ghosts),
            f"{largest:.2f} (rep {at})",
            f"{peak:.1f}",
        )
        rows.append((100.0 * wrong + largest, cells))
    rows.sort(key=lambda row: -row[0])
    return Table(
        "Scenarios to look at",
        "The worst first. Repeat one with"
        " `simulate(random_scenario(EXERCISE, WEAR, SEED), seed=SEED)`.",
        ("exercise", "wear", "seed", "who", "sets off", "ghosts", "worst s", "worst deg"),
        [cells for _, cells in rows[:n]],
    )


def _mean(values: Iterable[float]) -> float:
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else float("nan")
