import io
import json
import socket
import time
import tracemalloc
import zipfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np
import pytest
from babel.messages.pofile import read_po

import tracker.pages
from tests.tracker.upload.upload_site import a_csv, serve_folder
from tracker.upload import trays


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serve_folder(tmp_path_factory.mktemp("uploads")) as served:
        yield served


def post(site, path, body=b"", **headers):
    address, _ = site
    request = Request(address + path, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310  # our own
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def send(site, name, content, tray=None):
    asked = {"name": name} | ({"tray": tray} if tray else {})
    return post(site, f"/upload/recording?{urlencode(asked)}", content)


def look(site, *files, **headers):
    """Send files to one tray and look at them; gives the tray too."""
    tray = None
    for name, content in files:
        status, answer = send(site, name, content, tray)
        if status != 201:
            return tray, status, answer
        tray = answer["tray"]
    return tray, *post(site, f"/upload/{tray}/preview", **headers)


def store(site, tray, **order):
    body = json.dumps({"exercise": "ecc_prone_helper", "side": "left"} | order).encode()
    return post(site, f"/upload/{tray}/session", body, **{"Content-Type": "application/json"})


def session_of(site, url):
    with urlopen(f"{site[0]}/api/v1{url}", timeout=20) as answer:  # noqa: S310  # our own
        return json.loads(answer.read())


def test_a_file_is_looked_at_and_stored_with_its_recording(site):
    tray, status, preview = look(site, ("leg.csv", a_csv(reps=4)))

    stored_status, stored = store(site, tray)

    assert (status, stored_status) == (200, 201)
    assert preview["format"] == "generic-csv"
    assert preview["rate_hz"] == pytest.approx(100, rel=0.01)
    assert max(preview["a"]) == pytest.approx(90, abs=12)
    assert stored["is_new"]
    assert [one["n_reps"] for one in stored["sets"]] == [4]
    session = session_of(site, stored["url"])
    assert len(session["exercise_sets"][0]["reps"]) == 4
    assert session["exercise_sets"][0]["side"] == "left"
    assert session["recording"]["size_bytes"] > 1000
    assert session["notes"] == "imported: leg.csv"


def test_the_same_file_again_says_so_and_is_one_session(site):
    content = a_csv(reps=3, seed=8)

    answers = []
    for name in ("first.csv", "again.csv"):
        tray, _, _ = look(site, (name, content))
        answers.append(store(site, tray))

    (status, first), (status_again, again) = answers
    assert (status, status_again) == (201, 200)
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert first["url"] == again["url"]


def test_the_files_of_a_folder_are_one_recording(site):
    rows = [f"{1_700_000_000_000_000_000 + k * 10_000_000},{k / 100}" for k in range(300)]
    acc = "\n".join(["time,seconds_elapsed,z,y,x", *(f"{row},9.81,0,0" for row in rows)])
    gyr = "\n".join(["time,seconds_elapsed,z,y,x", *(f"{row},0,0,0.1" for row in rows)])

    _, status, preview = look(
        site, ("TotalAcceleration.csv", acc.encode()), ("Gyroscope.csv", gyr.encode())
    )

    assert status == 200
    assert preview["format"] == "sensor-logger"


def zip_of(**contents):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return packed.getvalue()


PAGES = Path(tracker.pages.__file__).parent
with (PAGES / "locale" / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
    DUTCH_REFUSALS = {message.string for message in read_po(file)}
HEADER = b"t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads\n"
HOSTILE = {
    "empty": b"",
    "no rows": HEADER,
    "one row": HEADER + b"0,0,0,9.81,0,0,0\n",
    "a letter": b"Dear all,\n",
    "noise": np.random.default_rng(4).bytes(200_000),
    "a million columns": b",".join(b"c%d" % k for k in range(1_000_000)) + b"\n1,2\n",
    "a million columns in a row": HEADER + b"1," * 1_000_000,
    "half a row": a_csv(reps=1)[:5000],
    "half an archive": zip_of(leg_csv=a_csv(reps=1))[:3000],
    "a zip bomb": zip_of(leg_csv=b"0" * 400_000_000),
    "nested quotes": b'"' * 100_000,
    "wrong encoding": a_csv(reps=1).decode().encode("utf-16-le"),
    "nulls": b"\0" * 500_000,
    "numbers out of range": HEADER + b"0,1e300,0,0,0,0,0\n0.01,1e300,0,0,0,0,0\n" * 20,
    "deep json": b"[" * 200_000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
    "time stands still": HEADER + b"0,0,0,9.81,0,0,0\n" * 200,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_recording_is_refused_soon_in_both_languages(site, content):
    began_s = time.monotonic()

    tray, status, dutch = look(site, ("leg.csv", content), **{"Accept-Language": "nl"})
    stored_status, _ = store(site, tray)

    assert (status, stored_status) == (422, 422)
    assert dutch["refusal"] in DUTCH_REFUSALS
    assert "Traceback" not in dutch["reason"]
    assert len(dutch["reason"]) < 1200
    assert time.monotonic() - began_s < 10


def test_a_zip_bomb_takes_no_more_memory_than_the_readers_allow(site):
    bomb = HOSTILE["a zip bomb"]
    tracemalloc.start()

    _, status, _ = look(site, ("bomb.zip", bomb))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert status == 422
    assert peak < 700 * 2**20


def test_an_upload_that_is_too_large_is_cut_off_and_leaves_nothing(site, monkeypatch):
    monkeypatch.setattr(trays, "MAX_TRAY_BYTES", 3 * 2**20)
    _, folder = site

    status, answer = send(site, "large.csv", b"x" * (24 * 2**20))

    assert status == 422
    assert "too much" in answer["reason"]
    assert not list((folder.root / "uploads").rglob("large*"))


def test_a_body_that_breaks_off_is_no_file(site):
    address, folder = site
    _, answer = send(site, "whole.csv", a_csv(reps=1))
    host, _, port = address.rpartition("/")[2].partition(":")
    head = f"POST /upload/recording?name=half.csv&tray={answer['tray']} HTTP/1.1\r\n"
    head += f"Host: {host}:{port}\r\nContent-Length: 90000\r\n\r\n"

    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + b"t_s,acc")
        time.sleep(0.1)
    for _ in range(50):
        left = {path.name for path in (folder.root / "uploads" / answer["tray"]).iterdir()}
        if left == {"whole.csv"}:
            break
        time.sleep(0.02)

    assert left == {"whole.csv"}
    assert post(site, f"/upload/{answer['tray']}/preview")[0] == 200


@pytest.mark.parametrize(
    "name",
    [
        "../../escape.csv",
        "..\\..\\escape.csv",
        "/etc/escape.csv",
        "C:\\escape.csv",
        "a\x00/escape.csv",
    ],
)
def test_a_name_that_climbs_out_of_its_folder_stays_in_it(site, name):
    _, folder = site

    _, answer = send(site, name, b"t")

    assert [path.name for path in (folder.root / "uploads" / answer["tray"]).iterdir()] == [
        "escape.csv"
    ]


def test_trays_that_are_left_behind_make_room(site):
    _, folder = site

    first = send(site, "a.csv", b"x")[1]["tray"]
    for _ in range(8):
        send(site, "a.csv", b"x")

    assert len(list((folder.root / "uploads").iterdir())) <= trays.MAX_TRAYS
    status, answer = post(site, f"/upload/{first}/preview")
    assert status == 422
    assert "no longer there" in answer["reason"]


def test_a_page_of_another_site_cannot_hand_in_anything(site):
    status, _ = post(site, "/upload/recording?name=a.csv", b"x", **{"Sec-Fetch-Site": "cross-site"})

    assert status == 403


@pytest.mark.parametrize(
    "order", [{"exercise": "juggling"}, {"side": "middle"}, {"zero_deg": 1e9}, {"more": 1}]
)
def test_an_order_that_makes_no_sense_is_refused(site, order):
    tray, _, _ = look(site, ("leg.csv", a_csv(reps=1)))

    status, _ = store(site, tray, **order)

    assert status == 422


def test_the_zero_that_is_given_counts(site):
    tray, _, _ = look(site, ("leg.csv", a_csv(reps=2, seed=11)))

    _, stored = store(site, tray, zero_deg=10.0)

    reps = session_of(site, stored["url"])["exercise_sets"][0]["reps"]
    assert reps[0]["peak_deg"] == pytest.approx(100, abs=12)
