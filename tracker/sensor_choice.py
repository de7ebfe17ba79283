"""From what `--sensor` says to a sensor: a real one by its address, or a simulated one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from firmware_bridge import (
    SENSORS,
    Advertisement,
    SensorFamily,
    SimulatedDevice,
    SimulatedTextSensor,
    TextFormat,
    UnusableSensor,
    find_sensor,
    find_unusable,
    make_simulated,
    uart_family,
)
from tracker.ble import Backend, Seen, find, scan
from tracker.collector import NAMELESS_S, Collector
from tracker.collector_events import CollectorEvent, CollectorState
from tracker.errors import SensorNotFoundError, SensorUnusableError, TrackerError
from tracker.phone.family import PHONE_SPEC
from tracker.simulator import SimulatedVisit
from tracker.words import Text

SIMULATED: Final = "sim"
SIMULATED_ADDRESS: Final = "C6:90:00:00:00:01"
SIMULATED_THIGH_ADDRESS: Final = "C6:90:00:00:00:02"
LOOK_S: Final = 8.0
CHECK_S: Final = 0.2
TEXT_SENSOR: Final = "uart"
DEFAULT_SIMULATED: Final = "witmotion"


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
    prepare : callable
        Of a simulated patient: takes the exercise that comes next.
    make_source : callable, optional
        Makes what collects from a sensor that is not on the radio; takes where events go.
    instructions : Text, optional
        What has to be done at the sensor before it can send.
    address : str, optional
        Where the sensor has to send to.
    text_format : TextFormat, optional
        What its lines mean, of a sensor that somebody built.
    details : mapping
        What else a session should store of the sensor.
    thigh : SensorChoice, optional
        A second sensor, on the thigh.

    """

    family: SensorFamily
    target: str | None = None
    backend: Backend | None = None
    hear: Callable[[str, int], None] | None = None
    prepare: Callable[[str], None] = field(default=lambda _exercise_id: None)
    make_source: Callable[[OnEvent], Source] | None = None
    instructions: Text | None = None
    address: str | None = None
    text_format: TextFormat | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    thigh: "SensorChoice | None" = None

    def new_source(self, on_event: OnEvent) -> Source:
        """Make what collects from the sensor; it is started by its `run`."""
        if self.make_source is not None:
            return self.make_source(on_event)
        return Collector(self.family, self.target, backend=self.backend, on_event=on_event)

    @property
    def is_simulated(self) -> bool:
        """Whether no person wears it."""
        return self.hear is not None

    @property
    def settings(self) -> dict[str, Any]:
        """What a capture must say of it, beyond family and rate, to be read again."""
        return {} if self.text_format is None else {"format": dict(self.text_format.table)}

    def describe(self) -> dict[str, Any]:
        """Return what a session stores of its sensor."""
        about: dict[str, Any] = {"family": self.family.id, "address": self.target or ""}
        return (
            about
            | self.settings
            | dict(self.details)
            | ({"is_simulated": True} if self.is_simulated else {})
            | ({} if self.thigh is None else {"thigh": self.thigh.describe()})
        )


def is_simulated(spec: str | None) -> bool:
    """Whether `--sensor` asks for a simulated sensor."""
    return spec is not None and (spec == SIMULATED or spec.startswith(f"{SIMULATED}:"))


@asynccontextmanager
async def open_sensor(
    spec: str | None,
    exercise_id: str,
    *,
    seed: int = 1,
    text_format: TextFormat | None = None,
    thigh: str | None = None,
) -> AsyncIterator[SensorChoice]:
    """Find the sensor that was asked for; a simulated one lives as long as the context.

    Parameters
    ----------
    spec : str, optional
        An address or name, `sim`, `sim:FAMILY` or `sim:FAMILY/MODEL`; without it the first known
        sensor that is heard.
    exercise_id : str
        What a simulated patient does.
    seed : int
        Decides the simulated person, mounting and noise.
    text_format : TextFormat, optional
        What the lines of a sensor mean that somebody built.
    thigh : str, optional
        The address or name of a second sensor, on the thigh; `sim` beside a simulated one.

    Raises
    ------
    UnknownSensorError
        If there is no simulated sensor of that name.
    SensorSpecError
        If what is asked for does not go together.
    SensorNotFoundError, SensorUnusableError
        If no such sensor was heard, or it cannot measure an exercise.
    BluetoothOffError
        If a real sensor is wanted and there is no usable Bluetooth.

    """
    if spec == PHONE_SPEC:
        raise SensorSpecError("A phone by its browser can train, and nothing else: tempo90 train.")
    if thigh is not None and is_simulated(spec) is not is_simulated(thigh):
        raise SensorSpecError(
            "A simulated sensor goes with a simulated one on the thigh: --thigh sim, or neither."
        )
    if spec is not None and is_simulated(spec):
        async with _simulated(spec, exercise_id, seed, text_format, thigh) as choice:
            yield choice
        return
    await scan(CHECK_S)  # no Bluetooth is told at once, not after minutes of scanning
    if thigh is None:
        yield await choose_real(spec, text_format)
        return
    second = await choose_real(thigh)
    first = await choose_real(spec, text_format, other_than=second.target)
    yield replace(first, thigh=second)


