"""After a sitting: store it, say what it came to, and what the programme has to say to that.

Advice is words. What is offered with it (rest days, another step of a sport) is done when a person
accepts it, and only then.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from analysis import (
    Enrolment,
    History,
    SessionRecord,
    SetRecord,
    Side,
    advice_text,
    advise,
)
from tracker import words
from tracker.calendar_clock import calendar_now
from tracker.course_here import usual_course
from tracker.delivery import deliver
from tracker.live import LiveHub
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.profile import Profile
from tracker.settings import DataFolder
from tracker.training_outcome import TrainingOutcome
from tracker.uploader import SendReport, Uploader, UploadError

ANSWERS: Final = "advice-answers"
Advice = dict[str, Any]


async def settle(
    outcome: TrainingOutcome, url: str, folder: DataFolder, profile: Profile, hub: LiveHub
) -> SendReport:
    """Store a session, and tell the pages where it is and what it came to.

    Parameters
    ----------
    outcome : TrainingOutcome
        The session.
    url : str
        Of the service.
    folder, profile, hub
        Where it waits, who sends it, and who shows it.

    """
    report = await deliver(url, folder, profile)
    session = str(outcome.session_id)
    is_stored = (folder.sent / f"{session}.json").exists()
    if is_stored:
        hub.publish({"type": "saved", "session": session, "url": f"/sessions/{session}"})
    patient_id = UUID(outcome.document["patient_id"])
    advice: list[Advice] = []
    if outcome.cards or outcome.document.get("self_reported"):
        advice = await asyncio.to_thread(_advice, url, folder, patient_id, outcome.document)
    hub.publish(summary_message(outcome, advice))
    return report


def summary_message(outcome: TrainingOutcome, advice: Sequence[Advice]) -> dict[str, Any]:
    """Return what a sitting came to, for the pages."""
    exercises = [
        {
            "n": step["n"],
            "exercise": step["exercise"],
            "name": step["name"],
            "side": step["side"],
            "movement": step["movement"],
            "sets": len(of_step),
            "sets_target": step["sets"],
            "reps": sum(card["reps"] for card in of_step),
            "in_tempo": sum(card["in_tempo"] for card in of_step),
            "state": step["state"],
        }
        for step in outcome.plan["steps"]
        for of_step in [[card for card in outcome.cards if card["step"] == step["n"]]]
    ]
    n_done = sum(bool(one["sets"]) for one in exercises)
    text = words.summary(n_done, sum(one["reps"] for one in exercises))
    return {
        "type": "summary",
        "session": str(outcome.session_id),
        "text": text.as_json(),
        "exercises": exercises,
        "advice": list(advice),
    }


async def accept(command: Command, url: str, folder: DataFolder, patient_id: UUID) -> None:
    """Carry out an offer that a person accepted; twice is once.

    Raises
    ------
    CommandRefusedError
        If it is not offered, or the service cannot be reached.

    """
    if command.do is not Deed.ACCEPT or command.code is None:
        raise CommandRefusedError(words.NOTHING_OFFERED)
    today = calendar_now().date().isoformat()
    answer_id = uuid5(patient_id, f"accept/{command.code}/{today}")
    body = {"id": str(answer_id), "key": command.code, "answer": "accepted"}
    try:
        path = f"/patients/{patient_id}/{ANSWERS}"
        await asyncio.to_thread(Uploader(url, folder).post, path, body)
    except UploadError as error:
        raise CommandRefusedError(words.NOTHING_OFFERED) from error


def _advice(
    url: str, folder: DataFolder, patient_id: UUID, document: Mapping[str, Any]
) -> list[Advice]:
    """Return what the programme has to say: the service's word, or that of the rules alone."""
    try:
        today = Uploader(url, folder).get(f"/patients/{patient_id}/today")
    except (UploadError, ValueError):  # not enrolled, or not reached
        return advice_without_a_course(document)
    return [
        {
            "code": one["key"],
            "kind": one["kind"],
            "text": one["text"],
            "offer": None if one["offer"] is None else {"do": "accept", **one["offer"]},
        }
        for one in today["advice"]
    ]


def advice_without_a_course(document: Mapping[str, Any]) -> list[Advice]:
    """Return what the rules say to one session of somebody who follows no programme here.

    Nothing can be accepted: there is no calendar that could shift.
    """
    at = datetime.fromisoformat(document["started_at"])
    course = usual_course(at)
    session = SessionRecord(
        at=at,
        sets=tuple(
            SetRecord(
                exercise_id=one["exercise"],
                reps_done=len(one.get("reps", ())),
                side=None if one.get("side") is None else Side(one["side"]),
            )
            for one in document["exercise_sets"]
        ),
        pain_start=document["pain"]["before"],
        soreness_start=document["soreness"],
        pain_worst=document["pain"]["worst"],
        has_warning_signs=_signs(document),
    )
    history = History(sessions=(session,))
    enrolment = Enrolment(start_on=at.date())
    given = advise(course.programme, enrolment, history, at, course.zone)
    return [
        {
            "code": one.key,
            "kind": str(one.rule.kind),
            "text": {
                language: advice_text(course.programme, one, language) for language in ("en", "nl")
            },
            "offer": None,
        }
        for one in given
    ]


def _signs(document: Mapping[str, Any]) -> bool | None:
    told = [document.get(f"warning_signs_{stage}") for stage in ("start", "end")]
    known = [one for one in told if one is not None]
    return any(known) if known else None
