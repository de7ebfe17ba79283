"""`tempo90 link` and `tempo90 sync`, and the page that shows the same."""

import json
import sys
import time

import pytest
from fastapi.testclient import TestClient

from api import ApiSettings
from tests.tracker.linking.two_sides import ME, clinic_there, home_in
from tracker import cli
from tracker.app import create_app
from tracker.commands.link import KEY_VARIABLE
from tracker.linking.background import BackgroundSender
from tracker.live import LiveHub
from tracker.profile import Profile, save_profile

PROFILE = Profile(patient_id=ME.id, name=ME.name, language="nl")
SOON_S = 30.0


@pytest.fixture
def home(tmp_path):
    with home_in(tmp_path) as one:
        save_profile(one.folder.profile, PROFILE)
        yield one


@pytest.fixture(scope="module")
def there():
    with clinic_there() as one:
        yield one


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["tempo90", *map(str, words)])
    try:
        return cli.main()
    except SystemExit as ended:
        return ended.code


def wait_until(is_so):
    until_s = time.monotonic() + SOON_S
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.02)


@pytest.fixture
def page(home):
    """A browser before the app of this computer."""
    settings = ApiSettings(recordings_dir=home.folder.recordings, own_patient=ME)
    app = create_app(home.engine, settings, LiveHub())
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def test_a_computer_is_linked_sends_and_says_so(monkeypatch, capsys, home, there):
    monkeypatch.setenv(KEY_VARIABLE, there.key())
    ids = home.fill(2, recording_every=2, start=10)
    of_home = ("--data", home.folder.root)

    linked = run(monkeypatch, "link", there.url, *of_home)
    waits = capsys.readouterr().out
    sent = run(monkeypatch, "sync", *of_home, "--json")
    told = json.loads(capsys.readouterr().out)
    run(monkeypatch, "link", *of_home)
    shown = capsys.readouterr().out

    assert (linked, sent) == (0, 0)
    assert "3 onderdelen wachten op verzending." in waits
    assert (told["waiting"], told["sent"], told["trouble"]) == (0, 3, None)
    assert "Alles is verstuurd." in shown
    assert set(ids) <= set(there.sessions())
    assert there.key() not in waits + shown + json.dumps(told)


def test_a_clinic_that_is_away_is_status_1_and_what_to_do(monkeypatch, capsys, home, there):
    monkeypatch.setenv(KEY_VARIABLE, there.key())
    monkeypatch.setattr("tracker.linking.sending.WAITS_S", ())
    of_home = ("--data", home.folder.root)
    run(monkeypatch, "link", there.url, *of_home)
    home.fill(1, start=20)
    monkeypatch.setattr(there.line, "share", 1.0)
    monkeypatch.setattr(there.line, "ways", ("503",))

    status = run(monkeypatch, "sync", *of_home)

    told = capsys.readouterr().out
    assert status == 1
    assert "De praktijk is nu niet bereikbaar. Er gaat niets verloren" in told
    assert "1 onderdeel wacht op verzending." in told


def test_without_a_link_there_is_nothing_to_send(monkeypatch, capsys, home):
    status = run(monkeypatch, "sync", "--data", home.folder.root)

    assert status == 1
    assert "tempo90 link URL" in capsys.readouterr().err


def test_an_unlinked_computer_knows_the_key_no_more(monkeypatch, capsys, home, there):
    monkeypatch.setenv(KEY_VARIABLE, there.key())
    of_home = ("--data", home.folder.root)
    run(monkeypatch, "link", there.url, *of_home)

    run(monkeypatch, "link", "--remove", *of_home, "--json")

    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"linked": False}
    assert home.link() is None


def test_the_page_links_shows_what_waits_and_unlinks(home, there, page):
    home.fill(3, start=30)
    before = page.get("/my-clinic").text

    linked = page.post("/my-clinic", data={"url": there.url, "key": there.key()})
    gone = page.post("/my-clinic/remove")

    assert 'href="/my-clinic"' in page.get("/my-data").text
    assert "This computer is linked to no clinic" in before
    assert "3 things wait to be sent." in linked.text
    assert f"Linked to {there.url}" in linked.text
    assert "This computer is linked to no clinic" in gone.text


def test_the_page_speaks_dutch_and_never_shows_the_key(home, there, page):
    key = there.key()

    shown = page.post(
        "/my-clinic", data={"url": there.url, "key": key}, headers={"Accept-Language": "nl"}
    )

    assert "Gekoppeld aan" in shown.text
    assert key not in shown.text
    assert home.link().token == key


def test_a_link_that_cannot_be_made_is_told_on_the_page_and_the_address_stays(page):
    answer = page.post("/my-clinic", data={"url": "http://clinic.example", "key": "x" * 40})

    assert answer.status_code == 422
    assert "https://" in answer.text
    assert 'value="http://clinic.example"' in answer.text


def test_what_is_trained_while_tempo90_runs_is_sent_by_itself(monkeypatch, home, there):
    monkeypatch.setenv(KEY_VARIABLE, there.key())
    run(monkeypatch, "link", there.url, "--data", home.folder.root)
    monkeypatch.setattr("tracker.linking.background.PAUSES_S", (0.05,))

    with BackgroundSender(home.folder, PROFILE):
        (session_id,) = home.fill(1, start=40)
        wait_until(lambda: session_id in there.sessions())


def test_sending_in_the_background_ends_at_once_even_while_it_waits(monkeypatch, home, there):
    monkeypatch.setenv(KEY_VARIABLE, there.key())
    run(monkeypatch, "link", there.url, "--data", home.folder.root)
    home.fill(1, start=50)
    monkeypatch.setattr("tracker.linking.sending.WAITS_S", (3_600.0,))
    monkeypatch.setattr(there.line, "share", 1.0)
    monkeypatch.setattr(there.line, "ways", ("500",))
    before = there.line.happened["500"]

    sender = BackgroundSender(home.folder, PROFILE)
    with sender:
        wait_until(lambda: there.line.happened["500"] > before)

    sender._thread.join(SOON_S)
    assert not sender._thread.is_alive()
    assert home.state().trouble is None
