"""What a clinic's server stands on, and the programs of tempo90 on it, each a real process."""

import hashlib
import logging
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from uuid import uuid4

ROOT: Final = Path(__file__).resolve().parents[2]
KEYS: Final = {  # any will do: the store on the loopback address checks none
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "synthetic",
    "AWS_SECRET_ACCESS_KEY": "synthetic",
}
STARTS_S: Final = 90.0
ENDS_S: Final = 90.0


class ProgramError(Exception):
    """A program of tempo90 did not do what it should; says what it wrote."""


@dataclass(frozen=True)
class ObjectStore:
    """A store that speaks S3, what a client needs to know of it, and its one bucket."""

    environment: dict[str, str]
    s3_client: Any
    bucket: str

    def digests(self) -> set[str]:
        """Return the SHA-256 of every object in it."""
        listed = self.s3_client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        stored = (self.s3_client.get_object(Bucket=self.bucket, Key=one["Key"]) for one in listed)
        return {hashlib.sha256(one["Body"].read()).hexdigest() for one in stored}


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Start a store that speaks S3, with an empty bucket."""
    import boto3  # noqa: PLC0415  # a second each to load
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # it would tell of every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        known = KEYS | {"AWS_ENDPOINT": f"http://{host}:{port}"}
        s3_client = boto3.client(
            "s3",
            endpoint_url=known["AWS_ENDPOINT"],
            region_name=KEYS["AWS_REGION"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        bucket = f"tempo90-{uuid4()}"  # the stores of one process share their buckets
        place = {"LocationConstraint": KEYS["AWS_REGION"]}
        s3_client.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        environment = known | {"TEMPO90_OBJECT_STORE": f"s3://{bucket}/clinic"}
        yield ObjectStore(environment, s3_client, bucket)
    finally:
        server.stop()


def run_tempo90(*words: str, env: Mapping[str, str] | None = None) -> str:
    """Run a command of tempo90 to its end; gives what it printed.

    Raises
    ------
    ProgramError
        If it does not end with 0.

    """
    done = subprocess.run(
        [sys.executable, "-m", "tracker.cli", *words],
        env=_environment(env or {}),
        capture_output=True,
        text=True,
        timeout=STARTS_S,
        check=False,
    )
    if done.returncode:
        told = (done.stdout + done.stderr).strip()
        raise ProgramError(f"tempo90 {words[0]} ended with {done.returncode}: {told}")
    return done.stdout


class Running:
    """A program of tempo90 that runs, and what it has printed."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name, self.process = name, process
        self._printed: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Return the first match in what it prints.

        Raises
        ------
        ProgramError
            If it ends, or prints no such thing in time.

        """
        until_s = time.monotonic() + STARTS_S
        while not (found := re.search(pattern, "".join(self._printed))):
            try:
                line = self._lines.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                told = "".join(self._printed).strip()
                raise ProgramError(f"tempo90 {self.name} never printed {pattern!r}: {told}")
            self._printed.append(line)
        return found

    def end(self) -> int:
        """Ask it to end, as a service manager does; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def _read(self, stream: IO[str] | None) -> None:
        """Empty the pipe to its end, or the program would stand still."""
        for line in stream or ():
            self._lines.put(line)
        self._lines.put(None)


@contextmanager
def running_tempo90(*words: str, env: Mapping[str, str]) -> Iterator[Running]:
    """Start a command of tempo90; it is ended at the latest where the context ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker.cli", *words],
        env=_environment(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the script, which ends its programs in order
    )
    program = Running(words[0], process)
    try:
        yield program
    finally:
        program.end()


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | dict(more)
