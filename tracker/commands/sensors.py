"""`tempo90 sensors`: what is in the air."""

from typing import Annotated

import typer

from tracker.commands.options import Json


def sensors(
    *,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.5, max=60, help="How long to listen.")
    ] = 5.0,
    simulated: Annotated[
        bool, typer.Option("--sim", help="Listen to the simulated radio instead.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List what is no known sensor too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the sensors that can be heard, strongest first."""
    import asyncio
    import json

    from tracker.ble import Seen, scan
    from tracker.sensor_choice import SIMULATED, family_of, open_sensor

    async def listen() -> list[Seen]:
        if not simulated:
            return await scan(seconds)
        async with open_sensor(SIMULATED, "ecc_prone_helper") as choice:
            return await scan(seconds, backend=choice.backend)

    found = [(seen, family_of(seen)) for seen in asyncio.run(listen())]
    if not everything:
        found = [(seen, family) for seen, family in found if family is not None]
    if as_json:
        rows = [
            {
                "name": seen.name,
                "address": seen.address,
                "rssi_dbm": seen.rssi_dbm,
                "sensor": None if family is None else family.id,
            }
            for seen, family in found
        ]
        print(json.dumps({"sensors": rows}, ensure_ascii=False))
        return
    for seen, family in found:
        title = "unknown" if family is None else family.title
        print(f"{seen.address}  {seen.rssi_dbm:4d} dBm  {seen.name or '-'}  ({title})")
    if not found:
        print("No sensor was heard. Is it charged, switched on, near, and free of other programs?")
