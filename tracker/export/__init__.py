"""What leaves this computer as files: reports, tables, FHIR, and the raw signal."""

from tracker.export.errors import ExportError
from tracker.export.kinds import KINDS, ExportWishes, Kind, export

__all__ = ["KINDS", "ExportError", "ExportWishes", "Kind", "export"]
