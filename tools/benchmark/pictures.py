"""The scores as pictures: agreement of the eccentric duration, and where the errors lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmark.scenarios import WEARS, ScenarioScore
from benchmark.svg import BLUE, ORANGE, Axis, Chart
from benchmark.targets import ECCENTRIC
from tracker.simulator import WearLevel

_LIMITS_S: Final = {WearLevel.TYPICAL: 0.12, WearLevel.HARD: 0.16}
_MOST_POINTS: Final = 2500  # more cover each other, and make the picture heavy
_NORMAL_95: Final = 1.96
_ERROR_EDGE_S: Final = 0.4
_MARGIN_S: Final = 0.05  # between the limits of agreement and the edge
_MARK_S: Final = 0.2
_ROW_PX: Final = 22
_AROUND_PX: Final = 94
_NAMES_PX: Final = 205
_INK: Final = "#1d2b33"
_COLOURS: Final = {WearLevel.TYPICAL: BLUE, WearLevel.HARD: ORANGE}


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the name of its file and the words beneath it."""

    file_name: str
    title: str
    caption: str
    svg: str


def pictures(scores: Sequence[ScenarioScore]) -> list[Picture]:
    """Return the pictures for which there are scores."""
    plain = [score for score in scores if not score.stress]
    drawn = []
    for wear in WEARS:
        group = [s for s in plain if s.wear == wear and s.exercise in ECCENTRIC]
        pairs = [(r.true_eccentric_s, r.eccentric_s) for s in group for r in s.reps]
        if pairs:
            drawn.append(bland_altman(pairs, wear))
    by_exercise = _by_exercise(plain)
    if by_exercise:
        drawn.append(_errors("error-by-exercise", "exercise", by_exercise))
    by_scenario = _by_scenario(scores)
    if by_scenario:
        drawn.append(_errors("error-by-scenario", "scenario", by_scenario))
    return drawn


