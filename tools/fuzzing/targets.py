"""What is fuzzed: every decoder and every importer, with what must hold whatever comes in.

A decoder never raises; an importer raises `UnreadableExportError` and nothing else. What comes out
is made of finite numbers, no more of it than the bytes can hold, and times go on.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

import firmware_bridge as bridge
from firmware_bridge.exports import READERS
from tools.fuzzing.mutation import Input
from tools.fuzzing.own_files import recording_seeds, run_recording, run_trace, trace_seeds
from tools.fuzzing.seeds import config_seeds, export_seeds, phone_seeds, sensor_seeds

_COLUMNS = {
    "rate_hz": 100,
    "columns": ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"],
    "time_unit": "us",
}
_SETTINGS: Mapping[str, tuple[bridge.Settings, ...]] = {
    "witmotion": ({}, {"frame_size": 28}),
    "movesense": ({}, {"path": "/Meas/IMU9/52"}, {"path": "/Meas/IMU6/13"}),
    "xsens_dot": ({}, {"mode": 26}),
    "metamotion": ({}, {"acc_range_g": 2, "gyr_range_dps": 125}),
    "polar": ({}, {"rate_hz": 52}),
    "uart": ({}, {"acc_range_g": 8, "gyr_range_dps": 250}, {"format": _COLUMNS}),
}


class BrokenPromiseError(AssertionError):
    """Something came out that must not."""


class _Feeding(Protocol):
    def feed(self, data: bytes) -> list[bridge.Decoded]: ...


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz.

    Parameters
    ----------
    name : str
        As on the command line.
    seeds : tuple of Input
        Good input to begin from.
    run : callable
        Takes an input and returns in a few words what became of it; raises for a failure.

    """

    name: str
    seeds: tuple[Input, ...]
    run: Callable[[Input], str]


def all_targets() -> tuple[Target, ...]:
    """Return every target: decoders of sensors and phones, importers, captures."""
    platforms = bridge.PLATFORMS
    phones: Mapping[str, tuple[Callable[[], _Feeding], ...]] = {
        "sensor-logger": tuple(_bound(bridge.SensorLoggerPush, one) for one in platforms),
        "phyphox": (bridge.PhyphoxPoll,),
        "device-motion": tuple(_bound(bridge.DeviceMotionDecoder, one) for one in platforms),
    }
    sensors = {
        sensor_id: tuple(
            _bound(family.new_decoder, settings) for settings in _SETTINGS.get(sensor_id, ({},))
        )
        for sensor_id, family in bridge.SENSORS.items()
    }
    seeds = sensor_seeds()
    targets = [
        _decoding(f"sensor:{name}", seeds.get(name, ()), makers) for name, makers in sensors.items()
    ]
    seeds = phone_seeds()
    targets += [_decoding(f"phone:{name}", seeds[name], makers) for name, makers in phones.items()]
    seeds = export_seeds()
    targets += [
        Target(f"export:{reader.id}", seeds.get(reader.id, ()), _import) for reader in READERS
    ]
    targets.append(Target("phone:phyphox-config", config_seeds(), _configure))
    targets.append(Target("capture", _capture_seeds(), _capture))
    targets.append(Target("recording", recording_seeds(), lambda one: run_recording(one, _promise)))
    targets.append(Target("trace", trace_seeds(), lambda one: run_trace(one, _promise)))
    return tuple(targets)


def _bound(make: Callable[[object], _Feeding], argument: object) -> Callable[[], _Feeding]:
    return lambda: make(argument)


def _decoding(
    name: str, seeds: tuple[Input, ...], makers: tuple[Callable[[], _Feeding], ...]
) -> Target:
    def run(given: Input) -> str:
        # Which settings are used hangs on the input alone, so that a failure can be repeated.
        decoder = makers[sum(len(part) for _, part in given) % len(makers)]()
        decoded = [one for _, part in given for one in decoder.feed(part)]
        if isinstance(decoder, bridge.PhyphoxPoll):
            _promise(decoder.next_path.isascii(), "an address of plain characters")
        finish = getattr(decoder, "finish", None)
        decoded += finish() if finish else []
        return _judge(decoded, n_bytes=sum(len(part) for _, part in given))

    return Target(name, seeds, run)


def _judge(decoded: Iterable[object], *, n_bytes: int) -> str:
    counts: dict[str, int] = {}
    for one in decoded:
        _promise(isinstance(one, bridge.Decoded), "only what a decoder may give")
        kind = type(one).__name__
        if isinstance(one, bridge.ImuPacket):
            numbers = (*one.acc_ms2, *one.gyr_rads, one.device_time_s or 0.0)
            _promise(all(map(math.isfinite, numbers)), "finite numbers")
        elif isinstance(one, bridge.DamagedFrame):
            _promise(len(one.dropped) <= 64, "at most 64 damaged bytes")  # noqa: PLR2004
            kind = "".join(letter for letter in one.reason if not letter.isdigit())
        counts[kind] = counts.get(kind, 0) + 1
    _promise(sum(counts.values()) <= 2 * n_bytes + 64, "no more than the bytes can hold")
    n_samples = counts.get("ImuPacket", 0)
    return f"{n_samples.bit_length()} {' '.join(sorted(counts))}"


def _import(given: Input) -> str:
    # Names that came twice make one file, as in a folder.
    try:
        export = bridge.read_export(dict(given))
    except bridge.UnreadableExportError as error:
        return "".join(letter for letter in str(error) if not letter.isdigit())[:60]
    n = len(export.time_s)
    _promise(n > 0 and export.time_s[0] == 0, "times from 0 on")
    _promise(export.acc_ms2.shape == export.gyr_rads.shape == (n, 3), "three axes a sample")
    _promise(all(b > a for a, b in pairwise(export.time_s.tolist())), "times that go on")
    values = np.column_stack((export.time_s, export.acc_ms2, export.gyr_rads))
    _promise(bool(np.isfinite(values).all()), "finite numbers")
    return f"{export.format} {n.bit_length()} {len(export.notes)}"


def _configure(given: Input) -> str:
    outcomes = []
    for _, body in given:
        try:
            buffers = bridge.PhyphoxBuffers.of_config(body)
        except bridge.UnusableExperimentError as error:
            outcomes.append(error.problem)
        else:
            _promise(bridge.PhyphoxPoll(buffers).next_path.isascii(), "plain characters")
            outcomes.append("usable")
    return " ".join(outcomes)


def _capture(given: Input) -> str:
    text = b"".join(part for _, part in given).decode("utf-8", errors="replace")
    try:
        capture = bridge.read_capture(text)
    except bridge.UnreadableCaptureError as error:
        return error.problem
    _promise(all(math.isfinite(one.t_s) for one in capture.notifications), "finite times")
    return f"{len(capture.notifications).bit_length()} {capture.is_cut_short}"


def _capture_seeds() -> tuple[Input, ...]:
    header = bridge.capture_header("witmotion", rate_hz=100)
    frame = bridge.encode_witmotion((0, 0, 9.81), (0, 0, 0))
    lines = [
        bridge.capture_line(bridge.CapturedNotification(k / 100, "ffe4", frame)) for k in range(6)
    ]
    return ((("", "\n".join([header, *lines]).encode()),),)


def _promise(holds: bool, what: str) -> None:
    if not holds:
        raise BrokenPromiseError(f"promised: {what}")
