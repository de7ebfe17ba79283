"""What is told of the sensor while a session runs: to the page and the terminal, and to the log.

The live message carries the newest of everything; what a patient can do something about is said
once, in words.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from tracker import words
from tracker.coach_cues import LOW_BATTERY_PERCENT
from tracker.collector_events import Battery, RateChecked, StateChanged
from tracker.words import Text, in_language

LOW_RATE_HZ: Final = 50.0
"""Below, the beginning and the end of a movement can no longer be timed to a tenth of a second."""

_log = logging.getLogger(__name__)


class SensorNews:
    """Pass on what a collector tells, but for the samples.

    Parameters
    ----------
    publish : callable
        Takes the live message `sensor`.
    say : callable
        Takes a sentence for the patient.

    """

    def __init__(
        self, publish: Callable[[dict[str, Any]], None], say: Callable[[Text], None]
    ) -> None:
        self._publish = publish
        self._say = say
        self._said: set[str] = set()
        self._message: dict[str, Any] = {
            "type": "sensor", "state": "scanning", "battery_percent": None, "rate_hz": None,
            "reason": None, "advice": None,
        }  # fmt: skip

    def take(self, event: StateChanged | Battery | RateChecked) -> None:
        """Take in an event."""
        match event:
            case StateChanged(state=state, reason=reason, trouble=trouble):
                level = logging.WARNING if trouble else logging.INFO
                _log.log(level, "sensor %s%s", state, f": {reason}" if reason else "")
                advice = None if trouble is None else words.TROUBLES[trouble].as_json()
                self._tell(state=str(state), reason=reason, advice=advice)
            case Battery(percent=percent):
                _log.info("sensor battery %d %%", percent)
                self._tell(battery_percent=percent)
                if percent < LOW_BATTERY_PERCENT:
                    self._say_once("battery", words.LOW_BATTERY, percent)
            case RateChecked():
                self._take_rate(event)

    def _take_rate(self, checked: RateChecked) -> None:
        rates = f"{checked.measured_hz:.1f} samples a second, asked for {checked.asked_hz:g}"
        _log.log(logging.WARNING if checked.is_off else logging.INFO, "sensor sends %s", rates)
        self._tell(rate_hz=round(checked.measured_hz, 1))
        if checked.is_off:
            is_low = checked.measured_hz < LOW_RATE_HZ
            said = words.LOW_RATE if is_low else words.OTHER_RATE
            self._say_once("rate", said, checked.measured_hz)

    def _say_once(self, what: str, text: Text, value: float) -> None:
        if what not in self._said:
            self._said.add(what)
            en, nl = (in_language(value, 0, language) for language in ("en", "nl"))
            self._say(Text(text.en.format(value=en), text.nl.format(value=nl)))

    def _tell(self, **changes: Any) -> None:
        self._message = self._message | changes
        self._publish(self._message)
