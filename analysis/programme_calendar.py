"""Which day of the programme a date is.

A day is a date on the patient's wall: instants become dates in the patient's time zone, and only
dates are counted, so that an hour gained or lost in spring or autumn moves nothing. A rest day
that the patient took is not a programme day; all after it come a day later. An extra week has the
days of the week that it repeats.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from analysis.programme import Programme, Sport, SportStage
from analysis.programme_history import Enrolment, History

DAYS_PER_WEEK: Final = 7


def local_date(at: datetime, zone: tzinfo) -> date:
    """Return the date of an instant in a time zone.

    Raises
    ------
    ValueError
        If the instant has no time zone of its own.

    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone: its date is not known.")
    return at.astimezone(zone).date()


def first_training_date(programme: Programme, enrolment: Enrolment) -> date:
    """Return week 1 day 1: the agreed start, but not before the rest after a tear."""
    if enrolment.tear_on is None:
        return enrolment.start_on
    rested_on = enrolment.tear_on + timedelta(days=programme.rest_days_after_tear)
    return max(enrolment.start_on, rested_on)


def programme_day(
    programme: Programme, enrolment: Enrolment, history: History, on: date
) -> int | None:
    """Return the day of the programme, from 1, or None before it begins.

    A rest day has the number of the training day that it puts off, a day of an extra week that of
    the same day a week before.
    """
    first_on = first_training_date(programme, enrolment)
    if on < first_on:
        return None
    n_rested = sum(first_on <= rest_on < on for rest_on in history.rest_days)
    return _in_programme(1 + (on - first_on).days - n_rested, enrolment.extra_weeks)


def _in_programme(elapsed_day: int, extra_weeks: Mapping[int, int]) -> int:
    """Return the day of the programme of the n-th day that was not rested away."""
    day = elapsed_day
    for week in sorted(extra_weeks):
        last_day, n_extra = week * DAYS_PER_WEEK, extra_weeks[week] * DAYS_PER_WEEK
        if last_day < day <= last_day + n_extra:
            return last_day - DAYS_PER_WEEK + (day - last_day - 1) % DAYS_PER_WEEK + 1
        if day > last_day:
            day -= n_extra
    return day


def week_of(day: int) -> int:
    """Return the week, from 1, of a day, from 1."""
    return (day - 1) // DAYS_PER_WEEK + 1


def sport_day_index(
    programme: Programme, enrolment: Enrolment, history: History, on: date
) -> int | None:
    """Return the days since sport began, from 0, or None before it or without it.

    It begins when a clinician confirmed it and not before the first week of its first stage.
    """
    sport = sport_of(programme, enrolment)
    day = programme_day(programme, enrolment, history, on)
    if sport is None or enrolment.sport_from is None or day is None or on < enrolment.sport_from:
        return None
    confirmed_day = programme_day(programme, enrolment, history, enrolment.sport_from) or 1
    earliest_day = (sport.stages[0].weeks[0] - 1) * DAYS_PER_WEEK + 1
    index = day - max(confirmed_day, earliest_day)
    return index if index >= 0 else None


def sport_of(programme: Programme, enrolment: Enrolment) -> Sport | None:
    """Return the way back to sport that was chosen, or None."""
    return None if enrolment.sport_id is None else programme.sports[enrolment.sport_id]


def sport_week(sport: Sport, index: int) -> int:
    """Return the week that a sport day belongs to, counted as the programme's stages are.

    A start later than planned moves all stages, so it can lie behind the week of the programme.
    """
    return sport.stages[0].weeks[0] + index // DAYS_PER_WEEK


def stage_day(sport: Sport, index: int) -> tuple[SportStage, str] | None:
    """Return the stage and the id of its day (`rest` included), or None after the last stage."""
    week = sport_week(sport, index)
    stage = next((s for s in sport.stages if s.weeks[0] <= week <= s.weeks[1]), None)
    if stage is None:
        return None
    begun = (stage.weeks[0] - sport.stages[0].weeks[0]) * DAYS_PER_WEEK
    return stage, stage.cycle[(index - begun) % len(stage.cycle)]
