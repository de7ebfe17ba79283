import asyncio
import io
import os
import wave

import numpy as np
import pytest

from tracker.sounds import (
    SAMPLE_RATE_HZ,
    BellSpeaker,
    Cue,
    PlayerSpeaker,
    SilentSpeaker,
    find_player,
    open_speaker,
    tone,
    wav_bytes,
)


def test_a_tone_has_the_pitch_that_was_asked_for():
    signal = tone(880.0, 0.5)

    spectrum = np.abs(np.fft.rfft(signal))
    pitch_hz = np.argmax(spectrum) * SAMPLE_RATE_HZ / len(signal)

    assert pitch_hz == pytest.approx(880.0, abs=2.0)


def test_a_tone_starts_and_ends_in_silence_so_that_nothing_clicks():
    signal = tone(440.0, 0.1)

    assert abs(signal[0]) < 0.01
    assert abs(signal[-1]) < 0.01


@pytest.mark.parametrize("cue", list(Cue))
def test_every_cue_is_a_short_playable_file(cue):
    with wave.open(io.BytesIO(wav_bytes(cue))) as file:
        duration_s = file.getnframes() / file.getframerate()

    assert 0.04 <= duration_s <= 1.0


def test_no_two_cues_sound_alike():
    assert len({wav_bytes(cue) for cue in Cue}) == len(Cue)


def test_a_machine_without_a_player_says_so(tmp_path):
    assert find_player(path=str(tmp_path)) is None


def test_the_bell_rings_for_go_and_not_for_every_repetition(capsys):
    speaker = BellSpeaker()

    speaker.play(Cue.REP)
    speaker.play(Cue.GO)

    assert capsys.readouterr().err == "\a"


def a_player(folder, *, status=0):
    folder.mkdir()
    script = folder / "paplay"
    script.write_text(f'#!/bin/sh\necho "$1" >> "{folder}/played"\nexit {status}\n')
    script.chmod(0o755)
    return find_player(path=str(folder))


async def play(command, cues, done):
    with PlayerSpeaker(command) as speaker:
        for cue in cues:
            speaker.play(cue)
            await asyncio.gather(*speaker._tasks)
        done.append(speaker._is_broken)


@pytest.mark.skipif(os.name == "nt", reason="Windows plays by itself")
def test_a_player_is_given_the_file_of_each_cue(tmp_path):
    command, done = a_player(tmp_path / "bin"), []

    asyncio.run(play(command, [Cue.GO, Cue.SET_END], done))

    played = (tmp_path / "bin" / "played").read_text().split()
    assert [name.rsplit("/", 1)[1] for name in played] == ["go.wav", "set_end.wav"]
    assert done == [False]


@pytest.mark.skipif(os.name == "nt", reason="Windows plays by itself")
def test_a_player_that_fails_is_not_started_again(tmp_path):
    command, done = a_player(tmp_path / "bin", status=1), []

    asyncio.run(play(command, [Cue.GO, Cue.REP, Cue.REP], done))

    assert len((tmp_path / "bin" / "played").read_text().split()) == 1
    assert done == [True]


def test_quiet_means_silence():
    with open_speaker(is_quiet=True) as speaker:
        assert isinstance(speaker, SilentSpeaker)
