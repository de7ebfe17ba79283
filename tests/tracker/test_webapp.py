import json
import re
import struct

import pytest
from fastapi.testclient import TestClient

from tests.tracker.live_site import app_on, open_database


@pytest.fixture(scope="module")
def client():
    with (
        open_database() as engine,
        TestClient(app_on(engine), base_url="http://localhost") as opened,
    ):
        yield opened


def kept_by(worker):
    return json.loads(re.match(r"self\.TEMPO90 = (.*);\n", worker)[1])


def test_the_manifest_names_icons_that_are_there_in_the_size_it_says(client):
    manifest = client.get("/manifest.webmanifest")

    assert manifest.headers["content-type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        png = client.get(icon["src"])
        assert png.headers["content-type"] == "image/png"
        width, height = struct.unpack(">II", png.content[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_the_manifest_speaks_the_language_of_the_reader(client):
    manifest = client.get("/manifest.webmanifest", headers={"accept-language": "nl"}).json()

    assert manifest["lang"] == "nl"
    assert manifest["description"].startswith("Coach voor")


def test_an_icon_that_nobody_draws_is_not_found(client):
    assert client.get("/icons/7.png").status_code == 404


def test_the_worker_keeps_only_what_can_be_had_and_says_nothing_of_a_person(client):
    worker = client.get("/worker.js")

    kept = kept_by(worker.text)["shell"]
    assert worker.headers["cache-control"] == "no-cache"
    assert {client.get(path).status_code for path in kept} == {200}
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline"]


def test_the_files_named_in_a_page_are_kept_under_that_name(client):
    page = client.get("/offline").text
    kept = kept_by(client.get("/worker.js").text)["shell"]

    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    assert set(named) <= set(kept)


def test_every_page_of_the_app_leads_to_the_manifest(client):
    for path in ("/", "/live", "/sessions"):
        assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get(path).text


def test_the_offline_page_speaks_both_languages(client):
    page = client.get("/offline").text

    assert "tempo90 is niet bereikbaar" in page
    assert "tempo90 cannot be reached" in page
