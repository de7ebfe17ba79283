"""What one stream costs in each part of its way, measured alone on the same messages."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis import load_catalogue
from firmware_bridge import DeviceMotionDecoder
from streambench.signal import EXERCISE, PER_MESSAGE, RATE_HZ, messages_of
from tracker.collector_events import Received
from tracker.measuring import SetMeasurement
from tracker.phone.family import phone_family, raw_name
from tracker.phone.numbering import Numbering
from tracker.planning import make_step
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.timeline import Timeline


def cost_of_parts(length_s: float) -> dict[str, float]:
    """Return the processor time of each part, in ms a second of one stream."""
    messages = messages_of(0, length_s)
    streamed_s = len(messages) * PER_MESSAGE / RATE_HZ
    received: list[Received] = []
    numbering, decoder = Numbering(), DeviceMotionDecoder("android")

    def decode() -> None:
        for k, message in enumerate(messages):
            fresh = numbering.take(message)
            data = b"" if fresh is None else fresh.data
            received.append(
                Received(
                    packets=tuple(decoder.feed(data)),
                    data=data,
                    characteristic=raw_name("android"),
                    arrival_s=k * PER_MESSAGE / RATE_HZ,
                    link=1,
                )
            )

    found = {"numbers, decoder": _cost(decode)}
    timeline = Timeline(phone_family("android", RATE_HZ))
    samples = []
    found["timeline"] = _cost(lambda: samples.extend([timeline.add(one) for one in received]))
    step = make_step(load_catalogue()[EXERCISE], side="left")
    measurement = SetMeasurement(step, 1)
    found["engine"] = _cost(lambda: [measurement.update(one) for one in samples if len(one)])
    with TemporaryDirectory() as folder:
        header = RecordingHeader(
            session="bench",
            started_at=datetime.now(UTC),
            anchor_s=0.0,
            sensor="phone",
            sensor_address=None,
            rate_hz=RATE_HZ,
            exercises=(EXERCISE,),
            settings={},
        )
        with Recorder(Path(folder) / "bench.mcap", header) as recorder:

            def record() -> None:
                for one, piece in zip(received, samples, strict=True):
                    recorder.add_raw(one)
                    if len(piece):
                        recorder.add_samples(piece)
                recorder.flush()

            found["recording"] = _cost(record)
    return {name: 1000.0 * cost_s / streamed_s for name, cost_s in found.items()}


def _cost(work: Callable[[], object]) -> float:
    began_s = time.process_time()
    work()
    return time.process_time() - began_s
