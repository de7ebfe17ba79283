"""A radio without hardware: bleak's own interface over simulated Bluetooth chips.

Needs the extra `sim`. Why and how: docs/explanation/radio.md.
"""

from tracker.errors import VirtualRadioMissingError
from tracker.virtual_radio.virtual_time import VirtualTimeLoop, run_virtually

try:
    from tracker.virtual_radio.air import AirParams
    from tracker.virtual_radio.peripheral import MotionFeed, Peripheral, SampleSource
    from tracker.virtual_radio.radio import VirtualRadio
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] != "bumble":
        raise
    raise VirtualRadioMissingError(
        "The simulated sensor needs an optional part: install it with "
        "`python -m pip install 'tempo90[sim]'`."
    ) from error

__all__ = [
    "AirParams",
    "MotionFeed",
    "Peripheral",
    "SampleSource",
    "VirtualRadio",
    "VirtualTimeLoop",
    "run_virtually",
]
