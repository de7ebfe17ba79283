"""phyphox, live: asked some times a second for what is new, through whatever Wi-Fi does.

    scanning -> starting -> streaming <-> stalled
       ^                       |
       +---- reconnecting <----+               stop() from anywhere -> stopped

What was measured while the phone could not be reached is still in it, and is fetched when it
can: nothing is cleared but once, before the first sample.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from firmware_bridge import DamagedFrame, PhyphoxBuffers, PhyphoxPoll, UnusableExperimentError
from tracker.cancelling import cancel_and_wait
from tracker.collector_events import CollectorEvent, CollectorState
from tracker.phone_apps.app_family import PHYPHOX
from tracker.phone_apps.app_stream import AppStream
from tracker.phone_apps.errors import PhoneAwayError
from tracker.phone_apps.http_line import Answer, HttpLine
from tracker.phone_apps.nearness import allowed_networks

CLEAR_PATH: Final = "/control?cmd=clear"
STOP_PATH: Final = "/control?cmd=stop"

PAUSED: Final = "phyphox does not measure: press its start button, and keep it in sight."
AWAY: Final = (
    "{error} Is phyphox open, with remote access allowed, and in the same Wi-Fi? I keep trying."
)
OTHER_EXPERIMENT: Final = "phyphox shows another experiment, or none."


@dataclass(frozen=True, slots=True, kw_only=True)
class PhyphoxParams:
    """How often to ask, and how patient to be.

    Parameters
    ----------
    every_s : float
        From one question to the next.
    answer_limit_s : float
        Longest wait for an answer.
    pauses_s : tuple of float
        Pauses after the first, second, ... failure in a row; the last one stays.
    start_again_s : float
        A phone that was paused is started again at most so often.
    look_again_s : float
        After so long without samples the experiment is looked at anew.
    n_odd : int
        Answers in a row that cannot be read, after which the experiment is looked at anew.
    goodbye_limit_s : float
        Longest leave-taking.

    """

    every_s: float = 0.1
    answer_limit_s: float = 2.0
    pauses_s: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0)
    start_again_s: float = 3.0
    look_again_s: float = 4.0
    n_odd: int = 3
    goodbye_limit_s: float = 1.0


class PhyphoxSource:
    """Collect what one phone measures with phyphox.

    Parameters
    ----------
    host : str
        Its address.
    ports : sequence of int
        Ports to try in turn: phyphox takes 8080 on Android and 80 on iOS.
    on_event : callable
        Takes every event, in order, from within `run`.
    params : PhyphoxParams, optional
        Its patience.

    """

    def __init__(
        self,
        host: str,
        ports: Sequence[int],
        on_event: Callable[[CollectorEvent], None],
        *,
        params: PhyphoxParams | None = None,
    ) -> None:
        self._params = params or PhyphoxParams()
        networks = allowed_networks()
        limit_s = self._params.answer_limit_s
        self._lines = [HttpLine(host, port, limit_s=limit_s, networks=networks) for port in ports]
        self._line = self._lines[0]
        self._stream = AppStream(PHYPHOX.id, on_event)
        self._stopping = asyncio.Event()
        self._buffers: PhyphoxBuffers | None = None
        self._poll = PhyphoxPoll()
        self._is_started = False
        self._n_odd = 0
        self._started_s = self._opened_s = float("-inf")

    @property
    def state(self) -> CollectorState | None:
        """Where it stands with the phone."""
        return self._stream.state

    def stop(self) -> None:
        """Ask `run` to end: it stops the experiment and returns."""
        self._stopping.set()

    async def run(self) -> None:
        """Collect until `stop` is called, or this is cancelled."""
        working = asyncio.create_task(self._work(), name="phyphox")
        stopping = asyncio.create_task(self._stopping.wait(), name="phyphox stop")
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            try:
                await cancel_and_wait(working, stopping)
                await self._say_goodbye()
            finally:
                for line in self._lines:
                    line.close()
                self._stream.enter(CollectorState.STOPPED, self._now_s())
        if not working.cancelled():
            working.result()

    async def _work(self) -> None:
        n_failures, reason = 0, None
        self._stream.enter(CollectorState.SCANNING, self._now_s())
        while True:
            began_s = self._now_s()
            try:
                await self._open_experiment()
                await self._ask_on()
            except UnusableExperimentError as error:
                reason = str(error)
            except PhoneAwayError as error:
                reason = AWAY.format(error=error)
            is_known = self._stream.has_streamed
            state = CollectorState.RECONNECTING if is_known else CollectorState.SCANNING
            n_failures = 0 if self._opened_s >= began_s else n_failures
            self._stream.enter(state, self._now_s(), reason)
            pauses_s = self._params.pauses_s
            await asyncio.sleep(pauses_s[min(n_failures, len(pauses_s) - 1)])
            n_failures += 1

    async def _open_experiment(self) -> None:
        """Find the buffers, and start; what other experiments measured before is left behind."""
        answer = await self._config()
        buffers = PhyphoxBuffers.of_config(answer.body if answer.is_ok else b"")
        if not self._stream.has_streamed:
            self._stream.enter(CollectorState.STARTING, self._now_s())
        if buffers != self._buffers:
            self._buffers, self._poll = buffers, PhyphoxPoll(buffers)
        if not self._is_started:
            await self._line.get(CLEAR_PATH)
        await self._start()
        self._is_started = True
        self._opened_s = self._now_s()

    async def _config(self) -> Answer:
        """Ask at each port until one answers, and stay with that one."""
        last: PhoneAwayError | None = None
        for line in sorted(self._lines, key=lambda one: one is not self._line):
            try:
                answer = await line.get(PhyphoxPoll.config_path)
            except PhoneAwayError as error:
                last = last or error
            else:
                self._line = line
                return answer
        raise last or PhoneAwayError("There is no port to ask at.")

    async def _start(self) -> None:
        await self._line.get(PhyphoxPoll.start_path)
        self._started_s = self._now_s()

    async def _ask_on(self) -> None:
        """Ask for what is new, until the phone is away or shows another experiment."""
        self._n_odd = 0
        while True:
            asked_s = self._now_s()
            answer = await self._line.get(self._poll.next_path)
            now_s = self._now_s()
            self._take(answer, now_s)
            if not self._poll.is_measuring and now_s - self._started_s > self._params.start_again_s:
                await self._start()
            self._stream.check_silence(now_s, PAUSED)
            self._check_experiment(now_s)
            await asyncio.sleep(max(0.0, asked_s + self._params.every_s - self._now_s()))

    def _take(self, answer: Answer, now_s: float) -> None:
        if not answer.is_ok:
            raise PhoneAwayError(OTHER_EXPERIMENT)
        packets = self._poll.feed(answer.body)
        if packets:
            self._stream.take(packets, answer.body, now_s)
        is_odd = any(isinstance(one, DamagedFrame) and one.dropped for one in packets)
        self._n_odd = self._n_odd + 1 if is_odd else 0
        if self._n_odd >= self._params.n_odd:
            raise PhoneAwayError(OTHER_EXPERIMENT)

    def _check_experiment(self, now_s: float) -> None:
        """Look anew what is open in phyphox, where it measures and yet nothing comes."""
        is_silent = self._stream.state is not CollectorState.STREAMING
        is_due = now_s - self._opened_s > self._params.look_again_s
        if is_silent and is_due and self._poll.is_measuring:
            raise PhoneAwayError(OTHER_EXPERIMENT)

    async def _say_goodbye(self) -> None:
        if not self._is_started or self._stream.state is CollectorState.RECONNECTING:
            return
        with suppress(PhoneAwayError, TimeoutError):
            async with asyncio.timeout(self._params.goodbye_limit_s):
                await self._line.get(STOP_PATH)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
