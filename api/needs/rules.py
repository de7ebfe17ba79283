"""The rules by which a patient needs a clinician, read from rules.toml; pure functions over facts.

A rule compares facts with thresholds, and a comparison with a fact that is not known is false: no
data is never a reason by itself. Silence is apart (`api.needs.facts.Outlook`).
"""

import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
LANGUAGES: Final = ("en", "nl")
Text = Mapping[str, str]  # by language
Facts = Mapping[str, float | None]
Moments = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number of the rules: what it is unless a clinic says otherwise, and its limits."""

    name: str
    value: float
    least: float
    most: float
    unit: str
    texts: Text

    def allows(self, value: float) -> bool:
        """Say whether a clinic may set this."""
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRule:
    """One reason to look at a patient.

    Parameters
    ----------
    rank : int
        Its place in the file, from 1: the most urgent first.
    when : tuple of (fact, comparison, limit)
        A limit is a number or the name of a threshold.
    since : str
        The moment from which the reason is new.
    renews : bool
        Whether it is new again when that moment moves while it holds.
    texts, short : mapping of str to str
        A sentence with facts to fill in, and the name of the reason, by language.

    """

    code: str
    rank: int
    when: tuple[tuple[str, str, float | str], ...]
    since: str
    renews: bool
    texts: Text
    short: Text

    def holds(self, facts: Facts, limits: Mapping[str, float]) -> bool:
        """Say whether all of its comparisons hold."""
        return all(
            _holds(facts[fact], comparison, limits[limit] if isinstance(limit, str) else limit)
            for fact, comparison, limit in self.when
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The words for a patient of whom nothing came, ever or lately."""

    texts: Text
    never: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules with their thresholds, in order."""

    thresholds: Mapping[str, Threshold]
    rules: tuple[NeedRule, ...]
    silence: Silence

    def rule(self, code: str) -> NeedRule | None:
        """Return the rule of a code; None for one that a later version made."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def limits(self, chosen: Mapping[str, float]) -> dict[str, float]:
        """Return the thresholds in force: those of the clinic, else ours."""
        ours = {name: threshold.value for name, threshold in self.thresholds.items()}
        return ours | {name: value for name, value in chosen.items() if name in ours}


@dataclass(frozen=True, slots=True)
class Need:
    """A reason that holds, and from when on it is new."""

    code: str
    since: datetime


def arising(
    facts: Facts,
    moments: Moments,
    limits: Mapping[str, float],
    standing: Mapping[str, datetime],
) -> list[Need]:
    """Return the reasons that hold, the most urgent first.

    Parameters
    ----------
    facts, moments : mapping
        As `api.needs.facts.judge` gives them.
    limits : mapping
        The thresholds in force, and `first_weeks` of the programme.
    standing : mapping
        The reasons that held before, with their moments: one that goes on is not new again.

    """
    found = []
    for rule in load_rules().rules:
        at = moments[rule.since]
        if at is None or not rule.holds(facts, limits):
            continue
        before = standing.get(rule.code)
        found.append(Need(rule.code, at if before is None or rule.renews else min(before, at)))
    return found


@cache
def load_rules() -> Rules:
    """Read the rules that come with the package."""
    text = resources.files("api.needs").joinpath("rules.toml").read_text("utf-8")
    document = tomllib.loads(text)
    silence = document["silence"]
    return Rules(
        thresholds={
            name: Threshold(
                name=name,
                unit=entry["unit"],
                texts=_texts(entry),
                **{key: float(entry[key]) for key in ("value", "least", "most")},
            )
            for name, entry in document["thresholds"].items()
        },
        rules=tuple(
            NeedRule(
                code=entry["code"],
                rank=rank,
                when=tuple((fact, comparison, limit) for fact, comparison, limit in entry["when"]),
                since=entry["since"],
                renews=entry.get("renews", False),
                texts=_texts(entry),
                short=_texts(entry, "short_"),
            )
            for rank, entry in enumerate(document["rules"], 1)
        ),
        silence=Silence(texts=_texts(silence), never=_texts(silence, "never_")),
    )


def _holds(value: float | None, comparison: str, limit: float) -> bool:
    return value is not None and COMPARISONS[comparison](value, limit)


def _texts(entry: Mapping[str, Any], prefix: str = "") -> Text:
    return {language: entry[f"{prefix}{language}"] for language in LANGUAGES}
