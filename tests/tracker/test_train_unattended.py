import os
import signal
import subprocess
import sys

TRAIN = [sys.executable, "-m", "tracker.cli", "train", "ecc_prone_helper", "--sensor", "sim"]
# Tests that a shell runs in the background ignore Ctrl-C, and so would what they start.
HEARS_CTRL_C = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_without_a_keyboard_nothing_is_asked_and_training_begins(tmp_path):
    asked = [*TRAIN, "--quiet", "--no-browser", "--port", "0", "--data", str(tmp_path)]
    command = [sys.executable, "-c", HEARS_CTRL_C, *asked]
    run = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )

    said = []
    with run:
        for line in run.stdout:
            said.append(line)
            if "sensor on" in line:
                break
        run.send_signal(signal.SIGINT)
        said += run.stdout.readlines()

    assert not [line for line in said if "pain" in line]
    assert run.returncode in {0, 130}
