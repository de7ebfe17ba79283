"""What goes wrong with the radio in a soak: each kind, for how long, and what it takes away.

The kinds are those that real links show. Some cost nothing but a new link, some delay, some make
samples unobtainable: while those last, no collector could get anything.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tracker.virtual_radio import VirtualRadio

FIRST_AFTER_S: Final = (1.0, 15.0)
APART_S: Final = (3.0, 25.0)
NORMAL_INTERVAL_MS: Final = 15.0
SLOW_INTERVAL_MS: Final = 45.0
NORMAL_MTU: Final = 247
SMALL_MTU: Final = 23
LOST_SHARE: Final = 0.05

Act = Callable[[VirtualRadio, str], Awaitable[None] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """A kind of fault.

    Parameters
    ----------
    begin, end : callable
        Take the radio and the sensor's address. Without an end it is over at once.
    lasts_s : (float, float)
        Shortest and longest duration.
    takes_samples : bool
        Whether samples of that time cannot be had by anybody.

    """

    begin: Act
    end: Act | None = None
    lasts_s: tuple[float, float] = (0.3, 8.0)
    takes_samples: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that happened, in s of the loop's clock."""

    kind: str
    began_s: float
    ended_s: float


async def _refuse(radio: VirtualRadio, address: str) -> None:
    radio.refuse(address)
    await radio.drop(address)


async def _refuse_writes(radio: VirtualRadio, address: str) -> None:
    radio.refuse_writes(address)
    await radio.drop(address)


async def _small_mtu(radio: VirtualRadio, address: str) -> None:
    radio.limit_mtu(address, SMALL_MTU)
    await radio.drop(address)


async def _doubled(radio: VirtualRadio, address: str) -> None:
    radio.double_notifications()
    await radio.drop(address)


def _silence(*, shortest_s: float, longest_s: float) -> FaultKind:
    return FaultKind(
        begin=lambda radio, address: radio.go_silent(address),
        end=lambda radio, address: radio.come_back(address),
        lasts_s=(shortest_s, longest_s),
    )


KINDS: Final[Mapping[str, FaultKind]] = {
    "link dropped": FaultKind(
        begin=lambda radio, address: radio.drop(address), takes_samples=False, lasts_s=(0, 0)
    ),
    "shadowed, then a burst": _silence(shortest_s=0.1, longest_s=1.5),
    "out of reach": _silence(shortest_s=2.0, longest_s=12.0),
    "mute though connected": FaultKind(
        begin=lambda radio, address: radio.mute(address),
        end=lambda radio, address: radio.mute(address, muted=False),
    ),
    "connection refused": FaultKind(
        begin=_refuse, end=lambda radio, address: radio.refuse(address, refused=False)
    ),
    "commands refused": FaultKind(
        begin=_refuse_writes,
        end=lambda radio, address: radio.refuse_writes(address, refused=False),
    ),
    "notifications lost": FaultKind(
        begin=lambda radio, address: radio.lose(address, LOST_SHARE),
        end=lambda radio, address: radio.lose(address, 0.0),
    ),
    "slow link, bursts": FaultKind(
        begin=lambda radio, _: radio.slow_down(SLOW_INTERVAL_MS),
        end=lambda radio, _: radio.slow_down(NORMAL_INTERVAL_MS),
        lasts_s=(3.0, 20.0),
        takes_samples=False,
    ),
    "small packets": FaultKind(
        begin=_small_mtu,
        end=lambda radio, address: radio.limit_mtu(address, NORMAL_MTU),
        takes_samples=False,
    ),
    "delivered twice": FaultKind(
        begin=_doubled,
        end=lambda radio, _: radio.double_notifications(doubled=False),
        lasts_s=(3.0, 20.0),
        takes_samples=False,
    ),
    "Bluetooth switched off": FaultKind(
        begin=lambda radio, _: radio.power_off(), end=lambda radio, _: radio.power_on()
    ),
    "adapter pulled out": FaultKind(
        begin=lambda radio, _: radio.pull_adapter(), end=lambda radio, _: radio.plug_adapter()
    ),
    "sensor switched off": FaultKind(
        begin=lambda radio, address: radio.vanish(address),
        end=lambda radio, address: radio.reappear(address),
    ),
}


async def play_faults(
    radio: VirtualRadio, address: str, chance: random.Random, happened: list[Fault]
) -> None:
    """Let faults happen one after another until cancelled; always ends the one that runs."""
    now = asyncio.get_running_loop().time
    await asyncio.sleep(chance.uniform(*FIRST_AFTER_S))
    while True:
        name = chance.choice(list(KINDS))
        kind, began_s = KINDS[name], now()
        try:
            await _do(kind.begin, radio, address)
            await asyncio.sleep(chance.uniform(*kind.lasts_s))
        finally:
            if kind.end is not None:
                await _do(kind.end, radio, address)
            happened.append(Fault(name, began_s, now()))
        await asyncio.sleep(chance.uniform(*APART_S))


async def _do(act: Act, radio: VirtualRadio, address: str) -> None:
    waiting = act(radio, address)
    if waiting is not None:
        await waiting
