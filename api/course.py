"""From stored rows to the programme's own terms: what was agreed, and what was done and said.

The sensor's numbers and the patient's words come from different tables and meet here. Seconds are
only ever measured; what counts as done may also be the patient's word (docs/how-to).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from analysis import (
    Enrolment,
    Exercise,
    History,
    Prescription,
    Programme,
    SessionRecord,
    SetRecord,
    Side,
    SportRecord,
    load_programme,
)
from api.course_models import (
    AdviceAnswerRow,
    CheckInRow,
    EnrolmentRow,
    ProgrammeAnswerRow,
    SelfReportRow,
    SportDiaryRow,
    SportLevelRow,
)
from api.models import InjuryEpisodeRow, PrescriptionRow, SessionRow

ONE_DAY: Final = timedelta(days=1)
# A "no" to "clearly less complaints?" is asked again after this long; ours, not the source's.
ASKED_AGAIN_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceAnswer:
    """What the patient did with a piece of advice: seen, accepted or declined."""

    id: UUID
    key: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that today's plan follows from, for one patient.

    Parameters
    ----------
    programme : Programme
        The one that the patient follows.
    enrolment, history
        What was agreed, and what was done and said so far.
    zone : tzinfo
        The patient's time zone, which decides what "today" is.
    side : Side, optional
        The injured leg.
    band : str, optional
        The band that the patient began with, in words.
    answers : tuple of AdviceAnswer
        To advice, oldest first.
    self_reported_on : frozenset of date
        Days on which something was done without measuring.
    gear : mapping
        By exercise the band or step that was used last, as words or as fields.

    """

    programme: Programme
    enrolment: Enrolment
    history: History
    zone: tzinfo
    side: Side | None = None
    band: str | None = None
    answers: tuple[AdviceAnswer, ...] = ()
    self_reported_on: frozenset[date] = frozenset()
    gear: Mapping[str, object] = field(default_factory=dict)


class StoredSet(NamedTuple):
    """What the programme asks of a stored set; a whole row would be many times as much."""

    id: int | None
    session_id: UUID
    number: int
    exercise: str
    side: str | None
    reps: int | None
    accepted: int | None
    dose_s: float | None
    band: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRows:
    """The rows of one patient's current programme.

    Parameters
    ----------
    sets : mapping
        The sets of each session, in order.
    reps : mapping
        The measured repetitions of each set, by its row id.
    corrections : mapping
        The patient's own counts, by session and number of the set.
    extra_weeks : sequence of int
        The last week of a block, once for each time that it is done again.

    """

    enrolment: EnrolmentRow
    injury: InjuryEpisodeRow
    levels: Sequence[SportLevelRow] = ()
    prescriptions: Sequence[PrescriptionRow] = ()
    sessions: Sequence[SessionRow] = ()
    sets: Mapping[UUID, Sequence[StoredSet]] = field(default_factory=dict)
    reps: Mapping[int, int] = field(default_factory=dict)
    corrections: Mapping[tuple[UUID, int], int] = field(default_factory=dict)
    self_reports: Sequence[SelfReportRow] = ()
    check_ins: Sequence[CheckInRow] = ()
    answers: Sequence[ProgrammeAnswerRow] = ()
    advice: Sequence[AdviceAnswerRow] = ()
    diary: Sequence[SportDiaryRow] = ()
    rest_days: frozenset[date] = frozenset()
    extra_weeks: Sequence[int] = ()


def course_of(rows: CourseRows, *, now: datetime) -> Course:
    """Put a course together from its rows, as it stands at a moment."""
    zone = ZoneInfo(rows.enrolment.time_zone)
    programme = load_programme(rows.enrolment.programme)
    return Course(
        programme=programme,
        enrolment=enrolment_of(
            rows.enrolment,
            rows.injury,
            rows.levels,
            rows.prescriptions,
            extra_weeks=rows.extra_weeks,
        ),
        history=_history(rows, zone, now),
        zone=zone,
        side=Side(rows.injury.side),
        band=rows.enrolment.band,
        answers=tuple(
            AdviceAnswer(id=row.id, key=row.key, answer=row.answer, at=row.answered_at)
            for row in sorted(rows.advice, key=lambda row: row.answered_at)
        ),
        self_reported_on=frozenset(row.at.astimezone(zone).date() for row in rows.self_reports),
        gear=_gear(rows),
    )


