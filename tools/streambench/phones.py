"""Many phones at once, in one process of their own: real WebSockets, at the pace of the clock."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from streambench.signal import EXERCISE, N_LEGS, PER_MESSAGE, RATE_HZ, REPS, messages_of

FIT: Final = {"platform": "android", "rate_hz": RATE_HZ, "is_as_expected": True}
OPEN_S: Final = 120.0


@dataclass
class Heard:
    """What came back to the phones."""

    n_acks: int = 0
    n_reps: int = 0


async def open_lines(url: str, cookies: Sequence[str]) -> list[ClientConnection]:
    """Open a line for each cookie."""
    origin = f"http://{urlsplit(url).netloc}"
    return [
        await connect(
            url,
            additional_headers={"Cookie": one, "Origin": origin},
            compression=None,
            open_timeout=OPEN_S,
        )
        for one in cookies
    ]


async def stream(lines: Sequence[ClientConnection], length_s: float, heard: Heard) -> None:
    """Let a phone stream on each line; they are spread over the time of a message."""
    delay_s = PER_MESSAGE / RATE_HZ / len(lines)
    await asyncio.gather(
        *(_phone(one, n, length_s, n * delay_s, heard) for n, one in enumerate(lines))
    )


async def _phone(
    line: ClientConnection,
    number: int,
    length_s: float,
    delay_s: float,
    heard: Heard,
) -> None:
    messages = messages_of(number % N_LEGS, length_s)
    hearing = asyncio.create_task(_hear(line, heard))
    hello = {"type": "hello", "stream": f"phone-{number}", "platform": "android", "worn": True}
    await line.send(json.dumps({**hello, "fit": FIT}))
    wish = {"type": "train", "exercise": EXERCISE, "side": "left", "sets": 1, "reps": REPS}
    await line.send(json.dumps(wish))
    every_s = PER_MESSAGE / RATE_HZ
    now_s = asyncio.get_running_loop().time
    due_s = now_s() + delay_s
    ends_s = due_s + length_s
    for message in messages:
        if due_s > ends_s:
            break
        await asyncio.sleep(max(0.0, due_s - now_s()))
        await line.send(message)
        due_s += every_s
    hearing.cancel()
    await line.close()


async def _hear(line: ClientConnection, heard: Heard) -> None:
    async for text in line:
        if isinstance(text, bytes):
            continue  # our own, sent back
        heard.n_acks += '"ack"' in text
        heard.n_reps += '"type": "rep"' in text
