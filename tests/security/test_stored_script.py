"""Script, formulas and markup in every text that is stored, on every page and in every file."""

import csv
import io
import re
import zipfile
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import AutoString

from api.access import Role
from api.access.route_map import RouteMap
from api.access.rows import PasskeyRow
from api.db import transaction
from api.models import Row
from tests.api.access.people import PASSWORD, open_clinic
from tests.browser import open_browser, open_page, serve

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
FORMULA = '=HYPERLINK("http://evil.example")'
MARKUP = '#panic("x") $x$ *b* @y <z> \\ #read("/etc/passwd") {{ 7*7 }}'
LIVE = ("<script>alert(1)", "<img src=x", "49")
STARTS = ("=", "+", "-", "@", "\t", "\r")
# Texts that code compares, looks up or reads again: another value is a damaged database.
CODES = {
    "account.login",  # people log in by it; it takes no space, and stands escaped in the lists
    "account.password_hash",
    "account.role",
    "account.totp_secret",
    "audit.role",
    "audit.route",
    "patient.language",
    "passkey.public_key",
    "recording.format",
    "session.time_zone",
}
CODE_WORDS = ("sha256", "exercise", "kind", "code", "side", "url", "key", "fingerprint", "digest")


@contextmanager
def filled():
    """A clinic in which every part of the record of one patient has been used once."""
    with open_clinic() as clinic:
        anna, physio, admin = (
            clinic.add(role, login)
            for role, login in (
                (Role.PATIENT, "anna"),
                (Role.CLINICIAN, "physio"),
                (Role.ADMINISTRATOR, "admin"),
            )
        )
        clinic.treat(physio, anna)
        clinic.invite(Role.PATIENT, by=physio)
        clinic.token(anna)
        of_anna = f"/api/v1/patients/{anna.patient_id}"
        session_id, episode_id = clinic.session_of(anna), uuid4()
        anna.client.put(f"{of_anna}/injury-episodes/{episode_id}", json={"side": "left"})
        physio.client.post(f"{of_anna}/notes", json={"id": str(uuid4()), "text": "x"})
        physio.client.post(f"{of_anna}/messages", json={"id": str(uuid4()), "text": "x"})
        order = {"patient_id": str(anna.patient_id), "exercise": "ecc_prone_helper", "sets": 3}
        physio.client.post("/api/v1/prescriptions", json=order | {"starts_on": "2026-05-12"})
        mark = f"/api/v1/sessions/{session_id}/sets/1/reps/1/mark"
        physio.client.put(mark, json={"kind": "remarked", "reason": "other", "remark": "x"})
        with transaction(clinic.engine, writes=True) as db:
            keys = {"credential": "synthetic", "public_key": "synthetic", "uses": 0}
            whose = {"id": uuid4(), "account_id": anna.account_id, "created_at": clinic.now}
            db.add(PasskeyRow(**keys, **whose, name="x"))
        ids = {"session_id": session_id, "episode_id": episode_id, "patient_id": anna.patient_id}
        yield clinic, {"anna": anna, "physio": physio, "admin": admin}, ids


def free_texts():
    """Every column that holds a text of somebody's choice: (table, column, longest)."""
    for table in Row.metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            is_text = isinstance(column.type, AutoString) and not column.foreign_keys
            is_code = name in CODES or any(word in column.name for word in CODE_WORDS)
            if is_text and not is_code and not column.primary_key:
                yield table.name, column.name, column.type.length or 10_000


def write_everywhere(clinic, words):
    """Put words into every such column that the schema lets have them; returns which did."""
    written = set()
    for table, column, length in free_texts():
        statement = text(f"UPDATE {table} SET {column} = :words")  # noqa: S608  # names of ours
        try:
            with clinic.engine.begin() as db:
                if db.execute(statement, {"words": words[:length]}).rowcount and length >= len(
                    words
                ):
                    written.add(f"{table}.{column}")
        except IntegrityError:  # one of a closed list of words, or the log, which nobody changes
            continue
    return written


