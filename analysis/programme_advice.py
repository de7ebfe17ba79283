"""What the programme has to say today, each with the rule that caused it.

Advice is words. Accepting it (rest days, a sport level, a prescription) is a person's act, which
the caller writes into the enrolment or the history; nothing here changes a plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from analysis.programme import AdviceKind, AdviceRule, Programme
from analysis.programme_facts import exercise_facts, programme_facts
from analysis.programme_history import Enrolment, History
from analysis.programme_plan import Today, plan_today


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to say, and the rule it follows from; for one exercise, or for the day.

    Parameters
    ----------
    because : mapping
        What the facts were that the rule asks for.

    """

    rule: AdviceRule
    exercise_id: str | None = None
    because: Mapping[str, float | None] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        """What `History.said_on` remembers it by."""
        return (
            self.rule.code if self.exercise_id is None else f"{self.rule.code}/{self.exercise_id}"
        )


def advise(
    programme: Programme,
    enrolment: Enrolment,
    history: History,
    now: datetime,
    zone: tzinfo,
) -> tuple[Advice, ...]:
    """Return what the programme has to say now, the most important first.

    While a warning sign stands, that is all that is said.

    Raises
    ------
    ValueError
        If an instant has no time zone.

    """
    today = plan_today(programme, enrolment, history, now, zone)
    facts = programme_facts(programme, enrolment, history, today, now=now, zone=zone)
    advice = []
    for rule in programme.rules:
        for exercise_id, own in _cases(rule, today, history, now, zone):
            known = facts | own
            because = {one.fact: known.get(one.fact) for one in rule.when}
            candidate = Advice(rule=rule, exercise_id=exercise_id, because=because)
            if rule.fits(known) and not _is_too_soon(candidate, history, today):
                advice.append(candidate)
    stops = tuple(a for a in advice if a.rule.kind is AdviceKind.STOP)
    return stops or tuple(advice)


def advice_text(programme: Programme, advice: Advice, language: str) -> str:
    """Return the words of a piece of advice, its settings filled in."""
    numbers = {name: f"{value:g}" for name, value in programme.settings.items()}
    return advice.rule.texts[language].format_map(numbers)


def _cases(
    rule: AdviceRule, today: Today, history: History, now: datetime, zone: tzinfo
) -> list[tuple[str | None, dict[str, float | None]]]:
    """Return the day, or today's exercises that the rule speaks of, with their own facts."""
    if not rule.exercises:
        return [(None, {})]
    return [
        (planned.exercise.id, exercise_facts(planned.exercise, history, now, zone))
        for planned in today.exercises
        if planned.exercise.id in rule.exercises
    ]


def _is_too_soon(advice: Advice, history: History, today: Today) -> bool:
    said_on = history.said_on.get(advice.key)
    days = advice.rule.once_every_days
    return said_on is not None and days is not None and 0 <= (today.on - said_on).days < days
