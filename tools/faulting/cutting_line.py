"""A TCP line that breaks after so many bytes, refuses for a while, or is slow."""

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE_BYTES = 16_384
AT_ONCE = struct.pack("ii", 1, 0)  # a close that resets, as a pulled plug looks from afar
WAIT_S = 20.0


@dataclass
class CuttingLine:
    """Passes bytes on to a port, until it breaks.

    Parameters
    ----------
    port : int
        Of the service, on this computer.
    rng : Random
        Draws after how many bytes it breaks.
    longest_bytes : int, optional
        It breaks after at most so many bytes, both ways together; never if it is not given.
    refusals : int
        So many connections are refused after each break.
    delay_s : float
        Each piece waits so long.

    """

    port: int
    rng: random.Random
    longest_bytes: int | None = None
    refusals: int = 1
    delay_s: float = 0.0
    n_cuts: int = 0
    is_down: bool = False
    _left_bytes: int = 0
    _n_to_refuse: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, longest_bytes: int | None) -> None:
        """Break from now on after at most so many bytes; None: never."""
        with self._lock:
            self.longest_bytes = longest_bytes
            self._left_bytes = self.rng.randint(0, longest_bytes or 0)

    def carry(self, near: socket.socket) -> None:
        """Carry one connection."""
        with near, suppress(OSError):
            if self._refuses():
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                return
            with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S) as far:
                back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
                back.start()
                self._pump(near, far)
                back.join(WAIT_S)

    def _refuses(self) -> bool:
        with self._lock:
            if self._n_to_refuse > 0:
                self._n_to_refuse -= 1
                return True
            return self.is_down

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(PIECE_BYTES):
                if self.delay_s:
                    time.sleep(self.delay_s)
                allowed = self._allowed(len(data))
                target.sendall(data[:allowed])
                if allowed < len(data):
                    break
            else:
                target.shutdown(socket.SHUT_WR)
                return
        for end in (source, target):  # broken: both ends notice
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                end.shutdown(socket.SHUT_RDWR)

    def _allowed(self, n_bytes: int) -> int:
        """Take so many bytes of what may still pass; after a break new ones are drawn."""
        with self._lock:
            if self.longest_bytes is None:
                return n_bytes
            if n_bytes <= self._left_bytes:
                self._left_bytes -= n_bytes
                return n_bytes
            allowed, self._left_bytes = self._left_bytes, self.rng.randint(0, self.longest_bytes)
            self._n_to_refuse, self.n_cuts = self.refusals, self.n_cuts + 1
            return allowed


@contextmanager
def cutting_line(port: int, rng: random.Random, **given: int) -> Iterator[tuple[CuttingLine, str]]:
    """Give the line, and the address of its near end."""
    line = CuttingLine(port, rng, **given)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        is_over = threading.Event()

        def take() -> None:
            while not is_over.is_set():
                with suppress(OSError):
                    near = listening.accept()[0]
                    threading.Thread(target=line.carry, args=(near,), daemon=True).start()

        taking = threading.Thread(target=take, daemon=True)
        taking.start()
        try:
            yield line, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            is_over.set()
            listening.shutdown(socket.SHUT_RDWR)
            taking.join()