@asynccontextmanager
async def _simulated(
    spec: str, exercise_id: str, seed: int, text_format: TextFormat | None, thigh: str | None
) -> AsyncIterator[SensorChoice]:
    family, device = simulated_sensor(spec, text_format)
    from tracker.virtual_radio import VirtualRadio  # noqa: PLC0415  # an optional part

    rate_hz = family.nominal_rate_hz
    has_thigh = thigh is not None
    patient = SimulatedVisit(exercise_id, seed=seed, rate_hz=rate_hz, has_thigh=has_thigh)
    async with VirtualRadio() as radio:
        await radio.add(device, SIMULATED_ADDRESS, patient.next_samples, rate_hz=rate_hz)
        second = None
        if thigh is not None:
            second_family, second_device = simulated_sensor(thigh)
            await radio.add(
                second_device,
                SIMULATED_THIGH_ADDRESS,
                patient.next_thigh_samples,
                rate_hz=rate_hz,
            )
            second = SensorChoice(
                family=second_family, target=SIMULATED_THIGH_ADDRESS, backend=radio.backend
            )
        yield SensorChoice(
            family=family,
            target=SIMULATED_ADDRESS,
            backend=radio.backend,
            hear=lambda cue, reps: patient.hear(cue, reps=reps),
            prepare=patient.prepare,
            text_format=text_format,
            thigh=second,
        )


def simulated_sensor(
    spec: str, text_format: TextFormat | None = None
) -> tuple[SensorFamily, SimulatedDevice]:
    """Return the family and the device that `sim`, `sim:FAMILY` or `sim:FAMILY/MODEL` means.

    Raises
    ------
    UnknownSensorError
        If there is none of that name.
    SensorSpecError
        If a text format is given for a sensor that sends no text.

    """
    name, _, model = spec.partition(":")[2].partition("/")
    if text_format is None:
        name = name or DEFAULT_SIMULATED
        return find_sensor(name), make_simulated(name, model)
    check_text_sensor(name or TEXT_SENSOR)
    return uart_family(text_format), SimulatedTextSensor(text_format)


def check_text_sensor(sensor_id: str) -> None:
    """Raise SensorSpecError for a sensor whose lines no file describes."""
    if sensor_id != TEXT_SENSOR:
        raise SensorSpecError(
            f"--format describes lines of text, which {sensor_id} does not send: "
            f"it goes with {TEXT_SENSOR}."
        )


async def choose_real(
    spec: str | None,
    text_format: TextFormat | None = None,
    *,
    backend: Backend | None = None,
    other_than: str | None = None,
) -> SensorChoice:
    """Find a sensor on the air and of which family it is; raises as `open_sensor`.

    The address in `other_than` is in use already: it is not the first one heard.
    """
    if text_format is not None:
        if spec is None and not text_format.name:
            raise SensorSpecError(
                "Which sensor is it? Give its address with --sensor, or its `name` in the "
                "format file."
            )
        family = uart_family(text_format)
        return SensorChoice(family=family, target=spec, backend=backend, text_format=text_format)
    began_s = asyncio.get_running_loop().time()
    refused: dict[str, UnusableSensor] = {}

    def is_wanted(seen: Seen) -> bool:
        if seen.address == other_than:
            return False
        unusable = unusable_of(seen)
        if unusable is not None:
            refused[unusable.id] = unusable
        waited_s = asyncio.get_running_loop().time() - began_s
        if seen.name is None and waited_s < NAMELESS_S:
            return False  # the name may show that it is another product with the same service
        if spec is None:
            return family_of(seen) is not None
        return spec.lower() in {seen.address.lower(), (seen.name or "").lower()}

    try:
        seen = await find(is_wanted, LOOK_S, backend=backend)
    except SensorNotFoundError as error:
        if not refused or spec is not None:
            raise
        reasons = " ".join(one.reason for one in refused.values())
        raise SensorUnusableError(f"No sensor that can be used was heard. {reasons}") from error
    return SensorChoice(family=_known_family(seen), target=seen.address, backend=backend)


def _known_family(seen: Seen) -> SensorFamily:
    unusable, family = unusable_of(seen), family_of(seen)
    if family is not None:
        return family
    if unusable is not None:
        raise SensorUnusableError(unusable.reason)
    known = ", ".join(family.title for family in SENSORS.values())
    raise SensorNotFoundError(
        f"{seen.name or seen.address} is none of: {known}. For a sensor that you built, describe "
        "its lines in a file and give it with --format."
    )


def _heard(seen: Seen) -> Advertisement:
    return Advertisement.heard(seen.name, seen.service_uuids, seen.company_ids)


def unusable_of(seen: Seen) -> UnusableSensor | None:
    """Return what is known to be unusable in what a device advertises, or None."""
    return find_unusable(_heard(seen))


def family_of(seen: Seen) -> SensorFamily | None:
    """Return the family that fits best what a sensor advertises, or None."""
    if unusable_of(seen) is not None:
        return None
    heard = _heard(seen)
    score, family = max(
        ((family.score(heard), family) for family in SENSORS.values()), key=lambda pair: pair[0]
    )
    return family if score > 0 else None
