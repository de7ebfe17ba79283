"""From a patient's programme to the moments at which to be reminded of it."""

from collections.abc import Sequence
from datetime import datetime, time
from math import ceil
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from analysis import DayKind, local_date
from api.course import Course
from api.ics import Appointment
from api.today import calendar, plan_on, whole_programme

USUAL_TIMES: Final = (time(8), time(19))
USUAL_MINUTES: Final = 30
REMINDED: Final = frozenset({DayKind.TRAINING.value, DayKind.SPORT.value})


def reminders(
    course: Course,
    patient_id: UUID,
    times: Sequence[time],
    *,
    titles: tuple[str, str],
    words: str,
    now: datetime,
) -> list[Appointment]:
    """Return the reminders from today to the end of the programme.

    Parameters
    ----------
    course : Course
        Its rest days and sport days are known; later changes need a new file.
    patient_id : UUID
        Goes into the ids, which are the same each time for the same day and session.
    times : sequence of time
        One for each session of a day, in the patient's time zone.
    titles : (str, str)
        Of a training and of a day of sport.
    words : str
        Below each.
    now : datetime
        With a time zone.

    Returns
    -------
    list of Appointment
        On a day of rest they are there as called off, for who imported an earlier file.

    """
    span = whole_programme(course)
    zone = ZoneInfo(str(course.zone))
    first_on = max(span.start_on, local_date(now, course.zone))
    found = []
    for day in calendar(course, first_on, span.last_on, now).days:
        minutes = plan_on(course, day.on, now).minutes
        is_sport = day.sport_day is not None
        n_due = 1 if is_sport and not day.sessions_due else day.sessions_due
        for n, at in enumerate(times):
            found.append(
                Appointment(
                    id=uuid5(patient_id, f"{day.on} {n}"),
                    begins_at=datetime.combine(day.on, at, zone),
                    minutes=ceil(minutes or USUAL_MINUTES),
                    title=titles[is_sport],
                    words=words,
                    is_off=day.kind not in REMINDED or n >= n_due,
                )
            )
    return found
