"""Where things are kept on this machine, and the settings of a training.

The data folder is the platform's own place for application data unless `--data` or the
environment variable TEMPO90_DATA names another. Layout:

    profile.json    who trains here, in which language
    tempo90.sqlite  the database
    recordings/     raw recordings, as the database's service keeps them
    unfinished/     a session that is running, or that was cut off: its JSON and its recording
    outbox/         sessions and recordings to be sent to the database
    sent/           the JSON of sessions that arrived there
    running.*       which tempo90 uses this folder now, and where its pages are
    before-update/  copies of the database, each made before an update changed its tables
    from-phones/    what a phone measured alone and is being sent
    phone-key       what a phone that was paired shows when it sends that
    uploads/        files that were handed in on a page and are not sessions yet
    phone-app.json  the secret of the address that an app pushes to, and which phone it is
    whats-new.json  up to which version the changes were told
    gear.json       which band and which step were used last
    log/            what the sensor and the program did, for reports of faults
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from tracker.adopting import adopt_waiting
from tracker.errors import TrackerError
from tracker.part_file import make_folder_durably

DATA_VARIABLE: Final = "TEMPO90_DATA"
DEFAULT_PORT: Final = 8090


class DataFolderError(TrackerError, OSError):
    """The data folder cannot be made or written."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places inside a data folder; `make` creates those that are missing."""

    root: Path

    @property
    def profile(self) -> Path:
        """The file of the local profile."""
        return self.root / "profile.json"

    @property
    def database(self) -> Path:
        """The database file."""
        return self.root / "tempo90.sqlite"

    @property
    def database_url(self) -> str:
        """The database as an address for SQLAlchemy."""
        return f"sqlite:///{self.database.as_posix()}"

    @property
    def recordings(self) -> Path:
        """Where the service keeps recordings."""
        return self.root / "recordings"

    @property
    def unfinished(self) -> Path:
        """Sessions that run, or were cut off."""
        return self.root / "unfinished"

    @property
    def outbox(self) -> Path:
        """Sessions that wait to be sent."""
        return self.root / "outbox"

    @property
    def sent(self) -> Path:
        """Sessions that arrived."""
        return self.root / "sent"

    @property
    def gear(self) -> Path:
        """Which band and which step were used last."""
        return self.root / "gear.json"

    @property
    def before_update(self) -> Path:
        """Copies of the database from before an update changed its tables."""
        return self.root / "before-update"

    @property
    def from_phones(self) -> Path:
        """What phones measured alone, until it has arrived in full."""
        return self.root / "from-phones"

    @property
    def sittings(self) -> Path:
        """Of a clinic's server: a folder for each patient who trains against it."""
        return self.root / "sittings"

    @property
    def uploads(self) -> Path:
        """Files that were handed in on a page and are no sessions yet."""
        return self.root / "uploads"

    @property
    def log(self) -> Path:
        """Where the log file is."""
        return self.root / "log"

    def make(self) -> "DataFolder":
        """Create what is missing, readable by this user alone.

        A restored folder that waits beside this one takes its place first.

        Raises
        ------
        DataFolderError
            If a folder cannot be made.

        """
        adopt_waiting(self.root, datetime.now().astimezone())
        for folder in (self.root, self.recordings, self.unfinished, self.outbox, self.sent):
            try:
                make_folder_durably(folder)
            except OSError as error:
                raise DataFolderError(
                    f"The data folder {folder} cannot be made ({error.strerror}): "
                    f"give another with --data or {DATA_VARIABLE}."
                ) from error
        return self


def find_data_folder(
    given: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    platform: str = sys.platform,
) -> DataFolder:
    """Return the data folder: as given, by TEMPO90_DATA, or the platform's usual place.

    Parameters
    ----------
    given : Path, optional
        What `--data` says; it wins.
    environment : mapping, optional
        The process environment by default.
    platform : str
        As `sys.platform` has it.

    """
    known = os.environ if environment is None else environment
    if given is not None:
        return DataFolder(given.expanduser().absolute())
    if named := known.get(DATA_VARIABLE):
        return DataFolder(Path(named).expanduser().absolute())
    home = Path.home()
    if platform == "win32":
        return DataFolder(Path(known.get("LOCALAPPDATA") or home / "AppData/Local") / "tempo90")
    if platform == "darwin":
        return DataFolder(home / "Library/Application Support/tempo90")
    return DataFolder(Path(known.get("XDG_DATA_HOME") or home / ".local/share") / "tempo90")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachSettings:
    """Times and limits of the coach: ours, not the programme's, unless a comment says so."""

    card_s: float = 8.0  # a set card stands before the rest screen
    last_card_s: float = 3.0  # that of the last set, before the questions
    still_s: float = 2.0  # the leg is still this long before "go"
    shifted_s: float = 12.0  # still, but elsewhere, before the first repetition: measure again
    reminder_s: float = 15.0  # "hold still", "you can start" are said again
    pause_asks_s: float = 8.0  # lying still this long after a repetition: done?
    pause_in_rep_asks_s: float = 25.0  # the same with the leg in the air: a helper who waits
    pause_ends_s: float = 10.0  # no answer to that question, no movement: done
    give_up_s: float = 180.0  # nobody moves before the first repetition: the session closes
    connect_give_up_s: float = 120.0  # no sensor in this time: the session closes
    lost_give_up_s: float = 120.0  # the sensor stays away in mid-set: the session closes
    end_answer_s: float = 120.0  # an unanswered question at the end is left open
    let_go_share: float = 0.93  # of the peak target: the helper hears "let go"
    extra_wait_s: float = 1.5  # after the count: who goes on now does an extra repetition
    extra_rep_s: float = 12.0  # and that one may take so long
    intro_s: float = 12.0  # hands-free: the card of an exercise stands so long
    left_alone_s: float = 1800.0  # nobody answers or goes on: the session closes
    move_sensor_s: float = 45.0  # hands-free: so long to put the sensor on the other leg
    optional_wait_s: float = 15.0  # for a sensor that this exercise can do without
    hold_card_s: float = 2.5  # the card of a stretch
    pose_s: float = 7.0  # from "take the pose" to the count, by the clock
    unseen_pose_s: float = 8.0  # longer, when a sensor is there that may see it
    pose_lost_s: float = 12.0  # out of the pose for so long: the hold is over
    switch_leg_s: float = 6.0  # between the holds of two legs
    sport_lead_s: float = 10.0  # from "get ready" to the first interval
    slow_cadence_s: float = 20.0  # under the cadence for so long before it is said
    cadence_note_every_s: float = 120.0  # and not more often than this
    ride_over_s: float = 600.0  # nobody pedals for so long: the ride is over
    double_click_s: float = 0.7  # the same command within this is one command
    resume_within_s: float = 7200.0  # a sitting cut off so long ago may be gone on with


@dataclass(frozen=True, slots=True, kw_only=True)
class PainLimits:
    """Limits on the scale of 0 to 10; common in sports physiotherapy, set by the clinician."""

    caution: int = 4
    severe: int = 6
    rest_days: int = 3
