"""The examples of the link's part of the OpenAPI document; a test sends each of them."""

from typing import Any, Final

from api.course_examples import ENROLMENT, INJURY

PROGRAMME: Final[dict[str, Any]] = {
    "injury": INJURY | {"id": ENROLMENT["injury_episode_id"]},
    "enrolment": ENROLMENT,
    "rest_days": ["2026-05-10"],
}
PROGRAMME_FROM_HOME: Final[dict[str, Any]] = {"told": PROGRAMME, "instead_of": ""}
