"""Why the programme says something: the facts of its rule, in the reader's words."""

from collections.abc import Mapping
from typing import Final

from analysis import Programme
from api.pages.language import N_, Language
from api.today_schemas import AdvicePublic

NUMBERS: Final[Mapping[str, str]] = {
    "days_since_injection": N_("days since your injection: %(value)s"),
    "easy_days": N_("days in a row without pain, soreness or painkiller: %(value)s"),
    "pain": N_("your pain: %(value)s of 10"),
    "pain_rise": N_("more pain than the time before: %(value)s"),
    "sessions_today": N_("trained today: %(value)s"),
    "share_accepted": N_("repetitions near the tempo: %(value)s"),
    "soreness": N_("your muscle soreness: %(value)s of 10"),
    "sport_level": N_("steps of sport that you accepted: %(value)s"),
    "sport_pain": N_("pain in sport: %(value)s of 10"),
    "sport_sessions": N_("times of sport in your diary: %(value)s"),
    "sport_week": N_("week %(value)s of the programme, with sport"),
    "week": N_("week %(value)s of the programme"),
    "weeks_done": N_("weeks done: %(value)s"),
}
STATEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "anti_inflammatory": (N_("you took an anti-inflammatory"), N_("no anti-inflammatory")),
    "improved": (N_("clearly less complaints"), N_("not clearly less complaints")),
    "improvement_known": (N_("you answered the question"), N_("not asked yet")),
    "painkiller": (N_("you took a painkiller"), N_("no painkiller")),
    "resting_after_tear": (N_("the days after a tear"), N_("the days after a tear are over")),
    "severe_after_rest": (
        N_("severe pain before and after your rest days"),
        N_("less pain after your rest days"),
    ),
    "sport_complaints": (N_("complaints came back in sport"), N_("no complaints in sport")),
    "sport_started": (N_("your return to sport has begun"), N_("no return to sport yet")),
    "sport_today": (N_("a day of sport"), N_("no day of sport")),
    "sport_tolerated": (N_("the last sport went well"), N_("the last sport did not go well")),
    "warning_signs": (N_("you told of a warning sign"), N_("no warning signs")),
    "warning_signs_excluded": (N_("no warning signs"), N_("a warning sign")),
    "warning_signs_known": (N_("warning signs were asked"), N_("warning signs not asked yet")),
}
SHARES: Final = frozenset({"share_accepted"})


def reasons(advice: AdvicePublic, language: Language) -> list[str]:
    """Return the facts that an advice follows from, one sentence each."""
    return [
        _sentence(fact, value, language)
        for fact, value in advice.because.items()
        if value is not None
    ]


def source(advice: AdvicePublic, language: Language) -> str:
    """Say whose rule it is."""
    if advice.is_stated:
        return language.say(N_("A rule of the programme."))
    return language.say(N_("A rule of tempo90, not from the programme's source."))


def advice_words(programme: Programme, key: str, language: Language) -> str:
    """Return the words of a rule by the key of its advice, its settings filled in."""
    code = key.partition("/")[0]
    numbers = {name: f"{value:g}" for name, value in programme.settings.items()}
    rule = next((rule for rule in programme.rules if rule.code == code), None)
    return key if rule is None else rule.texts[language.code].format_map(numbers)


def _sentence(fact: str, value: float, language: Language) -> str:
    if fact in STATEMENTS:
        yes, no = STATEMENTS[fact]
        return language.say(yes if value else no)
    shown = language.percent(value) if fact in SHARES else language.number(value, 0)
    return language.say(NUMBERS[fact], value=shown)
