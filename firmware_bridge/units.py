"""Factors from the units that sensors speak to the units inside: m/s², rad/s, s."""

import math
from typing import Final

STANDARD_GRAVITY_MS2: Final = 9.80665  # one g, by definition of the CGPM of 1901
RAD_PER_DEG: Final = math.pi / 180