def page_paths(clinic, ids):
    """The address of every page and document that is read."""
    for name in RouteMap(clinic.api.app).names:
        method, _, template = name.partition(" ")
        if method == "GET" and "favicon" not in template:
            yield re.sub(
                r"{(\w+)}",
                lambda found: str(ids.get(found[1]) or (1 if "number" in found[1] else uuid4())),
                template,
            )


@pytest.fixture(scope="module")
def hostile():
    with filled() as (clinic, people, ids):
        yield clinic, people, ids


def test_no_page_shows_stored_script_as_anything_but_text(hostile):
    clinic, people, ids = hostile
    written = write_everywhere(clinic, SCRIPT)
    broken, alive, shown = [], [], 0

    for person in people.values():
        for path in page_paths(clinic, ids):
            answer = person.client.get(path, headers={"Accept": "text/html"})
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            shown += "&lt;script&gt;alert(1)" in answer.text
            broken += [path] if answer.status_code >= 500 else []
            alive += [(path, word) for word in LIVE[:2] if word in answer.text]

    assert {"patient.name", "clinic_note.text", "message.text", "passkey.name"} <= written
    assert len(written) > 15
    assert broken == []
    assert alive == []
    assert shown > 10


def test_no_browser_runs_stored_script(hostile):
    clinic, _, ids = hostile
    write_everywhere(clinic, SCRIPT)
    of_anna, session_id = f"/clinic/patients/{ids['patient_id']}", ids["session_id"]
    visits = {
        "anna": ["/", "/account", "/consent", f"/sessions/{session_id}", "/prescription"],
        "physio": ["/clinic", of_anna, f"/sessions/{session_id}/review", "/invitations"],
        "admin": ["/users", "/audit"],
    }
    dialogs = []
    with serve(clinic.api.app) as url, open_browser() as browser:
        for login, paths in visits.items():
            with open_page(browser, allowed=("404",)) as page:
                page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
                page.goto(f"{url}/log-in")
                page.fill("[name=login]", login)
                page.fill("[name=password]", PASSWORD)
                page.locator("form[action='/log-in'] button").click()
                for path in paths:
                    page.goto(f"{url}{path}", wait_until="networkidle")
                    assert "log-in" not in page.url
                    assert page.locator("img[src=x]").count() == 0

    assert dialogs == []


def test_no_spreadsheet_takes_a_stored_text_for_a_formula(hostile):
    clinic, people, ids = hostile
    write_everywhere(clinic, FORMULA)
    of_anna = f"/api/v1/patients/{ids['patient_id']}"
    cells = []

    for path in (f"{of_anna}/results.zip", f"{of_anna}/export"):
        answer = people["anna"].client.get(path)
        assert answer.status_code == 200, path
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    rows = csv.reader(io.StringIO(archive.read(name).decode()))
                    cells += [cell for row in rows for cell in row]

    assert any("HYPERLINK" in cell for cell in cells)
    assert [one for one in cells if one.startswith(STARTS) and not is_number(one)] == []


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_stored_text_is_no_command_to_what_typesets_the_report(hostile):
    clinic, people, ids = hostile
    write_everywhere(clinic, MARKUP)

    answer = people["anna"].client.get(f"/api/v1/patients/{ids['patient_id']}/report.pdf")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert b"root:" not in answer.content


@pytest.mark.parametrize("evil", ['x"; filename="evil.exe', "x\r\nSet-Cookie: a=b", "../../x"])
def test_names_of_files_in_answers_hold_nothing_that_somebody_typed(hostile, evil):
    clinic, people, ids = hostile
    write_everywhere(clinic, evil)
    of_anna = f"/api/v1/patients/{ids['patient_id']}"

    named = [
        people["anna"].client.get(path).headers.get("content-disposition", "")
        for path in (f"{of_anna}/report.pdf", f"{of_anna}/results.zip", f"{of_anna}/export")
    ]

    assert all(re.fullmatch(r'attachment; filename="[\w.-]+"', one) for one in named), named
