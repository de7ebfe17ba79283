"""From what `--sensor` says to a sensor: a real one by its address, or a simulated one."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from firmware_bridge import SENSORS, SensorFamily, find_sensor
from tracker.ble import Backend, Seen, find, scan
from tracker.collector import Collector
from tracker.collector_events import CollectorEvent, CollectorState
from tracker.errors import SensorNotFoundError, TrackerError
from tracker.simulator import SimulatedPatient
from tracker.words import Text

SIMULATED: Final = "sim"
SIMULATED_ADDRESS: Final = "C6:90:00:00:00:01"
SIMULATED_NAME: Final = "WT901BLE68"
SIMULATED_RATE_HZ: Final = 100.0
LOOK_S: Final = 8.0
CHECK_S: Final = 0.2


class Source(Protocol):
    """Where samples come from: a collector over the radio, or an app over the network."""

    @property
    def state(self) -> CollectorState | None:
        """Where it stands with the sensor."""
        ...

    def stop(self) -> None:
        """Ask `run` to end."""
        ...

    async def run(self) -> None:
        """Collect, and tell what happens by events, until `stop` is called."""
        ...


OnEvent = Callable[[CollectorEvent], None]


class SensorSpecError(TrackerError, ValueError):
    """What `--sensor` was given names no sensor that can be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorChoice:
    """The sensor to use.

    Parameters
    ----------
    family : SensorFamily
        Its kind.
    target : str, optional
        Its address or name; else the first of the family.
    backend : Backend, optional
        The radio; else the computer's own.
    hear : callable, optional
        Of a simulated patient: takes the coach's cue and the number of repetitions.
    make_source : callable, optional
        Makes what collects from a sensor that is not on the radio; takes where events go.
    instructions : Text, optional
        What has to be done at the sensor before it can send.
    address : str, optional
        Where the sensor has to send to.

    """

    family: SensorFamily
    target: str | None = None
    backend: Backend | None = None
    hear: Callable[[str, int], None] | None = None
    make_source: Callable[[OnEvent], Source] | None = None
    instructions: Text | None = None
    address: str | None = None

    def new_source(self, on_event: OnEvent) -> Source:
        """Make what collects from the sensor; it is started by its `run`."""
        if self.make_source is not None:
            return self.make_source(on_event)
        return Collector(self.family, self.target, backend=self.backend, on_event=on_event)

    @property
    def is_simulated(self) -> bool:
        """Whether no person wears it."""
        return self.hear is not None

    def describe(self) -> dict[str, Any]:
        """Return what a session stores of its sensor."""
        about: dict[str, Any] = {"family": self.family.id, "address": self.target or ""}
        return about | ({"is_simulated": True} if self.is_simulated else {})


def is_simulated(spec: str | None) -> bool:
    """Whether `--sensor` asks for a simulated sensor."""
    return spec is not None and (spec == SIMULATED or spec.startswith(f"{SIMULATED}:"))


@asynccontextmanager
async def open_sensor(
    spec: str | None, exercise_id: str, *, seed: int = 1
) -> AsyncIterator[SensorChoice]:
    """Find the sensor that was asked for; a simulated one lives as long as the context.

    Parameters
    ----------
    spec : str, optional
        An address or name, `sim` or `sim:NAME`; without it the first known sensor that is heard.
    exercise_id : str
        What a simulated patient does.
    seed : int
        Decides the simulated person, mounting and noise.

    Raises
    ------
    SensorSpecError
        If there is no simulated sensor of that name.
    BluetoothOffError
        If a real sensor is wanted and there is no usable Bluetooth.

    """
    if is_simulated(spec):
        _, _, name = (spec or "").partition(":")
        async with _simulated(name or "witmotion", exercise_id, seed) as choice:
            yield choice
        return
    await scan(CHECK_S)  # no Bluetooth is told at once, not after minutes of scanning
    yield await _real(spec)


@asynccontextmanager
async def _simulated(name: str, exercise_id: str, seed: int) -> AsyncIterator[SensorChoice]:
    family = find_sensor(name)
    if name != "witmotion":
        raise SensorSpecError(f"There is no simulated {family.title} yet: use sim:witmotion.")
    from tracker.virtual_radio import VirtualRadio  # noqa: PLC0415  # an optional part

    patient = SimulatedPatient(exercise_id, seed=seed, rate_hz=SIMULATED_RATE_HZ)
    async with VirtualRadio() as radio:
        await radio.add_witmotion(
            SIMULATED_NAME, SIMULATED_ADDRESS, patient.next_samples, rate_hz=SIMULATED_RATE_HZ
        )
        yield SensorChoice(
            family=family,
            target=SIMULATED_ADDRESS,
            backend=radio.backend,
            hear=lambda cue, reps: patient.hear(cue, reps=reps),
        )


async def _real(spec: str | None) -> SensorChoice:
    """Find out of which family a sensor is, where there is more than one."""
    if len(SENSORS) == 1:
        return SensorChoice(family=next(iter(SENSORS.values())), target=spec)

    def is_wanted(seen: Seen) -> bool:
        if spec is None:
            return family_of(seen) is not None
        return spec.lower() in {seen.address.lower(), (seen.name or "").lower()}

    seen = await find(is_wanted, LOOK_S)
    family = family_of(seen)
    if family is None:
        known = ", ".join(family.title for family in SENSORS.values())
        raise SensorNotFoundError(f"{seen.name or seen.address} is none of: {known}.")
    return SensorChoice(family=family, target=seen.address)


def family_of(seen: Seen) -> SensorFamily | None:
    """Return the family that fits best what a sensor advertises, or None."""
    scored = [
        (family.matches(seen.name, seen.service_uuids), family) for family in SENSORS.values()
    ]
    score, family = max(scored, key=lambda pair: pair[0])
    return family if score > 0 else None
