import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export

G = 9.80665


def seconds(k):
    return f"{k / 100:.3f}"


def milliseconds(k):
    return str(10 * k)


def time_of_day(k):
    ms = (86_399_000 + 10 * k) % 86_400_000
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}:{ms % 1000:03d}"


def csv(*, header="time,gFx,gFy,gFz,wx,wy,wz,p", stamp=seconds, force=(0, 0, 1), n=150, cut=","):
    rows = (",".join([stamp(k), *map(str, force), "0", "1.25", "0", "1013"]) for k in range(n))
    return "\n".join([header, *rows]).replace(",", cut)


def read(text):
    return read_export({"toolbox.csv": text.encode()})


@pytest.mark.parametrize("stamp", [seconds, milliseconds, time_of_day])
@pytest.mark.parametrize("cut", [",", ";"])
def test_any_kind_of_time_gives_the_same_recording(stamp, cut):
    export = read(csv(stamp=stamp, cut=cut))

    assert export.format == "physics-toolbox"
    assert export.acc_ms2 == pytest.approx(np.tile([0, 0, G], (150, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, 1.25, 0], (150, 1)))
    assert np.diff(export.time_s) == pytest.approx(0.01)
    assert "Android was assumed" in export.notes[0]


def test_milliseconds_are_said_to_be_a_guess():
    assert "Times were taken for milliseconds." in read(csv(stamp=milliseconds)).notes


def test_an_iphone_is_known_by_its_total_and_has_the_other_sign():
    header = "time,gFx,gFy,gFz,wx,wy,wz,gFTotal"

    export = read(csv(header=header, force=(0, 0, -1)))

    assert export.acc_ms2[:, 2] == pytest.approx(G)
    assert export.notes == ()


def test_damaged_and_repeated_rows_are_left_out():
    lines = csv().split("\n")
    lines[5] = lines[5].replace(",0,0,1,", ",0,,1,")

    export = read("\n".join([*lines, lines[-1]]))

    assert len(export.time_s) == 149
    assert export.notes[1:] == (
        "1 rows of toolbox.csv lack a number and are left out.",
        "1 rows of toolbox.csv repeat a time and are left out.",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,gFx,gFy,gFz,TgF\n0,0,0,1,1\n", "has no angular rate: record"),
        ("time,ax,ay,az,aT\n0,0,0,1,1\n", "has no acceleration with gravity: record"),
        ("time,wx,wy,wz\n0,0,0,1\n", "has no acceleration with gravity: record"),
        (csv(stamp=lambda _: "25:99", n=3), "no row with a time"),
        (
            csv(stamp=time_of_day, n=3) + '\n00:00:01:000,0,0,1,0,0,0,"a\nb"',
            "not a table of numbers",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(text, said):
    with pytest.raises(UnreadableExportError, match=said):
        read(text)


def test_two_recordings_are_not_guessed_between():
    with pytest.raises(UnreadableExportError, match="2 Physics Toolbox recordings"):
        read_export({"a.csv": csv().encode(), "b.csv": csv().encode()})
