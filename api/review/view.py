"""What the page of a review shows: every set down to its curve, counted twice where it must."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from analysis import Exercise
from api.pages import words
from api.pages.charts import VERDICTS, Chart, trace_chart, verdict
from api.pages.figures import Figure
from api.pages.language import N_, NOTHING, Language
from api.review.counts import Count, count_reps
from api.review.drawing import overlay_chart
from api.review.mark_words import MarkView, mark_view
from api.review.overlay import align_reps
from api.review.schemas import MarkPublic
from api.review.signal import Badge, badge_of
from api.schemas import RepBody, SessionPublic, SetBody
from api.set_targets import exercise_of

LARGEST: Final = 1e6  # of a time in s, or a cadence: beyond it nothing was measured
PHASES: Final[Mapping[str, str]] = {
    "eccentric": "lowering",
    "lift": "lifting",
    "concentric": "lifting",
    "hold": "holding",
}
PHASE_NAMES: Final = (
    ("lifting", N_("way out")),
    ("holding", N_("hold")),
    ("lowering", N_("slow return")),
)


@dataclass(frozen=True, slots=True)
class ReviewRep:
    """A line of the table of repetitions."""

    number: int
    eccentric: str
    concentric: str
    hold: str
    pause: str
    peak: str
    rom: str
    smoothness: str
    verdict: str
    sign: str
    flags: list[str]
    mark: MarkView | None

    @property
    def is_left_out(self) -> bool:
        """Whether it does not count."""
        return self.mark is not None and self.mark.is_left_out


@dataclass(frozen=True, slots=True)
class ReviewSpan:
    """A line of the table of holds or bouts."""

    start: str
    length: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReviewSet:
    """One set in depth."""

    number: int
    exercise: str
    details: list[str]
    badge: Badge
    figures: list[Figure]
    more: list[Figure]
    overlay: Chart | None
    trace: Chart | None
    trace_url: str
    phases: list[tuple[str, str]]
    signs: list[tuple[str, str]]
    reps: list[ReviewRep]
    spans: list[ReviewSpan]
    columns: frozenset[str]
    mark_url: str


def review_sets(
    session: SessionPublic,
    marks: Sequence[MarkPublic],
    corrections: Mapping[int, int],
    language: Language,
) -> list[ReviewSet]:
    """Show every set of a session; marks and the patient's own counts by number of the set."""
    return [
        _set(session, number, one, language, marks=marks, own_count=corrections.get(number))
        for number, one in enumerate(session.exercise_sets, 1)
    ]


def left_out_of(marks: Sequence[MarkPublic], set_number: int) -> frozenset[int]:
    """Return the numbers of the repetitions of a set that do not count."""
    return frozenset(
        mark.rep_number
        for mark in marks
        if mark.set_number == set_number and mark.kind == "discarded"
    )


def _set(
    session: SessionPublic,
    number: int,
    one: SetBody,
    language: Language,
    *,
    marks: Sequence[MarkPublic],
    own_count: int | None,
) -> ReviewSet:
    exercise = exercise_of(one)
    left_out = left_out_of(marks, number)
    page = f"/sessions/{session.id}"
    marked = {
        mark.rep_number: mark_view(mark, page, language)
        for mark in marks
        if mark.set_number == number
    }
    aligned = [] if one.trace is None else align_reps(one, one.trace, left_out)
    reps = [_rep(n, rep, exercise, marked.get(n), language) for n, rep in enumerate(one.reps, 1)]
    kinds = {phase.kind for rep in one.reps for phase in rep.phases}
    shades = {PHASES[kind] for kind in kinds if kind in PHASES}
    is_moving = one.trace is not None
    return ReviewSet(
        number=number,
        exercise=words.exercise_name(one.exercise, language),
        details=[
            said
            for said in (words.side(one.side, language), words.gear(one.band, language))
            if said
        ],
        badge=badge_of(one, language),
        figures=_counts(one, exercise, left_out, own_count, language),
        more=_more(one, exercise, language),
        overlay=overlay_chart([aligned], [one.reps], exercise, language) if aligned else None,
        trace=trace_chart(one, one.trace, exercise, language, shaded=PHASES)
        if is_moving and one.trace is not None
        else None,
        trace_url=f"/api/v1{page}/sets/{number}/trace",
        phases=[(shade, language.say(name)) for shade, name in PHASE_NAMES if shade in shades],
        signs=[
            (sign, language.say(said))
            for sign, said in VERDICTS.items()
            if any(rep.sign == sign for rep in reps)
        ],
        reps=reps,
        spans=_spans(one, language),
        columns=frozenset(
            name
            for name in ("concentric", "hold", "pause", "smoothness")
            if any(getattr(rep, name) != NOTHING for rep in reps)
        ),
        mark_url=f"{page}/sets/{number}/marks",
    )


