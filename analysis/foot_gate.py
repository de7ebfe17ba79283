"""Whether a leg that is to stand on its foot did so throughout an excursion of its shank."""

from typing import Final

from analysis.lever import SwingFit

SHORTEST_S: Final = 1.2  # down and up again; a shuffle of the feet is quicker
LONGEST_LEVER_M: Final = 0.25  # from the ankle to the sensor; a leg that steps turns about the knee
MAX_REST_MS2: Final = 1.2  # beyond what turning about the ankle explains


def foot_stood(swing: SwingFit, length_s: float) -> bool:
    """Tell a shank that tilts over its foot from one that is carried along.

    Over a standing foot the sensor turns about the ankle, some centimetres below it, slowly; in a
    step, a hop or a shuffle it is moved by hip and knee, from further away or along a line.

    Parameters
    ----------
    swing : SwingFit
        How the acceleration of the excursion fits a turn about one axis.
    length_s : float
        From its start to its end.

    """
    is_near = swing.lever_m - 2.0 * swing.lever_u_m < LONGEST_LEVER_M
    return length_s > SHORTEST_S and is_near and swing.rest_ms2 < MAX_REST_MS2
