"""What the page of a session shows: numbers written, codes in words, charts drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Final
from uuid import UUID

from analysis import Exercise
from api.pages import charts, words
from api.pages.charts import Chart, Sign
from api.pages.figures import Figure, pain_figures, totals
from api.pages.language import N_, NOTHING, Language
from api.pages.lists import exercises
from api.schemas import Pain, RepBody, SessionPublic, SetBody, SetSummary
from api.set_targets import exercise_of

# A knee angle from one sensor on the shank assumes a thigh that lies still. On people it does
# not quite: 5 degrees lying face down, 10 degrees seated (docs/reference/measures.md).
KNEE_U_DEG: Final = {"ecc_prone_helper": 5.0, "ecc_seated_solo": 10.0, "conc_seated": 10.0}
SHOWN_PAUSE_S: Final = 0.05  # less than this is written as 0.0 s


@dataclass(frozen=True, slots=True)
class RepView:
    """A line of the table of repetitions."""

    number: int
    eccentric: str
    pause: str
    peak: str
    hold: str
    verdict: str
    sign: str
    flags: list[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the set card: its kind, the name of that, and the words."""

    kind: str
    label: str | None
    words: str


@dataclass(frozen=True, slots=True)
class SetView:
    """The card of a set."""

    number: int
    exercise: str
    details: list[str]
    figures: list[Figure]
    more: list[Figure]
    sentences: list[Sentence]
    dots: Chart | None
    legend: list[Sign]
    trace: Chart | None
    trace_url: str
    tempo: str | None
    has_target: bool
    reps: list[RepView]
    has_pauses: bool
    has_holds: bool
    own_count: int | None
    correction_url: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """The page of a session."""

    title: str
    moment: str
    iso: str
    figures: list[Figure]
    origin: list[Figure]
    sets: list[SetView]
    notes: str | None


def session_view(
    session: SessionPublic, language: Language, corrections: Mapping[int, int] | None = None
) -> SessionView:
    """Show a session in full; `corrections` are the patient's own counts by number of the set."""
    numbered = list(enumerate(session.exercise_sets, 1))
    summaries = [set_summary(number, one) for number, one in numbered]
    figures = totals(summaries, language) if len(summaries) > 1 else []
    figures += pain_and_soreness(session, language)
    return SessionView(
        title=exercises(summaries, language),
        moment=f"{language.day(session.started_at)}, {language.time(session.started_at)}",
        iso=session.started_at.isoformat(),
        figures=figures,
        origin=where_from(session, language),
        sets=[
            _set_view(session.id, number, one, language, (corrections or {}).get(number))
            for number, one in numbered
        ],
        notes=session.notes,
    )


def pain_and_soreness(session: SessionPublic, language: Language) -> list[Figure]:
    """Show what the patient answered about pain and soreness."""
    pain = session.pain or Pain()
    figures = pain_figures(pain.before, pain.worst, language)
    if session.soreness is not None:
        scale = language.say(N_("from 0 to 10"))
        soreness = language.say(N_("Muscle soreness"))
        figures.append(Figure(soreness, str(session.soreness), note=scale))
    return figures


def _set_view(
    session_id: UUID, number: int, one: SetBody, language: Language, own_count: int | None
) -> SetView:
    exercise = exercise_of(one)
    dots = charts.dots_chart(one.reps, exercise, language)
    holds = [rep.hold_scored_s for rep in one.reps if rep.hold_scored_s is not None]
    details = (words.side(one.side, language), words.gear(one.band, language))
    return SetView(
        number=number,
        exercise=words.exercise_name(one.exercise, language),
        details=[detail for detail in details if detail],
        figures=_figures(one, exercise, language),
        more=_more(one, language),
        sentences=[
            Sentence(
                feedback.kind or "plain",
                words.feedback_label(feedback, language),
                words.sentence(feedback, language),
            )
            for feedback in one.feedback
        ],
        dots=dots,
        legend=charts.legend(one.reps, exercise, language) if dots else [],
        trace=charts.trace_chart(one, one.trace, exercise, language) if one.trace else None,
        trace_url=f"/api/v1/sessions/{session_id}/sets/{number}/trace",
        tempo=_tempo(exercise, language),
        has_target=exercise is not None and exercise.peak_deg is not None,
        reps=[_rep_view(n, rep, exercise, language) for n, rep in enumerate(one.reps, 1)],
        has_pauses=any((rep.pause_s or 0) >= SHOWN_PAUSE_S for rep in one.reps),
        has_holds=bool(holds) and exercise is not None and exercise.hold_s is not None,
        own_count=own_count,
        correction_url=f"/sessions/{session_id}/sets/{number}/correction",
    )


