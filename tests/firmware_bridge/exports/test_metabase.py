import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export

START_MS = 1_600_000_000_000


def csv(unit, values, *, first_ms=0, names=("epoc (ms)", "timestamp (+0200)"), n=50):
    header = ",".join([*names, "elapsed (s)", *(f"{axis}-axis ({unit})" for axis in "xyz")])
    rows = (
        f"{START_MS + first_ms + 10 * k},2020-09-13T14.26.40.{k:03d},{k / 100:.3f},"
        + ",".join(map(str, values))
        for k in range(n)
    )
    return "\n".join([header, *rows]).encode()


ACC = {"leg_Accelerometer_100.000Hz.csv": csv("g", (0, 0, 1))}
GYR = {"leg_Gyroscope_100.000Hz.csv": csv("deg/s", (0, 90, 0))}


@pytest.mark.parametrize(
    "names", [("epoc (ms)", "timestamp (+0200)"), ("epoch (ms)", "time (UTC)")]
)
def test_g_and_degrees_become_si_units(names):
    files = {
        "a.csv": csv("g", (0, 0, 1), names=names),
        "g.csv": csv("deg/s", (0, 90, 0), names=names),
    }

    export = read_export(files)

    assert export.format == "metabase"
    assert export.acc_ms2 == pytest.approx(np.tile([0, 0, 9.80665], (50, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, np.pi / 2, 0], (50, 1)))
    assert np.diff(export.time_s) == pytest.approx(0.01, abs=1e-6)


def test_files_that_begin_at_different_times_meet_on_the_wall_clock():
    files = ACC | {"g.csv": csv("deg/s", (0, 90, 0), first_ms=203)}

    export = read_export(files)

    assert len(export.time_s) == 30
    assert export.notes == (
        "20 samples at the ends or beside holes have no partner and are left out.",
    )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (ACC, "has no angular rate: record"),
        (GYR, "has no acceleration: record"),
        (ACC | GYR | {"other.csv": csv("g", (0, 0, 1))}, "second recording in other.csv"),
        (
            ACC | {"g.csv": csv("deg/s", (0, 0, 0), first_ms=10_000)},
            "not recorded at the same time",
        ),
    ],
)
def test_what_is_missing_or_doubled_is_named(files, said):
    with pytest.raises(UnreadableExportError, match=said):
        read_export(files)
