"""What the forms of the programme's pages carry, and an intake that is filled in."""

import re

from tests.api.course_builders import MONDAY

INTAKE = {
    "id": "1d7c7f0a-7a3a-4a5e-8e7e-0c2f5a9b6d01",
    "warning_signs": "no",
    "complete_tear": "no",
    "side": "left",
    "cause": "overload",
    "baseline": "6",
    "variant": "ecc_prone_helper",
    "start_on": str(MONDAY),
    "time_zone": "Europe/Amsterdam",
}


def form_value(html, action, name, n=0):
    """The value that a form of a page carries."""
    form = re.findall(rf'<form[^>]*action="{action}".*?</form>', html, flags=re.DOTALL)[n]
    return re.search(rf'name="{name}" value="([^"]*)"', form)[1]
