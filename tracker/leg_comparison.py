"""One leg against the other, on the card of a set: only where the programme allows it.

What may be compared, and from how much on it is more than noise, is the engine's to say
(`analysis.compare_legs`); here it becomes a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from analysis import Exercise, SetQuality, SetResult, compare_legs
from tracker.training_plan import OTHER_LEG, Leg
from tracker.words import Text, in_language

LEGS: Final = {
    "left": Text("left", "links"),
    "right": Text("right", "rechts"),
}
SLOWER: Final = Text(
    "The way back took {n} s longer {leg} than {other}.",
    "De weg terug duurde {leg} {n} s langer dan {other}.",
)
LONGER: Final = Text(
    "The way out took {n} s longer {leg} than {other}.",
    "De weg heen duurde {leg} {n} s langer dan {other}.",
)
FURTHER: Final = Text(
    "You moved {n}° further {leg} than {other}.", "Je kwam {leg} {n}° verder dan {other}."
)
SENTENCES: Final = {"eccentric_s": SLOWER, "concentric_s": LONGER, "rom_deg": FURTHER}
DIGITS: Final = {"eccentric_s": 1, "concentric_s": 1, "rom_deg": 0}


@dataclass(slots=True)
class LegComparison:
    """The last set of each leg, by exercise."""

    _sets: dict[tuple[str, Leg], SetQuality] = field(default_factory=dict)

    def take(
        self, exercise: Exercise, side: Leg | None, results: Sequence[SetResult]
    ) -> dict[str, Any] | None:
        """Take in a set; return what a card says of both legs, if there is anything to say."""
        counted = [result.quality for result in results if result.reps]
        if side is None or not counted:
            return None
        self._sets[exercise.id, side] = counted[-1]
        if (exercise.id, OTHER_LEG[side]) not in self._sets:
            return None
        left, right = self._sets[exercise.id, "left"], self._sets[exercise.id, "right"]
        difference = compare_legs(exercise, left, right)
        if not difference.differs:
            return None
        name = difference.differs[0]
        value = getattr(difference, name)
        more: Leg = "left" if value > 0 else "right"
        return {"text": _sentence(name, abs(value), more).as_json(), "differs": difference.differs}


def _sentence(name: str, value: float, more: Leg) -> Text:
    leg, other, said = LEGS[more], LEGS[OTHER_LEG[more]], SENTENCES[name]
    return Text(
        said.en.format(n=in_language(value, DIGITS[name], "en"), leg=leg.en, other=other.en),
        said.nl.format(n=in_language(value, DIGITS[name], "nl"), leg=leg.nl, other=other.nl),
    )
