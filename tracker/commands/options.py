"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from tracker.settings import DATA_VARIABLE

LARGEST_PORT: Final = 65535
LARGEST_ANGLE_DEG: Final = 180.0


def check_angle(angle_deg: float) -> float:
    """Return an angle in degrees that a joint can have; not a number is none.

    Raises
    ------
    typer.BadParameter
        If it is not between -180 and 180 degrees.

    """
    if not -LARGEST_ANGLE_DEG <= angle_deg <= LARGEST_ANGLE_DEG:
        raise typer.BadParameter(f"{angle_deg} is not between -180 and 180 degrees.")
    return angle_deg


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar=DATA_VARIABLE,
        help="Data folder in place of the usual one.",
        metavar="FOLDER",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Side = Annotated[
    Literal["left", "right"] | None, typer.Option("--side", help="The leg that carries the sensor.")
]
Lang = Annotated[
    Literal["nl", "en"] | None, typer.Option("--lang", help="Language; else that of the profile.")
]
Format = Annotated[
    Path | None,
    typer.Option(
        "--format",
        metavar="FILE.toml",
        help="What the lines of a sensor mean that you built (uart).",
    ),
]
Thigh = Annotated[
    str | None,
    typer.Option(
        "--thigh",
        metavar="ADDRESS|sim:NAME",
        help="A second sensor, on the thigh: then the knee itself is measured.",
    ),
]
Sensor = Annotated[
    str | None,
    typer.Option(
        "--sensor",
        metavar="ADDRESS|sim:NAME|phone|sensor-logger|phyphox:HOST",
        help="Sensor by its address, a simulated one (sim:polar), a phone by its browser, or an "
        "app on a phone; else the first one heard.",
    ),
]
