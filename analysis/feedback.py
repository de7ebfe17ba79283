"""The words of the set card: at most one praise, one correction and one next step.

The rules and their texts are data (catalogue/feedback.toml). This file holds the facts that a
rule may ask for, the comparisons it may make, and nothing about any one rule.
"""

import operator
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from statistics import median
from string import Formatter
from typing import Any, Final

from analysis.errors import CatalogueError
from analysis.exercise import Exercise, Movement
from analysis.hold_quality import n_long_enough
from analysis.quality import set_quality, tempo_verdict
from analysis.results import Feedback, FeedbackKind, Flag, Hold, Rep

LANGUAGES: Final = ("en", "nl")
FACTS: Final = frozenset(
    {
        "active_min",  # in bouts of sport
        "active_s",
        "at_target_percent",  # of the pedalling time, at the cadence asked for
        "backward_s",  # in bouts going backward
        "cadence_per_min",
        "cadence_target_per_min",
        "coverage",  # share of the due samples that came
        "eccentric_drift_s",  # change of the eccentric duration over the set
        "fast_s",  # the middle one of the durations that were too fast
        "held_s",  # the shortest stillness of the stretches
        "hold_s",  # the prescribed hold
        "missing_percent",  # of the due samples
        "n_accepted",
        "n_beyond",
        "n_corrections",  # 1 when a correction has been chosen
        "n_fast_drop",
        "n_holds",  # long enough
        "n_in_tempo",
        "n_incomplete",
        "n_interruptions",  # of the stretches
        "n_kinds",  # of bouts: walking, jogging, both backward
        "n_knee_may_bend",
        "n_missing",  # of the prescribed repetitions; under 0 when more were done
        "n_prescribed",
        "n_reps",
        "n_shallow",
        "n_short_hold",
        "n_stepwise",
        "n_stretches",
        "n_stretches_short",
        "n_timed",  # repetitions with an eccentric duration
        "n_too_fast",
        "n_too_slow",
        "pain",  # 0 to 10, as the patient said
        "share_accepted",  # of the timed repetitions
        "share_holds",
        "share_in_tempo",
        "sway_mean_deg",  # of a standing shank, sideways
        "target_s",  # the prescribed eccentric duration
    }
)
COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
COUNTED_FLAGS: Final[Mapping[str, Flag]] = {
    "n_beyond": Flag.BEYOND_LIMIT,
    "n_fast_drop": Flag.FAST_DROP,
    "n_incomplete": Flag.INCOMPLETE_RETURN,
    "n_knee_may_bend": Flag.KNEE_MAY_BEND,
    "n_shallow": Flag.SHALLOW,
    "n_short_hold": Flag.SHORT_HOLD,
    "n_stepwise": Flag.STEPWISE,
}

Facts = Mapping[str, float | None]
Text = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a fact with a number; false while the fact is not known."""

    fact: str
    comparison: str
    limit: float

    def holds(self, facts: Facts) -> bool:
        """Say whether it is true of these facts."""
        value = facts[self.fact]
        return value is not None and COMPARISONS[self.comparison](value, self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing the card can say, when it says so, and in which words."""

    code: str
    kind: FeedbackKind
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    texts: Mapping[str, Text]  # by the exercise's wording, or `default`

    def wording_for(self, exercise: Exercise) -> str | None:
        """Return the key of the text for this exercise, or None when it has none."""
        keys = (exercise.wording, "default")
        return next((key for key in keys if key in self.texts), None)

    def fits(self, facts: Facts) -> bool:
        """Say whether all of `when` hold and none of `unless` does."""
        is_excluded = any(condition.holds(facts) for condition in self.unless)
        return not is_excluded and all(condition.holds(facts) for condition in self.when)


@dataclass(frozen=True, slots=True)
class FeedbackCatalogue:
    """All rules in order of importance, and the warnings' texts by code."""

    rules: tuple[Rule, ...]
    warnings: Mapping[str, Text]


