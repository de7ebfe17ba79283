"""What the page of the day shows: the plan, the advice and the week, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from analysis import AdviceKind, DayKind
from api.course import Course
from api.course_schemas import CheckInCreate, SelfReportCreate
from api.pages import reasons, words
from api.pages.language import N_, NOTHING, Language
from api.pages.prescription_words import LEGS, band_label
from api.pages.tempo_week import TempoDay, TempoWeek, tempo_week
from api.today import whole_programme
from api.today_schemas import (
    AdvicePublic,
    PlannedExercisePublic,
    PlannedSportPublic,
    TodayPublic,
)

ACTIVITIES: Final = {
    "walk_forward": N_("walk"),
    "jog_forward": N_("jog"),
    "walk_backward": N_("walk backward"),
    "jog_backward": N_("jog backward"),
}
ANSWERS: Final = {
    "seen": N_("Got it"),
    "accepted": N_("Accepted"),
    "declined": N_("Not now"),
}
TIMES: Final = "\N{MULTIPLICATION SIGN}"
LEADS: Final = {
    DayKind.REST: N_("A rest day. It does not count as missed."),
    DayKind.SPORT: N_("A day of your return to sport."),
    DayKind.FINISHED: N_("The programme is complete. Well done."),
}
STOP: Final = AdviceKind.STOP.value
DECISIONS: Final = frozenset({AdviceKind.OFFER.value, AdviceKind.QUESTION.value})
DONE, PART, OPEN = "done", "part", "open"


@dataclass(frozen=True, slots=True)
class Visit:
    """One of the day's sessions: done, begun or to come."""

    number: int
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """An exercise of the day."""

    id: str
    name: str
    dose: str
    done: str
    is_done: bool
    gear: str | None


@dataclass(frozen=True, slots=True)
class AdviceView:
    """One thing the programme says, with its reasons and what can be answered."""

    key: str
    kind: str
    words: str
    reasons: list[str]
    source: str
    question: str | None
    accept: str | None


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """Advice that was answered today, which can be taken back."""

    id: UUID
    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class SportView:
    """The sport session of the day; `page`: where all of it stands, below the patient's pages."""

    words: str
    lines: list[str]
    checklist: list[str]
    is_held_back: bool
    day: str
    page: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """The page of the day."""

    day: str
    kind: str
    place: str | None
    lead: str
    visits: list[Visit]
    exercises: list[ExerciseLine]
    sport: SportView | None
    stops: list[AdviceView]
    decisions: list[AdviceView]
    advice: list[AdviceView]
    answered: list[AnsweredView]
    told: list[tuple[UUID, str]]
    check_ins: list[tuple[UUID, str]]
    rest_days: list[tuple[date, str]]
    streak: str | None
    tempo: TempoWeek | None
    is_open: bool
    on: date


def today_view(
    today: TodayPublic,
    course: Course,
    language: Language,
    *,
    tempo: Sequence[TempoDay] = (),
    told: Sequence[SelfReportCreate] = (),
    check_ins: Sequence[CheckInCreate] = (),
) -> TodayView:
    """Show the plan of the day.

    Parameters
    ----------
    today : TodayPublic
        The plan.
    course : Course
        What it follows from.
    language : Language
        Of the reader.
    tempo : sequence of TempoDay
        Of the last days, for the week's trend.
    told : sequence of SelfReportCreate
        What was done without measuring today.
    check_ins : sequence of CheckInCreate
        What was answered about pain today without training.

    """
    advice = [_advice(one, course, language) for one in today.advice]
    resting = sorted(on for on in course.history.rest_days if on >= today.on)
    return TodayView(
        day=language.day_title(today.on),
        kind=today.kind,
        place=_place(today, language),
        lead=language.say(N_("Do not train now."))
        if any(one.kind == STOP for one in advice)
        else _lead(today, course, language),
        visits=_visits(today, language),
        exercises=[_line(one, course, language) for one in today.exercises],
        sport=None if today.sport is None else _sport(today.sport, language),
        stops=[one for one in advice if one.kind == STOP],
        decisions=[one for one in advice if one.kind in DECISIONS],
        advice=[one for one in advice if one.kind not in {STOP, *DECISIONS}],
        answered=[
            AnsweredView(
                one.id,
                reasons.advice_words(course.programme, one.key, language),
                language.say(ANSWERS[one.answer]),
            )
            for one in today.answered
        ],
        told=[(one.id, told_words(one, language)) for one in told],
        check_ins=[(one.id, check_in_words(one, language)) for one in check_ins],
        rest_days=[(on, language.day_title(on)) for on in resting],
        streak=_streak(today.streak_days, language),
        tempo=tempo_week(tempo, today.on, language),
        is_open=today.kind in {DayKind.TRAINING, DayKind.REST},
        on=today.on,
    )


