"""Our own files as fuzzing targets: recordings as a crash or a bad disk may leave them, traces.

Checksums turn nearly every change of a recording away at the door. So half of the inputs are put
together anew, with true checksums, from messages whose content was changed.
"""

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from analysis import ImuSamples
from tools.fuzzing.mutation import Input
from tracker.btsnoop import EVENT, TraceWriter, UnreadableTraceError, read_trace
from tracker.errors import RecordingError
from tracker.recording_file import RecordedSession, read_mcap
from tracker.recording_format import (
    EVENTS_TOPIC,
    HEADER_TOPIC,
    JSON_ENCODING,
    RAW_TOPIC,
    SAMPLES_ENCODING,
    SAMPLES_TOPIC,
    ChunkWriter,
    Message,
    RecordingHeader,
    pack_samples,
)

Promise = Callable[[bool, str], None]
_WHOLE: Final = "whole"
"""Name of a part that is a file as it is; other names are topics of messages."""


def recording_seeds() -> tuple[Input, ...]:
    """Return recordings: as files, and as messages that are put together later."""
    header = RecordingHeader(
        session="s", started_at=datetime(2026, 3, 2, tzinfo=UTC), anchor_s=0.0, sensor="witmotion"
    )
    samples = ImuSamples(np.arange(5) / 100, np.ones((5, 3)), np.zeros((5, 3)))
    messages = (
        (HEADER_TOPIC, header.to_json()),
        (SAMPLES_TOPIC, pack_samples(samples)),
        (f"{RAW_TOPIC}ffe4", bytes(20)),
        (EVENTS_TOPIC, json.dumps({"event": "set_started", "at_s": 1.0, "set": 1}).encode()),
    )
    return (((_WHOLE, _file_of(messages)),), messages)


def run_recording(given: Input, promise: Promise) -> str:
    """Read a recording; anything but `RecordingError` is a failure."""
    is_whole = any(name == _WHOLE for name, _ in given)
    data = b"".join(part for _, part in given) if is_whole else _file_of(given)
    with tempfile.NamedTemporaryFile(suffix=".mcap") as file:
        file.write(data)
        file.flush()
        try:
            session = read_mcap(Path(file.name))
        except RecordingError as error:
            return "".join(letter for letter in str(error) if letter.isalpha())[-40:]
    return _judge(session, promise)


def _judge(session: RecordedSession, promise: Promise) -> str:
    time_s = session.samples.time_s
    promise(bool((np.diff(time_s) > 0).all()), "times that go on")
    promise(bool(np.isfinite(session.samples.acc_ms2).all()), "finite numbers")
    promise(all(isinstance(event, dict) for event in session.annotations), "events are objects")
    promise(session.duration_s >= 0, "a duration")
    n = len(time_s).bit_length()
    return f"{n} {len(session.annotations)} {session.damage is None} {session.is_finished}"


def trace_seeds() -> tuple[Input, ...]:
    """Return a trace."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.btsnoop"
        with TraceWriter(path, datetime(2026, 3, 2, tzinfo=UTC), 0.0) as trace:
            for k in range(4):
                trace.add(bytes((EVENT, 0x0E, 1, k)), k / 10, is_received=bool(k % 2))
        return ((("", path.read_bytes()),),)


def run_trace(given: Input, promise: Promise) -> str:
    """Read a trace; anything but `UnreadableTraceError` is a failure."""
    data = b"".join(part for _, part in given)
    try:
        packets = list(read_trace(data))
    except UnreadableTraceError as error:
        return str(error)
    promise(sum(len(one.data) for one in packets) <= len(data), "no more than there is")
    return f"{len(packets).bit_length()} packets"


def _file_of(messages: Input) -> bytes:
    chunks = ChunkWriter()
    for topic, data in messages:
        encoding = SAMPLES_ENCODING if topic == SAMPLES_TOPIC else JSON_ENCODING
        chunks.add(Message(topic, encoding, 0, data))
    return chunks.finish()