def choose_feedback(
    exercise: Exercise,
    reps: Sequence[Rep],
    *,
    reps_prescribed: int | None,
    pain: int | None = None,
    coverage: float = 1.0,
) -> tuple[Feedback, ...]:
    """Choose what the card of a set says.

    Parameters
    ----------
    exercise : Exercise
        With the targets of the prescription.
    reps : sequence of Rep
        The repetitions of the set, flagged.
    reps_prescribed : int, optional
        How many were asked for.
    pain : int, optional
        From 0 to 10 as the patient said; None when not asked.
    coverage : float
        Share of the due samples that came, from 0 to 1.

    Returns
    -------
    tuple of Feedback
        At most one praise, one correction and one next step, in that order; none for an
        exercise that has no repetitions.

    """
    if exercise.movement not in {Movement.REPS, Movement.STEPS}:
        return ()
    facts = _facts(exercise, reps, reps_prescribed=reps_prescribed, pain=pain, coverage=coverage)
    return choose_from_facts(exercise, facts)


def choose_hold_feedback(
    exercise: Exercise, holds: Sequence[Hold], *, pain: int | None = None, coverage: float = 1.0
) -> tuple[Feedback, ...]:
    """Choose what the card of a set of stretches says; the rest as in `choose_feedback`."""
    n_enough = n_long_enough(exercise, holds)
    facts: Facts = {
        "coverage": coverage,
        "held_s": min((round(hold.still_s) for hold in holds), default=None),
        "hold_s": exercise.hold_s,
        "missing_percent": round(100 * (1 - coverage)),
        "n_holds": n_enough,
        "n_interruptions": sum(hold.interruptions for hold in holds),
        "n_stretches": len(holds),
        "n_stretches_short": None if n_enough is None else len(holds) - n_enough,
        "pain": pain,
    }
    return choose_from_facts(exercise, facts)


def choose_from_facts(exercise: Exercise, known: Facts) -> tuple[Feedback, ...]:
    """Choose what the card says from facts; those not given are not known."""
    facts = {**dict.fromkeys(FACTS), **known}
    praise = _first(FeedbackKind.PRAISE, exercise, facts)
    correction = _first(FeedbackKind.CORRECTION, exercise, facts)
    facts["n_corrections"] = len(correction)
    return praise + correction + _first(FeedbackKind.NEXT_STEP, exercise, facts)


def feedback_text(feedback: Feedback, language: str) -> str:
    """Put a feedback into words.

    Parameters
    ----------
    feedback : Feedback
        As `choose_feedback` gave it: its values choose the wording and fill it in.
    language : {"en", "nl"}

    Raises
    ------
    CatalogueError
        If there is no such code or language, or a value that the text needs is not given.

    """
    wording = feedback.values.get("wording", "default")
    for rule in load_feedback().rules:
        if rule.code == feedback.code and wording in rule.texts:
            words = _in_language(rule.texts[str(wording)], language)
            shown = {name: _shown(value, language) for name, value in feedback.values.items()}
            missing = sorted(_names_in(words) - set(shown))
            if missing:
                raise CatalogueError(f"Feedback {feedback.code!r} comes without {missing}.")
            return words.format_map(shown)
    raise CatalogueError(f"There is no feedback {feedback.code!r} worded {wording!r}.")


def warning_text(code: str, language: str) -> str:
    """Put the code of a warning into words.

    Parameters
    ----------
    code : str
        As a `Warned` event carries it.
    language : {"en", "nl"}

    Raises
    ------
    CatalogueError
        If there is no such code or language.

    """
    warnings = load_feedback().warnings
    if code not in warnings:
        raise CatalogueError(f"There is no warning {code!r}; known are {sorted(warnings)}.")
    return _in_language(warnings[code], language)


@cache
def load_feedback() -> FeedbackCatalogue:
    """Read the rules and texts that come with the package."""
    text = resources.files("analysis").joinpath("catalogue/feedback.toml").read_text("utf-8")
    return parse_feedback(text)


def parse_feedback(text: str) -> FeedbackCatalogue:
    """Read rules and warnings from the text of their TOML file.

    Raises
    ------
    CatalogueError
        If a rule asks for an unknown fact or comparison, or a text lacks a language.

    """
    document = tomllib.loads(text)
    rules = tuple(_rule(entry) for entry in document["rules"])
    for warning_code, texts in document["warnings"].items():
        _check_text(warning_code, texts)
    return FeedbackCatalogue(rules=rules, warnings=document["warnings"])


