"""Where the patient of this machine stands in the programme, and so what today's sitting is."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from analysis import (
    AdviceKind,
    DayKind,
    Enrolment,
    Exercise,
    History,
    Prescription,
    advice_text,
    advise,
    load_programme,
    local_date,
    plan_today,
)
from api import Course, load_course, open_engine, transaction
from tracker.earlier_today import done_earlier
from tracker.errors import TrackerError
from tracker.profile import Language, Profile
from tracker.settings import CoachSettings, DataFolder
from tracker.today_plan import SittingWishes, for_a_phone, sitting_of_today, with_done
from tracker.training_plan import TrainingPlan
from tracker.updating import bring_up_to_date
from tracker.words import Text

ALONE: Final = "ecc_seated_solo"

NOT_ENROLLED: Final = Text(
    "You have not begun the programme yet, so this is its first week. Begin it on the page Today.",
    "Je bent nog niet met het oefenprogramma begonnen; dit is de eerste week ervan. "
    "Begin op de pagina Vandaag.",
)
LEFT_OUT: Final = Text(
    "Never with a phone on your ankle: {en}. Do it without one.",
    "Nooit met een telefoon om je enkel: {nl}. Doe die zonder.",
)
RESUMED: Final = Text(
    "You stopped earlier today: part of this is done already.",
    "Je bent vandaag eerder gestopt: een deel hiervan is al gedaan.",
)
CHANGED: Final = Text(
    "Your exercises were changed on {on}: the page Exercise prescription says how.",
    "Je oefeningen zijn gewijzigd op {on}: op de pagina Oefenvoorschrift staat hoe.",
)
TOLD_FOR: Final = timedelta(days=7)
"""So long a change is told before a sitting; the pages tell it longer."""

DAYS: Final = {
    DayKind.REST: Text(
        "Today is a rest day. Gentle stretching is fine.",
        "Vandaag is een rustdag. Rustig rekken mag.",
    ),
    DayKind.REST_AFTER_TEAR: Text(
        "After a tear you rest first. Gentle stretching is harmless.",
        "Na een scheur neem je eerst rust. Rustig rekken kan geen kwaad.",
    ),
    DayKind.NOT_STARTED: Text(
        "Your programme has not begun yet. Gentle stretching is fine.",
        "Je oefenprogramma is nog niet begonnen. Rustig rekken mag.",
    ),
    DayKind.FINISHED: Text(
        "Your programme is complete. Stretching stays good.",
        "Je oefenprogramma is klaar. Rekken blijft goed.",
    ),
}


class WarningSignError(TrackerError):
    """A warning sign stands: nothing is trained; `text` says what to do, in both languages."""

    def __init__(self, text: Text, language: Language = "en") -> None:
        super().__init__(text.to(language))
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class TodaysSitting:
    """What is due today.

    Parameters
    ----------
    plan : TrainingPlan or None
        None when there is nothing to do.
    notes : tuple of Text
        What to say before it.

    """

    plan: TrainingPlan | None
    notes: tuple[Text, ...] = field(default=())


def course_here(folder: DataFolder, profile: Profile, now: datetime) -> Course | None:
    """Return where the patient stands; None without a programme.

    Parameters
    ----------
    folder : DataFolder
        Whose database is read; made and migrated when needed.
    profile : Profile
        The patient.
    now : datetime
        With a time zone.

    """
    bring_up_to_date(folder)
    engine = open_engine(folder.database_url)
    try:
        with transaction(engine, writes=False) as db:
            return load_course(db, profile.patient_id, now=now)
    finally:
        engine.dispose()


def ordered_here(
    folder: DataFolder, profile: Profile, exercise_id: str, now: datetime
) -> Prescription | None:
    """Return what was ordered of an exercise for today; None where the programme's numbers hold.

    An exercise that is left out in the sittings of the day can still be chosen by itself.

    Raises
    ------
    WarningSignError
        If nothing may be trained while a warning sign stands.

    """
    return order_in(course_here(folder, profile, now), exercise_id, now, profile.language)


def order_in(
    course: Course | None, exercise_id: str, now: datetime, language: Language = "en"
) -> Prescription | None:
    """Return what a course orders of an exercise for today; None where it says nothing of it.

    Raises
    ------
    WarningSignError
        If nothing may be trained while a warning sign stands.

    """
    if course is None:
        return None
    stop = standing_stop(course, now)
    if stop is not None:
        raise WarningSignError(stop, language)
    today = local_date(now, course.zone)
    orders = [
        one
        for one in course.enrolment.prescriptions
        if one.exercise.id == exercise_id and one.from_on <= today
    ]
    latest = max(orders, key=lambda one: one.from_on, default=None)
    return None if latest is None or latest.version is None else latest


def usual_course(now: datetime, *, is_alone: bool = False) -> Course:
    """Return the first day of the programme, for somebody who has not begun it."""
    local = now.astimezone()
    zone = local.tzinfo or UTC
    choices = frozenset({ALONE} if is_alone else ())
    return Course(
        programme=load_programme(),
        enrolment=Enrolment(start_on=local.date(), choices=choices),
        history=History(),
        zone=zone,
    )


def standing_stop(course: Course, now: datetime) -> Text | None:
    """Return what the programme says instead of any training: a warning sign stands."""
    said = advise(course.programme, course.enrolment, course.history, now, course.zone)
    stop = next((one for one in said if one.rule.kind is AdviceKind.STOP), None)
    if stop is None:
        return None
    return Text(
        advice_text(course.programme, stop, "en"), advice_text(course.programme, stop, "nl")
    )


def todays_sitting(
    folder: DataFolder,
    profile: Profile,
    wishes: SittingWishes,
    *,
    now: datetime,
    is_alone: bool = False,
    is_phone: bool = False,
    settings: CoachSettings | None = None,
) -> TodaysSitting:
    """Work out today's sitting of the patient of this machine.

    Parameters
    ----------
    folder, profile
        Where and of whom.
    wishes : SittingWishes
        What is wanted of it; the injured leg that was told at the intake counts first.
    now : datetime
        With a time zone.
    is_alone : bool
        Without a helper: the seated exercise in place of the prone one.
    is_phone : bool
        With a phone as the sensor: what it must not be on the ankle for is left out.
    settings : CoachSettings, optional
        How long ago a sitting may have begun that is gone on with.

    """
    enrolled = course_here(folder, profile, now)
    stop = None if enrolled is None else standing_stop(enrolled, now)
    if stop is not None:
        return TodaysSitting(plan=None, notes=(stop,))
    course = enrolled or usual_course(now, is_alone=is_alone)
    if enrolled is not None and is_alone:
        chosen = course.enrolment.choices | {ALONE}
        without_helper = frozenset(name for name in chosen if name != "ecc_prone_helper")
        course = replace(course, enrolment=replace(course.enrolment, choices=without_helper))
    if course.side is not None:
        wishes = replace(wishes, side=course.side.value)
    today = plan_today(course.programme, course.enrolment, course.history, now, course.zone)
    plan = sitting_of_today(course.programme, today, wishes)
    plan = None if plan is None else plan.with_band(course.band)
    left_out: tuple[Exercise, ...] = ()
    if plan is not None and is_phone:
        plan, left_out = for_a_phone(plan)
    notes = [NOT_ENROLLED] if enrolled is None else []
    notes += [DAYS[today.kind]] if today.kind in DAYS else []
    notes += _news(course, now)
    if plan is not None:
        within_s = (settings or CoachSettings()).resume_within_s
        plan = with_done(plan, done_earlier(folder, profile.patient_id, now, within_s))
        notes += [RESUMED] if plan.is_resumed else []
    notes += [
        LEFT_OUT.with_values(en=one.name_en, nl=one.name_nl) for one in dict.fromkeys(left_out)
    ]
    return TodaysSitting(plan=plan, notes=tuple(notes))


def _news(course: Course, now: datetime) -> list[Text]:
    """Return a note on the last change of what was ordered, while it is new."""
    made = [one.made_at for one in course.versions if now - one.made_at <= TOLD_FOR]
    if not made:
        return []
    on = local_date(max(made), course.zone)
    return [CHANGED.with_values(on=f"{on.day}-{on.month}-{on.year}")]
