"""`tempo90 doctor`: whether this machine can do what is asked of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.commands.options import Data, Json, Sensor

if TYPE_CHECKING:
    from tracker.doctor import Finding


def doctor(
    *,
    data: Data = None,
    as_json: Json = False,
    trace: Annotated[
        Path | None,
        typer.Option(
            "--trace",
            metavar="FILE",
            help="Use the sensor for a while and write the radio packets (btsnoop), for a report.",
        ),
    ] = None,
    sensor: Sensor = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=3600, help="Length of the trace.")
    ] = 10.0,
) -> None:
    """Check this computer or server, and say what to do."""
    if trace is not None:
        _trace(trace, sensor, seconds, as_json=as_json)
        return
    import dataclasses
    import json

    findings = _look(data)
    is_well = all(one.is_well or not one.is_needed for one in findings)
    if as_json:
        rows = [dataclasses.asdict(one) for one in findings]
        print(json.dumps({"is_well": is_well, "findings": rows}, ensure_ascii=False))
    else:
        for one in findings:
            mark = "ok " if one.is_well else ("NOT" if one.is_needed else "-  ")
            print(f"{mark} {one.name:<12} {one.found}")
            if not one.is_well:
                print(f"    {'':<12} {one.advice}")
    if not is_well:
        raise typer.Exit(1)


def _look(data: Path | None) -> "list[Finding]":
    """Check a clinic's server where the environment tells of one, else this computer."""
    from datetime import UTC, datetime

    from tracker.clinic_settings import ClinicSettings
    from tracker.doctor import check_all
    from tracker.settings import find_data_folder

    folder, settings = find_data_folder(data), ClinicSettings()
    if not settings.is_told:
        return check_all(folder)
    from tracker.server_checks.everything import check_server

    return check_server(folder, settings, lambda: datetime.now(UTC))


def _trace(path: Path, sensor: str | None, seconds: float, *, as_json: bool) -> None:
    import dataclasses
    import json

    from tracker.radio_trace import trace_radio
    from tracker.waking_clock import run_awake

    def say(state: str) -> None:
        if not as_json:
            print(state)

    traced = run_awake(trace_radio(sensor, path, seconds=seconds, say=say))
    if as_json:
        print(json.dumps({"trace": str(path), **dataclasses.asdict(traced)}))
        return
    kind = "as they were" if traced.is_complete else "rebuilt from what came and went"
    print(f"{traced.n_packets} packets ({kind}), {traced.n_samples} samples: {path}")
