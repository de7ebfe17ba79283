import asyncio
import json
import zipfile
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge import (
    CapturedNotification,
    UnreadableExportError,
    capture_header,
    capture_line,
    encode_witmotion,
    find_sensor,
    read_capture,
    write_generic_csv,
)
from tracker.analysis_table import sparkline
from tracker.capture_decoding import decode_capture
from tracker.file_session import ImportOptions
from tracker.import_sessions import RefusedFile, import_document, import_recordings
from tracker.importing import RecordingFileError, load_recording
from tracker.profile import Profile
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.settings import DataFolder
from tracker.simulator import Scenario, simulate

WITMOTION = find_sensor("witmotion")
PROFILE = Profile(patient_id=UUID(int=90), language="nl", side="left")


def a_recording(reps=4):
    return simulate(Scenario(reps=reps, sets=1, profile="steady", start="still"), seed=5)


def a_csv(recording):
    return write_generic_csv(recording.time_s, recording.acc_ms2, recording.gyr_rads)


def a_capture(n=200, *, rate_hz=100.0, noise=()):
    frames = [encode_witmotion((0.0, 0.0, 9.81), (0.0, 0.0, 0.1)) for _ in range(n)]
    lines = [capture_header("witmotion", rate_hz=rate_hz)]
    for k, frame in enumerate(frames):
        data = b"\x55" * noise.count(k) + frame
        lines.append(
            capture_line(CapturedNotification(10.0 + k / rate_hz, WITMOTION.notify_uuid, data))
        )
    return "\n".join(lines) + "\n"


def test_a_csv_file_a_zip_and_a_folder_of_it_are_the_same_recording(tmp_path):
    text = a_csv(a_recording())
    (tmp_path / "leg.csv").write_text(text)
    with zipfile.ZipFile(tmp_path / "leg.zip", "w") as archive:
        archive.writestr("leg.csv", text)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "leg.csv").write_text(text)

    loaded = [load_recording(tmp_path / name) for name in ("leg.csv", "leg.zip", "folder")]

    for one in loaded:
        assert one.format == "generic-csv"
        np.testing.assert_array_equal(one.samples.time_s, loaded[0].samples.time_s)


def test_a_capture_that_names_its_sensor_needs_no_option(tmp_path):
    (tmp_path / "leg.jsonl").write_text(a_capture())

    loaded = load_recording(tmp_path / "leg.jsonl")

    assert loaded.format == "capture"
    assert len(loaded.samples) == 200
    assert loaded.samples.acc_ms2[0] == pytest.approx([0.0, 0.0, 9.81], abs=0.01)


def test_a_capture_without_a_first_line_takes_the_sensor_that_is_given(tmp_path):
    lines = a_capture().splitlines()[1:]
    (tmp_path / "leg.jsonl").write_text("\n".join(lines))

    loaded = load_recording(tmp_path / "leg.jsonl", sensor="witmotion")

    assert len(loaded.samples) == 200


def test_our_own_recording_comes_back_to_the_last_digit(tmp_path):
    recording, path = a_recording(), tmp_path / "own.mcap"
    loaded_csv = _loaded(tmp_path, recording)
    header = RecordingHeader(
        session="s", started_at=datetime(2026, 5, 4, tzinfo=UTC), anchor_s=0.0, sensor="witmotion"
    )
    with Recorder(path, header) as recorder:
        recorder.add_samples(loaded_csv.samples)

    own = load_recording(path)

    assert own.format == "tempo90-mcap"
    np.testing.assert_array_equal(own.samples.gyr_rads, loaded_csv.samples.gyr_rads)


def _loaded(tmp_path, recording):
    (tmp_path / "leg.csv").write_text(a_csv(recording))
    return load_recording(tmp_path / "leg.csv")


def test_times_of_a_decoded_capture_start_at_zero_and_increase():
    decoded = decode_capture(read_capture(a_capture(300)), WITMOTION)

    assert decoded.samples.time_s[0] == 0.0
    assert (np.diff(decoded.samples.time_s) > 0).all()
    assert decoded.samples.time_s[-1] == pytest.approx(2.99, abs=0.02)
    assert decoded.notes == ()


