"""What misuse of the simulator raises."""

from tracker.errors import TrackerError


class UnsimulatedExerciseError(TrackerError, LookupError):
    """The simulator cannot perform an exercise of that id."""

    def __init__(self, exercise_id: str, known: tuple[str, ...]) -> None:
        self.exercise_id = exercise_id
        super().__init__(
            f"The simulated leg cannot do {exercise_id!r}; choose one of: {', '.join(known)}."
        )


class UnknownDisturbanceError(TrackerError, LookupError):
    """The simulator knows no disturbance of that name."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.kind = kind
        super().__init__(f"There is no disturbance {kind!r}; choose one of: {', '.join(known)}.")


class UnknownProfileError(TrackerError, LookupError):
    """The simulator knows no human profile of that name."""

    def __init__(self, profile: str, known: tuple[str, ...]) -> None:
        self.profile = profile
        super().__init__(f"There is no profile {profile!r}; choose one of: {', '.join(known)}.")


class UnknownCueError(TrackerError, ValueError):
    """A simulated patient was told something it does not understand."""

    def __init__(self, cue: str, known: tuple[str, ...]) -> None:
        self.cue = cue
        super().__init__(
            f"The patient does not know the cue {cue!r}; say one of: {', '.join(known)}."
        )
