"""A line to a service that breaks in every way that lines break, drawn from a seed."""

import random
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

WHOLE = 1 << 16
REFUSALS = {
    "500": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "503": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}
WAYS = ("cut in the body", "cut before the answer", "cut in the answer", "slow", *REFUSALS)


@dataclass
class FlakyLine:
    """Passes requests on to a port; some of them meet an accident.

    `share` of them, in the ways of `ways`; what happened is counted in `happened`.
    """

    port: int
    share: float = 0.0
    ways: tuple = WAYS
    slow_s: float = 0.4
    drawn: random.Random = field(default_factory=lambda: random.Random(90))  # noqa: S311
    happened: Counter = field(default_factory=Counter)

    def carry(self, client):
        """Carry one request and its answer."""
        with client, suppress(OSError):
            client.settimeout(10)
            request, n_head = read_message(client)
            if not request:
                return
            way = self.drawn.choice(self.ways) if self.drawn.random() < self.share else "through"
            self.happened[way] += 1
            if way in REFUSALS:
                client.sendall(REFUSALS[way])
                return
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as service:
                if way == "cut in the body":
                    service.sendall(request[: n_head + (len(request) - n_head) // 2])
                    return
                service.sendall(request)
                answer, _ = read_message(service, is_head=request.startswith(b"HEAD"))
            if way == "slow":
                time.sleep(self.slow_s)
            if way == "cut before the answer":
                return
            client.sendall(answer[: len(answer) // 2] if way == "cut in the answer" else answer)


def read_message(connection, *, is_head=False):
    """One whole HTTP message, and how long its head is."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(WHOLE)):
            return b"", 0
        data += more
    n_head = data.index(b"\r\n\r\n") + 4
    lengths = [line for line in data[:n_head].lower().split(b"\r\n") if b"content-length" in line]
    n_body = int(lengths[0].partition(b":")[2]) if lengths and not is_head else 0
    while len(data) < n_head + n_body and (more := connection.recv(WHOLE)):
        data += more
    return data, n_head


@contextmanager
def flaky_line(port, **given):
    """The line, and the address at its near end."""
    line = FlakyLine(port, **given)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        is_over = threading.Event()

        def take():
            while not is_over.is_set():
                with suppress(OSError):
                    threading.Thread(target=line.carry, args=[listening.accept()[0]]).start()

        taking = threading.Thread(target=take)
        taking.start()
        try:
            yield line, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            is_over.set()
            listening.shutdown(socket.SHUT_RDWR)
            taking.join()
