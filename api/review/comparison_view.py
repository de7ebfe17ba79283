"""What the page of two sessions side by side shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.pages import words
from api.pages.charts import Chart
from api.pages.language import MINUS, N_, NOTHING, Language
from api.review.comparison import Comparison, Estimate, compare, counted
from api.review.drawing import overlay_chart
from api.review.overlay import AlignedRep, align_reps
from api.review.schemas import MarkPublic
from api.review.signal import Badge, badge_of
from api.review.view import left_out_of
from api.schemas import RepBody, SessionPublic, SetBody
from api.set_targets import exercise_of

NAMES: Final[Mapping[str, str]] = {
    "reps": N_("Repetitions"),
    "in_tempo_percent": N_("In tempo"),
    "dose_s": N_("Eccentric time"),
    "eccentric_s": N_("Mean return"),
    "concentric_s": N_("Mean way out"),
    "hold_scored_s": N_("Mean hold"),
    "peak_deg": N_("Mean peak"),
    "rom_deg": N_("Range, mean"),
    "sparc": N_("Smoothness (SPARC)"),
}
VERDICTS: Final[Mapping[str, str]] = {
    "more": N_("more"),
    "less": N_("less"),
    "too_close": N_("too close to call"),
    "unknown": N_("cannot be compared"),
}
Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of the table of differences."""

    name: str
    first: str
    second: str
    difference: str
    verdict: str
    sign: str


@dataclass(frozen=True, slots=True)
class ComparedExercise:
    """One exercise of one leg that both sessions hold."""

    number: int
    exercise: str
    side: str | None
    overlay: Chart | None
    lines: list[ComparedLine]
    first_badges: list[Badge]
    second_badges: list[Badge]


@dataclass(frozen=True, slots=True)
class Marked:
    """A session and the marks on its repetitions."""

    session: SessionPublic
    marks: Sequence[MarkPublic]

    def by_exercise(self) -> dict[Key, list[tuple[int, SetBody]]]:
        """Return its sets with their numbers, by exercise and leg."""
        found: dict[Key, list[tuple[int, SetBody]]] = defaultdict(list)
        for number, one in enumerate(self.session.exercise_sets, 1):
            found[one.exercise, one.side].append((number, one))
        return found


def compare_sessions(first: Marked, second: Marked, language: Language) -> list[ComparedExercise]:
    """Compare what two sessions have in common, exercise by exercise and leg by leg."""
    earlier, later = first.by_exercise(), second.by_exercise()
    shared = [key for key in earlier if key in later]
    compared = []
    for number, (exercise_id, side) in enumerate(shared, 1):
        key = exercise_id, side
        before, now = (exercise_of(sets[key][-1][1]) for sets in (earlier, later))
        a, b = _Pooled.of(first, earlier[key]), _Pooled.of(second, later[key])
        overlay = overlay_chart([a.aligned, b.aligned], [a.bodies, b.bodies], now, language)
        compared.append(
            ComparedExercise(
                number=number,
                exercise=words.exercise_name(exercise_id, language),
                side=words.side(side, language),
                overlay=overlay if a.aligned and b.aligned else None,
                lines=[_line(one, language) for one in compare(a.counted, b.counted, before, now)],
                first_badges=[badge_of(one, language) for _, one in earlier[key]],
                second_badges=[badge_of(one, language) for _, one in later[key]],
            )
        )
    return compared


@dataclass(frozen=True, slots=True)
class _Pooled:
    """The repetitions of all sets of one exercise, numbered through."""

    bodies: list[RepBody]
    counted: list[RepBody]
    aligned: list[AlignedRep]

    @classmethod
    def of(cls, marked: Marked, sets: Sequence[tuple[int, SetBody]]) -> "_Pooled":
        pooled = cls([], [], [])
        for number, one in sets:
            left_out = left_out_of(marked.marks, number)
            n_before = len(pooled.bodies)
            pooled.bodies.extend(one.reps)
            pooled.counted.extend(counted(one.reps, left_out))
            if one.trace is not None:
                pooled.aligned.extend(
                    AlignedRep(n_before + rep.number, rep.points, rep.is_left_out)
                    for rep in align_reps(one, one.trace, left_out)
                )
        return pooled


def _line(one: Comparison, language: Language) -> ComparedLine:
    return ComparedLine(
        name=language.say(NAMES[one.name]),
        first=_estimate(one.name, one.first, language),
        second=_estimate(one.name, one.second, language),
        difference=NOTHING if one.difference is None else _difference(one, language),
        verdict=language.say(VERDICTS[one.verdict]),
        sign=one.verdict,
    )


def _difference(one: Comparison, language: Language) -> str:
    value = one.difference or 0.0
    sign = "+" if value > 0 else ""
    written = f"{sign}{_number(one.name, value, language)}"
    if not one.u:
        return _with_unit(one.name, written)
    return _with_unit(one.name, f"{written} ± {_number(one.name, one.u, language)}")


def _estimate(name: str, one: Estimate | None, language: Language) -> str:
    if one is None:
        return NOTHING
    written = _number(name, one.value, language)
    if one.u:
        written += f" ± {_number(name, one.u, language)}"
    return _with_unit(name, written)


def _number(name: str, value: float, language: Language) -> str:
    decimals = 1 if name.endswith("_s") or name == "sparc" else 0
    written = language.number(value, decimals)
    return written.removeprefix(MINUS) if not round(value, decimals) else written


def _with_unit(name: str, written: str) -> str:
    units = {"_s": " s", "_deg": "°", "_percent": " %"}
    return written + next((unit for ending, unit in units.items() if name.endswith(ending)), "")
