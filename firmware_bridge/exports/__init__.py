"""Files of recording apps and sensor makers to arrays in SI units."""

from firmware_bridge.exports.generic_csv import write_generic_csv
from firmware_bridge.exports.reading import READERS, read_export
from firmware_bridge.exports.recording import Export, ExportReader, Files

__all__ = ["READERS", "Export", "ExportReader", "Files", "read_export", "write_generic_csv"]
