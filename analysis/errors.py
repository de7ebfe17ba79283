"""What misuse of this package raises. What goes wrong in ordinary life is a value instead."""


class AnalysisError(Exception):
    """Base class of all errors of this package."""


class SampleShapeError(AnalysisError, ValueError):
    """Arrays do not have the shapes (n,), (n, 3), (n, 3), or their lengths differ."""


class SampleValueError(AnalysisError, ValueError):
    """Samples hold NaN or infinity, or their times do not increase."""


class EmptyRecordingError(AnalysisError, ValueError):
    """There are too few samples to say anything."""


class SampleRateError(AnalysisError, ValueError):
    """Samples come too slowly (under 20 Hz) or too fast (over 1000 Hz) to be analysed."""


class UnknownExerciseError(AnalysisError, LookupError):
    """The catalogue has no exercise of that id."""


class UnmeasurableExerciseError(AnalysisError, ValueError):
    """The exercise is in the catalogue, but this engine does not measure it yet."""


class StartAngleError(AnalysisError, ValueError):
    """The angle of the first still pose is none that a joint can have."""


class MissingThighError(AnalysisError, ValueError):
    """Samples of a sensor on the thigh came to an analysis that was told of none."""


class CatalogueError(AnalysisError, ValueError):
    """A catalogue file holds something that this engine cannot read."""