def _gear(rows: CourseRows) -> dict[str, object]:
    """Return what was used last in each exercise."""
    in_order = sorted(rows.sessions, key=lambda row: row.started_at)
    sets = (one for row in in_order for one in rows.sets.get(row.id, ()))
    return {one.exercise: one.band for one in sets if one.band}


def enrolment_of(
    row: EnrolmentRow,
    injury: InjuryEpisodeRow,
    levels: Iterable[SportLevelRow] = (),
    orders: Sequence[PrescriptionRow] = (),
    *,
    extra_weeks: Iterable[int] = (),
) -> Enrolment:
    """Return what was agreed; only a tear is followed by days of rest."""
    programme = load_programme(row.programme)
    return Enrolment(
        start_on=row.start_on,
        tear_on=injury.injured_on if injury.cause == "tear" else None,
        injection_on=injury.injected_on,
        choices=frozenset(str(name) for name in row.choices),
        prescriptions=prescriptions_of(orders, programme.exercises),
        sport_id=row.sport,
        sport_from=row.sport_from,
        accepted_levels={one.day: one.level for one in levels},  # in order: the last one counts
        extra_weeks=Counter(extra_weeks),
    )


def prescriptions_of(
    orders: Sequence[PrescriptionRow], exercises: Mapping[str, Exercise]
) -> tuple[Prescription, ...]:
    """Return what holds from each day on which that changes.

    Of the orders for one exercise that hold on a day, the one that starts last counts, and of
    those that start together the one written last. After the end of an order the one before it
    holds again, and without any the programme's own numbers.
    """
    of_exercise: dict[str, list[PrescriptionRow]] = defaultdict(list)
    for order in orders:
        if order.exercise in exercises:
            of_exercise[order.exercise].append(order)
    found = []
    for name, listed in of_exercise.items():
        ends = {order.ends_on + ONE_DAY for order in listed if order.ends_on is not None}
        for on in sorted({order.starts_on for order in listed} | ends):
            holding = [order for order in listed if _holds(order, on)]
            last = max(holding, key=lambda o: (o.starts_on, o.created_at), default=None)
            exercise = exercises[name] if last is None else _ordered(exercises[name], last)
            found.append(Prescription(from_on=on, exercise=exercise))
    return tuple(found)


def _holds(order: PrescriptionRow, on: date) -> bool:
    return order.starts_on <= on and (order.ends_on is None or on <= order.ends_on)


def _ordered(exercise: Exercise, order: PrescriptionRow) -> Exercise:
    """Return the exercise with what the order says in its place."""
    names = ("sets", "reps", "eccentric_s", "concentric_s", "hold_s", "rest_s", "peak_deg")
    given = {name: getattr(order, name) for name in names}
    return replace(exercise, **{name: value for name, value in given.items() if value is not None})


def _history(rows: CourseRows, zone: tzinfo, now: datetime) -> History:
    return History(
        sessions=_visits(rows),
        sport=tuple(
            SportRecord(
                at=row.at,
                pain_worst=row.pain_worst,
                day_id=row.day,
                level=row.level,
                is_complete=row.is_complete,
                has_returned_complaints=row.has_returned_complaints,
            )
            for row in rows.diary
        ),
        rest_days=rows.rest_days,
        is_improved=_is_improved(rows.answers, now),
        said_on=_said_on(rows.advice, zone),
    )


