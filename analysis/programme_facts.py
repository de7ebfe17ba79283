"""The facts that the rules of a programme may ask for.

A fact that is not known is None, and no comparison with it holds.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from analysis.exercise import Exercise
from analysis.programme import Programme
from analysis.programme_calendar import DAYS_PER_WEEK, local_date, sport_of
from analysis.programme_history import Enrolment, History, SessionRecord, SportRecord
from analysis.programme_plan import DayKind, Today

FACTS: Final = frozenset(
    {
        "anti_inflammatory",  # taken, at the latest visit (the latest with any answer)
        "days_since_injection",
        "easy_days",  # in a row to now: no pain, no soreness, no painkiller, also at the next visit
        "improved",
        "improvement_known",
        "pain",  # the highest of the latest visit
        "pain_rise",  # since the visit before
        "painkiller",  # of either kind, at the latest visit
        "resting_after_tear",
        "sessions_today",  # with sets, counted or not
        "severe_after_rest",  # severe pain before the last rest days and still
        "share_accepted",  # of the exercise's repetitions on the easy days
        "soreness",
        "sport_complaints",  # returned, in the latest sport session
        "sport_level",
        "sport_pain",
        "sport_sessions",
        "sport_started",
        "sport_today",
        "sport_tolerated",  # the latest sport session at the accepted level
        "sport_week",
        "warning_signs",  # the last answer
        "warning_signs_excluded",  # the last answer is no
        "warning_signs_known",  # asked at the latest visit
        "week",
        "weeks_done",
    }
)


def programme_facts(
    programme: Programme,
    enrolment: Enrolment,
    history: History,
    today: Today,
    *,
    now: datetime,
    zone: tzinfo,
) -> dict[str, float | None]:
    """Gather the facts of the day; those of one exercise come from `exercise_facts`."""
    visits = visits_until(history, now)
    facts: dict[str, float | None] = dict.fromkeys(FACTS)
    facts |= _answer_facts(programme, visits, today.on, zone)
    easy = easy_visits(visits, zone)
    weeks_done = None if today.day is None else (today.day - 1) // DAYS_PER_WEEK
    injected_on = enrolment.injection_on
    since = None if injected_on is None else (today.on - injected_on).days
    facts |= {
        "week": today.week,
        "weeks_done": weeks_done,
        "sport_week": today.sport_week,
        "sport_started": today.sport_week is not None,
        "sport_today": today.kind is DayKind.SPORT,
        "resting_after_tear": today.kind is DayKind.REST_AFTER_TEAR,
        "sessions_today": today.sessions_done + today.sessions_partial,
        "days_since_injection": since if since is not None and since >= 0 else None,
        "easy_days": len({local_date(visit.at, zone) for visit in easy}),
        "improved": history.is_improved,
        "improvement_known": history.is_improved is not None,
        "severe_after_rest": _is_severe_after_rest(programme, history, visits, today.on, zone),
    }
    return facts | _sport_facts(programme, enrolment, history, visits, now)


def exercise_facts(
    exercise: Exercise, history: History, now: datetime, zone: tzinfo
) -> dict[str, float | None]:
    """Return the share of accepted repetitions of one exercise on the easy days to now.

    Where nothing is timed, a prescribed repetition counts as accepted when it was done.
    """
    easy = easy_visits(visits_until(history, now), zone)
    records = [r for visit in easy for r in visit.sets if r.exercise_id == exercise.id]
    n_of = sum(max(record.reps_done, exercise.reps or 0) for record in records)
    n_accepted = sum(
        record.reps_done if record.reps_accepted is None else record.reps_accepted
        for record in records
    )
    return {"share_accepted": n_accepted / n_of if n_of else None}


def visits_until(history: History, now: datetime) -> list[SessionRecord]:
    """Return the visits up to now, the oldest first."""
    return sorted((s for s in history.sessions if s.at <= now), key=lambda s: s.at)


def easy_visits(visits: Sequence[SessionRecord], zone: tzinfo) -> list[SessionRecord]:
    """Return the last visits in a row that were easy and stayed so until the next visit.

    The latest visit only confirms the one before it: its own next visit is still to come. Of a
    day with several visits all must be easy, which a row of them is.
    """
    easy: list[SessionRecord] = []
    for visit, following in zip(reversed(visits[:-1]), reversed(visits[1:]), strict=True):
        if not (_is_easy(visit) and _starts_easy(following)):
            break
        easy.append(visit)
    # A day of which an earlier visit was not easy is no easy day.
    if easy and len(easy) < len(visits) - 1:
        broken_on = local_date(visits[len(visits) - 2 - len(easy)].at, zone)
        easy = [visit for visit in easy if local_date(visit.at, zone) != broken_on]
    return easy


def _answer_facts(
    programme: Programme, visits: Sequence[SessionRecord], on: date, zone: tzinfo
) -> dict[str, float | None]:
    """Return what was answered last, while it holds.

    A sitting at which nothing was asked, such as one that was only told, says nothing of pain. A
    warning sign stands until it is answered otherwise, however long ago that was.
    """
    known = [v.has_warning_signs for v in visits if v.has_warning_signs is not None]
    facts: dict[str, float | None] = {
        "warning_signs": known[-1] if known else None,
        "warning_signs_excluded": not known[-1] if known else None,
    }
    last = next((visit for visit in reversed(visits) if _is_answered(visit)), None)
    hold_days = programme.settings.get("answers_hold_days", math.inf)
    if last is None or (on - local_date(last.at, zone)).days > hold_days:
        return facts
    pains = [visit.pain for visit in visits if visit.pain is not None]
    return facts | {
        "pain": last.pain,
        "pain_rise": pains[-1] - pains[-2] if len(pains) > 1 else None,
        "soreness": last.soreness_start,
        "painkiller": last.took_anti_inflammatory or last.took_paracetamol,
        "anti_inflammatory": last.took_anti_inflammatory,
        "warning_signs_known": last.has_warning_signs is not None,
    }


def _is_answered(visit: SessionRecord) -> bool:
    asked = (visit.pain, visit.soreness_start, visit.has_warning_signs)
    is_drugged = visit.took_anti_inflammatory or visit.took_paracetamol
    return is_drugged or any(answer is not None for answer in asked)


def _starts_easy(visit: SessionRecord) -> bool:
    is_drugged = visit.took_anti_inflammatory or visit.took_paracetamol
    return visit.pain_start == 0 and visit.soreness_start == 0 and not is_drugged


def _is_easy(visit: SessionRecord) -> bool:
    return _starts_easy(visit) and visit.pain_worst == 0 and bool(visit.sets)


def _is_severe_after_rest(
    programme: Programme,
    history: History,
    visits: Sequence[SessionRecord],
    on: date,
    zone: tzinfo,
) -> bool:
    """Say whether pain was severe before the last run of rest days, and at all visits after it."""
    rested = sorted(rest_on for rest_on in history.rest_days if rest_on < on)
    if not rested or not visits:
        return False
    last_on = first_on = rested[-1]
    for rest_on in reversed(rested[:-1]):
        if (first_on - rest_on).days > 1:
            break
        first_on = rest_on
    limit = programme.settings["pain_severe_from"]
    before = [v.pain for v in visits if local_date(v.at, zone) <= first_on and v.pain is not None]
    after = [v.pain for v in visits if local_date(v.at, zone) > last_on and v.pain is not None]
    return bool(before and after) and before[-1] >= limit and min(after) >= limit


def _sport_facts(
    programme: Programme,
    enrolment: Enrolment,
    history: History,
    visits: Sequence[SessionRecord],
    now: datetime,
) -> dict[str, float | None]:
    diary = sorted((record for record in history.sport if record.at <= now), key=lambda r: r.at)
    if not diary:
        return {"sport_sessions": 0}
    last = diary[-1]
    sport = sport_of(programme, enrolment)
    day = None if sport is None or last.day_id is None else sport.days.get(last.day_id)
    hold_days = programme.settings.get("answers_hold_days", math.inf)
    facts: dict[str, float | None] = {
        "sport_sessions": sum(record.day_id is not None for record in diary),
        "sport_pain": last.pain_worst if (now - last.at).days <= hold_days else None,
    }
    if day is None:
        return facts
    level = enrolment.accepted_levels.get(day.id, 0)
    if last.level != level:  # a step was accepted since, and is still to be tried
        return facts
    return facts | {
        "sport_level": level,
        "sport_complaints": last.has_returned_complaints,
        "sport_tolerated": _is_tolerated(last, day.pain_max, visits),
    }


def _is_tolerated(
    record: SportRecord, pain_max: float, visits: Sequence[SessionRecord]
) -> bool | None:
    """Judge a sport session; None until the next visit has told whether pain rose."""
    if not record.is_complete or record.has_returned_complaints:
        return False
    if record.pain_worst is None:
        return None
    if record.pain_worst > pain_max:
        return False
    answered = [visit for visit in visits if visit.pain_start is not None]
    before = [v.pain_start for v in answered if v.at <= record.at]
    after = [v.pain_start for v in answered if v.at > record.at]
    if not after or after[0] is None:
        return None
    return after[0] <= ((before[-1] or 0) if before else 0)
