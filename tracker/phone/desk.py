"""Where phones come in: who may, what they are told, and who waits for them."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from analysis import Exercise
from firmware_bridge import PhonePlatform
from tracker.live import LiveHub
from tracker.phone.family import suits_ankle
from tracker.phone.link import Joined, PhoneLink, Wire, is_number
from tracker.phone.motion_check import Checked
from tracker.phone.pairing import Pairing, PairingParams, Refusal, Tickets

PLATFORMS: Final[Mapping[str, PhonePlatform]] = {"android": "android", "ios": "ios"}
STREAM_NAME: Final = re.compile(r"[0-9a-zA-Z-]{1,64}")
MAX_CODE: Final = 64
MAX_TICKET: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody with a phone wants to train."""

    exercise: str
    side: Literal["left", "right"] | None = None
    sets: int | None = None
    reps: int | None = None
    is_again: bool = False  # said before, over a connection that broke


class PhoneDesk:
    """Let one phone in, and keep the line to it.

    Parameters
    ----------
    hub : LiveHub
        What the coach tells; the phone sounds it too.
    now_s : callable
        A clock that never goes back.
    exercises : sequence of Exercise
        What the phone may choose from, or the one that was chosen already.
    side : {"left", "right"}, optional
        The leg, where it is known.
    on_wish : callable, optional
        Starts a training that the phone asks for. Without it somebody else does.
    params : PairingParams, optional
        Limits of the pairing code.
    key : str, optional
        What the phone shows later, when it sends what it measured alone.
    needs_code : bool
        False where a log-in has said already whose phone it is.

    """

    def __init__(
        self,
        hub: LiveHub,
        now_s: Callable[[], float],
        *,
        exercises: Sequence[Exercise],
        side: Literal["left", "right"] | None = None,
        on_wish: Callable[[Wish], None] | None = None,
        params: PairingParams | None = None,
        key: str | None = None,
        needs_code: bool = True,
    ) -> None:
        self.hub = hub
        self.pairing = Pairing(now_s, params)
        self.link = PhoneLink(self._changed)
        self.on_wish = on_wish
        self._exercises = {one.id: one for one in exercises if suits_ankle(one)}
        self._side = side
        self._tickets = Tickets()
        self._key = key
        self._needs_code = needs_code
        self._news = asyncio.Event()

    @property
    def is_free(self) -> bool:
        """Whether a phone can be paired: none is connected."""
        return not self.link.is_connected

    async def wait_checked(self) -> None:
        """Return when a phone is paired and found fit to measure."""
        await self._wait(lambda: self.link.checked is not None)

    async def wait_paired(self) -> None:
        """Return when a phone is paired."""
        await self._wait(lambda: self.link.is_connected)

    def greet(self, hello: Mapping[str, Any], wire: Wire) -> Refusal | None:
        """Let a page in by its ticket or by a code; else say why not.

        Parameters
        ----------
        hello : mapping
            The page's first message: `stream`, `platform`, and `ticket` or `code`.
        wire : Wire
            Its connection, which is answered.

        """
        stream, ticket, code = (_text(hello.get(name)) for name in ("stream", "ticket", "code"))
        platform = PLATFORMS.get(_text(hello.get("platform")), "android")
        if not STREAM_NAME.fullmatch(stream):
            return Refusal.WRONG
        if not (0 < len(ticket) <= MAX_TICKET and self._tickets.is_known(ticket)):
            refusal = self.pairing.use(code[:MAX_CODE]) if self._needs_code else None
            if refusal is not None:
                return refusal
            self._tickets.withdraw()
            ticket = self._tickets.give()
            self.link.pair(platform)
            fit = None if self._needs_code else Checked.read(hello.get("fit"))
            if fit is not None:
                self.link.trust(fit)
        self.link.join(wire, Joined(stream=stream, is_worn=hello.get("worn") is True))
        self.link.send(self._welcome(ticket))
        return None

    def said(self, message: Mapping[str, Any]) -> None:
        """Take in what the page says."""
        if message.get("type") == "train" and self.on_wish is not None:
            wish = self._wish(message)
            if wish is not None:
                self.on_wish(wish)
        else:
            self.link.said(message)

    def _welcome(self, ticket: str) -> dict[str, Any]:
        return {
            "type": "welcome",
            "ticket": ticket,
            "key": self._key,
            "next": self.link.next_number,
            "finding": str(self.link.finding),
            "may_choose": self.on_wish is not None,
            "side": self._side,
            "exercises": [
                {
                    "id": one.id,
                    "name": {"en": one.name_en, "nl": one.name_nl},
                    "posture": {"en": one.posture_en, "nl": one.posture_nl},
                    "sets": one.sets,
                    "reps": one.reps,
                }
                for one in self._exercises.values()
            ],
        }

    def _wish(self, message: Mapping[str, Any]) -> Wish | None:
        """Read what the phone wants; None if it is not to be had."""
        exercise, side = _text(message.get("exercise")), message.get("side")
        if exercise not in self._exercises:
            return None
        counts = [message.get(name) for name in ("sets", "reps")]
        sets, reps = (one if is_number(one) and 1 <= one <= 100 else None for one in counts)  # noqa: PLR2004  # nobody does more
        known: dict[Any, Literal["left", "right"]] = {"left": "left", "right": "right"}
        return Wish(
            exercise=exercise,
            side=known.get(side),
            sets=sets,
            reps=reps,
            is_again=message.get("again") is True,
        )

    async def _wait(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._news.clear()
            await self._news.wait()

    def _changed(self) -> None:
        self._news.set()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