def _visits(rows: CourseRows) -> tuple[SessionRecord, ...]:
    """Return the sittings, measured or told, and the answers given between them."""
    told: dict[UUID | datetime, list[SelfReportRow]] = defaultdict(list)
    for report in rows.self_reports:
        told[report.session_id or report.at].append(report)
    visits = [_session(row, rows, told.pop(row.id, [])) for row in rows.sessions]
    visits += [
        SessionRecord(at=min(row.at for row in reports), sets=_told_sets(reports))
        for reports in told.values()
    ]
    visits += [
        SessionRecord(
            at=row.at,
            pain_start=row.pain,
            soreness_start=row.soreness,
            has_warning_signs=row.warning_signs,
            took_anti_inflammatory=bool(row.took_anti_inflammatory),
            took_paracetamol=bool(row.took_paracetamol),
        )
        for row in rows.check_ins
    ]
    visits.sort(key=lambda visit: visit.at)
    for answer in sorted(rows.answers, key=lambda row: row.at):
        if answer.question == "warning_signs":
            _add_warning_signs(visits, answer)
    return tuple(visits)


def _session(row: SessionRow, rows: CourseRows, reports: Iterable[SelfReportRow]) -> SessionRecord:
    sets = rows.sets.get(row.id, ())
    measured = tuple(_measured_set(one, rows) for one in sets)
    return SessionRecord(
        at=row.started_at,
        sets=(*measured, *_told_sets(reports)),
        pain_start=row.pain_before,
        soreness_start=row.soreness,
        pain_worst=row.pain_worst,
        has_warning_signs=_either(row.warning_signs_start, row.warning_signs_end),
        took_anti_inflammatory=bool(row.took_anti_inflammatory),
        took_paracetamol=bool(row.took_paracetamol),
    )


def _measured_set(row: StoredSet, rows: CourseRows) -> SetRecord:
    """Return a set as done: the patient's count if there is one, and the measured seconds."""
    counted = rows.reps.get(row.id or 0, row.reps or 0)
    return SetRecord(
        exercise_id=row.exercise,
        reps_done=rows.corrections.get((row.session_id, row.number), counted),
        reps_accepted=row.accepted,
        eccentric_s=row.dose_s,
        side=Side(row.side) if row.side is not None else None,
    )


def _told_sets(reports: Iterable[SelfReportRow]) -> tuple[SetRecord, ...]:
    return tuple(
        SetRecord(
            exercise_id=row.exercise,
            reps_done=row.reps or 0,
            side=Side(row.side) if row.side is not None else None,
        )
        for row in reports
        for _ in range(row.sets)
    )


def _add_warning_signs(visits: list[SessionRecord], answer: ProgrammeAnswerRow) -> None:
    """Put an answer about warning signs with the visit that it was asked for: the one before it.

    Without one, as at the intake, it is a visit of its own.
    """
    before = [n for n, visit in enumerate(visits) if visit.at <= answer.at]
    if before:
        visits[before[-1]] = replace(visits[before[-1]], has_warning_signs=answer.is_yes)
    else:
        visits.insert(0, SessionRecord(at=answer.at, has_warning_signs=answer.is_yes))


def _is_improved(answers: Iterable[ProgrammeAnswerRow], now: datetime) -> bool | None:
    """Return the last answer to "clearly less complaints?"; a "no" holds for a while only."""
    last = max(
        (row for row in answers if row.question == "improved"), key=lambda row: row.at, default=None
    )
    if last is None or (not last.is_yes and now - last.at >= ASKED_AGAIN_AFTER):
        return None
    return last.is_yes


def _said_on(rows: Iterable[AdviceAnswerRow], zone: tzinfo) -> dict[str, date]:
    """Return the last day on which each piece of advice was answered."""
    said_on: dict[str, date] = {}
    for row in rows:
        on = row.answered_at.astimezone(zone).date()
        said_on[row.key] = max(on, said_on.get(row.key, on))
    return said_on


def _either(first: bool | None, second: bool | None) -> bool | None:
    known = [one for one in (first, second) if one is not None]
    return any(known) if known else None
