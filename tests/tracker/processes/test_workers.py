"""The command with several workers: real processes, real signals."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api import migrate, newest_tables
from api.db import NewerDatabaseError, OlderDatabaseError
from tests import postgres
from tests.tracker.processes.dying import die
from tests.tracker.processes.lines import People, close_code, greet, say
from tests.tracker.processes.two import run, until
from tracker.clinic_serving import ClinicOptions, check_workers, prepare_database
from tracker.processes.workers import Workers, WorkersDieError
from tracker.serving import ServingError, bind_loopback

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "https://tempo.clinic.example"
ENDS_S = 60
WHO_SERVES = (
    "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
    " WHERE datname = %s AND application_name ~ '^tempo90 [0-9a-f]{8} '"
)


@contextmanager
def served(folder, url, *options, drain_s=5.0):
    command = [sys.executable, "-m", "tracker.cli", "serve", "--clinic", ADDRESS, "--port", "0"]
    ours = {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "TEMPO90_DATABASE": url,
        "TEMPO90_CLINIC_DRAIN_S": str(drain_s),
    }
    process = subprocess.Popen(
        [*command, "--data", str(folder), *options],
        cwd=ROOT,
        env=os.environ | ours,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, re.search(r"http://([^;]+);", process.stdout.readline()).group(1)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=ENDS_S)


def n_serving(url):
    name = url.partition("/test_")[2].partition("?")[0]
    with psycopg.connect(postgres.server().get_uri(database="postgres")) as connection:
        return connection.execute(WHO_SERVES, (f"test_{name}",)).fetchone()[0]


def children_of(process):
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    return [
        int(pid) for pid in listed if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def sittings_live(host):
    """What the figures say of all processes together, whichever of them is asked."""
    with urllib.request.urlopen(f"http://{host}/metrics", timeout=ENDS_S) as answer:
        text = answer.read().decode()
    return float(re.search(r"^tempo90_sittings_live (\S+)$", text, re.MULTILINE).group(1))


@pytest.mark.skipif(sys.platform != "linux", reason="looks for children in /proc")
def test_workers_are_replaced_when_they_die_and_all_end_well_on_a_signal(tmp_path):
    async def work(url, host, process):
        people = People(url)
        await until(lambda: n_serving(url) == 2)
        before = set(children_of(process))
        async with people.phone(host) as phone:
            await greet(phone)
            assert await asyncio.to_thread(sittings_live, host) == 1
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            assert await close_code(phone) == 1006
        await until(lambda: len(set(children_of(process)) - before) == 2)
        assert await asyncio.to_thread(sittings_live, host) == 0
        async with people.phone(host) as phone:
            await greet(phone)
            await say(phone, type="train", exercise="ecc_prone_helper", side="left")
            process.terminate()
            assert await close_code(phone) == 1012

    with postgres.new_database() as url, served(tmp_path, url, "--workers", "2") as (process, host):
        run(work(url, host, process))
        assert process.wait(ENDS_S) == 0

    assert list((tmp_path / "run").glob("*.sock")) != []  # of those who were killed, and no others
    assert list((tmp_path / "sittings").glob("*/unfinished/*")) == []


def test_several_workers_on_sqlite_are_refused_with_what_to_do():
    options = ClinicOptions(address=ADDRESS, n_workers=2)

    with pytest.raises(ServingError, match="TEMPO90_DATABASE"):
        check_workers(options, "sqlite:////somewhere/tempo90.sqlite")
    check_workers(options, "postgresql://somebody@somewhere/tempo90")
    check_workers(ClinicOptions(address=ADDRESS), "sqlite:////somewhere/tempo90.sqlite")


def test_a_database_of_another_version_is_refused_with_the_command_to_run(tmp_path):
    url = f"sqlite:///{tmp_path / 'tempo90.sqlite'}"
    migrate(url, "0003")

    with pytest.raises(OlderDatabaseError, match=r"0003.*tempo90 migrate"):
        prepare_database(url)

    migrate(url)
    prepare_database(url)


def test_a_database_of_a_later_version_is_refused_with_the_command_to_run():
    with postgres.new_database() as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(NewerDatabaseError, match=r"9999.*pip install --upgrade tempo90"):
            prepare_database(url)


def test_an_empty_database_gets_its_tables():
    with postgres.new_database(is_migrated=False) as url:
        prepare_database(url)

        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found == newest_tables()


def test_a_service_whose_workers_die_again_and_again_ends():
    workers = Workers(die, 1, ends_within_s=0.0, most_deaths=2)

    with pytest.raises(WorkersDieError):
        workers.run(bind_loopback(0))
