"""What goes wrong on the patient's side; the command line turns each into one line."""

from enum import StrEnum
from typing import ClassVar


class Trouble(StrEnum):
    """What is the matter with the radio, as one word: for what is shown in several languages."""

    RADIO = "radio"
    BLUETOOTH_OFF = "bluetooth_off"
    NOT_FOUND = "not_found"
    NO_LINK = "no_link"
    LINK_LOST = "link_lost"
    REFUSED = "refused"
    SILENT = "silent"


class TrackerError(Exception):
    """Base class of all errors of this package."""


class RadioError(TrackerError, OSError):
    """Bluetooth did not do what was asked; the message says what to try next."""

    trouble: ClassVar[Trouble] = Trouble.RADIO


class BluetoothOffError(RadioError):
    """There is no usable Bluetooth here: switched off, missing, or not allowed."""

    trouble = Trouble.BLUETOOTH_OFF


class SensorNotFoundError(RadioError, LookupError):
    """No such sensor was heard while scanning."""

    trouble = Trouble.NOT_FOUND


class ConnectFailedError(RadioError, ConnectionError):
    """The sensor was heard, but no link came about."""

    trouble = Trouble.NO_LINK


class LinkLostError(RadioError, ConnectionError):
    """The link to the sensor broke."""

    trouble = Trouble.LINK_LOST


class SensorRefusedError(RadioError):
    """The sensor is connected but refused a command, or lacks a characteristic."""

    trouble = Trouble.REFUSED


class SensorUnusableError(SensorRefusedError):
    """The device cannot measure an exercise; the message says why, and what could."""


class SensorSilentError(RadioError, TimeoutError):
    """The sensor is connected but sends no measurements."""

    trouble = Trouble.SILENT


class VirtualRadioMissingError(TrackerError, ImportError):
    """The optional extra that holds the virtual radio is not installed."""


class RecordingError(TrackerError, OSError):
    """A recording could not be opened, written or read."""
