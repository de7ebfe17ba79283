"""What the clinician's page of a patient shows: trends, both legs, counters, questionnaires."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from analysis import Exercise, SetQuality, compare_legs, local_date
from api.care.questionnaires import QuestionnaireTotalPublic, load_questionnaires
from api.care.trends import SessionTrend
from api.course import Course
from api.pages import words
from api.pages.charts import Chart
from api.pages.language import N_, Language
from api.pages.trend_charts import (
    Point,
    Span,
    WeekBar,
    dose_chart,
    pain_chart,
    trend_chart,
)
from api.pages.views import KNEE_U_DEG
from api.today_schemas import CalendarDay

COUNTED_DAYS: Final = 30  # remote monitoring counts days in stretches of so many
ENOUGH_DAYS: Final = 16
DAY_S: Final = 24 * 3600
SAID_LEGS: Final = 4  # the latest comparisons
SLOWER: Final = N_("the way back took %(n)s longer %(leg)s")
LONGER: Final = N_("the way out took %(n)s longer %(leg)s")
FURTHER: Final = N_("moved %(n)s further %(leg)s")
DIFFERENCES: Final = {"eccentric_s": SLOWER, "concentric_s": LONGER, "rom_deg": FURTHER}


@dataclass(frozen=True, slots=True)
class Trends:
    """The charts of a patient, one above the other on the same days."""

    tempo: Chart | None
    angle: Chart | None
    pain: Chart | None
    dose: Chart | None


@dataclass(frozen=True, slots=True)
class Counter:
    """On how many of the last 30 days measured data came."""

    n_days: int
    of_days: int
    is_enough: bool
    since: str


@dataclass(frozen=True, slots=True)
class TotalsView:
    """One questionnaire over time."""

    name: str
    words: str
    chart: Chart
    entries: list[tuple[QuestionnaireTotalPublic, str]]


def trends(
    course: Course,
    days: Sequence[CalendarDay],
    found: Iterable[SessionTrend],
    language: Language,
) -> Trends:
    """Draw tempo, angle, pain and dose of the core exercise over the days given."""
    span = Span(days[0].on, days[-1].on)
    core = [one for one in course.programme.exercises.values() if one.is_core]
    names = {one.id for one in core}
    listed = [one for one in found if one.exercise in names]
    pains = [(_middle(day.on, span), day.pain) for day in days if day.pain is not None]
    return Trends(
        tempo=_tempo(listed, core[0], span, course.zone, language) if core else None,
        angle=_angle(listed, core[0], span, course.zone, language) if core else None,
        pain=pain_chart(pains, span, language),
        dose=dose_chart(_weeks(days), language),
    )


def legs(found: Iterable[SessionTrend], course: Course, language: Language) -> list[str]:
    """Say of the latest sessions with both legs what differs between them by more than noise."""
    pairs: dict[tuple[object, str], dict[str, SessionTrend]] = defaultdict(dict)
    for one in found:
        if one.side is not None:
            pairs[one.session_id, one.exercise][one.side] = one
    said = []
    for (_, name), sides in reversed(pairs.items()):
        exercise = words.find_exercise(name)
        if exercise is None or len(sides) < len(words.SIDES):
            continue
        line = _pair(exercise, sides["left"], sides["right"], course.zone, language)
        if line is not None:
            said.append(line)
    return said[:SAID_LEGS]


def counter(starts: Iterable[datetime], now: datetime, zone: tzinfo, language: Language) -> Counter:
    """Count the days with measured data among the last 30, today included."""
    today = local_date(now, zone)
    first_on = today - timedelta(days=COUNTED_DAYS - 1)
    days = {on for at in starts if first_on <= (on := local_date(at, zone)) <= today}
    return Counter(
        n_days=len(days),
        of_days=COUNTED_DAYS,
        is_enough=len(days) >= ENOUGH_DAYS,
        since=language.short_date(first_on),
    )


def totals_views(
    totals: Sequence[QuestionnaireTotalPublic], today: date, language: Language
) -> list[TotalsView]:
    """Draw each questionnaire that has a total over time."""
    views = []
    for known in load_questionnaires().values():
        own = [one for one in totals if one.instrument == known.id]
        if not own:
            continue
        span = Span(own[0].measured_on, max(today, own[-1].measured_on))
        points = [
            Point(_middle(one.measured_on, span), float(one.total), kind="in_tempo") for one in own
        ]
        label = language.say(
            N_("Totals of %(name)s over time; the latest is %(total)s of %(most)s."),
            name=known.name,
            total=own[-1].total,
            most=known.most,
        )
        chart = trend_chart(
            points,
            span,
            goal=None,
            target=None,
            limits=(0.0, float(known.most)),
            unit="",
            label=label,
            language=language,
            names=_ends(span, language),
        )
        entries = [(one, language.short_date(one.measured_on)) for one in reversed(own)]
        views.append(TotalsView(known.name, known.texts[language.code], chart, entries))
    return views


def _ends(span: Span, language: Language) -> list[tuple[str, float]]:
    ends = [(language.short_date(span.first_on), 0.0), (language.short_date(span.last_on), 100.0)]
    return ends if span.n_days > 1 else ends[:1]


def _tempo(
    found: Sequence[SessionTrend], exercise: Exercise, span: Span, zone: tzinfo, language: Language
) -> Chart | None:
    drawn = [one for one in found if one.tempo_s is not None and _is_in(one.at, span, zone)]
    points = [
        Point(
            _place(one.at, span, zone),
            one.tempo_s,
            one.tempo_u_s,
            *_judged(one.tempo_s, one.judged_by or exercise),
        )
        for one in drawn
        if one.tempo_s is not None
    ]
    if not points:
        return None
    exercise = drawn[-1].judged_by or exercise  # the band of now
    low, high = exercise.in_tempo_s
    label = language.count(
        N_("Seconds of the slow return, mean of 1 session; the band is %(low)s to %(high)s s."),
        N_(
            "Seconds of the slow return, mean of %(n)s sessions; the band is %(low)s to %(high)s s."
        ),
        len(points),
        low=language.number(low),
        high=language.number(high),
    )
    return trend_chart(
        points,
        span,
        goal=exercise.in_tempo_s,
        target=exercise.eccentric_s,
        limits=(0.0, 5.0),
        unit=" s",
        label=label,
        language=language,
    )


def _angle(
    found: Sequence[SessionTrend], exercise: Exercise, span: Span, zone: tzinfo, language: Language
) -> Chart | None:
    drawn = [one for one in found if one.peak_deg is not None and _is_in(one.at, span, zone)]
    points = [
        Point(_place(one.at, span, zone), one.peak_deg, _peak_u(one), "accepted", "ring")
        for one in drawn
        if one.peak_deg is not None
    ]
    if not points:
        return None
    exercise = drawn[-1].judged_by or exercise
    if exercise.peak_good_deg is None:
        return None
    low, high = exercise.peak_good_deg
    label = language.count(
        N_("Highest angle, mean of 1 session; the band is %(low)s to %(high)s degrees."),
        N_("Highest angle, mean of %(n)s sessions; the band is %(low)s to %(high)s degrees."),
        len(points),
        low=language.number(low, 0),
        high=language.number(high, 0),
    )
    return trend_chart(
        points,
        span,
        goal=exercise.peak_good_deg,
        target=exercise.peak_deg,
        limits=(40.0, 110.0),
        unit="°",
        label=label,
        language=language,
    )


def _peak_u(one: SessionTrend) -> float | None:
    """Return what a mean peak is uncertain by: the signal, or the body if that is more."""
    known = [u for u in (one.peak_u_deg, KNEE_U_DEG.get(one.exercise)) if u is not None]
    return max(known, default=None)


def _judged(tempo_s: float, exercise: Exercise) -> tuple[str, str]:
    if exercise.in_tempo_s[0] <= tempo_s <= exercise.in_tempo_s[1]:
        return "in_tempo", "dot"
    if exercise.accepted_s[0] <= tempo_s <= exercise.accepted_s[1]:
        return "accepted", "ring"
    return ("too_fast", "down") if tempo_s < exercise.accepted_s[0] else ("too_slow", "up")


def _weeks(days: Sequence[CalendarDay]) -> list[WeekBar]:
    """Add the days up by week of seven from the first one."""
    return [
        WeekBar(
            week=n + 1,
            due=sum(day.dose.eccentric_due_s for day in seven),
            done=sum(day.dose.eccentric_done_s for day in seven),
        )
        for n, seven in enumerate(days[i : i + 7] for i in range(0, len(days), 7))
    ]


def _pair(
    exercise: Exercise, left: SessionTrend, right: SessionTrend, zone: tzinfo, language: Language
) -> str | None:
    """Say what differs; None where these legs are not to be compared."""
    difference = compare_legs(exercise, _quality(left), _quality(right))
    name = words.exercise_name(exercise.id, language)
    day = language.short_date(local_date(left.at, zone))
    if not difference.differs:
        if len(difference.absent) == len(DIFFERENCES):
            return None
        return f"{day}, {name}: " + language.say(N_("no difference beyond the noise"))
    parts = []
    for measure in difference.differs:
        value = getattr(difference, measure)
        leg = language.say(words.SIDES["left" if value > 0 else "right"])
        amount = abs(value)
        n = language.degrees(amount) if measure.endswith("_deg") else language.seconds(amount)
        parts.append(language.say(DIFFERENCES[measure], n=n, leg=leg))
    return f"{day}, {name}: " + ", ".join(parts)


def _quality(one: SessionTrend) -> SetQuality:
    return SetQuality(
        reps=one.reps,
        eccentric_mean_s=one.tempo_s,
        concentric_mean_s=one.concentric_s,
        rom_mean_deg=one.rom_deg,
    )


def _is_in(at: datetime, span: Span, zone: tzinfo) -> bool:
    return span.first_on <= local_date(at, zone) <= span.last_on


def _place(at: datetime, span: Span, zone: tzinfo) -> float:
    """Return a moment in days since the first one began."""
    on = local_date(at, zone)
    begun = datetime.combine(on, time.min, zone)
    return (on - span.first_on).days + (at - begun).total_seconds() / DAY_S


def _middle(on: date, span: Span) -> float:
    return (on - span.first_on).days + 0.5