def _figures(one: SetBody, exercise: Exercise | None, language: Language) -> list[Figure]:
    """Show the numbers of a set that come first."""
    quality = one.quality
    done = len(one.reps) if quality.reps is None else quality.reps
    reps = language.parts(done, quality.reps_prescribed)
    figures = [Figure(language.say(N_("Repetitions")), *reps)]
    if quality.in_tempo is not None:
        in_tempo = language.parts(quality.in_tempo, done)
        note = _tempo(exercise, language)
        figures.append(Figure(language.say(N_("In tempo")), *in_tempo, note))
    if quality.dose_s is not None:
        dose = language.parts(quality.dose_s, quality.dose_prescribed_s, decimals=1, unit="s")
        note = language.say(N_("measured movement"))
        figures.append(Figure(language.say(N_("Eccentric time")), *dose, note))
    peak = _mean_peak(one)
    if peak is not None:
        half_width = _peak_u(one)
        rest = "" if half_width is None else f"± {language.degrees(half_width)}"
        label = words.peak_label(exercise, language)
        figures.append(Figure(label, language.degrees(peak), rest, _aim(exercise, language)))
    return figures


def _more(one: SetBody, language: Language) -> list[Figure]:
    """Show the numbers a clinician looks for second."""
    quality = one.quality
    change_s, sparc = quality.eccentric_drift_s, quality.sparc_mean
    sign = "+" if change_s is not None and change_s > 0 else ""
    listed = [
        (N_("Mean return"), language.seconds(quality.eccentric_mean_s), None),
        (N_("Spread (SD)"), language.seconds(quality.eccentric_sd_s), None),
        (
            N_("Change over the set"),
            NOTHING if change_s is None else sign + language.seconds(change_s),
            N_("first to last repetition"),
        ),
        (
            N_("Smoothness (SPARC)"),
            NOTHING if sparc is None else language.number(sparc),
            N_("nearer to 0 is smoother"),
        ),
        (N_("Signal received"), language.percent(quality.coverage), None),
        (
            N_("Start position"),
            language.percent(quality.calibration_quality),
            N_("how still it was"),
        ),
    ]
    return [
        Figure(language.say(label), value, note=note and language.say(note))
        for label, value, note in listed
        if value != NOTHING
    ]


def _rep_view(number: int, rep: RepBody, exercise: Exercise | None, language: Language) -> RepView:
    kind = charts.verdict(rep, exercise)
    return RepView(
        number=number,
        eccentric=language.seconds(rep.eccentric_s),
        pause=language.seconds(rep.pause_s),
        peak=language.degrees(rep.peak_deg),
        hold=language.seconds(rep.hold_scored_s),
        verdict="" if kind == charts.UNTIMED else language.say(charts.VERDICTS[kind]),
        sign=kind,
        flags=[words.flag(code, language) for code in rep.flags if code != kind],
    )


def where_from(session: SessionPublic, language: Language) -> list[Figure]:
    """Show where the numbers come from."""
    sensor, recording = session.sensor, session.recording
    named, size = NOTHING, NOTHING
    if sensor:
        named = " · ".join(part for part in (sensor.name, sensor.family, sensor.address) if part)
    if recording:
        size = f"{language.number(recording.size_bytes / 1e6, 2)} MB"
    return [
        Figure(language.say(N_("Sensor")), named),
        Figure(language.say(N_("Engine")), session.engine),
        Figure(language.say(N_("Exercise catalogue")), session.catalogue or NOTHING),
        Figure(language.say(N_("Received")), language.moment(session.received_at)),
        Figure(language.say(N_("Recording")), size),
    ]


def _mean_peak(one: SetBody) -> float | None:
    if one.quality.peak_mean_deg is not None:
        return one.quality.peak_mean_deg
    peaks = [rep.peak_deg for rep in one.reps if rep.peak_deg is not None]
    return fmean(peaks) if peaks else None


def _peak_u(one: SetBody) -> float | None:
    """Return what a mean peak is uncertain by.

    What the body adds (the thigh moves, the strap sits differently) is the same in every
    repetition of a set, so a mean is no surer than one repetition.
    """
    measured = [rep.peak_deg_u for rep in one.reps if rep.peak_deg_u is not None]
    from_signal = sqrt(fmean(u * u for u in measured)) if measured else None
    from_body = KNEE_U_DEG.get(one.exercise)
    return max((u for u in (from_signal, from_body) if u is not None), default=None)


def _aim(exercise: Exercise | None, language: Language) -> str | None:
    if exercise is None or exercise.peak_deg is None:
        return None
    peak = language.degrees(exercise.peak_deg)
    if exercise.peak_kind == "limit":
        return language.say(N_("no more than %(peak)s"), peak=peak)
    return language.say(N_("aim: about %(peak)s"), peak=peak)


def _tempo(exercise: Exercise | None, language: Language) -> str | None:
    if exercise is None or exercise.eccentric_s is None:
        return None
    low, high = (language.number(limit) for limit in exercise.in_tempo_s)
    return language.say(N_("%(low)s to %(high)s s"), low=low, high=high)


def set_summary(number: int, one: SetBody) -> SetSummary:
    """Return one line on a set of a session; sets count from 1."""
    quality = one.quality
    return SetSummary(
        number=number,
        exercise=one.exercise,
        side=one.side,
        reps=len(one.reps) if quality.reps is None else quality.reps,
        reps_prescribed=quality.reps_prescribed,
        in_tempo=quality.in_tempo,
        eccentric_mean_s=quality.eccentric_mean_s,
        dose_s=quality.dose_s,
        dose_prescribed_s=quality.dose_prescribed_s,
    )
