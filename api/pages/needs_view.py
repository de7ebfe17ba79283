"""The list by need in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from analysis import Enrolment, History, load_programme, local_date, programme_day, week_of
from api.needs.listing import Counts, Group, Listed, Show
from api.needs.rules import load_rules
from api.pages.language import N_, NOTHING, Language

TABS: Final = {
    Show.NEW: N_("New"),
    Show.ATTENTION: N_("Need attention"),
    Show.SILENT: N_("Sent nothing"),
    Show.ON_SCHEDULE: N_("On schedule"),
    Show.ASIDE: N_("Set aside"),
    Show.IDLE: N_("No programme now"),
    Show.ALL: N_("Everybody"),
}
# Shown even when there is nobody in them: what the count line speaks of.
ALWAYS: Final = frozenset({Show.NEW, Show.ATTENTION, Show.SILENT, Show.ON_SCHEDULE, Show.ALL})
GROUPS: Final = {
    Group.ATTENTION: N_("needs attention"),
    Group.SILENT: N_("sent nothing"),
    Group.ASIDE: N_("set aside"),
    Group.ON_SCHEDULE: N_("on schedule"),
    Group.IDLE: N_("no programme now"),
}

JOINED: Final = N_("has joined; no programme yet")


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the list."""

    show: str
    words: str
    n: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, in words."""

    code: str
    words: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A patient of the list, in words."""

    id: UUID
    name: str
    is_synthetic: bool
    group: str
    group_words: str
    is_new: bool
    place: str
    reasons: list[Reason]
    aside: list[str]


def tabs(counts: Counts, show: Show, language: Language) -> list[Tab]:
    """Return the ways to look at the list that lead somewhere."""
    return [
        Tab(one.value, language.say(words), counts.of(one), one is show)
        for one, words in TABS.items()
        if one in ALWAYS or one is show or counts.of(one)
    ]


def count_line(counts: Counts, language: Language) -> list[tuple[str, str]]:
    """Say in one line how everybody stands; each part leads to those it counts."""
    parts = (
        (Show.ATTENTION, N_("1 needs attention"), N_("%(n)s need attention")),
        (Show.SILENT, N_("1 sent nothing"), N_("%(n)s sent nothing")),
        (Show.ON_SCHEDULE, N_("1 on schedule"), N_("%(n)s on schedule")),
    )
    said = []
    for show, one, many in parts:
        n = counts.of(show)
        said.append((show.value, language.say(one) if n == 1 else language.say(many, n=n)))
    return said


def need_line(listed: Listed, language: Language, *, now: datetime) -> NeedLine:
    """Say why a patient is in the list."""
    reasons = reasons_of(listed, language)
    return NeedLine(
        id=listed.id,
        name=listed.name,
        is_synthetic=listed.is_synthetic,
        group=listed.group.value,
        group_words=language.say(JOINED if _has_joined(listed) else GROUPS[listed.group]),
        is_new=listed.is_new,
        place=place_words(listed, language, now=now),
        reasons=reasons,
        aside=_beside(listed, language),
    )


def _has_joined(listed: Listed) -> bool:
    return listed.group is Group.IDLE and listed.is_new


def reasons_of(listed: Listed, language: Language) -> list[Reason]:
    """Say each reason of a patient, silence last."""
    said = []
    for need in listed.needs:
        rule = load_rules().rule(need.code)
        if rule is not None:
            words = fill(rule.texts[language.code], listed.detail, language)
            said.append(Reason(need.code, words, need.code in listed.new_codes))
    if listed.silent_from is not None:
        said.append(Reason("silent", _silence(listed, language), is_new=listed.is_new))
    return said


def fill(words: str, detail: Mapping[str, Any], language: Language) -> str:
    """Fill the facts and moments of a patient in; what is not known becomes a dash."""
    names = {name for _, name, _, _ in Formatter().parse(words) if name}
    return words.format_map({name: _shown(name, detail, language) for name in names})


def place_words(listed: Listed, language: Language, *, now: datetime) -> str:
    """Say in which week of the programme a patient is now."""
    plan = listed.detail.get("plan")
    if plan is None:
        return ""  # the group says it
    on = local_date(now, ZoneInfo(plan["zone"]))
    week = _week(
        plan["programme"],
        plan["first_on"],
        tuple(plan["rest_days"]),
        tuple(sorted((int(week), n) for week, n in plan["extra_weeks"].items())),
        on,
    )
    if week is None:
        return language.say(N_("begins on %(day)s"), day=_day(plan["first_on"], language))
    if week > load_programme(plan["programme"]).max_weeks:
        return language.say(N_("programme over"))
    return language.say(N_("week %(n)s"), n=week)


@lru_cache(maxsize=4096)
def _week(
    programme_id: str,
    first_on: str,
    rest_days: tuple[str, ...],
    extra_weeks: tuple[tuple[int, int], ...],
    on: date,
) -> int | None:
    enrolment = Enrolment(start_on=date.fromisoformat(first_on), extra_weeks=dict(extra_weeks))
    history = History(rest_days=frozenset(date.fromisoformat(day) for day in rest_days))
    day = programme_day(load_programme(programme_id), enrolment, history, on)
    return None if day is None else week_of(day)


def _silence(listed: Listed, language: Language) -> str:
    silence = load_rules().silence
    if listed.heard_at is not None:
        return fill(silence.texts[language.code], listed.detail, language)
    plan = listed.detail.get("plan") or {}
    started = _day(plan["first_on"], language) if "first_on" in plan else NOTHING
    return silence.never[language.code].format(start_on=started)


def _beside(listed: Listed, language: Language) -> list[str]:
    """Say what is no reason, but good to know beside the reasons."""
    said = []
    told = listed.detail.get("facts", {}).get("sessions_told")
    if told:
        said.append(
            language.count(
                N_("1 session told without measuring"),
                N_("%(n)s sessions told without measuring"),
                int(told),
            )
        )
    if listed.heard_at is not None and listed.silent_from is None:
        said.append(language.say(N_("last heard %(day)s"), day=language.short_day(listed.heard_at)))
    if listed.aside_until is not None:
        until = language.short_day(listed.aside_until)
        said.append(language.say(N_("snoozed until %(day)s"), day=until))
    return said


def _shown(name: str, detail: Mapping[str, Any], language: Language) -> str:
    """Write a fact with the precision and unit that its name ends in."""
    if name.endswith("_at"):
        at = detail["moments"].get(name)
        return NOTHING if at is None else language.short_date(_local(at, detail))
    if name == "judged_on":
        return _day(detail["judged_on"], language)
    value = detail["facts"].get(name)
    if value is None:
        return NOTHING
    if name.endswith("_percent"):
        return language.percent(value / 100)
    if name.endswith("_s"):
        return language.seconds(value)
    is_whole = float(value).is_integer()
    return language.number(value, 0 if is_whole else 1)


def _local(at: str, detail: Mapping[str, Any]) -> date:
    """Return the date of a moment on the patient's wall."""
    plan = detail.get("plan")
    moment = datetime.fromisoformat(at)
    return moment.date() if plan is None else local_date(moment, ZoneInfo(plan["zone"]))


def _day(on: str | None, language: Language) -> str:
    return NOTHING if on is None else language.short_date(date.fromisoformat(on))