def told_words(report: SelfReportCreate, language: Language) -> str:
    """Say what was done without measuring: the exercise, sets and repetitions."""
    name = words.exercise_name(report.exercise, language)
    leg = words.side(report.side, language)
    # A bare number of sets would read as part of a name that ends in one: "Mobilising 2, 2".
    count = f"{report.sets} {TIMES} {'' if report.reps is None else report.reps}".rstrip()
    return f"{name}, {count}" + (f", {leg}" if leg else "")


def check_in_words(check_in: CheckInCreate, language: Language) -> str:
    """Say what was answered about pain, and when."""
    parts = [language.time(check_in.at)]
    if check_in.pain is not None:
        parts.append(language.say(N_("pain %(pain)s"), pain=check_in.pain))
    if check_in.soreness is not None:
        parts.append(language.say(N_("muscle soreness %(score)s"), score=check_in.soreness))
    if check_in.took_anti_inflammatory:
        parts.append(language.say(N_("anti-inflammatory")))
    if check_in.took_paracetamol:
        parts.append(language.say(N_("paracetamol")))
    return ", ".join(parts)


def sport_lines(sport: PlannedSportPublic, language: Language) -> list[str]:
    """Return what a sport session holds, one line each."""
    lines = [
        language.say(
            N_("%(activity)s: %(minutes)s min"),
            activity=language.say(ACTIVITIES.get(part.activity, part.activity)),
            minutes=_short(part.duration_s / 60, language),
        )
        for part in sport.parts
    ]
    if sport.courses_m:
        lines.append(series_words(sport, language))
    elif sport.rounds > 1:
        lines.append(language.say(N_("%(n)s rounds"), n=sport.rounds))
    lines += [
        language.say(
            N_("run-up %(up)s m, sprint %(sprint)s m, run-out %(out)s m"),
            up=_short(up, language),
            sprint=_short(sprint, language),
            out=_short(out, language),
        )
        for up, sprint, out in sport.courses_m
    ]
    if sport.speed_percent is not None:
        share = language.percent(sport.speed_percent / 100)
        lines.append(language.say(N_("at %(share)s of your fastest sprint"), share=share))
    if sport.cadence_min_per_min is not None:
        turns = language.number(sport.cadence_min_per_min, 0)
        lines.append(language.say(N_("cadence above %(turns)s a minute"), turns=turns))
    return lines


def series_words(sport: PlannedSportPublic, language: Language) -> str:
    """Say how often the courses of a sprint day are run, and how long the rest is."""
    message = (
        N_("%(n)s times each, walk back; %(rest)s minutes of rest before the next course.")
        if sport.series_by == "course"
        else N_("%(n)s series of all courses, walk back; %(rest)s minutes of rest between them.")
    )
    rest = _short((sport.rest_s or 0.0) / 60, language)
    return language.say(message, n=sport.rounds, rest=rest)


def _place(today: TodayPublic, language: Language) -> str | None:
    if today.day is None or today.week is None:
        return None
    day = (today.day - 1) % 7 + 1
    return language.say(N_("Week %(week)s, day %(day)s"), week=today.week, day=day)


def _lead(today: TodayPublic, course: Course, language: Language) -> str:
    kind = DayKind(today.kind)
    if kind in LEADS:
        return language.say(LEADS[kind])
    if kind is DayKind.TRAINING:
        return _training_lead(today, language)
    message = (
        N_("Your programme starts on %(day)s.")
        if kind is DayKind.NOT_STARTED
        else N_("Rest after the tear. Gentle stretching is harmless. You start on %(day)s.")
    )
    starts_on = whole_programme(course).first_training_on
    return language.say(message, day=language.calendar_day(starts_on))


