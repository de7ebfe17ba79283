"""How far a set can be relied on: one of three grades, and the reasons in words."""

from dataclasses import dataclass
from typing import Final, Literal

from api.pages.language import N_, Language
from api.schemas import SetBody

Grade = Literal["good", "fair", "poor", "unknown"]
POOR_COVERAGE: Final = 0.9  # under this the set card itself says that signal was missing
FAIR_COVERAGE: Final = 0.97  # 2 s of a set of a minute
POOR_CALIBRATION: Final = 0.5  # 4 degrees of doubt about zero (8 degrees times what is missing)
FAIR_CALIBRATION: Final = 0.8
POOR_SHARE: Final = 0.2  # of the repetitions: one in five is more than an accident
HARMED: Final = frozenset({"gap", "saturated"})
NAMES: Final = {
    "good": N_("Good signal"),
    "fair": N_("Usable signal"),
    "poor": N_("Poor signal"),
    "unknown": N_("Signal not judged"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A grade with its name and its reasons."""

    grade: Grade
    name: str
    reasons: list[str]


def badge_of(one: SetBody, language: Language) -> Badge:
    """Grade the signal of a set: by what arrived, by its start position, by harmed repetitions.

    The worst of the three decides. A set that says nothing of them is not judged.
    """
    found = [
        _coverage(one, language),
        _calibration(one, language),
        _harmed(one, language),
    ]
    known = [(grade, reason) for grade, reason in found if grade != "unknown"]
    order: tuple[Grade, ...] = ("poor", "fair", "good")
    grade: Grade = next((g for g in order if any(g == one for one, _ in known)), "unknown")
    if one.quality.coverage is None and one.quality.calibration_quality is None:
        grade = "unknown" if grade == "good" else grade
    return Badge(grade, language.say(NAMES[grade]), [reason for _, reason in known if reason])


def _coverage(one: SetBody, language: Language) -> tuple[Grade, str]:
    share = one.quality.coverage
    if share is None:
        return "unknown", ""
    said = language.say(N_("%(share)s of the signal arrived"), share=language.percent(share))
    return _grade(share, POOR_COVERAGE, FAIR_COVERAGE), said


def _calibration(one: SetBody, language: Language) -> tuple[Grade, str]:
    quality = one.quality.calibration_quality
    if quality is None:
        return "unknown", ""
    grade = _grade(quality, POOR_CALIBRATION, FAIR_CALIBRATION)
    words = {
        "good": N_("start position still"),
        "fair": N_("start position not quite still"),
        "poor": N_("start position unsure, so angles may be off by several degrees"),
    }
    return grade, language.say(words[grade])


def _harmed(one: SetBody, language: Language) -> tuple[Grade, str]:
    n_harmed = sum(bool(HARMED.intersection(rep.flags)) for rep in one.reps)
    if not n_harmed:
        return "good", ""
    grade: Grade = "poor" if n_harmed > POOR_SHARE * len(one.reps) else "fair"
    said = N_("repetitions with an interrupted or cut-off signal: %(n)s")
    return grade, language.say(said, n=n_harmed)


def _grade(value: float, poor: float, fair: float) -> Grade:
    return "poor" if value < poor else "fair" if value < fair else "good"
