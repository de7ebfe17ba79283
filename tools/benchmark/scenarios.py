"""One random scenario through the engine, compared with its truth."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from analysis import Flag, ImuSamples, Rep, RepFinished, SetAnalyzer, load_catalogue
from benchmark.baselines import Array
from benchmark.matching import agrees, matched
from benchmark.rivals import (
    ACCELEROMETER,
    COMPLEMENTARY,
    RivalScore,
    by_ten_to_ninety_s,
    naive_instants_s,
    rival_angles_deg,
    score_rival,
)
from benchmark.set_counts import count_in_sets
from tracker.simulator import (
    STRESSES,
    RepKind,
    RepTruth,
    Scenario,
    SimulatedRecording,
    WearLevel,
    random_scenario,
    simulate,
    simulated_exercises,
)


def measurable(*movements: str) -> tuple[str, ...]:
    """Return the exercises of some kinds of movement that the engine measures by now."""
    catalogue = load_catalogue()
    return tuple(
        one
        for one in simulated_exercises()
        if catalogue[one].is_measurable and catalogue[one].movement in movements
    )


EXERCISES: Final = measurable("reps", "steps")
WEARS: Final = tuple(WearLevel)
_PIECE: Final = 50  # samples fed at a time; the moment of an event does not depend on it
_TARGET_DEG: Final = 90.0
_SHALLOW_SHARE: Final = 0.78
_SHALLOW_DOUBT_DEG: Final = 3.0
_INCOMPLETE_DEG: Final = 15.0
_INCOMPLETE_DOUBT_DEG: Final = 2.0


@dataclass(frozen=True, slots=True)
class RepError:
    """A repetition found, against the true one."""

    kinds: frozenset[RepKind]
    true_eccentric_s: float
    eccentric_s: float  # found - true, as all below
    peak_deg: float
    start_s: float
    end_s: float
    concentric_s: float | None  # None where either has none
    hold_scored_s: float | None
    late_s: float | None  # reported so long after its true end
    ten_to_ninety_s: float
    shallow_right: bool | None
    incomplete_right: bool | None


@dataclass(slots=True)
class ScenarioScore:
    """Everything about one recording that the tables need."""

    exercise: str
    wear: WearLevel
    seed: int
    set_off: list[int] = field(default_factory=list)  # found - true, one a set
    naive_off: list[int] = field(default_factory=list)
    ghosts: int = 0
    naive_ghosts: int = 0
    idle_s: float = 0.0
    reps: list[RepError] = field(default_factory=list)
    rep_numbers: list[int] = field(default_factory=list)  # of the reps, in the whole recording
    no_eccentric: int = 0
    angle_rmse_deg: float = float("nan")
    acc_rmse_deg: float = float("nan")
    complementary_rmse_deg: float = float("nan")
    rivals: list[RivalScore] = field(default_factory=list)
    note: str = ""
    start: str = ""
    stress: str = ""


def score_scenario(exercise: str, wear: WearLevel, seed: int, stress: str = "") -> ScenarioScore:
    """Simulate a random scenario, under one of `STRESSES` if asked; analyse it live; compare."""
    scenario = random_scenario(exercise, wear, seed)
    if stress:
        scenario = STRESSES[stress](scenario)
    score = ScenarioScore(exercise=exercise, wear=wear, seed=seed, stress=stress)
    score.start = scenario.start
    score.note = f"{scenario.profile}, {scenario.start}, {scenario.rate_hz:.0f} Hz"
    _score(score, scenario)
    return score


def _score(score: ScenarioScore, scenario: Scenario) -> None:
    recording = simulate(scenario, seed=score.seed)
    found, at_s, angle_deg = _analyse(recording)
    _count(score, recording, [rep.peak_s for rep in found], angle_deg)
    in_sets = _in_sets(recording)
    score.angle_rmse_deg = _rmse(angle_deg, recording.true_angle_deg, in_sets)
    if not score.stress:
        _compare_rivals(score, recording, in_sets)
    has_target = load_catalogue()[score.exercise].has_peak_target
    spans = [(rep.start_s, rep.end_s) for rep in found]
    matches = matched([rep.eccentric for rep in recording.truth.reps], spans)
    for n, (true, match) in enumerate(zip(recording.truth.reps, matches, strict=True)):
        if RepKind.CUT_BY_START in true.kinds or match is None:
            continue
        if found[match].eccentric_s is None:
            score.no_eccentric += 1
            continue
        other_rule_s = by_ten_to_ninety_s(recording.time_s, recording.true_angle_deg, true)
        error = _error(true, found[match], at_s[match], other_rule_s)
        if not has_target:
            error = replace(error, shallow_right=None, incomplete_right=None)
        score.reps.append(error)
        score.rep_numbers.append(n)


def _compare_rivals(score: ScenarioScore, recording: SimulatedRecording, in_sets: Array) -> None:
    angles_deg = rival_angles_deg(recording)
    true_deg = recording.true_angle_deg
    score.acc_rmse_deg = _rmse(angles_deg[ACCELEROMETER], true_deg, in_sets)
    score.complementary_rmse_deg = _rmse(angles_deg[COMPLEMENTARY], true_deg, in_sets)
    score.rivals = [score_rival(name, recording, angle) for name, angle in angles_deg.items()]


def _analyse(recording: SimulatedRecording) -> tuple[list[Rep], list[float], Array]:
    """Feed it piece by piece, as it would come in."""
    analyzer = SetAnalyzer(recording.scenario.exercise_id)
    samples = ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)
    events = []
    for i in range(0, len(samples), _PIECE):
        events += analyzer.update(samples[i : i + _PIECE])
    result = analyzer.finish()
    told_at_s = {e.rep.end_s: e.at_s for e in events if isinstance(e, RepFinished)}
    found = [rep for one_set in result.sets for rep in one_set.reps]
    at_s = [told_at_s.get(rep.end_s, float("nan")) for rep in found]
    angle_deg = result.angle_deg
    if angle_deg is None:
        angle_deg = np.full(len(samples), np.nan)
    return found, at_s, angle_deg


def _count(
    score: ScenarioScore, recording: SimulatedRecording, peaks_s: list[float], angle_deg: Array
) -> None:
    """Count per set and outside all sets, for the engine and for the naive counter."""
    found = count_in_sets(recording, peaks_s)
    naive = count_in_sets(recording, naive_instants_s(recording, angle_deg))
    score.set_off, score.naive_off = found.off, naive.off
    score.ghosts, score.naive_ghosts = found.ghosts, naive.ghosts
    score.idle_s = found.idle_s


def _in_sets(recording: SimulatedRecording) -> Array:
    time_s = recording.time_s
    inside = np.zeros(len(time_s), dtype=np.bool_)
    for of_set in recording.truth.sets:
        inside |= (time_s >= of_set[0].start_s) & (time_s <= of_set[-1].end_s)
    return inside


def _rmse(angle_deg: Array, true_deg: Array, where: Array) -> float:
    errors = (angle_deg - true_deg)[where]
    errors = errors[np.isfinite(errors)]
    return float(np.sqrt(np.mean(errors**2))) if len(errors) else float("nan")


def _error(true: RepTruth, rep: Rep, at_s: float, other_rule_s: float) -> RepError:
    return RepError(
        kinds=true.kinds,
        true_eccentric_s=true.eccentric_s,
        eccentric_s=(rep.eccentric_s or 0.0) - true.eccentric_s,
        peak_deg=rep.peak_deg - true.peak_deg,
        start_s=_phase_start_s(rep) - true.eccentric[0],
        end_s=rep.end_s - true.end_s,
        concentric_s=_difference(rep.concentric_s, true.concentric_s),
        hold_scored_s=_difference(rep.hold_scored_s, true.hold_scored_s),
        late_s=at_s - true.end_s if np.isfinite(at_s) else None,
        ten_to_ninety_s=other_rule_s - true.eccentric_s,
        shallow_right=agrees(
            Flag.SHALLOW in rep.flags,
            _SHALLOW_SHARE * _TARGET_DEG - true.peak_deg,
            _SHALLOW_DOUBT_DEG,
        ),
        incomplete_right=agrees(
            Flag.INCOMPLETE_RETURN in rep.flags,
            true.end_deg - _INCOMPLETE_DEG,
            _INCOMPLETE_DOUBT_DEG,
        ),
    )


def _phase_start_s(rep: Rep) -> float:
    return next((p.start_s for p in rep.phases if p.kind == "eccentric"), float("nan"))


def _difference(found: float | None, true: float | None) -> float | None:
    return None if found is None or true is None else found - true
