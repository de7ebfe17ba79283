"""Two processes on PostgreSQL: real ports, real signals."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "https://tempo.clinic.example"


@contextmanager
def served(folder, url, *, workers=2, drain_s=5.0):
    command = [sys.executable, "-m", "tracker.cli", "serve", "--clinic", ADDRESS, "--port", "0"]
    environment = {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "TEMPO90_DATABASE": url,
        "TEMPO90_CLINIC_DRAIN_S": str(drain_s),
    }
    process = subprocess.Popen(
        [*command, "--workers", str(workers), "--data", str(folder)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        yield process, re.search(r"listening at http://(\S+);", line).group(1)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
