import shutil
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.writer import CompressionType, Writer

from tests.tracker.radio_builders import header, received
from tests.tracker.test_recorder import record, samples
from tracker.errors import RecordingError
from tracker.mcap_scan import MAX_CHUNK_BYTES, McapScan
from tracker.part_file import PartFile
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap, recover_unfinished
from tracker.recording_format import (
    EVENTS_TOPIC,
    HEADER_TOPIC,
    JSON_ENCODING,
    RAW_TOPIC,
    ChunkWriter,
    Message,
    RecordingHeader,
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A finished recording of five seconds, as bytes."""
    return record(tmp_path_factory.mktemp("recorded") / "session.mcap", 5).read_bytes()


def unfinished(tmp_path, seconds=3):
    """A recording whose program has died."""
    path = record(tmp_path / "other.mcap", seconds)
    part = tmp_path / "session.mcap.part"
    part.write_bytes(path.read_bytes()[:-400])  # without its index
    path.unlink()
    return part


@pytest.mark.parametrize("fraction", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_a_torn_recording_gives_what_came_before(recorded, tmp_path, fraction):
    path = tmp_path / "torn.mcap"
    path.write_bytes(recorded[: round(fraction * len(recorded))])

    session = read_mcap(path)

    numbers = session.samples.acc_ms2[:, 0].tolist()
    assert numbers == list(range(len(numbers)))
    assert not session.is_finished
    assert session.damage is None or session.damage.n_bytes > 0


def test_a_flipped_bit_costs_one_chunk_and_is_reported(recorded, tmp_path):
    damaged = bytearray(recorded)
    damaged[len(recorded) // 2] ^= 0x10
    path = tmp_path / "flipped.mcap"
    path.write_bytes(damaged)

    session = read_mcap(path)

    assert session.damage.n_chunks == 1
    assert 400 <= session.samples.n_samples < 500
    assert session.samples.acc_ms2[-1, 0] == 499, "what comes behind the damage is kept"


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.floats(0, 1), n_bytes=st.integers(1, 40), noise=st.binary(min_size=1, max_size=40))
def test_damage_anywhere_is_an_error_or_a_report_but_never_a_wrong_number(
    recorded, tmp_path, at, n_bytes, noise
):
    start = int(at * len(recorded))
    path = tmp_path / "damaged.mcap"
    path.write_bytes(recorded[:start] + noise + recorded[start + n_bytes :])

    try:
        session = read_mcap(path)
    except RecordingError:
        return  # not even a header

    numbers = session.samples.acc_ms2[:, 0]
    assert set(numbers.tolist()) <= set(range(500))
    whole = len(numbers) == 500
    assert whole or session.damage is not None or not session.is_finished


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"hello", bytes(100_000)])
def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "no.mcap"
    path.write_bytes(content)

    with pytest.raises(RecordingError, match=r"no\.mcap is not a recording"):
        read_mcap(path)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(RecordingError, match="cannot be read"):
        read_mcap(tmp_path / "missing.mcap")


def test_a_recording_of_another_program_is_refused(tmp_path):
    path = tmp_path / "other.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start()
        channel = writer.register_channel("/imu", "json", schema_id=0)
        writer.add_message(channel, 0, b"{}", 0)
        writer.finish()

    with pytest.raises(RecordingError, match="not a recording of this program"):
        read_mcap(path)


def test_a_chunk_that_would_fill_the_memory_is_left_out(tmp_path):
    path = tmp_path / "bomb.mcap"
    with path.open("wb") as file:
        writer = Writer(file, chunk_size=1)
        writer.start()
        channel = writer.register_channel("/header", "json", schema_id=0)
        writer.add_message(channel, 0, header().to_json(), 0, 1)
        writer.add_message(channel, 0, bytes(MAX_CHUNK_BYTES + 1), 0, 2)
        writer.finish()

    session = read_mcap(path)

    assert path.stat().st_size < 10_000
    assert "unpack" in session.damage.reason


def test_a_packing_that_can_grow_without_limit_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.mcap"
    with path.open("wb") as file:
        writer = Writer(file, chunk_size=1, compression=CompressionType.LZ4)
        writer.start()
        channel = writer.register_channel("/header", "json", schema_id=0)
        writer.add_message(channel, 0, bytes(MAX_CHUNK_BYTES), 0, 1)
        writer.finish()

    # Its head promises a single byte.
    head, size = path.read_bytes().split(b"lz4", 1), struct.Struct("<Q")
    at = len(head[0]) - 4 - 4 - size.size
    chunk = bytearray(path.read_bytes())
    promised = size.unpack_from(chunk, at)[0]
    size.pack_into(chunk, at, 1)
    path.write_bytes(chunk)
    scan = McapScan(path)

    assert promised > MAX_CHUNK_BYTES
    assert list(scan) == []
    assert "packed by lz4" in scan.damage.reason


def test_a_header_of_a_later_version_is_read_as_far_as_it_is_known():
    document = header().to_json()[:-1] + b', "mood": "sunny"}'

    assert RecordingHeader.from_json(document) == header()


def test_an_unfinished_recording_is_finished_and_says_how_long_it_is(tmp_path):
    part = unfinished(tmp_path)

    [recovered] = recover_unfinished(tmp_path)

    assert recovered.path == tmp_path / "session.mcap"
    assert recovered.recovered_s == pytest.approx(2.99, abs=0.01)
    assert recovered.n_samples == 300
    session = read_mcap(recovered.path)
    assert (session.is_finished, session.damage) == (True, None)
    assert len(session.notifications) == 300
    assert not part.exists()
    assert recover_unfinished(tmp_path) == []


def test_a_recovery_that_was_interrupted_is_done_again(tmp_path):
    unfinished(tmp_path)
    (tmp_path / "session.mcap.recovering.part").write_bytes(b"half a copy")

    [recovered] = recover_unfinished(tmp_path)

    assert recovered.n_samples == 300
    assert [file.name for file in tmp_path.iterdir()] == ["session.mcap"]


def test_the_original_stays_until_the_copy_is_done(tmp_path, monkeypatch):
    part = unfinished(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PartFile, "append", full)
    with pytest.raises(RecordingError, match="No space left"):
        recover_unfinished(tmp_path)
    monkeypatch.undo()

    assert read_mcap(part).samples.n_samples == 300
    assert [recovered.n_samples for recovered in recover_unfinished(tmp_path)] == [300]


def test_a_recording_that_is_being_written_is_left_alone(tmp_path):
    with Recorder(tmp_path / "session.mcap", header()) as recorder:
        recorder.add_samples(samples(0, 100))

        assert recover_unfinished(tmp_path) == []

    assert read_mcap(tmp_path / "session.mcap").samples.n_samples == 100


def test_an_unreadable_part_is_put_aside_and_told(tmp_path):
    (tmp_path / "session.mcap.part").write_bytes(b"nothing of ours")

    [recovered] = recover_unfinished(tmp_path)

    assert (recovered.n_samples, recovered.recovered_s) == (0, 0.0)
    assert recovered.path.read_bytes() == b"nothing of ours"
    assert recovered.damage is not None
    assert recover_unfinished(tmp_path) == []


def test_a_recording_cut_at_any_byte_is_recovered_or_put_aside(recorded, tmp_path):
    for n_left in range(0, len(recorded), 997):
        folder = tmp_path / str(n_left)
        folder.mkdir()
        (folder / "session.mcap.part").write_bytes(recorded[:n_left])

        [recovered] = recover_unfinished(folder)

        assert recovered.n_samples <= 500
        assert len(list(folder.iterdir())) == 1
        shutil.rmtree(folder)


def test_raw_notifications_alone_give_a_length(tmp_path):
    path = tmp_path / "raw.mcap"
    with Recorder(path, header()) as recorder:
        for k in range(200):
            recorder.add_raw(received(k, 1000 + k / 100))

    assert read_mcap(path).duration_s == pytest.approx(1.99)


def write_messages(path, *messages):
    """A recording with true checksums, whatever its messages hold."""
    chunks = ChunkWriter()
    for topic, data in ((HEADER_TOPIC, header().to_json()), *messages):
        chunks.add(Message(topic, JSON_ENCODING, 0, data))
    path.write_bytes(chunks.finish())
    return path


@pytest.mark.parametrize(
    ("topic", "data"),
    [
        (EVENTS_TOPIC, b"[" * 100_000),
        (EVENTS_TOPIC, b'["set_started"]'),
        (EVENTS_TOPIC, b'{"event": "set_started"}'),
        (EVENTS_TOPIC, b'{"event": "set_started", "at_s": 1e999}'),
        (RAW_TOPIC + "ffe4", struct.pack("<dIB", float("nan"), 1, 1) + b"bytes"),
        (RAW_TOPIC + "ffe4", struct.pack("<dIB", float("inf"), 1, 1) + b"bytes"),
    ],
)
def test_a_message_that_makes_no_sense_is_left_out_and_told(topic, data, tmp_path):
    good = b'{"event": "set_ended", "at_s": 1003.5, "set": 1}'

    session = read_mcap(write_messages(tmp_path / "m.mcap", (topic, data), (EVENTS_TOPIC, good)))

    assert [event["event"] for event in session.annotations] == ["set_ended"]
    assert session.notifications == ()
    assert session.damage is not None
    assert session.duration_s == 0


@pytest.mark.parametrize("anchor", [b"1e999", b"9" * 400, b"NaN", b"[[[[", b'"x"'])
def test_a_header_that_makes_no_sense_is_no_recording(anchor, tmp_path):
    text = header().to_json().replace(b"1000.0", anchor)
    chunks = ChunkWriter()
    chunks.add(Message(HEADER_TOPIC, JSON_ENCODING, 0, text))
    (tmp_path / "m.mcap").write_bytes(chunks.finish())

    with pytest.raises(RecordingError, match="not a recording"):
        read_mcap(tmp_path / "m.mcap")
