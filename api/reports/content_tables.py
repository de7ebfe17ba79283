"""The tables of the clinician's report, as words and numbers in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.models import PrescriptionRow
from api.pages import words
from api.pages.language import N_, NOTHING, Language
from api.reports.data_days import ENOUGH_DAYS, WINDOW_DAYS, Window
from api.reports.facts import ReportFacts
from api.reports.left_out import LeftOutSet
from api.reports.totals import Sum, Totals
from api.review.mark_words import REASONS
from api.review.rows import RepMarkRow


def report_tables(facts: ReportFacts, language: Language) -> list[dict[str, Any]]:
    """Return the tables of the clinician's report."""
    return [
        _week_table(facts.totals, language),
        _exercise_table(facts.totals.exercises, language),
        *([_left_out_table(facts.left_out, language)] if facts.left_out else []),
        *([_order_table(facts.orders, language)] if facts.orders else []),
        _window_table(facts.windows, language),
    ]


def _table(
    title: str,
    head: Sequence[str],
    rows: list[list[str]],
    note: str = "",
    *,
    words_in: Sequence[int] = (),
    widest: int | None = None,
) -> dict[str, Any]:
    """Return a table; numbers stand at the right of their column, `words_in` at the left.

    The column `widest` gets more of the page: what a person wrote stands there.
    """
    return {
        "title": title,
        "head": list(head),
        "rows": rows,
        "note": note,
        "words": list(words_in),
        "widest": widest,
    }


def _week_table(totals: Totals, language: Language) -> dict[str, Any]:
    say = language.say
    head = [
        say(N_("Week from")),
        say(N_("Sessions")),
        say(N_("Days")),
        say(N_("Repetitions")),
        say(N_("In tempo")),
        say(N_("Eccentric time")),
        say(N_("Mean return")),
        say(N_("Worst pain")),
    ]
    rows = [
        [
            language.short_date(week.first_on),
            " ".join(language.parts(week.sessions, week.sessions_due)).strip(),
            str(week.training_days),
            str(week.core.reps),
            language.percent(week.core.in_tempo_share),
            minutes(week.core.dose_s, language),
            language.seconds(week.core.eccentric_mean_s),
            NOTHING if week.pain_worst is None else str(week.pain_worst),
        ]
        for week in totals.weeks
    ]
    note = say(N_("Repetitions, tempo and eccentric time are those of the core exercise."))
    return _table(say(N_("Week by week")), head, rows, note)


def _exercise_table(exercises: Mapping[str, Sum], language: Language) -> dict[str, Any]:
    say = language.say
    head = [
        say(N_("Exercise")),
        say(N_("Sets")),
        say(N_("Repetitions")),
        say(N_("In tempo")),
        say(N_("Mean return")),
        say(N_("Mean peak")),
        say(N_("Signal received")),
    ]
    rows = [
        [
            words.exercise_name(name, language),
            str(found.n_sets),
            str(found.reps) if found.n_counted else NOTHING,
            language.percent(found.in_tempo_share),
            language.seconds(found.eccentric_mean_s),
            language.degrees(found.peak_mean_deg),
            language.percent(found.coverage),
        ]
        for name, found in exercises.items()
    ]
    return _table(say(N_("By exercise")), head, rows)


def _order_table(orders: Sequence[PrescriptionRow], language: Language) -> dict[str, Any]:
    say = language.say
    head = [
        say(N_("Exercise")),
        say(N_("Sets")),
        say(N_("Repetitions")),
        say(N_("Return")),
        say(N_("Aim")),
        say(N_("Band")),
        say(N_("From")),
        say(N_("Until")),
    ]
    rows = [
        [
            words.exercise_name(row.exercise, language),
            str(row.sets),
            NOTHING if row.reps is None else str(row.reps),
            language.seconds(row.eccentric_s),
            language.degrees(row.peak_deg),
            words.gear(row.band, language) or NOTHING,
            language.short_date(row.starts_on),
            language.short_date(row.ends_on) if row.ends_on else NOTHING,
        ]
        for row in orders
    ]
    return _table(say(N_("What was ordered")), head, rows, words_in=(5,))


def _left_out_table(listed: Sequence[LeftOutSet], language: Language) -> dict[str, Any]:
    """Return the sets with repetitions left out: what counts, what was measured, and why."""
    say = language.say
    head = [
        say(N_("Day")),
        say(N_("Set")),
        say(N_("Repetitions")),
        say(N_("In tempo")),
        say(N_("Eccentric time")),
        say(N_("Not counted")),
    ]
    rows = []
    for one in listed:
        measured, counted = one.measured, one.counted
        in_tempo = None if measured.in_tempo is None else counted.in_tempo
        dose_s = None if measured.dose_s is None else counted.dose_s
        name = words.exercise_name(one.exercise, language)
        rows.append(
            [
                language.short_date(one.on),
                f"{name}, {one.number}",
                _both(counted.reps, measured.reps, language),
                _both(in_tempo, measured.in_tempo, language),
                _both(language.seconds(dose_s), language.seconds(measured.dose_s), language),
                "; ".join(_mark_words(mark, language) for mark in one.marks),
            ]
        )
    note = say(N_("All other numbers of this report are as they were measured."))
    title = say(N_("Repetitions that a clinician does not count"))
    return _table(title, head, rows, note, words_in=(1, 5), widest=5)


def _both(counted: object, measured: object, language: Language) -> str:
    if measured is None:
        return NOTHING
    if counted == measured:
        return str(measured)
    said = N_("%(counted)s (measured %(measured)s)")
    return language.say(said, counted=counted, measured=measured)


def _mark_words(mark: RepMarkRow, language: Language) -> str:
    why = language.say(REASONS[mark.reason])
    parts = (f"{mark.rep_number}: {why}", mark.remark.rstrip("."), mark.marked_by)
    return ", ".join(part for part in parts if part)


def _window_table(windows: Sequence[Window], language: Language) -> dict[str, Any]:
    say = language.say
    head = [say(N_("From")), say(N_("Until")), say(N_("Days with data")), say(N_("State"))]
    rows = [
        [
            language.short_date(one.first_on),
            language.short_date(one.last_on),
            str(one.days_with_data),
            say(N_("complete") if one.is_complete else N_("not over yet")),
        ]
        for one in windows
    ]
    title = say(N_("Days with data in each %(days)s days"), days=WINDOW_DAYS)
    note = say(N_("A count only. %(days)s days are often asked for."), days=ENOUGH_DAYS)
    return _table(title, head, rows, note, words_in=(3,))


def minutes(seconds: float | None, language: Language) -> str:
    """Write a duration in minutes."""
    return NOTHING if seconds is None else f"{language.number(seconds / 60)} min"