def bland_altman(pairs: Sequence[tuple[float, float]], wear: WearLevel) -> Picture:
    """Draw the difference against the mean of found and true.

    Parameters
    ----------
    pairs : sequence of (true duration, found minus true), s
    wear : the wear that is simulated, with its target.

    """
    true_s, error_s = np.array(pairs, dtype=np.float64).T
    bias_s, sd_s = float(error_s.mean()), float(error_s.std())
    low_s, high_s = bias_s - _NORMAL_95 * sd_s, bias_s + _NORMAL_95 * sd_s
    limit_s = _LIMITS_S[wear]
    widest_s = max(_ERROR_EDGE_S, abs(low_s) + _MARGIN_S, abs(high_s) + _MARGIN_S)
    edge_s = _MARK_S * float(np.ceil(widest_s / _MARK_S))
    beyond = int(np.sum(np.abs(error_s) > edge_s))
    title = f"Eccentric duration, found against true: {wear.value} wear"
    caption = (
        f"{len(pairs)} repetitions of the two eccentric exercises: mean difference"
        f" {bias_s:+.3f} s, 95 % limits of agreement {low_s:+.3f} to {high_s:+.3f} s;"
        f" {beyond} lie further than {edge_s:.1f} s off and are drawn at the edge."
        f" Shaded: the target of {limit_s:.2f} s."
    )
    top_s = float(np.ceil(true_s.max() + 0.2))
    chart = Chart(
        title=title,
        description=caption,
        x=Axis(
            label="mean of found and true, s",
            low=0.0,
            high=top_s,
            marks=tuple(np.arange(0.0, top_s + 0.5, 1.0).tolist()),
            digits=0,
        ),
        y=Axis(
            label="found - true, s",
            low=-edge_s,
            high=edge_s,
            marks=tuple((edge_s * np.array([-1.0, -0.5, 0.0, 0.5, 1.0])).tolist()),
        ),
    )
    chart.area((0.0, -limit_s), (top_s, limit_s))
    step = -(-len(pairs) // _MOST_POINTS)
    means_s = true_s + 0.5 * error_s
    places = zip(means_s[::step].tolist(), error_s[::step].tolist(), strict=True)
    chart.points(list(places), _COLOURS[wear])
    chart.across(bias_s, "", _INK)
    chart.across(high_s, f"mean + 1.96 SD: {high_s:+.2f} s", _INK, dashed=True)
    chart.across(low_s, f"mean - 1.96 SD: {low_s:+.2f} s", _INK, dashed=True)
    return Picture(f"bland-altman-{wear.value}.svg", title, caption, chart.svg())


def _by_exercise(scores: Sequence[ScenarioScore]) -> dict[tuple[str, WearLevel], list[float]]:
    errors: dict[tuple[str, WearLevel], list[float]] = {}
    for exercise in dict.fromkeys(score.exercise for score in scores):
        for wear in WEARS:
            group = [s for s in scores if s.exercise == exercise and s.wear == wear]
            errors[exercise, wear] = [r.eccentric_s for s in group for r in s.reps]
    return {key: some for key, some in errors.items() if some}


def _by_scenario(scores: Sequence[ScenarioScore]) -> dict[tuple[str, WearLevel], list[float]]:
    """Group the eccentric exercises by kind of repetition, then by stress."""
    errors: dict[tuple[str, WearLevel], list[float]] = {}
    core = [score for score in scores if score.exercise in ECCENTRIC]
    for score in core:
        for rep in score.reps if not score.stress else ():
            for kind in sorted(k.value for k in rep.kinds) or ["plain"]:
                errors.setdefault((kind, score.wear), []).append(rep.eccentric_s)
    kinds = sorted(errors, key=lambda key: (key[0] != "plain", key[0], WEARS.index(key[1])))
    stressed = {
        (stress, WearLevel.TYPICAL): [
            r.eccentric_s for s in core if s.stress == stress for r in s.reps
        ]
        for stress in dict.fromkeys(s.stress for s in core if s.stress)
    }
    return {key: errors[key] for key in kinds} | {k: some for k, some in stressed.items() if some}


def _errors(
    stem: str, grouped_by: str, errors: Mapping[tuple[str, WearLevel], Sequence[float]]
) -> Picture:
    """Draw one bar a row: 95 % of the errors thin, half of them thick, the median a tick."""
    title = f"Error of the eccentric duration by {grouped_by}"
    caption = (
        f"Found minus true by {grouped_by}: the dark tick is the median, the thick line holds half"
        " of the errors, the thin one 95 %; what reaches the edge goes on beyond it. Blue typical"
        " wear, orange hard; shaded the targets."
    )
    n = len(errors)
    chart = Chart(
        title=title,
        description=caption,
        x=Axis(
            label="found - true, s",
            low=-_ERROR_EDGE_S,
            high=_ERROR_EDGE_S,
            marks=(-0.4, -0.2, 0.0, 0.2, 0.4),
        ),
        y=Axis(label="", low=0.0, high=float(n), marks=()),
        height=_AROUND_PX + _ROW_PX * n,
        left=_NAMES_PX,
        marks_of_y=False,
    )
    for i, ((name, wear), some) in enumerate(errors.items()):
        y = n - i - 0.5
        p2, p25, p50, p75, p97 = np.percentile(some, [2.5, 25, 50, 75, 97.5]).tolist()
        chart.area((-_LIMITS_S[wear], y - 0.5), (_LIMITS_S[wear], y + 0.5))
        chart.line((p2, y), (p97, y), _COLOURS[wear], width=2.0)
        chart.line((p25, y), (p75, y), _COLOURS[wear], width=8.0)
        chart.line((p50, y - 0.3), (p50, y + 0.3), _INK, width=2.5)
        chart.words(_NAMES_PX - 10, chart.at_y(y) + 4, f"{name}, {wear.value}", anchor="end")
    chart.line((0.0, 0.0), (0.0, float(n)), _INK, width=1.0, dashed=True)
    return Picture(f"{stem}.svg", title, caption, chart.svg())
