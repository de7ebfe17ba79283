"""`tempo90 doctor`: whether this machine can do what is asked of it."""

import typer

from tracker.commands.options import Data, Json


def doctor(*, data: Data = None, as_json: Json = False) -> None:
    """Check this computer, and say what to do."""
    import dataclasses
    import json

    from tracker.doctor import check_all
    from tracker.settings import find_data_folder

    findings = check_all(find_data_folder(data))
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
