"""What a report says: every word and number of it, in the reader's language, for the template.

The patient's report is short and about what was done; the clinician's has the tables as well.
Both show the same figures as the pages, from the same numbers.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from analysis import Exercise
from api.pages import charts, words
from api.pages.language import N_, NOTHING, Language
from api.reports import drawings
from api.reports.content_tables import minutes, report_tables
from api.reports.facts import ReportFacts
from api.reports.totals import Week
from api.schemas import SetBody
from api.set_targets import exercise_of

Reader = Literal["patient", "clinician"]
PURPOSE: Final = N_(
    "tempo90 records and shows how an exercise plan was done. It is no diagnosis and no medical "
    "device, and it does not replace a physiotherapist or sports physician."
)
HONEST: Final = N_(
    "Durations are known to about 0.1 s. Angles come from one sensor on the lower leg: the thigh "
    "and the skin add about 5 degrees lying face down and 10 degrees seated."
)
WARNING: Final = N_(
    "Stop and ask at severe pain, a pop, bruising, tingling or numbness, or sudden weakness."
)
CAUSES: Final = {
    "tear": N_("tear"),
    "overload": N_("overload"),
    "back": N_("from the back"),
}
WHOLE_FROM_MINUTES: Final = 10.0  # below it a whole minute is too coarse: a set takes less than one
LEGS: Final = {"left": N_("left leg"), "right": N_("right leg")}


def report_content(facts: ReportFacts, reader: Reader, language: Language) -> dict[str, Any]:
    """Return the document that the template sets in type."""
    say = language.say
    is_clinician = reader == "clinician"
    titles = {"patient": N_("Your training"), "clinician": N_("Training report")}
    tables = report_tables(facts, language) if is_clinician else []
    return {
        "lang": language.code,
        "title": say(titles[reader]),
        "name": facts.patient.name,
        "synthetic": say(N_("synthetic patient: nobody real"))
        if facts.patient.is_synthetic
        else "",
        "about": _about(facts, language),
        "figures": _figures(facts, language),
        "sentences": [] if is_clinician else _sentences(facts, language),
        "charts": [*_trends(facts, language), *_latest(facts, language)],
        "tables": tables,
        "notes": [
            say(PURPOSE),
            *([say(HONEST)] if is_clinician else [say(WARNING)]),
            *(_sources(facts, language) if is_clinician else []),
        ],
        "page": say(N_("page")),
        "of": say(N_("of")),
        "made": say(N_("made on %(when)s"), when=language.moment(facts.made_at)),
    }


def _about(facts: ReportFacts, language: Language) -> list[str]:
    say, days = language.say, facts.days
    span = say(
        N_("%(first)s to %(last)s"),
        first=_long_day(days.first_on, language),
        last=_long_day(days.last_on, language),
    )
    listed = [span]
    injury = facts.injury
    if injury is not None:
        parts = [say(LEGS[injury.side])]
        if injury.cause:
            parts.append(say(CAUSES[injury.cause]))
        if injury.grade:
            parts.append(say(N_("grade %(grade)s"), grade=injury.grade))
        if injury.injured_on:
            parts.append(say(N_("since %(day)s"), day=_long_day(injury.injured_on, language)))
        listed.append(say(N_("Injury: %(parts)s"), parts=", ".join(parts)))
    return listed


def _figures(facts: ReportFacts, language: Language) -> list[dict[str, str]]:
    """Return the numbers that come first: four of them, each with its name."""
    say, totals = language.say, facts.totals
    core = totals.core
    due = totals.sessions_due
    done, rest = language.parts(totals.sessions, due)
    minutes = None if core.dose_s is None else core.dose_s / 60
    due_s = totals.dose_due_s if totals.dose_due_s is not None else core.dose_prescribed_s
    due_minutes = None if due_s is None else due_s / 60
    is_little = max(minutes or 0.0, due_minutes or 0.0) < WHOLE_FROM_MINUTES
    dose, dose_rest = language.parts(
        minutes, due_minutes, decimals=1 if is_little else 0, unit="min"
    )
    days_note = language.count(N_("1 day"), N_("%(n)s days"), totals.training_days)
    return [
        _figure(say(N_("Sessions")), done, rest, days_note),
        _figure(
            say(N_("In tempo")),
            language.percent(core.in_tempo_share),
            "",
            _of(core.in_tempo, core.reps, language),
        ),
        _figure(say(N_("Eccentric time")), dose, dose_rest, say(N_("core exercise"))),
        _figure(
            say(N_("Worst pain")),
            NOTHING if totals.pain_worst is None else str(totals.pain_worst),
            "",
            say(N_("from 0 to 10")),
        ),
    ]


def _figure(label: str, value: str, rest: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "rest": rest, "note": note}


def _of(done: int | None, due: int, language: Language) -> str:
    if done is None:
        return NOTHING
    return language.say(N_("%(done)s of %(due)s repetitions"), done=done, due=due)


def _sentences(facts: ReportFacts, language: Language) -> list[str]:
    """Say in words what was done: only what was measured or told."""
    say, totals = language.say, facts.totals
    if not totals.sessions:
        return [say(N_("No training was stored in these days."))]
    listed = [
        language.count(
            N_("You trained on 1 day; sessions in all: %(sessions)s."),
            N_("You trained on %(n)s days, %(sessions)s times in all."),
            totals.training_days,
            sessions=totals.sessions,
        )
    ]
    core = totals.core
    if core.in_tempo is not None and core.eccentric_mean_s is not None:
        listed.append(
            say(
                N_("%(done)s of your %(due)s slow returns were in tempo: %(mean)s on average."),
                done=core.in_tempo,
                due=core.reps,
                mean=language.seconds(core.eccentric_mean_s),
            )
        )
    n_left_out = sum(len(one.marks) for one in facts.left_out)
    if n_left_out:
        listed.append(
            say(N_("Your clinician does not count %(n)s of these repetitions."), n=n_left_out)
            if n_left_out > 1
            else say(N_("Your clinician does not count one of these repetitions."))
        )
    if totals.pain_worst is not None:
        listed.append(
            say(N_("The worst pain you told was %(pain)s of 10."), pain=totals.pain_worst)
        )
    return listed


def _trends(facts: ReportFacts, language: Language) -> list[dict[str, str]]:
    """Return the charts of the weeks, each with its caption and the same in words."""
    say, totals = language.say, facts.totals
    if not totals.sessions:
        return []
    listed = [
        _chart(
            say(N_("Eccentric time of the core exercise, each week")),
            _in_words(totals.weeks, lambda week: minutes(week.core.dose_s, language), language),
            drawings.dose_chart(totals, language),
        )
    ]
    exercise = _core_exercise(facts)
    if exercise is not None and totals.core.eccentric_mean_s is not None:
        low, high = exercise.in_tempo_s
        caption = say(
            N_("Mean seconds of the slow return; the band is %(low)s to %(high)s s"),
            low=language.number(low),
            high=language.number(high),
        )
        told = _in_words(
            totals.weeks, lambda week: language.seconds(week.core.eccentric_mean_s), language
        )
        picture = drawings.tempo_chart(totals, exercise.in_tempo_s, language)
        listed.append(_chart(caption, told, picture))
    if totals.pain_worst is not None:
        told = _in_words(
            totals.weeks,
            lambda week: NOTHING if week.pain_worst is None else str(week.pain_worst),
            language,
        )
        listed.append(
            _chart(say(N_("Worst pain of each week")), told, drawings.pain_chart(totals, language))
        )
    return listed


def _latest(facts: ReportFacts, language: Language) -> list[dict[str, str]]:
    """Return the charts of the page of the latest session: its last core set."""
    if facts.shown is None:
        return []
    session, number = facts.shown
    one = session.exercise_sets[number - 1]
    exercise = exercise_of(one)
    heading = language.say(
        N_("%(exercise)s, set %(number)s of %(day)s"),
        exercise=words.exercise_name(one.exercise, language),
        number=number,
        day=replace(language, zone=facts.days.zone).day(session.started_at),  # the patient's day
    )
    listed = []
    dots = charts.dots_chart(one.reps, exercise, language)
    if dots is not None:
        caption = language.say(N_("Seconds of each repetition: %(heading)s"), heading=heading)
        listed.append(_chart(caption, _reps_in_words(one, language), drawings.page_chart(dots)))
    trace = charts.trace_chart(one, one.trace, exercise, language) if one.trace else None
    if trace is not None:
        caption = language.say(N_("Angle over time: %(heading)s"), heading=heading)
        told = language.say(N_("Angle over time; the shaded stretches are the slow returns."))
        listed.append(_chart(caption, told, drawings.page_chart(trace, is_trace=True)))
    return listed


def _chart(caption: str, told: str, picture: str) -> dict[str, str]:
    return {"caption": caption, "alt": f"{caption}. {told}", "svg": picture}


def _reps_in_words(one: SetBody, language: Language) -> str:
    return "; ".join(
        f"{number}: {language.seconds(rep.eccentric_s)}" for number, rep in enumerate(one.reps, 1)
    )


def _in_words(weeks: Sequence[Week], value: Any, language: Language) -> str:
    return "; ".join(f"{language.short_date(week.first_on)}: {value(week)}" for week in weeks)


def _core_exercise(facts: ReportFacts) -> Exercise | None:
    """Return the core exercise with its targets of the latest set; its band holds for all."""
    if facts.shown is not None:
        session, number = facts.shown
        exercise = exercise_of(session.exercise_sets[number - 1])
        if exercise is not None and exercise.is_core:
            return exercise
    known = (words.find_exercise(name) for name in facts.totals.exercises)
    return next((one for one in known if one is not None and one.is_core), None)


def _sources(facts: ReportFacts, language: Language) -> list[str]:
    sensors = ", ".join(
        dict.fromkeys(
            f"{one.name} ({one.family})" if one.name else one.family for one in facts.sensors
        )
    )
    return [
        language.say(
            N_("Measured with %(sensors)s by engine %(engines)s."),
            sensors=sensors or NOTHING,
            engines=", ".join(facts.engines) or NOTHING,
        )
    ]


def _long_day(on: Any, language: Language) -> str:
    return f"{language.short_date(on)} {on.year}"
