"""What misuse of this package raises. A damaged frame is no misuse: it comes out as a value."""

from collections.abc import Iterable


class FirmwareBridgeError(Exception):
    """Base class of all errors of this package."""


class UnknownSensorError(FirmwareBridgeError, LookupError):
    """No sensor family has the id that was asked for."""

    def __init__(self, sensor_id: str, known: Iterable[str]) -> None:
        self.sensor_id = sensor_id
        self.known = tuple(sorted(known))
        super().__init__(
            f"There is no sensor called {sensor_id!r}; the known ones are: {', '.join(self.known)}."
        )


class UnencodableValueError(FirmwareBridgeError, ValueError):
    """A value cannot be put into a frame, as NaN cannot be into an integer."""


class WriteRefusedError(FirmwareBridgeError, PermissionError):
    """A simulated sensor refuses a write; `att_code` is what the real one would answer."""

    def __init__(self, characteristic: str, att_code: int = 0x03) -> None:
        self.att_code = att_code  # 3: write not permitted
        super().__init__(f"The sensor refuses to be written at {characteristic}.")


class UnreadableFormatError(FirmwareBridgeError, ValueError):
    """The description of a text format cannot be used.

    Parameters
    ----------
    key : str
        The entry that is wrong, as `columns` or `acc.unit`.
    problem : str
        What is wrong with it, as a sentence without its full stop.

    """

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        self.problem = problem
        super().__init__(f"The description of the sensor is not usable: `{key}` {problem}.")


class UnreadableCaptureError(FirmwareBridgeError, ValueError):
    """A capture holds a line that is no notification."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(
            f"Line {line} of the capture {problem}. A capture has one JSON object a line: "
            '{"t": seconds, "char": "uuid", "hex": "bytes"}.'
        )


class UnusableExperimentError(FirmwareBridgeError, ValueError):
    """What is open in phyphox does not measure what it takes; the message says what to do.

    Parameters
    ----------
    problem : str
        What is wrong, as a sentence without its full stop.

    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f'{problem}: add a simple experiment in phyphox with "Accelerometer" and "Gyroscope" '
            "together, open it, and allow remote access."
        )


class UnreadableExportError(FirmwareBridgeError, ValueError):
    """A file cannot be read as a recording; the message says what to do next.

    Parameters
    ----------
    problem : str
        What is wrong, as a sentence without its full stop.
    advice : str
        What the reader of the message can do about it, the same way.

    """

    def __init__(self, problem: str, advice: str) -> None:
        self.problem = problem
        self.advice = advice
        super().__init__(f"{problem}: {advice}.")
