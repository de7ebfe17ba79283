"""What a patient would hear of a simulated set, as one wave, and where its tones begin."""

import io
import wave
from dataclasses import dataclass

import numpy as np

from analysis import ImuSamples, PhaseChanged, PhaseKind, SetAnalyzer, load_catalogue
from tracker.pacing import Pacer
from tracker.settings import CoachSettings
from tracker.simulator import simulate
from tracker.sounds import SAMPLE_RATE_HZ, Cue, wav_bytes

TICK_S = 0.05  # as the runner's, which also ticks when a tone is due
PIECE_S = 0.04  # samples come in pieces, as over a radio
SILENCE = 0.02  # of full scale
SECONDS = {Cue.PACE, Cue.PACE_AHEAD, Cue.PACE_BEHIND, Cue.PACE_END}
SAME_WAY_S = 1.5  # a longer gap leads to another repetition
GAP_S = 0.02  # a tone after so much silence is a new one


@dataclass(frozen=True)
class Heard:
    """A set: its truth, its sound, and how late the engine told that a way back had begun."""

    truth: tuple
    sound: np.ndarray
    cues: tuple
    delays_s: tuple


def listen_to(scenario, seed=1):
    """Run a simulated set through engine and pacer in virtual time, and record the sound."""
    made = simulate(scenario, seed=seed)
    exercise = load_catalogue()[scenario.exercise_id]
    analyzer, pacer = SetAnalyzer(exercise), Pacer(exercise, CoachSettings().let_go_share)
    cues, delays_s = [], []
    tick_s = made.time_s[0]
    for piece in _pieces(made.time_s):
        end_s = made.time_s[piece][-1]
        while tick_s <= end_s:
            cues += [(tick_s, cue) for cue in pacer.tick(tick_s)]
            due_s = pacer.due_s
            is_sooner = due_s is not None and tick_s < due_s < tick_s + TICK_S
            tick_s = due_s if is_sooner else tick_s + TICK_S
        samples = ImuSamples(made.time_s[piece], made.acc_ms2[piece], made.gyr_rads[piece])
        for event in analyzer.update(samples):
            if isinstance(event, PhaseChanged):
                pacer.phase(event.kind, event.at_s)
                if event.kind is PhaseKind.ECCENTRIC:
                    delays_s.append(end_s - event.at_s)
        live = analyzer.live
        cues += [(end_s, cue) for cue in pacer.angle(live.angle_deg, live.phase, end_s)]
    sound = render(cues, made.time_s[-1] + 1.0)
    return Heard(made.truth.reps, sound, tuple(cues), tuple(delays_s))


def _pieces(time_s):
    edges = np.searchsorted(time_s, np.arange(time_s[0], time_s[-1], PIECE_S))
    return [slice(a, b) for a, b in zip(edges, [*edges[1:], len(time_s)], strict=True) if b > a]


def render(cues, duration_s):
    """Mix the cues' own WAV files into one signal of full scale 1."""
    mixed = np.zeros(round(duration_s * SAMPLE_RATE_HZ))
    for at_s, cue in cues:
        with wave.open(io.BytesIO(wav_bytes(cue))) as file:
            signal = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
        first = round(at_s * SAMPLE_RATE_HZ)
        room = mixed[first : first + len(signal)]
        room += signal[: len(room)]
    return mixed


def onsets_s(sound):
    """Return where tones begin in a signal: the first loud sample after silence."""
    loud = np.flatnonzero(np.abs(sound) > SILENCE)
    is_first = np.diff(loud, prepend=-SAMPLE_RATE_HZ) > GAP_S * SAMPLE_RATE_HZ
    return loud[is_first] / SAMPLE_RATE_HZ


def pace_misses_s(heard, near_s=0.4):
    """Return, for each true second of each way back, how far off its tone is; nan without one."""
    tones_s = onsets_s(heard.sound)
    beats_s = [
        rep.back[0] + second
        for rep in heard.truth
        for second in (1, 2, 3)
        if rep.back[0] + second < rep.back[1] - 0.1
    ]
    misses_s = np.array(
        [tones_s[np.argmin(np.abs(tones_s - beat_s))] - beat_s for beat_s in beats_s]
    )
    return np.where(np.abs(misses_s) < near_s, misses_s, np.nan)


def gaps_s(heard):
    """Return the time from each second of a way back to the next one, as heard."""
    told = [(at_s, cue) for at_s, cue in heard.cues if cue in SECONDS]
    told_s = onsets_s(heard.sound)
    found_s = [told_s[np.argmin(np.abs(told_s - at_s))] for at_s, _ in told]
    goes_on = [cue is not Cue.PACE_END for _, cue in told[:-1]]
    gaps = np.diff(found_s)[goes_on]
    return gaps[gaps < SAME_WAY_S]
