"""How fast a line may send: nobody keeps a process busy for others by sending without an end."""


class MessagePace:
    """A bucket that fills with time and that each message empties a little.

    Parameters
    ----------
    most_per_s : float
        What may come each second, for as long as one likes.
    at_once : float, optional
        How much the bucket holds: what may come at one time after a pause. That of one second,
        unless another amount is given.

    """

    def __init__(self, most_per_s: float, at_once: float | None = None) -> None:
        self._most_per_s = most_per_s
        self._at_once = most_per_s if at_once is None else at_once
        self._left = self._at_once
        self._last_s: float | None = None

    def allows(self, now_s: float, amount: float = 1.0) -> bool:
        """Take so much more; False when it comes too fast."""
        if self._last_s is not None:
            self._left += (now_s - self._last_s) * self._most_per_s
        self._last_s = now_s
        self._left = min(self._left, self._at_once) - amount
        return self._left >= 0.0
