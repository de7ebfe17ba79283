"""What is learnt of a person's own movement, and what is told by it."""

import pytest

from analysis import load_catalogue
from analysis.own_amplitude import LEAST_REPS, OwnAmplitude
from analysis.rep_finder import Excursion


def excursion(height_deg: float, length: int) -> Excursion:
    return Excursion(
        start_row=1000, start_deg=0.0, top_row=1000 + length // 2, top_deg=height_deg,
        end_row=1000 + length,
    )  # fmt: skip


def who_raises_by_20_deg_in_6_s(exercise_id: str = "iso_stand_ext") -> OwnAmplitude:
    own = OwnAmplitude(load_catalogue()[exercise_id])
    for length in (580, 600, 640):
        own.learnt_from(excursion(20.0, length))
    return own


def test_the_amplitude_is_the_median_of_the_last_repetitions() -> None:
    own = who_raises_by_20_deg_in_6_s()

    levels = own.learnt_from(excursion(30.0, 600))

    assert levels is not None
    assert levels.amplitude_deg == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("height_deg", "length", "is_unlike"),
    [(44.0, 110, True), (22.0, 110, False), (44.0, 600, False), (28.0, 300, False)],
    ids=["stride", "hurried", "tried harder", "a little of both"],
)
def test_much_higher_and_much_quicker_at_once_is_another_movement(
    height_deg: float, length: int, *, is_unlike: bool
) -> None:
    own = who_raises_by_20_deg_in_6_s()

    assert own.is_unlike(excursion(height_deg, length)) is is_unlike


def test_before_a_person_is_known_nothing_is_unlike() -> None:
    own = OwnAmplitude(load_catalogue()["iso_stand_ext"])
    for _ in range(LEAST_REPS - 1):
        own.learnt_from(excursion(20.0, 600))

    assert not own.is_unlike(excursion(44.0, 110))


def test_where_a_height_is_prescribed_nothing_is_learnt() -> None:
    own = who_raises_by_20_deg_in_6_s("ecc_prone_helper")

    assert own.learnt_from(excursion(20.0, 600)) is None
    assert not own.is_unlike(excursion(44.0, 110))