def _counts(
    one: SetBody,
    exercise: Exercise | None,
    left_out: frozenset[int],
    own_count: int | None,
    language: Language,
) -> list[Figure]:
    """Show what was measured; where repetitions are left out, what counts comes first."""
    measured, counted = count_reps(one, exercise), count_reps(one, exercise, left_out)
    due = one.quality.reps_prescribed
    said = _beside(left_out, language)
    figures = [
        Figure(
            language.say(N_("Repetitions")),
            *language.parts(counted.reps, due),
            said(str(measured.reps)),
        )
    ]
    if own_count is not None:
        figures.append(Figure(language.say(N_("By the patient's count")), str(own_count)))
    if exercise is not None and exercise.eccentric_s is not None:
        figures.append(
            Figure(
                language.say(N_("In tempo")),
                *language.parts(counted.in_tempo, counted.reps),
                said(str(measured.in_tempo)),
            )
        )
    figures += _times(one, measured, counted, said, language)
    if one.quality.peak_mean_deg is not None:
        spread = one.quality.peak_sd_deg
        rest = "" if spread is None else f"SD {language.degrees(spread)}"
        label = words.peak_label(exercise, language)
        figures.append(Figure(label, language.degrees(one.quality.peak_mean_deg), rest))
    return figures


def _times(
    one: SetBody, measured: Count, counted: Count, said: Any, language: Language
) -> list[Figure]:
    figures = []
    if counted.dose_s is not None or measured.dose_s is not None:
        dose = language.parts(
            counted.dose_s or 0.0, one.quality.dose_prescribed_s, decimals=1, unit="s"
        )
        label = language.say(N_("Eccentric time"))
        figures.append(Figure(label, *dose, said(language.seconds(measured.dose_s))))
    if measured.eccentric_mean_s is not None:
        spread = one.quality.eccentric_sd_s
        rest = "" if spread is None else f"SD {language.seconds(spread)}"
        figures.append(
            Figure(
                language.say(N_("Mean return")),
                language.seconds(counted.eccentric_mean_s),
                rest,
                said(language.seconds(measured.eccentric_mean_s)),
            )
        )
    return figures


def _beside(left_out: frozenset[int], language: Language) -> Any:
    """Return what says a measured value where it differs from what counts."""
    if not left_out:
        return lambda _: None
    return lambda value: language.say(N_("%(value)s measured"), value=value)


def _more(one: SetBody, exercise: Exercise | None, language: Language) -> list[Figure]:
    quality = one.quality
    drift_s, sparc = quality.eccentric_drift_s, quality.sparc_mean
    sign = "+" if drift_s is not None and drift_s > 0 else ""
    tempo = None
    if exercise is not None and exercise.eccentric_s is not None:
        tempo = f" {NOTHING} ".join(map(language.number, exercise.in_tempo_s)) + " s"
    listed = [
        (N_("Tempo asked for"), tempo or NOTHING),
        (
            N_("Change over the set"),
            NOTHING if drift_s is None else sign + language.seconds(drift_s),
        ),
        (N_("Smoothness (SPARC)"), NOTHING if sparc is None else language.number(sparc)),
        (N_("Range, mean"), language.degrees(quality.rom_mean_deg)),
    ]
    return [Figure(language.say(label), value) for label, value in listed if value != NOTHING]


def _rep(
    number: int, rep: RepBody, exercise: Exercise | None, mark: MarkView | None, language: Language
) -> ReviewRep:
    kind = verdict(rep, exercise)
    extra = rep.__pydantic_extra__ or {}
    return ReviewRep(
        number=number,
        eccentric=_with_u(rep.eccentric_s, rep.eccentric_s_u, language),
        concentric=language.seconds(rep.concentric_s),
        hold=language.seconds(rep.hold_s if rep.hold_scored_s is None else rep.hold_scored_s),
        pause=language.seconds(rep.pause_s),
        peak=_degrees_with_u(rep.peak_deg, rep.peak_deg_u, language),
        rom=language.degrees(rep.rom_deg),
        smoothness=NOTHING if rep.sparc is None else language.number(rep.sparc),
        verdict=str(extra.get("eccentric_s_absent") or "")
        if rep.eccentric_s is None
        else language.say(VERDICTS[kind]),
        sign=kind,
        flags=[words.flag(code, language) for code in rep.flags if code != kind],
        mark=mark,
    )


def _with_u(value_s: float | None, half_width_s: float | None, language: Language) -> str:
    if value_s is None or half_width_s is None:
        return language.seconds(value_s)
    return f"{language.number(value_s)} ± {language.seconds(half_width_s)}"


def _degrees_with_u(value: float | None, half_width: float | None, language: Language) -> str:
    if value is None or half_width is None:
        return language.degrees(value)
    return f"{language.number(value, 0)} ± {language.degrees(half_width)}"


def _spans(one: SetBody, language: Language) -> list[ReviewSpan]:
    """Show what is not counted in repetitions: holds, and bouts of sport."""
    extra = one.__pydantic_extra__ or {}
    listed: list[Any] = [*_list(extra.get("holds")), *_list(extra.get("bouts"))]
    return [
        ReviewSpan(
            start=language.seconds(span["start_s"] - one.start_s),
            length=language.seconds(span["end_s"] - span["start_s"]),
            detail=_detail(span, language),
        )
        for span in listed
        if isinstance(span, dict)
        and all(_is_plain(span.get(name)) for name in ("start_s", "end_s"))
    ]


def _is_plain(value: Any) -> TypeGuard[float]:
    """Whether what another program sent is a number that can be written down."""
    return isinstance(value, int | float) and abs(value) <= LARGEST


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _detail(span: Mapping[str, Any], language: Language) -> str:
    if _is_plain(cadence := span.get("cadence_per_min")):
        return language.say(N_("%(n)s a minute"), n=language.number(cadence, 0))
    if isinstance(n_breaks := span.get("interruptions"), int) and n_breaks:
        return language.say(N_("interruptions: %(n)s"), n=n_breaks)
    return ""
