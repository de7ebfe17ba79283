"""The twelve weeks as a calendar: what was due and done, and pain beneath."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from api.pages.language import N_, NOTHING, Language
from api.pages.plot import Scale, element, level, text
from api.today_schemas import CalendarDay

DAYS_PER_WEEK: Final = 7
ONE_DAY: Final = timedelta(days=1)
PLOT_HEIGHT: Final = 196
DOSE_FOOT: Final = 92  # pixels: the dose stands above, pain below
PAIN_HEAD, PAIN_FOOT = 112, 162
PAIN_RADIUS: Final = 4.5
SCALE_MAX: Final = 10
KINDS: Final = {
    "rest": N_("rest day"),
    "rest_after_tear": N_("rest after the tear"),
    "not_started": N_("before the start"),
    "finished": N_("after the programme"),
    "training": N_("training"),
    "sport": N_("sport"),
}


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar. `level`: how much of the dose was done, in quarters; 4 is all."""

    on: date
    number: str
    kind: str
    words: str
    pips: list[str]
    level: int
    pain: int | None
    is_today: bool
    is_self_reported: bool
    new_week: str | None


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar: the names of the weekdays, its weeks, and the curve of dose and pain."""

    weekdays: list[str]
    weeks: list[list[DayCell | None]]
    months: list[str]
    plot: Markup
    plot_words: str


def calendar_view(days: list[CalendarDay], today: date, language: Language) -> CalendarView:
    """Show days in weeks from Monday to Sunday; days outside the programme are None."""
    cells: dict[date, DayCell] = {}
    last_week = None
    for day in days:
        is_first = day.week is not None and day.week != last_week
        last_week = day.week or last_week
        cells[day.on] = _cell(day, today, language, is_first_of_week=is_first)
    first_monday = monday = days[0].on - days[0].on.weekday() * ONE_DAY
    weeks, months = [], []
    while monday <= days[-1].on:
        row = [cells.get(monday + n * ONE_DAY) for n in range(DAYS_PER_WEEK)]
        weeks.append(row)
        months.append(language.short_date(monday))
        monday += DAYS_PER_WEEK * ONE_DAY
    return CalendarView(
        weekdays=[language.weekday(first_monday + n * ONE_DAY) for n in range(DAYS_PER_WEEK)],
        weeks=weeks,
        months=months,
        plot=_plot(days, language),
        plot_words=_plot_words(days, language),
    )


def day_words(day: CalendarDay, language: Language) -> str:
    """Say a day in a sentence, for who cannot see the signs."""
    parts = [language.calendar_day(day.on), language.say(KINDS[day.kind])]
    if day.sessions_due:
        parts.append(
            language.say(
                N_("%(done)s of %(due)s sessions"), done=day.sessions_done, due=day.sessions_due
            )
        )
    if day.sessions_partial:
        parts.append(language.say(N_("%(n)s begun"), n=day.sessions_partial))
    if day.dose.percent is not None and day.dose.reps_done:
        share = language.percent(day.dose.percent / 100)
        parts.append(language.say(N_("eccentric time %(share)s"), share=share))
    if day.is_self_reported:
        parts.append(language.say(N_("told by you")))
    if day.sports_done:
        parts.append(language.say(N_("sport done")))
    if day.pain is not None:
        parts.append(language.say(N_("pain %(pain)s"), pain=day.pain))
    return ", ".join(parts)


def _cell(day: CalendarDay, today: date, language: Language, *, is_first_of_week: bool) -> DayCell:
    new_week = None
    if is_first_of_week:
        new_week = language.say(N_("wk %(n)s"), n=day.week)
    return DayCell(
        on=day.on,
        number=str(day.on.day),
        kind=day.kind,
        words=day_words(day, language),
        pips=_pips(day),
        level=min(4, int((day.dose.percent or 0) / 25 + 1e-9)),
        pain=day.pain,
        is_today=day.on == today,
        is_self_reported=day.is_self_reported,
        new_week=new_week,
    )


def _pips(day: CalendarDay) -> list[str]:
    """Return a sign for each session or sport of the day: done, begun, or open."""
    if day.sport_day is not None:
        return ["done"] * day.sports_done or ["open"]
    n_shown = max(day.sessions_due, day.sessions_done)
    signs = ["done"] * day.sessions_done
    signs += ["part"] * min(day.sessions_partial, max(0, n_shown - len(signs)))
    return signs + ["open"] * (n_shown - len(signs))


def _plot(days: list[CalendarDay], language: Language) -> Markup:
    """Draw dose as bars and pain beneath as dots, each day in its place."""
    width = 100 / len(days)
    dose = Scale(0, 100, DOSE_FOOT, 20)
    pain = Scale(0, SCALE_MAX, PAIN_FOOT, PAIN_HEAD)
    drawn = [level(dose(0), "grid"), level(dose(100), "grid"), level(pain(0), "grid")]
    drawn.append(text(language.say(N_("Eccentric time in percent of the day")), "0", 12, "tick"))
    drawn.append(text(language.say(N_("Pain, 0 to 10")), "0", PAIN_HEAD - 4, "tick"))
    for n, day in enumerate(days):
        left = n * width
        if day.dose.percent:
            top = min(dose(day.dose.percent), dose(0) - 1)
            drawn.append(
                element(
                    "rect",
                    x=f"{left + width * 0.1:.2f}%",
                    y=top,
                    width=f"{width * 0.8:.2f}%",
                    height=dose(0) - top,
                    class_="bar-mark",
                )
            )
        if day.pain is not None:
            drawn.append(
                element(
                    "circle",
                    element("title", day_words(day, language)),
                    cx=f"{left + width / 2:.2f}%",
                    cy=pain(day.pain),
                    r=PAIN_RADIUS,
                    class_="pain-mark",
                )
            )
        if day.day is not None and day.kind != "rest" and day.day % (2 * DAYS_PER_WEEK) == 1:
            drawn.append(text(str(day.week), f"{left:.2f}%", PLOT_HEIGHT - 4, "tick"))
    return element(
        "svg",
        Markup("").join(drawn),
        class_="plot",
        height=PLOT_HEIGHT,
        role="img",
        aria_label=_plot_words(days, language),
    )


def _plot_words(days: list[CalendarDay], language: Language) -> str:
    """Say in one sentence what the curve shows."""
    known = [day for day in days if day.dose.percent]
    pains = [day.pain for day in days if day.pain is not None]
    highest = max(pains, default=None)
    return language.say(
        N_("Eccentric time on %(n)s days; highest pain %(pain)s. Numbers below: the week."),
        n=len(known),
        pain=NOTHING if highest is None else highest,
    )
