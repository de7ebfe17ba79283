"""The life of a cyclist: overload, an injection, alone, better too late, and a warning sign."""

from datetime import timedelta
from typing import Final

from tools.living.moments import at_frame, on_the_way_back
from tools.living.patient import Patient
from tools.living.watching import Moment

CORE: Final = ["ecc_seated_solo"]
OTHERS_OF_WEEK_1: Final = frozenset(
    {"stretch_hamstring", "stretch_adductor", "mob_knee_chest", "mob_knee_across"}
) | {"iso_prone_raise"}


def live_as_a_cyclist(patient: Patient) -> None:
    """Live twelve weeks in which the complaints stay."""
    patient.home.calendar.move(patient.on(1), 8)
    patient.begin(
        {
            "warning_signs": "no",
            "complete_tear": "no",
            "side": patient.side,
            "cause": "overload",
            "baseline": "5",
            "variant": "ecc_seated_solo",
        },
        {"injected_on": patient.on(1) - timedelta(days=3)},
        sport="wielrennen",
    )
    patient.listen()
    patient.look("51-quiet-after-an-injection")
    patient.train(
        Moment("53-seated", "set", on_the_way_back("ecc_seated_solo", 4), moves=True),
        skips=OTHERS_OF_WEEK_1,
        pictures={"ecc_seated_solo": "52-seated-card"},
        pain_before=2,
        pain_worst=3,
    )
    for day in range(2, 43):
        patient.train_elsewhere(day, CORE, pain_before=2, pain_worst=3)
    late_weeks(patient)


def late_weeks(patient: Patient) -> None:
    """Hear to go on, ride for the fitness, and be sent to a physician at the end."""
    patient.be(43, 9)
    patient.answer("improved", is_yes=False)
    patient.look("54-keep-going")
    patient.look("55-bike-fit", "/sport/cycling/ride")
    patient.train(
        Moment("56-cycling", "set", at_frame("cycling", cadence_per_min=60), moves=True),
        exercise="cycling",
    )
    patient.be(43, 20)
    patient.play("cycling", pain=0)
    for day in range(44, 85):
        patient.train_elsewhere(day, CORE, pain_before=2, pain_worst=3)
    patient.be(85, 9)
    patient.answer("improved", is_yes=False)
    patient.look("57-week-12")
    patient.tell_leg(pain=8)
    patient.answer("warning_signs", is_yes=True)
    patient.look("58-stop")
