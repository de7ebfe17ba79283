"""Everything that the processes to be killed need, loaded once before they are forked."""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import uvicorn  # noqa: E402, F401

import api.linking  # noqa: E402, F401
import tracker.app  # noqa: E402
import tracker.cli  # noqa: E402
import tracker.clinic_serving  # noqa: E402
import tracker.hosting  # noqa: E402
import tracker.import_sessions  # noqa: E402
import tracker.linking.here  # noqa: E402
import tracker.moving.restoring  # noqa: E402
import tracker.reanalysis.job  # noqa: E402
import tracker.simulator  # noqa: E402
import tracker.sitting  # noqa: E402
import tracker.virtual_radio  # noqa: E402, F401