def _rule(entry: Mapping[str, Any]) -> Rule:
    for texts in entry["text"].values():
        _check_text(entry["code"], texts)
    return Rule(
        code=entry["code"],
        kind=FeedbackKind(entry["kind"]),
        when=_conditions(entry["code"], entry["when"]),
        unless=_conditions(entry["code"], entry.get("unless", ())),
        texts=entry["text"],
    )


def _conditions(code: str, entries: Iterable[Sequence[Any]]) -> tuple[Condition, ...]:
    conditions = tuple(Condition(*entry) for entry in entries)
    for condition in conditions:
        if condition.fact not in FACTS or condition.comparison not in COMPARISONS:
            raise CatalogueError(f"Feedback {code!r}: no such condition as {condition}.")
    return conditions


def _check_text(code: str, text: Text) -> None:
    if set(text) != set(LANGUAGES):
        raise CatalogueError(f"Feedback {code!r} needs the languages {LANGUAGES}; it has {text}.")
    unknown = {name for words in text.values() for name in _names_in(words)} - FACTS
    if unknown:
        raise CatalogueError(f"Feedback {code!r} names unknown facts {sorted(unknown)}.")


def _first(kind: FeedbackKind, exercise: Exercise, facts: Facts) -> tuple[Feedback, ...]:
    for rule in load_feedback().rules:
        wording = rule.wording_for(exercise)
        if rule.kind == kind and wording is not None and rule.fits(facts):
            names = _names_in(rule.texts[wording]["en"]) | _names_in(rule.texts[wording]["nl"])
            values = {name: value for name in sorted(names) if (value := facts[name]) is not None}
            return (Feedback(code=rule.code, kind=kind, values=values | {"wording": wording}),)
    return ()


def _facts(
    exercise: Exercise,
    reps: Sequence[Rep],
    *,
    reps_prescribed: int | None,
    pain: int | None,
    coverage: float,
) -> dict[str, float | None]:
    quality = set_quality(exercise, reps, coverage=coverage, calibration_quality=1.0)
    verdicts = [(tempo_verdict(rep, exercise), rep.eccentric_s) for rep in reps]
    n_verdicts = Counter(verdict for verdict, _ in verdicts)
    fast_s = [
        took_s for verdict, took_s in verdicts if verdict == "too_fast" and took_s is not None
    ]
    n_timed = len(reps) - n_verdicts[None]
    n_holds = quality.holds_long_enough
    counts = {name: quality.flags.get(flag, 0) for name, flag in COUNTED_FLAGS.items()}
    return counts | {
        "coverage": coverage,
        "eccentric_drift_s": quality.eccentric_drift_s,
        "fast_s": median(fast_s) if fast_s else None,
        "hold_s": exercise.hold_s,
        "missing_percent": round(100 * (1 - coverage)),
        "n_accepted": quality.accepted,
        "n_corrections": None,
        "n_holds": n_holds,
        "n_in_tempo": quality.in_tempo,
        "n_missing": None if reps_prescribed is None else reps_prescribed - len(reps),
        "n_prescribed": reps_prescribed,
        "n_reps": len(reps),
        "n_timed": n_timed,
        "n_too_fast": n_verdicts["too_fast"],
        "n_too_slow": n_verdicts["too_slow"],
        "pain": pain,
        "share_accepted": _share(quality.accepted, n_timed),
        "share_holds": _share(n_holds, len(reps)),
        "share_in_tempo": _share(quality.in_tempo, n_timed),
        "sway_mean_deg": quality.sway_mean_deg,
        "target_s": exercise.eccentric_s,
    }


def _share(part: int | None, whole: int) -> float | None:
    return part / whole if part is not None and whole else None


def _names_in(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def _in_language(text: Text, language: str) -> str:
    if language not in text:
        raise CatalogueError(f"There is no language {language!r}; choose one of {LANGUAGES}.")
    return text[language]


def _shown(value: float | str, language: str) -> str:
    """Write a number as people do: one decimal at most, with a comma in Dutch."""
    if isinstance(value, str):
        return value
    words = f"{value:.1f}".removesuffix(".0")
    return words.replace(".", ",") if language == "nl" else words
