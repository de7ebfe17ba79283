import io
import re
import xml.etree.ElementTree as ET

import bench
import numpy as np
import pytest
from benchmark.page import Report, page_text
from benchmark.pictures import bland_altman, pictures
from benchmark.progress import shown
from benchmark.scenarios import score_scenario
from benchmark.svg import Axis, Chart
from benchmark.tables import Table
from benchmark.targets import Verdict

from tracker.simulator import WearLevel

SVG = "{http://www.w3.org/2000/svg}"
QUICK = ["--quick", "--jobs", "1", "--exercise", "ecc_prone_helper"]


def lines_of(svg):
    return list(ET.fromstring(svg).iter(f"{SVG}line"))  # noqa: S314


def words_of(svg):
    return [one.text for one in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


@pytest.fixture
def page(tmp_path):
    return tmp_path / "docs" / "reference" / "accuracy.md"


def run(page, *more):
    bench.main([*QUICK, "--data", str(page.parent), "--page", str(page), "--write", *more])
    return page.read_text(encoding="utf-8")


def test_a_quick_run_writes_a_page_with_targets_tables_and_pictures(page, capsys):
    text = run(page, "--only", "accuracy")

    assert "## Targets" in text
    assert "## Timing beside simpler methods" in text
    assert "## Live and whole" in text
    embedded = re.findall(r"!\[.*]\(\.\./pictures/(.*)\)", text)
    assert embedded[:2] == ["bland-altman-typical.svg", "bland-altman-hard.svg"]
    assert all((page.parent.parent / "pictures" / name).exists() for name in embedded)
    assert "live and whole" in capsys.readouterr().err


def test_the_same_seeds_give_the_same_page_and_others_another(page):
    first = run(page, "--only", "accuracy")

    assert run(page, "--only", "accuracy") == first
    assert run(page, "--only", "accuracy", "--first-seed", "7") != first


def test_without_public_recordings_the_page_says_that_they_were_skipped(page):
    text = run(page, "--only", "public")

    assert text.count("The recordings are not here: skipped.") == 2
    assert "vertical, every trial" not in text


def test_the_cost_of_a_quick_run_fills_its_tables(page):
    text = run(page, "--only", "cost")

    assert all(f"\n| {name}" in text for name in ("training", "rest", "sensors a core"))
    assert "## Memory of a live analyser" in text


def test_the_page_is_made_of_the_tables_it_is_given_and_of_nothing_else():
    report = Report(
        verdicts=[Verdict("what", "<= 1", "2", met=False)],
        tables=[Table("Counted", "A note.", ("a", "b"), [("17", "42")])],
    )

    text = page_text(report, n_scenarios=3, first_seed=5)

    assert "3 random scenarios an exercise and wear, from seed 5" in text
    assert "| 17 | 42 |" in text
    assert "## Pictures" not in text
    assert "**missed**" in text


def test_what_each_kind_of_data_can_prove_is_said_on_every_page():
    text = page_text(Report(), n_scenarios=1, first_seed=0)

    for name in ("Simulated recordings", "BROAD", "Physical Therapy Exercises", "gaitmap"):
        assert f"**{name}**" in text


def test_limits_of_agreement_are_two_standard_deviations_about_the_mean():
    rng = np.random.default_rng(0)
    pairs = [(3.0, error_s) for error_s in rng.normal(0.02, 0.05, 4000)]

    picture = bland_altman(pairs, WearLevel.TYPICAL)

    mean_s, low_s, high_s = map(float, re.findall(r"[+-]\d\.\d{3}", picture.caption)[:3])
    assert (mean_s, low_s, high_s) == pytest.approx((0.02, -0.078, 0.118), abs=0.005)


def test_a_difference_beyond_the_picture_is_drawn_at_its_edge_and_told():
    picture = bland_altman([*[(3.0, 0.0)] * 300, (3.0, 2.0)], WearLevel.HARD)

    assert "1 lie further than 0.4 s off" in picture.caption
    [dots] = [one for one in ET.fromstring(picture.svg).iter(f"{SVG}path") if "h0M" in one.get("d")]  # noqa: S314
    heights = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)h0", dots.get("d"))]
    assert min(heights) > 0.0


def test_wide_limits_of_agreement_widen_the_picture():
    picture = bland_altman([(3.0, -0.5), (3.0, 0.5)] * 50, WearLevel.HARD)

    assert "0 lie further than 1.2 s off" in picture.caption
    assert "-1.2" in words_of(picture.svg)


def test_a_picture_by_exercise_has_a_row_for_each_exercise_and_wear():
    scores = [
        score_scenario(exercise, WearLevel.TYPICAL, 1)
        for exercise in ("ecc_prone_helper", "iso_stand_ext")
    ]

    drawn = {one.file_name: one for one in pictures(scores)}

    names = words_of(drawn["error-by-exercise.svg"].svg)
    assert "ecc_prone_helper, typical" in names
    assert "iso_stand_ext, typical" in names


def test_no_scores_make_no_pictures():
    assert pictures([]) == []


def test_a_chart_puts_low_values_below_high_ones():
    axis = Axis(label="a < b", low=0.0, high=10.0, marks=(0.0, 10.0))
    chart = Chart(title="T", description="D", x=axis, y=axis)

    chart.line((0.0, 0.0), (10.0, 10.0), "#000000")

    [line] = lines_of(chart.svg())
    assert float(line.get("x1")) < float(line.get("x2"))
    assert float(line.get("y1")) > float(line.get("y2"))
    assert "a < b" in words_of(chart.svg())


def test_progress_passes_everything_on_and_ends_full():
    out = io.StringIO()

    passed = list(shown(range(25), 25, "exercises", out))

    assert passed == list(range(25))
    told = out.getvalue().splitlines()
    assert len(told) <= 11
    assert told[-1].endswith("[##############################] 25/25")


def test_progress_over_nothing_says_nothing():
    out = io.StringIO()

    assert list(shown([], 0, "nothing", out)) == []
    assert out.getvalue() == ""