def test_damage_is_counted_and_the_good_frames_kept():
    decoded = decode_capture(read_capture(a_capture(300, noise=[50, 50, 51])), WITMOTION)

    assert decoded.n_packets == 300
    assert decoded.n_dropped_bytes == 3
    assert decoded.notes


@settings(max_examples=30, deadline=None)
@given(cuts=st.sets(st.integers(1, 1999), max_size=40))
def test_what_is_decoded_does_not_depend_on_where_the_notifications_are_cut(cuts):
    frame = encode_witmotion((0.0, 0.0, 9.81), (0.0, 0.0, 0.1))
    stream = frame * 100
    edges = [0, *sorted(cuts), len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    lines = [
        capture_line(CapturedNotification(k / 100, WITMOTION.notify_uuid, piece))
        for k, piece in enumerate(pieces)
    ]

    decoded = decode_capture(read_capture("\n".join(lines)), WITMOTION)

    assert decoded.n_packets == 100
    assert decoded.n_dropped_bytes == 0


def test_an_empty_capture_has_no_samples():
    decoded = decode_capture(read_capture(""), WITMOTION)

    assert len(decoded.samples) == 0


def test_what_is_no_recording_says_what_to_do(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all,\n")

    with pytest.raises(UnreadableExportError):
        load_recording(tmp_path / "letter.txt")


def test_an_empty_folder_and_a_missing_file_are_told_apart(tmp_path):
    with pytest.raises(RecordingFileError, match="is empty"):
        load_recording(tmp_path)
    with pytest.raises(RecordingFileError, match="no file or folder"):
        load_recording(tmp_path / "none")
    (tmp_path / "leg.csv").write_bytes(b"")
    with pytest.raises(RecordingFileError, match=r"leg\.csv is empty"):
        load_recording(tmp_path / "leg.csv")


def test_an_imported_file_is_a_session_once_however_often_it_comes(tmp_path):
    recording, folder = a_recording(reps=4), DataFolder(tmp_path / "data").make()
    (tmp_path / "leg.csv").write_text(a_csv(recording))
    options = ImportOptions(exercise="ecc_prone_helper")

    first = asyncio.run(import_recordings([tmp_path / "leg.csv"], options, PROFILE, folder))
    again = asyncio.run(import_recordings([tmp_path / "leg.csv"], options, PROFILE, folder))

    assert (first[0].is_new, again[0].is_new) == (True, False)
    assert (first[0].session_id, first[0].path) == (again[0].session_id, again[0].path)
    assert len(list(folder.sent.iterdir())) == 1
    assert first[0].n_reps == len(recording.truth.reps)
    document = json.loads(first[0].path.read_text())
    assert document["exercise_sets"][0]["side"] == "left"
    assert max(document["exercise_sets"][0]["trace"]["a"]) == pytest.approx(90, abs=15)
    assert not list(folder.outbox.iterdir())


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    folder, options = DataFolder(tmp_path / "data").make(), ImportOptions(exercise="free_movement")
    (tmp_path / "letter.txt").write_text("Dear all,\n")
    (tmp_path / "leg.csv").write_text(a_csv(a_recording(reps=2)))
    files = [tmp_path / "letter.txt", tmp_path / "leg.csv", tmp_path / "none.csv"]
    told = []

    imported = asyncio.run(
        import_recordings(
            files,
            options,
            PROFILE,
            folder,
            on_begin=lambda path: told.append(path.name),
            on_done=lambda one: told.append(type(one).__name__),
        )
    )

    assert [type(one) is RefusedFile for one in imported] == [True, False, True]
    assert told[:2] == ["letter.txt", "RefusedFile"]
    document = import_document(imported)
    assert [one["reps"] for one in document["imported"]] == [2]
    assert [one["file"] for one in document["refused"]] == [str(files[0]), str(files[2])]
    assert "no file or folder" in document["refused"][1]["reason"]


def test_the_chart_keeps_every_peak():
    angles = np.zeros(1000)
    angles[500] = 90.0

    assert sparkline(angles, 20).count("█") == 1


def test_the_chart_leaves_out_what_is_not_known():
    assert sparkline(np.array([np.nan, np.nan]), 2) == ""
    assert sparkline(np.array([np.nan, 90.0]), 2, is_ascii=True) == " @"
