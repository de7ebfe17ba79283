"""What goes wrong on the patient's side; the command line turns each into one line."""


class TrackerError(Exception):
    """Base class of all errors of this package."""


class RadioError(TrackerError, OSError):
    """Bluetooth did not do what was asked; the message says what to try next."""


class BluetoothOffError(RadioError):
    """There is no usable Bluetooth here: switched off, missing, or not allowed."""


class SensorNotFoundError(RadioError, LookupError):
    """No such sensor was heard while scanning."""


class ConnectFailedError(RadioError, ConnectionError):
    """The sensor was heard, but no link came about."""


class LinkLostError(RadioError, ConnectionError):
    """The link to the sensor broke."""


class SensorRefusedError(RadioError):
    """The sensor is connected but refused a command, or lacks a characteristic."""


class SensorUnusableError(SensorRefusedError):
    """The device cannot measure an exercise; the message says why, and what could."""


class SensorSilentError(RadioError, TimeoutError):
    """The sensor is connected but sends no measurements."""


class VirtualRadioMissingError(TrackerError, ImportError):
    """The optional extra that holds the virtual radio is not installed."""


class RecordingError(TrackerError, OSError):
    """A recording could not be opened, written or read."""
