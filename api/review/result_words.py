"""Results of one session against each other, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.pages import words
from api.pages.language import N_, NOTHING, Language
from api.review.schemas import RepChange, ResultPublic, SetChange, ValueChange
from api.review.versions import RECEIVED

STATES: Final[Mapping[str, str]] = {
    "current": N_("current"),
    "proposed": N_("waits for a decision"),
    "declined": N_("declined"),
    "earlier": N_("earlier"),
}
VALUES: Final[Mapping[str, str]] = {
    "reps": N_("Repetitions"),
    "in_tempo": N_("In tempo"),
    "accepted": N_("Near the tempo"),
    "eccentric_mean_s": N_("Mean return"),
    "eccentric_s": N_("Return"),
    "dose_s": N_("Eccentric time"),
    "peak_mean_deg": N_("Mean peak"),
    "peak_deg": N_("Peak"),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line of the table of differences."""

    where: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A line of the list of results."""

    number: int
    state: str
    state_words: str
    engine: str
    made: str
    decided: str
    may_accept: bool
    may_decline: bool


def result_line(one: ResultPublic, language: Language) -> ResultLine:
    """Show one result of a session: by which engine, made and decided by whom and when."""
    by = language.say(N_("received")) if one.made_by == RECEIVED else one.made_by
    decided = ""
    if one.decided_by is not None and one.decided_at is not None:
        decided = f"{one.decided_by}, {language.moment(one.decided_at)}"
    return ResultLine(
        number=one.number,
        state=one.state,
        state_words=language.say(STATES[one.state]),
        engine=f"{one.engine} / {one.catalogue or NOTHING}",
        made=f"{by}, {language.moment(one.made_at)}",
        decided=decided,
        may_accept=one.state in {"proposed", "earlier"},
        may_decline=one.state == "proposed",
    )


def change_lines(changes: list[SetChange], language: Language) -> list[ChangeLine]:
    """Show what a result says otherwise, a line for each number."""
    lines: list[ChangeLine] = []
    for change in changes:
        number = change.before if change.after is None else change.after
        where = language.say(N_("Set %(n)s"), n=number)
        if change.before is None or change.after is None:
            name = words.exercise_name(change.exercise, language)
            lines.append(_presence(where, name, is_new=change.before is None, language=language))
            continue
        lines += [_value(where, one, language) for one in change.values]
        for rep in change.reps:
            lines += _rep(where, rep, language)
    return lines


def _rep(where: str, rep: RepChange, language: Language) -> list[ChangeLine]:
    number = rep.before if rep.after is None else rep.after
    place = f"{where}, " + language.say(N_("repetition %(n)s"), n=number)
    if rep.before is None or rep.after is None:
        what = language.say(N_("repetition"))
        return [_presence(place, what, is_new=rep.before is None, language=language)]
    lines = [_value(place, one, language) for one in rep.values]
    if rep.flags_gone or rep.flags_added:
        gone = ", ".join(words.flag(code, language) for code in rep.flags_gone) or NOTHING
        added = ", ".join(words.flag(code, language) for code in rep.flags_added) or NOTHING
        lines.append(ChangeLine(place, language.say(N_("Remarks")), gone, added))
    return lines


def _presence(where: str, what: str, *, is_new: bool, language: Language) -> ChangeLine:
    there, absent = language.say(N_("found")), language.say(N_("not found"))
    return ChangeLine(where, what, *((absent, there) if is_new else (there, absent)))


def _value(where: str, change: ValueChange, language: Language) -> ChangeLine:
    what = language.say(VALUES[change.name])
    return ChangeLine(
        where,
        what,
        _written(change.name, change.before, language),
        _written(change.name, change.after, language),
    )


def _written(name: str, value: float | None, language: Language) -> str:
    if value is None:
        return NOTHING
    if name.endswith("_s"):
        return f"{language.number(value, 2)} s"
    return language.degrees(value) if name.endswith("_deg") else language.number(value, 0)
