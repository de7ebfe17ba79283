"""How long a set lasted that is measured in time: the holds of a stretch, the bouts of a sport."""

from collections.abc import Mapping
from math import fsum, isfinite
from typing import Final

SPANS: Final = ("holds", "bouts")
LONGEST_S: Final = 86_400.0  # whatever an app sends, none lasted longer than a day


def active_s(extra: Mapping[str, object]) -> float | None:
    """Add up the spans that came with a set; None where repetitions are counted.

    Parameters
    ----------
    extra : mapping
        What came with the set beyond what every set has. A span that makes no sense counts nothing.

    """
    for name in SPANS:
        spans = extra.get(name)
        if isinstance(spans, list):
            return fsum(_length_s(span) for span in spans)
    return None


def _length_s(span: object) -> float:
    if not isinstance(span, dict):
        return 0.0
    start, end = span.get("start_s"), span.get("end_s")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return 0.0
    length_s = float(end) - float(start)
    return length_s if isfinite(length_s) and 0.0 <= length_s <= LONGEST_S else 0.0
