"""`tempo90 export`: a report, tables, FHIR or the raw signal, as files."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from tracker.commands.options import Data, Json, Lang

DAY = "%Y-%m-%d"


def export(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The file or folder to make.")],
    *,
    kind: Annotated[
        Literal["pdf", "csv", "fhir", "signal-csv", "parquet", "bids", "zip"] | None,
        typer.Option(
            "--format",
            help="pdf: a report; csv: sets and repetitions; fhir: an R4 bundle; signal-csv, "
            "parquet, bids: the raw signal; zip: everything. Else told from TARGET's name.",
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Short for --format pdf.")] = False,
    patient: Annotated[
        UUID | None, typer.Option("--patient", help="Whose; else that of the profile.")
    ] = None,
    session: Annotated[
        UUID | None, typer.Option("--session", help="Raw signal of this session alone.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[DAY], help="First day of a report.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], help="Last day of a report.")
    ] = None,
    reader: Annotated[
        Literal["patient", "clinician"], typer.Option("--for", help="For whom a report is.")
    ] = "patient",
    lang: Lang = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write reports, tables, FHIR or the raw signal into files."""
    import json

    from tracker.export import ExportWishes
    from tracker.export import export as write
    from tracker.profile import load_profile
    from tracker.settings import find_data_folder

    if pdf and kind not in {None, "pdf"}:
        raise typer.BadParameter("--pdf and another --format exclude each other.")
    chosen = "pdf" if pdf else kind or _told_by(target)
    if chosen is None:
        raise typer.BadParameter("say what to make, as in --format pdf.", param_hint="--format")
    folder = find_data_folder(data).make()
    profile = load_profile(folder.profile)
    wishes = ExportWishes(
        kind=chosen,
        patient_id=patient or profile.patient_id,
        target=target,
        session_id=session,
        first_on=first.date() if first else None,
        last_on=last.date() if last else None,
        reader=reader,
        language=lang or profile.language,
    )
    files = write(folder, wishes, datetime.now().astimezone())
    if as_json:
        print(json.dumps({"format": chosen, "files": [str(path) for path in files]}))
        return
    plural = "1 file" if len(files) == 1 else f"{len(files)} files"
    print(f"{plural}: {target}")
    print("It holds health data and is not encrypted: keep it where only you can read it.")


def _told_by(target: Path) -> Literal["pdf", "fhir", "zip"] | None:
    """Return what a name asks for, where it does."""
    name = target.name.lower()
    if name.endswith(".pdf"):
        return "pdf"
    if name.endswith(".zip"):
        return "zip"
    return "fhir" if name.endswith(".json") else None