def _training_lead(today: TodayPublic, language: Language) -> str:
    if not today.sessions_left:
        return language.say(N_("All done for today. See you tomorrow."))
    minutes = NOTHING if today.minutes is None else language.number(today.minutes, 0)
    message = (
        N_("Once more today, about %(minutes)s minutes.")
        if today.sessions_left == 1
        else N_("%(n)s times today, about %(minutes)s minutes each.")
    )
    return language.say(message, n=today.sessions_left, minutes=minutes)


def _visits(today: TodayPublic, language: Language) -> list[Visit]:
    said = {DONE: N_("done"), PART: N_("begun"), OPEN: N_("to do")}
    visits = []
    for number in range(1, today.sessions_due + 1):
        state = DONE if number <= today.sessions_done else OPEN
        if state == OPEN and number == today.sessions_done + 1 and today.sessions_partial:
            state = PART
        visits.append(Visit(number, state, language.say(said[state])))
    return visits


def _line(planned: PlannedExercisePublic, course: Course, language: Language) -> ExerciseLine:
    done = language.say(
        N_("%(done)s of %(due)s sets"),
        done=min(planned.sets_done, planned.sets_due),
        due=planned.sets_due,
    )
    return ExerciseLine(
        id=planned.exercise,
        name=planned.name.nl if language.code == "nl" else planned.name.en,
        dose=dose_words(planned, language),
        done=done,
        is_done=planned.sets_left == 0,
        gear=words.gear(course.gear.get(planned.exercise), language),
    )


def dose_words(planned: PlannedExercisePublic, language: Language) -> str:
    """Say how an exercise is done each time: sets, repetitions, tempo, hold."""
    parts = []
    if planned.eccentric_s is not None:
        seconds = _short(planned.eccentric_s, language)
        parts.append(language.say(N_("slowly in %(seconds)s s"), seconds=seconds))
    if planned.hold_s is not None:
        seconds = _short(planned.hold_s, language)
        parts.append(language.say(N_("hold %(seconds)s s"), seconds=seconds))
    if planned.reps in {None, 1} and parts:  # one hold: "2 x hold 30 s"
        parts[0] = f"{planned.sets} {TIMES} {parts[0]}"
    else:
        parts.insert(0, f"{planned.sets} {TIMES} {planned.reps or 1}")
    if planned.side == "both":
        parts.append(language.say(N_("each leg")))
    ordered = planned.prescription
    if ordered is not None and ordered.leg is not None:
        parts.append(language.say(LEGS[ordered.leg]))
    if ordered is not None and (ordered.band or ordered.is_band_double is not None):
        parts.append(band_label(ordered.band, is_double=ordered.is_band_double, language=language))
    return " · ".join(parts)


def _advice(advice: AdvicePublic, course: Course, language: Language) -> AdviceView:
    accept = None
    offer = advice.offer
    if offer is not None and offer.from_on is not None:
        accept = language.say(
            N_("Yes, rest for %(days)s days from %(day)s"),
            days=offer.days,
            day=language.calendar_day(offer.from_on),
        )
    elif offer is not None:
        accept = language.say(N_("Yes, do that"))
    return AdviceView(
        key=advice.key,
        kind=advice.kind,
        words=reasons.advice_words(course.programme, advice.key, language),
        reasons=[*reasons.reasons(advice, language), *_in_use(advice, course, language)],
        source=reasons.source(advice, language),
        question=advice.question,
        accept=accept,
    )


def _in_use(advice: AdvicePublic, course: Course, language: Language) -> list[str]:
    """Say which band or step an advice is about: a heavier one than this."""
    gear = words.gear(course.gear.get(advice.exercise or ""), language)
    return [] if gear is None else [language.say(N_("you use now: %(gear)s"), gear=gear)]


def _sport(sport: PlannedSportPublic, language: Language) -> SportView:
    is_dutch = language.code == "nl"
    return SportView(
        words=sport.text.nl if is_dutch else sport.text.en,
        lines=sport_lines(sport, language),
        checklist=[line.nl if is_dutch else line.en for line in sport.checklist],
        is_held_back=sport.is_held_back,
        day=sport.day,
        page=f"/sport/{sport.sport}/{sport.day}",
    )


def _streak(n_days: int, language: Language) -> str | None:
    if n_days < 2:  # noqa: PLR2004 (one day is no row)
        return None
    return language.say(N_("%(n)s days trained in a row. Rest days keep it."), n=n_days)


def _short(value: float, language: Language) -> str:
    return language.number(value, 0 if float(value).is_integer() else 1)
