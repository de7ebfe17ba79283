"""`tempo90 sensors`: what is in the air."""

from typing import Annotated

import typer

from tracker.commands.options import Json, Lang


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
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List the sensors that can be heard, strongest first.

    Where one of them cannot be used, it says why.
    """
    import asyncio
    import json

    from tracker.ble import Seen, scan
    from tracker.sensor_choice import family_of, unusable_of
    from tracker.words import Text

    async def listen() -> list[Seen]:
        if not simulated:
            return await scan(seconds)
        from tracker.virtual_radio.shop_window import all_sensors

        async with all_sensors() as backend:
            return await scan(seconds, backend=backend)

    rows = []
    for seen in asyncio.run(listen()):
        family, unusable = family_of(seen), unusable_of(seen)
        if family is None and unusable is None and not everything:
            continue
        reason = None if unusable is None else Text(unusable.reason, unusable.reason_nl)
        title = family.title if family else unusable.title if unusable else "unknown"
        rows.append(
            {
                "name": seen.name,
                "address": seen.address,
                "rssi_dbm": seen.rssi_dbm,
                "sensor": None if family is None else family.id,
                "title": title,
                "unusable": None if reason is None else reason.to(lang or "en"),
            }
        )
    if as_json:
        print(json.dumps({"sensors": rows}, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['address']}  {row['rssi_dbm']:4d} dBm  {row['name'] or '-'}  ({row['title']})")
        if row["unusable"]:
            print(f"    {row['unusable']}")
    if not rows:
        print("No sensor was heard. Is it charged, switched on, near, and free of other programs?")
