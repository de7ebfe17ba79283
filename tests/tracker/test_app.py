import json
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import tracker.pages
from tests.tracker.live_site import app_on, open_database
from tracker.live import LiveHub
from tracker.pages.sentences import SENTENCES as LIVE_SENTENCES
from tracker.pages.train_sentences import SENTENCES as TRAIN_SENTENCES

PAGES = Path(tracker.pages.__file__).parent
DUTCH = PAGES / "locale" / "nl" / "LC_MESSAGES" / "messages.po"
CHANNEL = "ws://localhost/ws/live"
STATE = {"type": "state", "state": "set", "set": 1, "session": "a-session"}


@pytest.fixture(scope="module")
def engine():
    with open_database() as opened:
        yield opened


def client_of(engine, hub):
    return TestClient(app_on(engine, hub), base_url="http://localhost")


SENTENCES = {**LIVE_SENTENCES, **TRAIN_SENTENCES}


def modules():
    static = PAGES / "static"
    found = [path for part in ("live", "train") for path in (static / part).glob("*.js")]
    return sorted([*found, static / "sound" / "hearing.js"])


def test_the_app_serves_both_roles(engine):
    with client_of(engine, LiveHub()) as client:
        statuses = {
            path: client.get(path).status_code for path in ("/health", "/", "/live", "/train")
        }

    assert statuses == {"/health": 200, "/": 200, "/live": 200, "/train": 200}


def test_the_live_page_speaks_the_language_that_was_asked_for(engine):
    with client_of(engine, LiveHub()) as client:
        dutch = client.get("/live", headers={"accept-language": "nl"}).text
        english = client.get("/live?lang=en", headers={"accept-language": "nl"}).text

    assert '<html lang="nl">' in dutch
    assert "Er loopt geen training" in dutch
    assert '<html lang="en">' in english
    assert "No training is running" in english


def test_the_live_page_comes_with_the_strict_policy_of_all_pages(engine):
    with client_of(engine, LiveHub()) as client:
        answer = client.get("/live")

    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    assert not re.search(r"\son\w+=|style=|<script(?![^>]*(src=|application/json))", answer.text)


def test_the_channel_tells_the_running_set_first_and_then_what_comes(engine):
    hub = LiveHub()
    hub.publish(STATE)

    with client_of(engine, hub) as client, client.websocket_connect(CHANNEL) as line:
        first = line.receive_json()
        hub.publish({"type": "rep", "n": 1})
        second = line.receive_json()

    assert [message["type"] for message in first["messages"]] == ["state"]
    assert second == {"type": "rep", "n": 1}


def test_a_page_of_another_site_is_refused_before_the_channel_opens(engine):
    elsewhere = {"origin": "http://elsewhere.example"}

    with (
        client_of(engine, LiveHub()) as client,
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(CHANNEL, headers=elsewhere),
    ):
        pass

    assert refused.value.code == 1008


def test_the_channel_is_given_up_when_the_page_goes(engine):
    hub = LiveHub()

    with client_of(engine, hub) as client:
        with client.websocket_connect(CHANNEL) as line:
            line.receive_json()
            while_open = hub.n_listeners
        for _ in range(100):
            if not hub.n_listeners:
                break
            client.get("/health")

    assert (while_open, hub.n_listeners) == (1, 0)


def test_what_a_page_says_that_is_no_command_is_refused_to_that_page_alone(engine):
    hub = LiveHub()

    with (
        client_of(engine, hub) as client,
        client.websocket_connect(CHANNEL) as line,
        client.websocket_connect(CHANNEL) as other_page,
    ):
        line.receive_json()
        other_page.receive_json()
        line.send_text(json.dumps(STATE))
        line.send_bytes(b"\x00" * 10)
        answers = [line.receive_json()["type"] for _ in range(2)]
        hub.publish({"type": "rep", "n": 1})
        told = other_page.receive_json()

    assert answers == ["refused", "refused"]
    assert told == {"type": "rep", "n": 1}


def test_a_command_goes_to_whoever_leads_the_training(engine):
    hub, commands = LiveHub(), []
    hub.leader = commands.append

    with client_of(engine, hub) as client, client.websocket_connect(CHANNEL) as line:
        line.receive_json()
        line.send_text(json.dumps({"do": "answer", "code": "pain_before", "value": 3}))
        line.send_text(json.dumps({"do": "dance"}))
        answer = line.receive_json()

    assert [(one.do, one.code, one.value) for one in commands] == [("answer", "pain_before", 3)]
    assert answer["type"] == "refused"
    assert answer["text"]["nl"]


def test_the_live_page_starts_no_third_party_script_and_never_writes_html():
    source = "".join(path.read_text("utf-8") for path in modules())

    imported = set(re.findall(r'^import .* from "(.+?)"', source, re.MULTILINE))

    assert imported
    assert all(name.startswith(("./", "../")) for name in imported)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)


def test_every_sentence_that_a_module_says_is_there_and_none_is_left_over():
    source = "".join(path.read_text("utf-8") for path in modules())

    said = set(re.findall(r'say\("([a-z_]+)"', source))
    named = set(re.findall(r'"([a-z0-9_]+)"', source))
    beginnings = tuple(re.findall(r"`([a-z_]+_)\$\{", source))

    assert said <= set(SENTENCES)
    assert not [name for name in SENTENCES if name not in named and not name.startswith(beginnings)]


def test_every_sentence_of_the_pages_is_in_dutch_and_none_is_left_over():
    methods = [("**/sentences.py", "python"), ("**/*_sentences.py", "python")]
    methods += [("**/exercise_cards.py", "python"), ("**/training_pages.py", "python")]
    methods += [("**.html", "jinja2"), ("**.svg", "jinja2")]
    said = {
        message
        for _, _, message, _, _ in extract_from_dir(
            PAGES,
            methods,
            {"**.html": {"trimmed": "true"}},
            keywords={"_": None, "N_": None},
        )
    } | {"Train", "Import", "Train with this phone"}
    with DUTCH.open("rb") as file:
        known = {message.id: message for message in read_po(file) if message.id}

    untranslated = {text for text in said if not known.get(text) or not known[text].string}
    left_over = set(known) - said

    assert untranslated == set()
    assert left_over == set()
    assert not [message.id for message in known.values() if message.fuzzy]
