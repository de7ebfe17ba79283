import io
import re

import pytest
from rich.console import Console

from analysis import ImuSamples, analyse_recording, analysis_document
from tests.analysis.sport_signals import Leg, course_signal, stand
from tracker.analysis_table import print_analysis
from tracker.bout_table import KIND_WORDS
from tracker.simulator import BoutKind


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("walk backward", "a minute")), ("nl", ("achteruit", "per minuut"))],
)
def test_bouts_are_printed_with_their_kind_length_and_cadence(language, words):
    walk: ImuSamples = course_signal([stand(), Leg("walk_backward", 20.0, 100.0), stand()])
    result = analyse_recording(walk, "run_intervals")
    document = analysis_document(
        result, exercise="run_intervals", recording_format="x", language=language
    )
    console = Console(file=io.StringIO(), width=90)

    print_analysis(console, document, walk.time_s, result.angle_deg)

    said = console.file.getvalue()
    assert all(word in said for word in words)
    assert "eccentric" not in said
    assert re.search(r" (99|100|101) ", said)


def test_every_kind_of_bout_has_its_words():
    assert set(KIND_WORDS) == {kind.value for kind in BoutKind} - {"coast", "stand"}
