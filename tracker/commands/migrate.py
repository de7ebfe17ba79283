"""`tempo90 migrate`: bring the tables of a service up to date, after an update of tempo90."""

from tracker.commands.options import Data


def migrate(*, data: Data = None) -> None:
    """Bring the database up to date after an update."""
    from api import migrate as migrate_tables
    from api import newest_tables
    from tracker.clinic_settings import ClinicSettings
    from tracker.settings import find_data_folder
    from tracker.updating import bring_up_to_date

    folder = find_data_folder(data).make()
    url = ClinicSettings().database_url
    copy = None
    if url is None:
        copy = bring_up_to_date(folder)
    else:
        migrate_tables(url)
    print(f"The tables are those of this version ({newest_tables()}).")
    if copy is not None:
        print(f"As they were before: {copy}")
